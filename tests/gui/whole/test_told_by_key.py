"""Nothing is told by hovering alone: Shift+F1 tells the tips of what has the focus and of what is beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.gui import telling
from studio.gui.figure.dialog import FigureDialog
from studio.gui.figure.drawer import Drawer
from studio.gui.panels.inspector.row import ParameterRow
from studio.gui.shortcuts_dialog import ShortcutsDialog
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.support.graphs import graph, node_id

Key, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


@pytest.fixture
def window(qtbot, faked_window: MainWindow) -> MainWindow:
    with qtbot.waitActive(faked_window):
        faked_window.activateWindow()
    faked_window.workspaces.show("design")
    settle()
    return faked_window


def tips_of(window: QWidget) -> dict[str, str]:
    """All tips that hovering would show now, and where."""
    return {
        telling._plain(each.toolTip()): f"{type(each).__name__} {each.objectName()}"
        for each in window.findChildren(QWidget)
        if each.toolTip() and each.isVisible() and not each.visibleRegion().isEmpty()
    }


def told_in(window: QWidget) -> str:
    """All that the key would tell, wherever the focus can be."""
    return "\n".join(
        telling.told(each)
        for each in window.findChildren(QWidget)
        if telling._takes_focus(each) and not each.visibleRegion().isEmpty()
    )


@pytest.mark.parametrize("workspace", ["design", "data", "train", "runs"])
def test_every_tip_is_told_by_the_key_somewhere(window: MainWindow, workspace: str) -> None:
    two = example("two_branches")
    assert two is not None
    window.session.load(two.project(), None)
    window.workspaces.show(workspace)
    settle()
    window.session.set_selection([next(id for id, node in window.session.graph.nodes.items() if node.type == "Dense")])
    tabs = ("outline", "history", "palette", "own", "versions", "code", "problems") if workspace == "design" else ("",)
    for tab in tabs:
        if tab:
            window.panels[tab].raise_()
        settle()
        told, tips = told_in(window), tips_of(window)
        assert tips
        missing = {tip: where for tip, where in tips.items() if tip not in told}
        assert missing == {}, tab
    window.workspaces.show("design")


def test_the_drawing_tells_of_a_layer_an_edge_and_a_note(qtbot: QtBot, window: MainWindow) -> None:
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=3) & b:LSTM; a -> y:Output")
    project = edits.add_note(project, "\n".join(f"line {number}" for number in range(40)))
    window.session.load(project, None)
    canvas = window.canvas
    canvas.setFocus()
    window.session.set_selection([node_id(project, "b")])
    settle()
    said = telling.told(canvas)
    for words in ("b", "LSTM", "sequences", "initial_state (takes several edges)"):
        assert words in said
    problems_of = window.session.problems_of
    qtbot.waitUntil(lambda: any(each.message in telling.told(canvas) for each in problems_of(node_id(project, "b"))))
    window.session.set_selection([node_id(project, "a")])
    QTest.keyClick(canvas, Key.Key_E)
    assert "x → a" in telling.told(canvas)
    window.session.set_selection(project.main.notes)
    assert "line 39" in telling.told(canvas)
    QTest.keyClick(canvas, Key.Key_F1, SHIFT)
    assert "line 39" in QToolTip.text()
    QToolTip.hideText()


def test_a_dialog_tells_why_something_is_disabled(qtbot, window: MainWindow) -> None:
    window.session.set_selection([])
    dialog = FigureDialog(window, window.session, Drawer(window))
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    dialog.parameters.setFocus()
    qtbot.waitUntil(dialog.parameters.hasFocus)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_F1, SHIFT)
    assert "No layer is selected." in QToolTip.text()
    QToolTip.hideText()
    dialog.reject()
    window.actions_table["change_shortcuts"].trigger()
    shortcuts = window.findChild(ShortcutsDialog)
    assert shortcuts is not None
    settle()
    assert telling.show()
    shortcuts.reject()
    settle()


def test_keys_reach_the_menu_of_a_parameter(window: MainWindow) -> None:
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=3) -> y:Output")
    window.session.load(project, None)
    window.session.set_selection([node_id(project, "a")])
    window.panels["inspector"].raise_()
    settle()
    row = next(row for row in window.panels["inspector"].findChildren(ParameterRow) if row.parameter.name == "units")
    row.editor.field.setFocus()
    settle()
    row.editor.field.customContextMenuRequested.emit(row.editor.field.rect().center())
    menu = QApplication.activePopupWidget()
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert any("Back to" in text for text in texts)
    assert any("Copy" in text for text in texts)
    menu.close()
