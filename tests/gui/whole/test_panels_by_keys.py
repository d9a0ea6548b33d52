"""From panel to panel without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.gui import panel_focus
from studio.gui.window import MainWindow


@pytest.fixture
def window(qtbot, faked_window: MainWindow) -> MainWindow:
    with qtbot.waitActive(faked_window):
        faked_window.activateWindow()
    faked_window.workspaces.show("design")
    faked_window.canvas.setFocus()
    QApplication.processEvents()
    return faked_window


def focused() -> QWidget:
    here = QApplication.focusWidget()
    assert here is not None
    return here


def where(window: MainWindow) -> str:
    return next((name for name, panel in window.panels.items() if panel.isAncestorOf(focused())), "drawing")


@pytest.mark.parametrize("name", panel_focus.PANELS)
def test_an_action_shows_a_panel_and_goes_into_it(window: MainWindow, name: str) -> None:
    window.actions_table[f"show_{name}"].trigger()
    assert window.panels[name].isVisible()
    assert where(window) == name


def test_f6_goes_round_all_open_panels_and_back(window: MainWindow) -> None:
    seen = []
    for _ in range(20):
        QTest.keyClick(focused(), Qt.Key.Key_F6)
        QApplication.processEvents()
        seen.append(where(window))
        if seen[-1] == "drawing":
            break
    assert seen[-1] == "drawing"
    assert {"palette", "outline", "history", "inspector", "code"} <= set(seen)
    QTest.keyClick(focused(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    QApplication.processEvents()
    assert where(window) == seen[-2]
