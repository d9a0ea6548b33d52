"""All actions of the window together: what is shown of them, and what is said of those that cannot be done."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio.core import edits
from studio.core.project import BLOCK
from studio.gui import keymap, theme
from studio.gui.action_rows import Named, Sub
from studio.gui.action_search import GAP_PX, WIDTH_PX
from studio.gui.actions import SHEET, TABLE
from studio.gui.canvas import geometry
from studio.gui.canvas.geometry import GRID
from studio.gui.commands import WindowCommands
from studio.gui.context_menus import context_menu
from studio.gui.window import MainWindow
from studio.workbench import starting
from studio.workbench.examples import example
from tests.support.graphs import graph, node_id


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == text)


def test_a_context_menu_that_was_closed_is_forgotten(qtbot, faked_window: MainWindow) -> None:
    window = faked_window
    window.session.set_selection([next(iter(window.session.graph.nodes))])
    window._open_menu(QPoint(20, 20))
    (menu,) = (each for each in window.findChildren(QMenu) if each.isVisible())
    assert entry(menu, "Rename").isEnabled()
    window.session.set_selection([])
    window.refresh_actions()
    assert not entry(menu, "Rename").isEnabled(), "it follows while it is open"
    menu.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(menu))
    window.session.set_selection([next(iter(window.session.graph.nodes))])
    window.refresh_actions()  # an entry that is gone would raise here


def test_what_cannot_be_done_says_why_in_one_sentence(faked_window: MainWindow) -> None:
    window = faked_window
    residual = example("residual")
    assert residual is not None
    seen: set[str] = set()
    for project in (starting.new_project(), residual.project()):
        window.session.load(project, None)
        for chosen in ((), tuple(window.session.graph.nodes)[:1], tuple(window.session.graph.nodes)):
            window.session.set_selection(chosen)
            window.refresh_actions()
            for row, action in window.actions_table:
                if action.isEnabled():
                    continue
                seen.add(row.id)
                reason = WindowCommands(window).why_not(row.id)
                assert reason.endswith("."), row.id
                assert reason.count(". ") == 0, f"{row.id}: {reason}"
                assert action.toolTip() != row.text.rstrip("."), f"{row.id} does not say why"
                before = window.session.project
                window.actions_table[row.id].setEnabled(True)
                window.actions_table[row.id].trigger()  # as a key on its way would
                assert window.session.project is before
                assert window.status.news == reason, row.id
    assert {"undo", "redo", "rename", "stop", "go_back", "unpack_block"} <= seen
    assert seen < {row.id for row in TABLE}


def test_the_drawings_own_keys_can_be_others(qtbot, faked_window: MainWindow) -> None:
    window = faked_window
    node = next(iter(window.session.graph.nodes))
    window.session.set_selection([node])
    window.refresh_actions()
    changes = {"nudge_left": ("Shift+J",), "delete": ("K",), "fit": ("Ctrl+Alt+F",)}

    def x() -> float:
        return window.session.graph.nodes[node].x

    start = x()
    try:
        keymap.use(changes, TABLE)
        window.canvas.setFocus()
        QTest.keyClick(window.canvas, Qt.Key.Key_Left)
        assert x() == start, "the old key means nothing any more"
        QTest.keyClick(window.canvas, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
        assert x() == start - GRID
        QTest.keyClick(window.canvas, Qt.Key.Key_Right)
        assert x() == start, "the others are as before"
        QTest.keyClick(window.canvas, Qt.Key.Key_Backspace)
        assert node in window.session.graph.nodes
        QTest.keyClick(window.canvas, Qt.Key.Key_K)
        assert node not in window.session.graph.nodes
        assert next(row for row in TABLE if row.id == "nudge_left") in [row for row in TABLE if row.menu in SHEET]
    finally:
        keymap.use({}, TABLE)
    window.session.undo()
    QTest.keyClick(window.canvas, Qt.Key.Key_Left)
    assert x() == start - GRID


def test_the_reasons_stand_whole_in_the_search_of_actions(faked_window: MainWindow) -> None:
    residual = example("residual")
    assert residual is not None
    window = faked_window
    for project in (starting.new_project(), residual.project()):
        window.session.load(project, None)
        for chosen in ((), tuple(window.session.graph.nodes)[:1], tuple(window.session.graph.nodes)):
            window.session.set_selection(chosen)
            for row in TABLE:
                reason = WindowCommands(window).why_not(row.id)
                room = WIDTH_PX - 16 - 2 * 16 - GAP_PX - 12  # margins, padding of a row, distance, scroll bar
                text = QFontMetrics(theme.ui_font(13)).horizontalAdvance(row.text)
                assert text + QFontMetrics(theme.ui_font(12)).horizontalAdvance(reason) <= room, (row.text, reason)


def offered(window: MainWindow) -> set[str]:
    """The ids of the actions in the context menu, those of menus in it included."""
    found: set[str] = set()
    waiting = [entry for group in context_menu(window) for entry in group]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, Sub):
            waiting += entry.entries
        else:
            found.add(entry.action if isinstance(entry, Named) else entry)
    return found


def test_a_menu_has_what_can_be_done_with_such_a_thing(faked_window: MainWindow) -> None:
    window, session = faked_window, faked_window.session
    project = graph("x:Input -> a:Dense -> b:Dense -> c:Dense -> y:Output; b -> z:Output")
    project = edits.make_block(project, session.catalog, [node_id(project, "b")], "part")
    session.load(edits.make_frame(project, [node_id(project, "c")], "end"), None)
    known = {row.id for row in TABLE}

    def of(*names: str) -> set[str]:
        session.set_selection([node_id(session.project, name) for name in names])
        assert offered(window) <= known
        return offered(window)

    assert {"add_layer", "select_all", "tidy_all"} <= of()
    assert not {"leave_block", "own_block", "delete"} & of()
    assert {"rename", "insert", "into_block", "take_out"} <= of("a")
    assert not {"unshare", "expand", "own_block", "unpack_block", "out_of_block", "leave_frame", "connect"} & of("a")
    assert {"own_block", "unpack_block", "block_parameters", "every_step"} <= of("part")
    assert "every_step" not in of("a")
    assert {"earlier_input", "later_input"} <= of("y")
    assert not {"insert", "into_block", "freeze"} & of("x")
    assert {"remove_frame", "frame_blue"} <= of("c")
    assert {"connect", "align_left", "make_block"} <= of("a", "part")
    session.open_graph(next(iter(session.project.blocks)))
    assert {"leave_block", "own_block"} <= of()


def test_a_use_gets_a_block_of_its_own_from_within(faked_window: MainWindow) -> None:
    window, session = faked_window, faked_window.session
    project = graph("x:Input -> a:Dense -> b:Dense -> y:Output")
    block = f"b{project.next_id}"
    project = edits.make_block(project, session.catalog, [node_id(project, "a"), node_id(project, "b")], "part")
    session.load(edits.add_node(project, BLOCK, name="again", block=block), None)
    use = node_id(session.project, "again")
    session.open_graph(block, (use,))
    session.set_selection([node_id(session.project, "b", block)])
    window.refresh_actions()
    assert "give this use a block of its own first" in window.actions_table["out_of_block"].toolTip()
    window.actions_table["own_block"].trigger()
    own = session.project.main.nodes[use].block
    assert own != block
    assert session.graph_key == own
    assert session.use == (use,)
    assert session.selection == {node_id(session.project, "b", own)}
    assert window.actions_table["out_of_block"].isEnabled()
    assert "Nothing else uses part_1" in window.actions_table["own_block"].toolTip()
    window.actions_table["out_of_block"].trigger()
    assert "b" in {node.name for node in session.project.main.nodes.values()}
    session.undo()
    session.undo()
    assert session.project.main.nodes[use].block == block
    assert session.graph_key in session.project.graphs()


def test_over_nothing_the_menu_is_that_of_the_canvas_and_what_is_picked_is_done_there(
    faked_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, session, canvas = faked_window, faked_window.session, faked_window.canvas
    session.load(graph("x:Input -> a:Dense -> y:Output"), None)
    canvas.sight.fit()
    session.set_selection([node_id(session.project, "a")])
    window.refresh_actions()
    window.actions_table["copy"].trigger()
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, *_: menus.append(menu))
    point = QPoint(canvas.width() // 2, 120)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(canvas, QContextMenuEvent(reason, point, canvas.mapToGlobal(point)))
    assert session.selection == frozenset()
    (menu,) = menus
    assert "Tidy the drawing" in {action.text().split("\t")[0] for action in menu.actions()}
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    menu.aboutToHide.emit()
    before = set(session.graph.nodes)
    next(action for action in menu.actions() if action.text().startswith("Paste")).trigger()
    (new,) = set(session.graph.nodes) - before
    x, y = canvas.view.to_scene(point.x(), point.y())
    node = session.graph.nodes[new]
    assert node.x <= x <= node.x + geometry.NODE_WIDTH
    assert node.y <= y <= node.y + geometry.NODE_HEIGHT


def test_what_is_done_to_an_edge_is_in_its_menu_and_can_be_done_once_it_is_marked(faked_window: MainWindow) -> None:
    window = faked_window
    residual = example("residual")
    assert residual is not None
    window.session.load(residual.project(), None)
    session, canvas = window.session, window.canvas
    assert "Select an edge first" in WindowCommands(window).why_not("plug_target")
    edge = next(iter(session.graph.edges.values()))
    session.set_selection([edge.target.node])
    window.refresh_actions()
    window.actions_table["next_edge"].trigger()
    assert canvas.selected_edge is not None
    assert "plug_target" in offered(window)
    assert "earlier_input" not in offered(window)
    for action in ("plug_target", "plug_source", "add_point", "insert", "delete"):
        assert WindowCommands(window).why_not(action) == "", action
        assert window.actions_table[action].isEnabled(), action
    before = session.project
    window.actions_table["add_point"].trigger()
    assert session.project is not before
    session.undo()
    assert session.project is before


def test_what_the_search_has_learned_can_be_forgotten(faked_window: MainWindow) -> None:
    window = faked_window
    habits = window.canvas.popups.suggesting.habits
    habits.forget()
    window.refresh_actions()
    assert not window.actions_table["forget_habits"].isEnabled()
    habits.note("Input", "Dense")
    window.refresh_actions()
    assert window.settings.habits
    window.actions_table["forget_habits"].trigger()
    assert len(habits) == 0
    assert window.settings.habits == ""


def test_a_note_has_a_menu_of_its_own(faked_window: MainWindow) -> None:
    window = faked_window
    session = window.session
    session.apply(lambda project: edits.add_note(project, "words"), "Write", selection=[f"t{session.project.next_id}"])
    assert "note_green" in offered(window)
    window.refresh_actions()
    for action in ("rename", "duplicate", "delete", "cut", "copy", "note_green", "note_wider", "nudge_left"):
        assert window.actions_table[action].isEnabled(), action
    window.actions_table["note_green"].trigger()
    (note,) = session.graph.notes.values()
    assert note.colour == "green"
    assert not window.actions_table["bypass"].isEnabled()
