"""From panel to panel without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from studio.gui import panel_focus, panel_sizes
from studio.gui.arrangement import BOTTOM, LEFT, RIGHT
from studio.gui.window import MainWindow
from studio.workbench.examples import example


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


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(focused(), key, modifiers)
    QApplication.processEvents()


ALL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("name", ["palette", "inspector", "code", "training"])
def test_a_panel_gets_another_size_by_keys(window: MainWindow, name: str) -> None:
    window.workspaces.reset()
    window.actions_table[f"show_{name}"].trigger()
    panel = window.panels[name]
    QApplication.processEvents()
    width = panel.width()
    press(Qt.Key.Key_Right, ALL)
    wider = panel.width()
    assert wider > width  # panels side by side share what is asked for
    assert f"{wider} by" in window.status.news
    press(Qt.Key.Key_Left, ALL)
    press(Qt.Key.Key_Left, ALL)
    narrower = panel.width()
    assert narrower < width
    if name in ("code", "training"):
        height = panel.height()
        press(Qt.Key.Key_Up, ALL)
        assert panel.height() == height + panel_sizes.STEP_PX
        press(Qt.Key.Key_Down, ALL)
        assert panel.height() == height
    assert where(window) == name, "the focus stays"
    window.workspaces.show("train")
    window.workspaces.show("design")
    QApplication.processEvents()
    assert abs(panel.width() - narrower) <= 1, "it is remembered"
    window.workspaces.reset()


def test_a_panel_goes_to_another_side_and_comes_back(window: MainWindow) -> None:
    window.actions_table["show_inspector"].trigger()
    panel = window.panels["inspector"]
    for action, area in (("panel_left", LEFT), ("panel_bottom", BOTTOM), ("panel_right", RIGHT)):
        window.actions_table[action].trigger()
        assert window.dockWidgetArea(panel) == area
        assert panel.isVisible()
        assert where(window) == "inspector"
    window.actions_table["panel_left"].trigger()
    window.actions_table["reset_workspace"].trigger()
    assert window.dockWidgetArea(panel) == RIGHT


def test_in_the_drawing_it_says_what_to_do_first(window: MainWindow) -> None:
    for action in ("panel_wider", "panel_left"):
        window.actions_table[action].trigger()
        assert "F6" in window.status.news
    window.actions_table["column_wider"].trigger()
    assert "table" in window.status.news


def test_columns_of_a_table_and_parts_of_a_panel(qtbot, window: MainWindow) -> None:
    book = example("two_branches")
    assert book is not None
    window.session.load(book.project(), None)
    window.workspaces.show("data")
    qtbot.waitUntil(lambda: not window.panels["data"].content.is_waiting)
    rows = next(each for each in window.panels["data"].findChildren(QTableView) if each.accessibleName() == "Rows")
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0, 2))
    width = rows.columnWidth(2)
    press(Qt.Key.Key_Equal, ALL & ~Qt.KeyboardModifier.ShiftModifier)
    assert rows.columnWidth(2) == width + panel_sizes.STEP_PX
    press(Qt.Key.Key_Minus, ALL & ~Qt.KeyboardModifier.ShiftModifier)
    assert rows.columnWidth(2) == width
    window.workspaces.show("design")
