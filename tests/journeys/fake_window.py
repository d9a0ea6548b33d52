"""A whole window with fake engines, and somebody who answers its dialogs. The fixtures are in ``conftest``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from studio.gui.app import make_window
from studio.gui.settings import Settings
from studio.gui.window import MainWindow
from tests.support.bad_projects import text
from tests.support.engines import fake_engine


class Dialogs:
    """What message boxes said instead of waiting for somebody. ``answer`` is what is pressed."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.formats: list[Qt.TextFormat] = []
        self.answer = QMessageBox.StandardButton.Discard
        self.pressed = ""
        self.button: QAbstractButton | None = None

    def show(self, box: QMessageBox) -> QMessageBox.StandardButton:
        """Take the place of ``QMessageBox.exec``."""
        self.said.append(box.text())
        self.formats.append(box.textFormat())
        self.button = next((button for button in box.buttons() if button.text() == self.pressed), None)
        return self.answer


@pytest.fixture(scope="module")
def dialogs() -> Iterator[Dialogs]:
    made = Dialogs()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QMessageBox, "exec", lambda box: made.show(box))
        patch.setattr(QMessageBox, "clickedButton", lambda box: made.button)
        yield made


@pytest.fixture(scope="module")
def open_window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, dialogs: Dialogs) -> Iterator[MainWindow]:
    settings = Settings(tmp_path_factory.mktemp("state"))
    made = make_window(qapp, settings, fake_engine("checker"), fake_engine("trainer"))
    made.resize(1600, 1000)
    made.show()
    made.start_engines()
    yield made
    made.close()


@pytest.fixture
def faked_window(qtbot: QtBot, open_window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> Iterator[MainWindow]:
    """One window for all tests, with a good project open."""
    good = tmp_path / "good.studio"
    good.write_bytes(text(lambda project: None))
    dialogs.answer, dialogs.pressed = QMessageBox.StandardButton.Discard, ""
    assert open_window.files.open(good)
    qtbot.waitUntil(
        lambda: open_window.session.engine_state == "ready" and open_window.trainer.state == "ready"
    )  # two processes, perhaps while others work beside
    dialogs.said.clear()
    dialogs.formats.clear()
    yield open_window
    if open_window.trainer.is_busy:
        open_window.trainer.stop()
        qtbot.waitUntil(lambda: not open_window.trainer.is_busy)


def one_sentence(said: list[str]) -> str:
    (sentence,) = said
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert "Error" not in sentence
    assert len(sentence) < 400
    return sentence
