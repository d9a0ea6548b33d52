"""The panels of the window, made one after the other beside a person who works."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import late_panels
from studio.gui.app import make_window, open_first
from studio.gui.settings import Settings
from studio.gui.window import MainWindow
from tests.journeys.fake_window import Dialogs
from tests.support.engines import fake_engine


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


def test_the_drawing_stands_where_it_stays_from_the_first_picture_on(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, dialogs: Dialogs
) -> None:
    window = make_window(qapp, Settings(tmp_path / "state"), fake_engine("checker"), fake_engine("trainer"))
    sizes: list[tuple[int, int]] = []

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and len(window.canvas.scene) > 2:
                sizes.append((window.canvas.width(), window.canvas.height()))
            return False

    painted = Painted()
    window.canvas.installEventFilter(painted)
    window.resize(1600, 1000)
    window.show()
    open_first(window, [])
    qtbot.waitUntil(lambda: all(window.panels[name].is_filled for name in ("code", "inspector", "training")))
    qtbot.waitUntil(lambda: window.code.isVisible())
    window.canvas.update()
    count = len(sizes)
    qtbot.waitUntil(lambda: len(sizes) > count)
    assert len(set(sizes)) == 1
    window.close()
