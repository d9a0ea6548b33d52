"""The dialog shows what will be written, and what was chosen is what is in the file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QProgressDialog, QPushButton, QWidget

from studio.core.project import Project
from studio.gui import patience, theme
from studio.gui.figure import dialog
from studio.gui.figure import drawer as drawer_module
from studio.gui.figure.asking import Figures
from studio.gui.figure.dialog import FigureDialog
from studio.gui.figure.drawer import Drawer
from studio.workbench.figures import FigureError
from tests.gui.canvas.drawing import FakeSession, many, node_named, two_branch_answers, two_branches


class Session(FakeSession):
    folder: Path | None = None


@pytest.fixture
def window(qtbot, qapp: QApplication) -> QWidget:
    theme.apply(qapp, "light")
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = Session(two_branches())
    session.answers.update(two_branch_answers(session.project))
    session.folder = tmp_path
    return session


@pytest.fixture
def figures(window: QWidget, session: Session) -> Iterator[Figures]:
    made = Figures(window, session)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def ask(
    figures: Figures, qtbot, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path | str, Callable[[FigureDialog], None]], list[str]]:
    """Answer the dialog with ``choose`` and a click on Save, and the file dialog with ``name``; what is told."""

    def answer(name: Path | str, choose: Callable[[FigureDialog], None]) -> list[str]:
        def act() -> None:
            shown = QApplication.activeModalWidget()
            assert isinstance(shown, FigureDialog)
            choose(shown)
            if shown.isVisible():
                qtbot.mouseClick(shown.save_button, Qt.MouseButton.LeftButton)

        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(name), ""))
        QTimer.singleShot(0, act)
        told: list[str] = []
        figures.told.connect(told.append)
        figures.ask()
        qtbot.waitUntil(lambda: not figures.is_busy)
        figures.told.disconnect(told.append)
        return told

    return answer


def test_what_is_chosen_is_written(ask, session: Session, tmp_path: Path) -> None:
    def choose(shown: FigureDialog) -> None:
        shown.style_choice.setCurrentIndex(2)
        assert not shown.parameters.isChecked(), "print shows no parameters unless they are wished"
        shown.parameters.click()

    assert ask(tmp_path / "mine.svg", choose) == ["Drawing mine.svg...", "Saved mine.svg"]
    text = (tmp_path / "mine.svg").read_text(encoding="utf-8")
    assert "Dense · relu · 310 params<" in text
    assert "(None, 30)<" in text


def test_a_part_as_pixels(ask, session: Session, tmp_path: Path) -> None:
    session.set_selection([node_named(session.project, "b1_l1").id])

    def choose(shown: FigureDialog) -> None:
        shown.format_choice.setCurrentIndex(2)
        shown.selected_only.click()
        shown.dpi.setValue(96)

    assert ask(tmp_path / "part", choose)[-1] == "Saved part.png", "the ending is added"
    assert QImage(str(tmp_path / "part.png")).width() == 184 + 48


def test_nothing_is_written_where_the_person_turns_back(ask, session: Session, tmp_path: Path) -> None:
    assert ask("", lambda shown: None) == []
    assert ask(tmp_path / "x.svg", lambda shown: shown.reject()) == []
    assert list(tmp_path.iterdir()) == []


def test_the_next_figure_begins_as_the_last_was_made(ask, session: Session, tmp_path: Path) -> None:
    """Also where no file was chosen then: all choices were gone when the chooser was closed."""

    def choose(shown: FigureDialog) -> None:
        shown.style_choice.setCurrentIndex(2)
        shown.format_choice.setCurrentIndex(2)
        shown.dpi.setValue(96)
        shown.parameters.click()
        shown.transparent.click()

    chosen: list[tuple[object, str]] = []

    def look(shown: FigureDialog) -> None:
        chosen.append((shown.look(), shown.ending()))

    assert ask("", lambda shown: (choose(shown), look(shown))) == []
    assert ask(tmp_path / "again.png", look)[-1] == "Saved again.png"
    assert chosen[0] == chosen[1]


def test_a_failure_is_told(ask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    assert ask(tmp_path / "gone" / "x.svg", lambda shown: None)[-1] == "x.svg was not saved."
    assert told == [f"x.svg was not written to {tmp_path / 'gone'}: No such file or directory."]


def test_a_file_that_the_file_dialog_did_not_ask_about_is_asked_about(
    ask, figures: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.svg").write_text("old")
    monkeypatch.setattr(figures, "_confirm", lambda question: False)
    assert ask(tmp_path / "x", lambda shown: None) == []
    assert (tmp_path / "x.svg").read_text() == "old"


def test_a_straight_network_is_not_folded(window: QWidget, session: Session) -> None:
    shown = FigureDialog(window, session, Drawer(window))  # type: ignore[arg-type]
    shown.folded.setChecked(True)
    assert not shown.save_button.isEnabled()
    assert "nothing to fold" in shown.save_button.toolTip()
    assert "nothing to fold" in shown.preview.text()
    shown.folded.setChecked(False)
    assert shown.save_button.isEnabled()


def test_disabled_things_say_why(window: QWidget, session: Session) -> None:
    shown = FigureDialog(window, session, Drawer(window))  # type: ignore[arg-type]
    assert not shown.selected_only.isEnabled()
    assert shown.selected_only.toolTip() == "No layer is selected."
    assert not shown.dpi.isEnabled()
    assert "sharp" in shown.dpi.toolTip()
    shown.format_choice.setCurrentIndex(2)
    assert shown.dpi.isEnabled()


def test_the_preview_follows_the_choice(window: QWidget, session: Session) -> None:
    shown = FigureDialog(window, session, Drawer(window))  # type: ignore[arg-type]
    light = shown.preview.pixmap().toImage()
    shown.style_choice.setCurrentIndex(1)
    dark = shown.preview.pixmap().toImage()
    assert light.pixelColor(0, 0) != dark.pixelColor(0, 0)
    shown.transparent.click()
    assert shown.preview.pixmap().toImage().pixelColor(0, 0).alpha() == 0


def test_no_preview_of_very_much_or_of_nothing(window: QWidget) -> None:
    large = FigureDialog(window, Session(many(900)), Drawer(window))  # type: ignore[arg-type]
    assert large.preview.text().startswith("No preview: 900 layers")
    assert large.save_button.isEnabled()
    empty = FigureDialog(window, Session(Project()), Drawer(window))  # type: ignore[arg-type]
    assert empty.preview.text() == "There is nothing to draw: the drawing is empty."
    assert not empty.save_button.isEnabled()


def test_the_picture_follows_what_keras_tells(window: QWidget, qtbot, session: Session) -> None:
    answers = dict(session.answers)
    session.answers.clear()
    session.engine_state = "starting"
    shown = FigureDialog(window, session, Drawer(window))  # type: ignore[arg-type]
    assert "what is missing follows" in shown.note.text()
    bare = shown.preview.pixmap().toImage()
    session.answers.update(answers)
    session.engine_state = "ready"
    session.answers_changed.emit(frozenset(answers))
    qtbot.waitUntil(lambda: not shown.note.text())
    assert shown.preview.pixmap().toImage() != bare
    shown.shapes.setChecked(False)
    shown.parameters.setChecked(False)
    session.engine_state = "busy"
    session.engine_state_changed.emit("busy")
    shown.transparent.click()
    assert not shown.note.text(), "nothing is shown that Keras tells"


def test_save_is_there_again_when_the_reason_is_gone(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "MOST_IN_PREVIEW", 4)
    session = Session(two_branches())
    session.selection = frozenset(list(session.project.main.nodes)[:2])
    shown = FigureDialog(window, session, Drawer(window))  # type: ignore[arg-type]
    shown.selected_only.click()
    shown.folded.click()
    assert not shown.save_button.isEnabled()
    shown.selected_only.click()
    assert shown.save_button.isEnabled(), "whether the whole can be folded is seen when it is drawn"


# ---- beside the event loop -------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every drawing is a large one: its preview is drawn beside the event loop, and the box comes at once."""
    monkeypatch.setattr(dialog, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(patience, "PATIENCE_MS", 0)


@pytest.fixture
def drawer(window: QWidget) -> Iterator[Drawer]:
    made = Drawer(window)
    yield made
    made.close()


def test_the_preview_of_a_large_drawing_is_the_same_picture(
    window: QWidget, qtbot, session: Session, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = FigureDialog(window, session, drawer).preview.pixmap().toImage()  # type: ignore[arg-type]
    monkeypatch.setattr(dialog, "MOST_AT_ONCE", 0)
    shown = FigureDialog(window, session, drawer)  # type: ignore[arg-type]
    assert shown.preview.text() == "Drawing..."
    qtbot.waitUntil(lambda: not drawer.is_busy)
    beside = shown.preview.pixmap().toImage()
    assert beside.convertToFormat(at_once.format()) == at_once
    shown.folded.setChecked(True)
    qtbot.waitUntil(lambda: not drawer.is_busy)
    assert "nothing to fold" in shown.preview.text()
    assert not shown.save_button.isEnabled()
    shown.folded.setChecked(False)
    assert shown.save_button.isEnabled()
    qtbot.waitUntil(lambda: not drawer.is_busy)
    assert shown.preview.pixmap().toImage() == beside


def test_writing_can_be_cancelled_and_leaves_nothing(
    large, figures: Figures, window: QWidget, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = [sys.executable, "-c", "import sys\nfor line in sys.stdin: pass"]
    monkeypatch.setattr(drawer_module, "drawing_command", lambda: endless)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "x.svg"), ""))
    told: list[str] = []
    figures.told.connect(told.append)

    def save() -> None:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, FigureDialog)
        qtbot.mouseClick(shown.save_button, Qt.MouseButton.LeftButton)

    window.show()
    QTimer.singleShot(0, save)
    figures.ask()
    box = window.findChild(QProgressDialog)
    assert box is not None
    qtbot.waitUntil(box.isVisible)
    assert box.labelText() == "Drawing x.svg..."
    (button,) = box.findChildren(QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not figures.is_busy)
    assert told == ["Drawing x.svg...", "x.svg was not saved."]
    assert list(tmp_path.iterdir()) == []


