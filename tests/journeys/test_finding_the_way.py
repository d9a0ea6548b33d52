"""Actions that help to find the way and to read, in a whole window with fake engines, by keys and menus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from studio.codegen.wiring import order_of
from studio.core import edits
from studio.core.project import BLOCK
from studio.gui import keymap, theme
from studio.gui.actions import TABLE
from studio.gui.caption import Caption
from studio.gui.shortcuts_dialog import ShortcutsDialog
from studio.gui.training.readiness import why_not_train
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.journey
Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT, ALT = Modifier.ControlModifier, Modifier.ShiftModifier, Modifier.AltModifier


@pytest.fixture
def window(qtbot, faked_window: MainWindow) -> Iterator[MainWindow]:
    text = "x:Input(shape=(4,)) -> a:Dense(units=3) -> b:Dense(units=2) -> y:Output"
    faked_window.session.load(graph(text), None)
    faked_window.canvas.camera.motion_ms = 0
    faked_window.activateWindow()
    faked_window.canvas.setFocus()
    QApplication.processEvents()
    yield faked_window
    keymap.use({}, TABLE)
    faked_window.actions_table.follow_keymap()
    faked_window.settings.shortcuts = {}


def do(window: MainWindow, action: str) -> None:
    window.refresh_actions()
    assert window.actions_table[action].isEnabled(), window.actions_table[action].toolTip()
    window.actions_table[action].trigger()
    QApplication.processEvents()


def key(window: MainWindow, pressed: Qt.Key, modifiers=Modifier.NoModifier) -> None:
    QTest.keyClick(window.canvas, pressed, modifiers)
    QApplication.processEvents()


def test_bookmarks_and_places_by_keys(window: MainWindow) -> None:
    session = window.session
    assert not window.actions_table["bookmarks"].isEnabled()
    assert "bookmark" in window.actions_table["bookmarks"].toolTip()
    session.set_selection([node_id(session.project, "b")])
    window.refresh_actions()
    window.refresh_actions()
    key(window, Key.Key_F2, CTRL)
    assert session.project.main.nodes[node_id(session.project, "b")].is_marked
    session.set_selection([node_id(session.project, "x")])
    QApplication.processEvents()
    window.refresh_actions()
    key(window, Key.Key_F2, SHIFT)
    assert session.selection == {node_id(session.project, "b")}
    window.refresh_actions()
    do(window, "go_back")
    assert session.selection == {node_id(session.project, "x")}
    do(window, "go_forward")
    assert session.selection == {node_id(session.project, "b")}
    session.undo()
    assert not session.project.main.nodes[node_id(session.project, "b")].is_marked


def test_heat_and_axes_are_switches(window: MainWindow) -> None:
    do(window, "heat_memory")
    window.refresh_actions()
    assert window.actions_table["heat_memory"].isChecked()
    assert not window.actions_table["heat_off"].isChecked()
    do(window, "heat_off")
    assert window.canvas.reading.measure == ""
    do(window, "axis_names")
    assert window.canvas.reading.names_axes
    assert window.canvas.shows_shapes
    do(window, "axis_names")
    assert not window.canvas.reading.names_axes


def test_a_block_goes_into_the_library_and_into_another_project(qtbot, window: MainWindow) -> None:
    session = window.session
    inside = [node_id(session.project, name) for name in "ab"]
    session.apply(lambda old: edits.make_block(old, session.catalog, inside, "both"), "Make a block")
    assert not window.actions_table["keep_block"].isEnabled()
    session.set_selection([id for id, node in session.graph.nodes.items() if node.type == BLOCK])
    do(window, "keep_block")
    assert window.status.news == "both is in your library now."
    session.load(graph("x:Input(shape=(4,)) -> y:Output"), None)
    window.palette_panel.focus_search()
    QTest.keyClicks(window.palette_panel.search_field, "both")
    QTest.keyClick(window.palette_panel.search_field, Key.Key_Return)
    assert [block.name for block in session.project.blocks.values()] == ["both"]
    window.palette_panel.search_field.clear()
    session.library.remove("both")


def test_compare_with_the_last_save(qtbot, window: MainWindow, tmp_path) -> None:
    session = window.session
    assert window.actions_table["compare_saved"].toolTip() == "The project was not saved yet."
    session.saved_as(tmp_path / "mine.studio")
    session.apply(lambda old: edits.set_param(old, node_id(old, "a"), "units", 9), "Change units")
    do(window, "compare_saved")
    panel = window.panels["versions"]
    assert panel.isVisible()
    assert panel.content.heading.text().endswith("0 added, 0 removed, 1 changed")
    assert window.canvas.scene.versions == {node_id(session.project, "a"): "changed"}
    session.undo()
    qtbot.waitUntil(lambda: window.canvas.scene.versions == {})


def test_a_shortcut_is_changed_remembered_and_in_force(qtbot, window: MainWindow) -> None:
    do(window, "change_shortcuts")
    dialog = window.findChild(ShortcutsDialog)
    dialog.search.setText("Fold")
    dialog.key_field.setFocus()
    QTest.keyClick(dialog.key_field, Key.Key_Z)
    QTest.mouseClick(dialog.give, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert keymap.read(window.settings.shortcuts, TABLE) == {"fold": ("Z",)}
    session, id = window.session, node_id(window.session.project, "a")
    session.set_selection([id])
    window.canvas.setFocus()
    window.refresh_actions()
    key(window, Key.Key_H)
    assert not session.project.main.nodes[id].is_folded
    key(window, Key.Key_Z)
    assert session.project.main.nodes[id].is_folded


def test_presentation_hides_the_panels_and_gives_them_back(qtbot: QtBot, window: MainWindow) -> None:
    window.workspaces.show("design")
    shown = {name for name, panel in window.panels.items() if not panel.isHidden()}
    size = window.header.title.font().pixelSize()
    key(window, Key.Key_F11)
    assert all(panel.isHidden() for panel in window.panels.values())
    assert not window.status.isVisible()
    qtbot.waitUntil(theme.is_settled)
    assert window.header.title.font().pixelSize() > size
    key(window, Key.Key_F11)
    assert {name for name, panel in window.panels.items() if not panel.isHidden()} == shown
    assert window.status.isVisible()
    qtbot.waitUntil(theme.is_settled)
    assert window.header.title.font().pixelSize() == size


def test_another_workspace_ends_the_presentation(qtbot: QtBot, window: MainWindow) -> None:
    key(window, Key.Key_F11)
    QTest.keyClick(window, Key.Key_3, CTRL)
    qtbot.waitUntil(lambda: window.workspaces.is_settled)
    assert not window.panels["plan"].isHidden()
    assert window.status.isVisible()
    QTest.keyClick(window, Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: window.workspaces.is_settled)
    assert not window.panels["inspector"].isHidden()
    assert theme.current() is not None


def test_a_presentation_leads_through_the_network_by_the_keys_of_a_remote_control(window: MainWindow) -> None:
    session, canvas = window.session, window.canvas
    order = order_of(session.graph)
    history = session.document.undo_name
    key(window, Key.Key_F11)
    assert window.isFullScreen()
    assert QApplication.overrideCursor() is not None
    caption = window.findChild(Caption)
    assert caption.isVisible()
    assert "Page Down" in caption.words.text()
    for place, node in enumerate(order[:3], start=1):
        key(window, Key.Key_PageDown)
        assert session.selection == {node}
        assert canvas.sight.has([node])
        assert caption.name.text() == session.graph.nodes[node].name
        assert caption.place.text() == f"{place} / {len(order)}"
    assert canvas.view.scale > 1.5
    key(window, Key.Key_Left)
    assert session.selection == {order[1]}
    assert session.document.undo_name == history, "no arrow moved a layer"
    key(window, Key.Key_Home)
    assert not session.selection
    assert canvas.sight.has(order)
    session.set_selection([order[2]])
    window.refresh_actions()
    key(window, Key.Key_F2, CTRL)
    key(window, Key.Key_PageDown)
    assert session.selection == {order[2]}
    assert caption.place.text() == "1 / 1", "where there are bookmarks they are the places"
    key(window, Key.Key_PageDown)
    assert not session.selection, "after the last place comes the whole drawing"
    key(window, Key.Key_Escape)
    assert not caption.isVisible()
    assert not window.isFullScreen()
    assert QApplication.overrideCursor() is None
    assert window.status.isVisible()


def test_a_presentation_keeps_the_curves_of_a_run(window: MainWindow, qtbot) -> None:
    xor = example("xor")
    assert xor is not None
    window.session.load(xor.project(), None)
    qtbot.waitUntil(lambda: not why_not_train(window.session))
    key(window, Key.Key_F11)
    assert window.panels["training"].isHidden()
    window.train()
    qtbot.waitUntil(lambda: not window.panels["training"].isHidden())
    qtbot.waitUntil(lambda: not window.trainer.is_busy, timeout=60_000)
    assert {name for name, panel in window.panels.items() if not panel.isHidden()} == {"training"}
    key(window, Key.Key_Escape)
    assert not window.panels["inspector"].isHidden()
