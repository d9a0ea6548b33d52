"""Files that are dropped on the window, wherever the pointer is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.gui import dropping
from studio.gui.window import MainWindow
from tests.gui.test_models_in import CONFIG
from tests.journeys.fake_window import Dialogs
from tests.support.bad_projects import text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # what offscreen says of windows

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
COPY_OR_MOVE = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


def carried(*paths: Path | str) -> QMimeData:
    """What a file manager gives to a drag: the places, and the same as text."""
    data = QMimeData()
    data.setUrls([QUrl(path) if isinstance(path, str) else QUrl.fromLocalFile(str(path)) for path in paths])
    data.setText("\n".join(map(str, paths)))
    return data


def drag_over(widget: QWidget, data: QMimeData) -> QDragEnterEvent:
    """Drag something over a widget of the window; whoever takes it accepts the event."""
    event = QDragEnterEvent(QPoint(5, 5), COPY_OR_MOVE, data, LEFT, NONE)
    event.setDropAction(Qt.DropAction.MoveAction)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event


def drop(window: MainWindow, data: QMimeData) -> QDropEvent:
    event = QDropEvent(QPoint(5, 5), COPY_OR_MOVE, data, LEFT, NONE)
    event.setDropAction(Qt.DropAction.MoveAction)
    window.dropEvent(event)
    return event


@pytest.mark.parametrize(
    ("carry", "reason"),
    [
        (lambda folder: carried(folder / "a.studio"), ""),
        (lambda folder: carried(folder / "a.KERAS"), ""),
        (lambda folder: carried(folder / "a.h5"), ""),
        (lambda folder: carried(folder / "a.json"), ""),
        (lambda folder: carried(folder / "a.py"), ""),
        (lambda folder: carried(folder / "a.csv"), ""),
        (lambda folder: carried(folder / "a.h5", folder / "b.h5"), "Drop one file at a time; these are 2."),
        (lambda folder: carried("https://example.org/a.keras"), "Only files of this machine can be dropped"),
        (lambda folder: carried(folder), "is a folder; drop a project, a model or a table."),
        (lambda folder: carried(folder / "a.png"), "a.png cannot be opened here; what can is a project"),
    ],
)
def test_what_can_be_dropped_and_why_not(carry, reason: str, tmp_path: Path) -> None:
    told = dropping.why_not_take(carry(tmp_path))
    assert (reason in told) if reason else told == ""


def test_it_is_told_while_it_is_held(faked_window: MainWindow, tmp_path: Path) -> None:
    bad = drag_over(faked_window.canvas, carried(tmp_path / "photo.png"))
    assert not bad.isAccepted()
    assert faked_window.status.news.startswith("photo.png cannot be opened here")
    good = drag_over(faked_window.canvas, carried(tmp_path / "net.keras"))
    assert good.isAccepted()
    assert faked_window.status.news == "Let go to open net.keras."


def test_a_file_is_for_the_window_also_over_a_field(faked_window: MainWindow, tmp_path: Path) -> None:
    field = faked_window.palette_panel.search_field
    assert drag_over(field, carried(tmp_path / "net.keras")).isAccepted()
    assert faked_window.status.news == "Let go to open net.keras."
    words = QMimeData()
    words.setText("Dense")
    assert drag_over(field, words).isAccepted()


def test_a_dropped_model_is_opened_and_never_moved(qtbot: QtBot, faked_window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    with qtbot.waitSignal(faked_window.files.models.opened):
        event = drop(faked_window, carried(path))
        assert event.dropAction() == Qt.DropAction.CopyAction
    assert "hidden" in {node.name for node in faked_window.session.graph.nodes.values()}


def test_a_dropped_table_becomes_the_data(qtbot: QtBot, faked_window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("height,kind\n1.5,a\n2.5,b\n3.5,a\n1,b\n", encoding="utf-8")
    drop(faked_window, carried(path))
    qtbot.waitUntil(lambda: faked_window.session.project.data.kind == "file")
    assert faked_window.workspaces.current == "data"


def change(window: MainWindow) -> None:
    window.session.apply(lambda project: edits.set_title(project, "changed"), "Change the title")


def test_a_bad_model_asks_nothing_and_what_is_open_can_be_recovered(
    qtbot: QtBot, faked_window: MainWindow, dialogs: Dialogs, tmp_path: Path
) -> None:
    """Discard, before it was known whether the file can be read, took the only copy of what stayed open."""
    change(faked_window)
    faked_window.files._autosaving.write()
    for name, content in (("bad.keras", b"\x89PNG\r\n"), ("bad.studio", b"{")):
        path = tmp_path / name
        path.write_bytes(content)
        dialogs.said.clear()
        faked_window.files.open(path)
        qtbot.waitUntil(lambda: any("bad." in said or "JSON" in said for said in dialogs.said))
        assert faked_window.session.project.title == "changed"
        if name == "bad.keras":
            assert not any("Save the changes" in said for said in dialogs.said)
        own = faked_window.files._journal._own
        assert own is not None
        assert own.is_file()


def test_what_was_edited_while_a_model_was_read_is_not_lost_unasked(
    qtbot: QtBot, faked_window: MainWindow, dialogs: Dialogs, tmp_path: Path
) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    dialogs.answer = QMessageBox.StandardButton.Cancel
    faked_window.files.open(path)
    change(faked_window)
    qtbot.waitUntil(lambda: bool(dialogs.said))
    assert dialogs.said == ["Save the changes to “changed”?"]
    assert faked_window.session.project.title == "changed"
    assert faked_window.status.news == "net.json was not opened."


def test_a_model_that_was_only_looked_at_is_left_without_a_question(
    qtbot: QtBot, faked_window: MainWindow, dialogs: Dialogs, tmp_path: Path
) -> None:
    path, other = tmp_path / "net.json", tmp_path / "other.studio"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    other.write_bytes(text(lambda project: None))
    for edit, asked in ((False, 0), (True, 1)):
        with qtbot.waitSignal(faked_window.files.models.opened):
            faked_window.files.open(path)
        dialogs.said.clear()
        if edit:
            change(faked_window)
        assert faked_window.files.open(other)
        assert len(dialogs.said) == asked