def test_what_keras_tells_while_a_file_is_written_takes_its_place_not(
    window: QWidget, qtbot, session: Session, drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog, "MOST_AT_ONCE", 0)
    shown = FigureDialog(window, session, drawer)  # type: ignore[arg-type]
    shown.accept()
    found: list[bytes | FigureError] = []
    drawer.draw(shown.order(tmp_path / "x.svg"), found.append)
    session.answers_changed.emit(frozenset())
    qtbot.waitUntil(lambda: not drawer.is_busy)
    assert found == [b""]
    assert (tmp_path / "x.svg").exists()


def test_a_process_that_ends_by_itself_is_told_and_another_one_started(
    window: QWidget, qtbot, session: Session, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bytes | FigureError] = []
    order = FigureDialog(window, session, drawer).order()  # type: ignore[arg-type]
    with monkeypatch.context() as crash:
        crash.setattr(drawer_module, "drawing_command", lambda: [sys.executable, "-c", "input()"])
        drawer.draw(order, found.append)
        qtbot.waitUntil(lambda: not drawer.is_busy)
    assert "ended by itself" in str(found.pop())
    drawer.draw(order, found.append)
    qtbot.waitUntil(lambda: not drawer.is_busy)
    assert QImage.fromData(found.pop()).width() > 100  # type: ignore[arg-type]
