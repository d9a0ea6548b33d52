"""The panels of the window, made one after the other beside a person who works."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import late_panels
from studio.gui.window import MainWindow


class Shown(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


def test_a_panel_that_is_made_late_is_no_window_of_its_own_and_takes_no_focus(
    qtbot: QtBot, faked_window: MainWindow, qapp: QApplication
) -> None:
    shown = Shown()
    faked_window.canvas.setFocus()
    qapp.installEventFilter(shown)
    late_panels.fill(faked_window.panels.values(), faked_window)
    qtbot.waitUntil(lambda: all(panel.is_filled for panel in faked_window.panels.values()))
    qapp.removeEventFilter(shown)
    assert shown.windows == []


def test_code_forms_and_curves_come_right_after_the_first_picture(qtbot: QtBot, faked_window: MainWindow) -> None:
    qtbot.waitUntil(lambda: faked_window.panels["code"].is_filled)
    assert faked_window.code.isVisible()
    assert faked_window.inspector.isVisible()
    assert faked_window.training.isVisible()
    assert faked_window.code.view.toPlainText()
