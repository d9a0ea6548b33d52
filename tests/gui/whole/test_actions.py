"""All actions of the window together: what is shown of them, and what is said of those that cannot be done."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from studio.core import edits
from studio.gui import keymap, theme
from studio.gui.action_search import GAP_PX, WIDTH_PX
from studio.gui.actions import SHEET, TABLE
from studio.gui.canvas.geometry import GRID
from studio.gui.commands import WindowCommands, context_menu
from studio.gui.window import MainWindow
from studio.workbench import starting
from studio.workbench.examples import example


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
    assert any("plug_target" in group for group in context_menu(window))
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
    assert any("note_green" in group for group in context_menu(window))
    window.refresh_actions()
    for action in ("rename", "duplicate", "delete", "cut", "copy", "note_green", "note_wider", "nudge_left"):
        assert window.actions_table[action].isEnabled(), action
    window.actions_table["note_green"].trigger()
    (note,) = session.graph.notes.values()
    assert note.colour == "green"
    assert not window.actions_table["bypass"].isEnabled()
