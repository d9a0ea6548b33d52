"""Every place where a file is chosen: Qt's own dialog comes up where one expects it, Esc changes nothing, a name typed
and Enter is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from studio import storage
from studio.gui.data.panel import DataPanel
from studio.gui.export.dialog import ExportDialog
from studio.gui.panels.versions import VersionsPanel
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.gui.test_models_in import CONFIG

T = TypeVar("T", bound=QObject)


def _made(window: MainWindow, kind: type[T]) -> T:
    """A panel, which is made when it is first seen."""
    for _ in range(1000):
        found = window.findChild(kind)
        if found is not None:
            return found
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    raise AssertionError(f"no {kind.__name__} was made")


def _export(window: MainWindow) -> None:
    window.files.ask_export()
    dialog = window.findChild(ExportDialog)
    try:
        dialog.browse.click()
    finally:
        dialog.reject()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def _versions(window: MainWindow) -> None:
    window.workspaces.show("design")
    window.panels["versions"].setVisible(True)
    window.panels["versions"].raise_()
    QApplication.processEvents()
    _made(window, VersionsPanel).ask_file()


def _data(window: MainWindow) -> None:
    window.workspaces.show("data")
    QApplication.processEvents()
    _made(window, DataPanel).ask_open()


CHOOSERS: dict[str, tuple[Callable[[MainWindow], object], str]] = {
    "open": (lambda window: window.files.ask_open(), "Open a project or a model"),
    "save": (lambda window: window.files.save_as(), "Save the project"),
    "export": (_export, "Export"),
    "another version": (_versions, "Compare with another version"),
    "blocks": (lambda window: window.actions_table["import_block"].trigger(), "Take blocks into the library"),
    "data": (_data, "Open data"),
}


@pytest.fixture
def window(faked_window: MainWindow, tmp_path: Path) -> MainWindow:
    residual = example("residual")
    assert residual is not None
    path = tmp_path / "mine.studio"
    storage.save(residual.project(), path)
    faked_window.files.open(path, ask=False)
    QApplication.processEvents()
    faked_window.refresh_actions()
    return faked_window


def with_dialog(open_it: Callable[[], object], act: Callable[[QFileDialog], object]) -> None:
    """Open a chooser, which holds the loop, and do something in it."""
    seen: list[QFileDialog] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            seen.append(dialog)
            timer.stop()
            try:
                act(dialog)
            finally:  # a test that fails must not hold the loop for ever
                if dialog.isVisible():
                    dialog.reject()

    timer = QTimer(interval=5)
    timer.timeout.connect(look)
    timer.start()
    open_it()
    timer.stop()
    assert len(seen) == 1, "no chooser came up"


@pytest.mark.parametrize(("open_it", "title"), CHOOSERS.values(), ids=CHOOSERS)
def test_esc_closes_it_and_changes_nothing(
    window: MainWindow, tmp_path: Path, open_it: Callable[[MainWindow], object], title: str
) -> None:
    before, files = window.session.project, sorted(tmp_path.iterdir())

    def act(dialog: QFileDialog) -> None:
        assert dialog.windowTitle() == title
        assert Path(dialog.directory().absolutePath()) == tmp_path, "it begins where the project lies"
        assert all("(" in each for each in dialog.nameFilters())
        assert isinstance(dialog.focusWidget(), QLineEdit), "one types the name at once"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    with_dialog(lambda: open_it(window), act)
    assert window.session.project is before
    assert sorted(tmp_path.iterdir()) == files
    assert not [each for each in window.findChildren(QDialog) if each.isVisible()]


def test_a_name_that_is_typed_is_where_the_project_is_saved(window: MainWindow, tmp_path: Path) -> None:
    def act(dialog: QFileDialog) -> None:
        field = dialog.focusWidget()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, "another name")
        QTest.keyClick(field, Qt.Key.Key_Return)

    with_dialog(window.files.save_as, act)
    assert (tmp_path / "another name.studio").is_file()
    assert window.session.path == tmp_path / "another name.studio"


def test_what_came_from_a_model_is_saved_beside_it(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """It began in the home folder, wherever the model lay."""
    folder = tmp_path / "models"
    folder.mkdir()
    model = folder / "net.json"
    model.write_text(json.dumps(CONFIG), encoding="utf-8")
    with qtbot.waitSignal(window.files.models.opened):
        window.files.open(model)

    def act(dialog: QFileDialog) -> None:
        assert Path(dialog.directory().absolutePath()) == folder
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    with_dialog(window.files.save_as, act)
    with_dialog(window.files.ask_open, act)
