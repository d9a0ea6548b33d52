"""Hostile model files and scripts dropped on the window: one sentence or a drawing, nothing run, and all goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.own_code.review import ReviewDialog
from studio.gui.window import MainWindow
from tests.journeys.fake_window import Dialogs
from tests.support.bad_models import COME_IN, ENDLESS, LARGE, REFUSED, none_run
from tests.support.thorough import IS_THOROUGH

pytestmark = pytest.mark.journey

SLOW = ({*LARGE, *ENDLESS} - {"pairs.py", "while.py"}) | {"endless.h5", "minus.py", "plus.py"}
"""What goes the way of others in the window; the command line takes it every day, or reads it when thorough."""
MOST_MS = 60_000
"""A machine with much else to do; by itself none takes 5 s."""


@pytest.fixture
def window(faked_window: MainWindow) -> MainWindow:
    return faked_window


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bad")
    with none_run(folder):
        yield folder


def drop(window: MainWindow, path: Path) -> None:
    """Drag a file over the window and let it fall."""
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(path))])
    told = (Qt.DropAction.CopyAction, urls, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(QPoint(300, 300), *told)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), *told))


class Reader:
    """Somebody who looks at the scripts that ask to be run, and lets none of them. ``beats`` count the living loop."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.beats = 0
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self.beats += 1
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ReviewDialog):
            self.reasons.append(dialog.origin.text())
            QTest.keyClick(dialog, Qt.Key.Key_Return)  # means no

    def stop(self) -> None:
        self._timer.stop()


def dropped(qtbot: QtBot, window: MainWindow, path: Path) -> Reader:
    reader = Reader()
    drop(window, path)
    qtbot.waitUntil(lambda: not window.status.news.startswith("Let go"))
    qtbot.waitUntil(lambda: not window.files.models.is_busy, timeout=MOST_MS)
    qtbot.waitUntil(lambda: path.name not in window.status.news or "Reading" not in window.status.news)
    reader.stop()
    assert reader.beats > 0
    return reader


@pytest.mark.parametrize("name", REFUSED if IS_THOROUGH else sorted({*REFUSED} - {*SLOW}))
def test_what_holds_no_model_is_refused_in_one_sentence(
    qtbot: QtBot, window: MainWindow, dialogs: Dialogs, files: Path, name: str
) -> None:
    project, where, title = window.session.project, window.session.path, window.windowTitle()
    reader = dropped(qtbot, window, files / name)
    said = [*dialogs.said, *reader.reasons]
    assert len(said) == 1
    assert said[0].endswith((".", "?"))
    assert said[0].isprintable()
    assert "Traceback" not in said[0]
    assert f"{name} was not opened: " in window.status.news
    assert window.status.news.endswith(said[0])
    assert window.session.project is project
    assert (window.session.path, window.windowTitle()) == (where, title)
    assert window.isVisible()


@pytest.mark.parametrize("name", COME_IN)
def test_what_comes_in_is_a_drawing_and_no_more(
    qtbot: QtBot, window: MainWindow, dialogs: Dialogs, files: Path, name: str
) -> None:
    before = window.session.project
    reader = dropped(qtbot, window, files / name)
    assert reader.reasons == []
    if window.session.project is before:
        assert dialogs.said == [window.status.news]
        assert "was not opened: " in window.status.news
    else:
        assert window.session.path is None
        assert all(each.isprintable() for each in dialogs.said)
    window.grab()
    window.session.document.undo()
    window.session.set_selection(window.session.graph.nodes)
    window.grab()
