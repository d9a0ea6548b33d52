"""The outline as a full editor: layers go into blocks and out, inputs are put in order, by keys and by mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from studio.core import edits
from studio.core.project import MAIN
from studio.gui.panels.outline.rows import Entry
from studio.gui.window import MainWindow
from tests.gui.whole.test_outline_edits import Rows
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, graph, node, node_id

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Modifier.ControlModifier, Modifier.ShiftModifier

DRAWING = (
    "x:Input(shape=(3,)); z:Input(shape=(3,)); x -> a:Dense(units=3) -> b:Dense(units=3); b & z -> sum:Add -> y:Output"
)


class Outline(Rows):
    """Somebody with keys and mouse at the rows."""

    @property
    def block(self) -> str:
        return next(iter(self.window.session.project.blocks))

    def place(self, name: str, key: str = MAIN) -> QPoint:
        entries = self.outline.model.entries
        nodes = self.window.session.project.graph(key).nodes
        row = next(i for i, each in enumerate(entries) if each.graph == key and nodes[each.node].name == name)
        rows = self.outline.list
        rows.scrollTo(self.outline.model.index(row, 0))
        return rows.visualRect(self.outline.model.index(row, 0)).center()

    def pick(self, name: str, key: str = MAIN, modifiers=Modifier.NoModifier) -> None:
        at = self.place(name, key)
        QTest.mouseClick(self.outline.list.viewport(), Qt.MouseButton.LeftButton, modifiers, at)
        self.settle()

    def drag(self, name: str, onto: str, *, of: str = MAIN, to: str = MAIN, is_dropped: bool = True) -> None:
        view = self.outline.list.viewport()
        start, end = self.place(name, of), self.place(onto, to)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, Modifier.NoModifier, start)
        for step in (QPoint(0, 3), QPoint(9, 12)):
            QTest.mouseMove(view, start + step)
        QTest.mouseMove(view, end)
        if is_dropped:
            QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Modifier.NoModifier, end)
        self.settle()

    def choose_in_menu(self, words: str) -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
        assert words in actions, list(actions)
        menu.setActiveAction(actions[words])
        QTest.keyClick(menu, Key.Key_Return)
        self.settle()

    def offers(self) -> list[tuple[str, bool]]:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        found = [(action.text(), action.isEnabled()) for action in menu.actions() if not action.isSeparator()]
        QTest.keyClick(menu, Key.Key_Escape)
        self.settle()
        return found

    def unfold(self, name: str) -> None:
        self.choose(name)
        self.key(Key.Key_Right)


@pytest.fixture
def rows(qtbot, faked_window: MainWindow) -> Outline:
    project = graph(DRAWING)
    project = edits.make_block(project, CATALOG, [node_id(project, "b")], "part")
    faked_window.workspaces.show("design")
    faked_window.session.load(project, None)
    with qtbot.waitActive(faked_window):
        faked_window.activateWindow()
    return Outline(faked_window)


def test_into_a_block_and_out_again_by_keys_each_in_one_step(rows: Outline) -> None:
    session = rows.window.session
    before = session.project
    rows.choose("a")
    rows.key(Key.Key_I)
    inside = session.project
    assert edges(inside, rows.block) == ["input -> a", "a -> b", "b -> output"]
    assert rows.selected() == ["part"]
    session.undo()
    assert session.project is before
    session.redo()
    rows.unfold("part")
    rows.pick("a", rows.block)
    rows.key(Key.Key_O)
    assert session.graph_key == MAIN, "what left the block is shown where it is now"
    assert rows.selected() == ["a"]
    assert sorted(edges(session.project)) == sorted(edges(before))
    session.undo()
    assert session.project is inside


def test_into_a_block_and_out_again_by_mouse(rows: Outline) -> None:
    session = rows.window.session
    rows.pick("a")
    rows.pick("sum", modifiers=CTRL)
    rows.drag("sum", "part")
    rows.choose_in_menu("Move into part")
    assert sorted(node.name for node in session.project.blocks[rows.block].graph.nodes.values()) == [
        "a", "b", "input", "input_1", "output", "sum",
    ]  # fmt: skip
    rows.unfold("part")
    rows.pick("sum", rows.block)
    rows.drag("sum", "x", of=rows.block)
    rows.choose_in_menu("Move out of part")
    assert "sum" in {each.name for each in session.project.main.nodes.values()}
    session.undo()
    session.undo()
    assert "a" in {each.name for each in session.project.main.nodes.values()}


def test_what_may_not_be_says_why_and_changes_nothing(rows: Outline) -> None:
    session = rows.window.session
    before = session.project
    rows.pick("x")
    rows.drag("x", "part")
    found = dict(rows.offers())
    assert found["Move into part: x is an Input, which stays outside of a block; select layers only."] is False
    rows.unfold("part")
    rows.pick("b", rows.block)
    rows.key(Key.Key_O)
    assert session.project is before
    rows.window.refresh_actions()
    assert "Nothing would be left in part" in rows.window.actions_table["out_of_block"].toolTip()


@pytest.mark.parametrize("by", ["escape", "focus"])
def test_a_drag_is_given_up(rows: Outline, by: str) -> None:
    session = rows.window.session
    before = session.project
    rows.drag("a", "part", is_dropped=False)
    assert rows.outline.list._is_dragging
    if by == "escape":
        QTest.keyClick(rows.outline.list, Key.Key_Escape)
    else:
        rows.window.canvas.setFocus()
    QTest.mouseRelease(rows.outline.list.viewport(), Qt.MouseButton.LeftButton, pos=rows.place("part"))
    rows.settle()
    assert QApplication.activePopupWidget() is None
    assert session.project is before


def test_layers_are_connected_by_dragging_a_row_onto_another(rows: Outline) -> None:
    rows.drag("a", "sum")
    rows.choose_in_menu("Connect a with sum")
    assert "a -> sum" in edges(rows.window.session.project)
    rows.drag("sum", "a")
    (text, is_enabled), *_ = rows.offers()
    assert text.startswith("Connect sum with a: ")
    assert not is_enabled


def test_inputs_are_put_in_order_by_keys_and_by_mouse(rows: Outline) -> None:
    session = rows.window.session

    def order() -> list[str]:
        first = node_id(session.project, "x")
        return [session.graph.nodes[id].name for id in edits.ends_like(session.project, first)]

    rows.choose("z")
    rows.key(Key.Key_Up, CTRL | SHIFT)
    assert order() == ["z", "x"]
    assert rows.selected() == ["z"], "it goes on with the same Input"
    rows.key(Key.Key_Down, CTRL | SHIFT)
    assert order() == ["x", "z"]
    rows.drag("z", "x")
    rows.choose_in_menu("Put z before x")
    assert order() == ["z", "x"]
    session.undo()
    assert order() == ["x", "z"]


def test_sources_of_a_merge_are_put_in_order_by_keys_and_by_mouse(rows: Outline) -> None:
    session = rows.window.session

    def order() -> list[str]:
        return [each for each in edges(session.project) if each.endswith("-> sum")]

    assert order() == ["part -> sum", "z -> sum"]
    rows.choose("part")
    rows.key(Key.Key_Down, CTRL | SHIFT)
    assert order() == ["z -> sum", "part -> sum"]
    rows.drag("part", "z")
    rows.choose_in_menu("Put part before z in sum")
    assert order() == ["part -> sum", "z -> sum"]


def test_the_menu_of_a_row_renames_doubles_and_deletes(rows: Outline) -> None:
    session, view = rows.window.session, rows.outline.list
    rows.pick("a")

    def menu() -> None:
        at = rows.place("a")
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
        QApplication.sendEvent(view.viewport(), event)
        rows.settle()

    menu()
    count = len(session.graph.nodes)
    rows.choose_in_menu("Duplicate")
    assert len(session.graph.nodes) == count + 1
    rows.pick("a")
    menu()
    rows.choose_in_menu("Rename")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "first")
    QTest.keyClick(field, Key.Key_Return)
    rows.settle()
    assert node(session.project, "first").type == "Dense"
    rows.pick("first")
    at = rows.place("first")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, QPointF(at).toPoint())
    QApplication.sendEvent(view.viewport(), event)
    rows.settle()
    rows.choose_in_menu("Delete")
    assert "first" not in {each.name for each in session.graph.nodes.values()}


def test_rows_that_mean_nothing_together_say_so(rows: Outline) -> None:
    said: list[str] = []
    rows.outline.told.connect(said.append)
    project = edits.add_note(rows.window.session.project, "why")
    rows.window.session.load(project, None)
    rows.settle()
    note = next(iter(project.main.notes))
    rows.window.session.set_selection([node_id(project, "a")])
    rows.outline._dropped(Entry(MAIN, note, note, 0, is_note=True), QPoint(0, 0))
    assert len(said) == 1
    assert said[0].endswith(".")
