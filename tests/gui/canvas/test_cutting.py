"""The knife, and nodes that leave their chain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from studio.gui.canvas import geometry
from studio.gui.canvas.gestures.knife import Knife
from studio.gui.canvas.gestures.move_nodes import MoveNodes
from studio.gui.canvas.gestures.shake import SWING_PX, WITHIN_S, Shake
from tests.gui.canvas.drawing import edge_between, join, node_named, two_branches
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, NONE, Hands

RIGHT = Qt.MouseButton.RightButton


def across(hands: Hands, *between: tuple[str, str]) -> tuple[QPoint, QPoint]:
    """A way from left to right over these edges."""
    points = [hands.on_edge(*pair) for pair in between]
    return points[0] - QPoint(40, 0), points[-1] + QPoint(40, 0)


def test_the_knife_cuts_all_that_it_crosses_in_one_step(hands: Hands) -> None:
    before = hands.project
    start, end = across(hands, ("b1_l1", "b1_l2"), ("b2_l1", "b2_l2"))
    hands.drag(start, end, CTRL, RIGHT)
    assert edge_between(hands.project, "b1_l1", "b1_l2") is None
    assert edge_between(hands.project, "b2_l1", "b2_l2") is None
    assert len(hands.project.main.edges) == len(before.main.edges) - 2
    assert hands.session.document.undo_name == "Cut 2 edges"
    assert hands.undo_is_one_step(before)


def test_a_knife_through_nothing_changes_nothing(hands: Hands) -> None:
    before = hands.project
    hands.drag(EMPTY, EMPTY + QPoint(20, 60), CTRL, RIGHT)
    assert hands.project is before
    assert not hands.session.document.can_undo


@pytest.mark.parametrize("how", ["escape", "other button", "focus"])
def test_a_knife_can_be_put_away(hands: Hands, how: str) -> None:
    before = hands.project
    start, end = across(hands, ("b1_l1", "b1_l2"))
    hands.press(start, CTRL, RIGHT)
    hands.move(end)
    assert isinstance(hands.canvas.gesture, Knife)
    match how:
        case "escape":
            hands.key(Qt.Key.Key_Escape)
        case "other button":
            hands.press(end)
        case "focus":
            hands.canvas.clearFocus()
    assert hands.canvas.gesture is None
    hands.release(end, CTRL, RIGHT)
    assert hands.project is before


def test_the_knife_opens_no_menu(hands: Hands, qtbot) -> None:
    start, end = across(hands, ("b1_l1", "b1_l2"))
    asked = []
    hands.canvas.menu_requested.connect(asked.append)
    hands.press(start, CTRL, RIGHT)
    mouse = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(hands.canvas, QContextMenuEvent(mouse, start, hands.canvas.mapToGlobal(start), CTRL))
    hands.move(end)
    hands.release(end, CTRL, RIGHT)
    assert asked == []
    assert edge_between(hands.project, "b1_l1", "b1_l2") is None
    QApplication.sendEvent(hands.canvas, QContextMenuEvent(mouse, start, hands.canvas.mapToGlobal(start), NONE))
    assert len(asked) == 1


@given(x=st.floats(-40, 140), y=st.floats(-40, 140), dx=st.floats(-80, 80), dy=st.floats(-80, 80))
def test_a_straight_edge_is_crossed_where_its_line_is(x: float, y: float, dx: float, dy: float) -> None:
    chain = geometry.routed_curve((50, 0, 50, 100), (), "down")
    is_crossed = geometry.crosses(chain, (x, y), (x + dx, y + dy))
    if (x - 50) * (x + dx - 50) > 0:
        assert not is_crossed
    elif abs(dx) > 1:
        at = y + dy * (50 - x) / dx
        if min(abs(at), abs(at - 100)) > 0.5 and min(abs(x - 50), abs(x + dx - 50)) > 0.5:
            assert is_crossed == (0 < at < 100)


# ---- out of the chain


def test_a_drag_with_alt_takes_a_node_out_and_joins_what_it_stood_between(hands: Hands) -> None:
    before = hands.project
    hands.drag(hands.node("b1_l2"), EMPTY, ALT)
    assert edge_between(hands.project, "b1_l1", "b1_l3")
    node = node_named(hands.project, "b1_l2").id
    assert not any(node in (e.source.node, e.target.node) for e in hands.project.main.edges.values())
    assert node_named(hands.project, "b1_l2").x != node_named(before, "b1_l2").x
    assert hands.session.document.undo_name == "Take out"
    assert hands.undo_is_one_step(before)


def test_a_merge_that_is_taken_out_leaves_its_branches_open(hands: Hands) -> None:
    hands.drag(hands.node("m1_l1"), EMPTY, ALT)
    assert edge_between(hands.project, "b1_l3", "m1_l1") is None
    assert edge_between(hands.project, "m1_l1", "m1_l2") is None


def test_several_nodes_leave_together_and_keep_the_edges_between_them(hands: Hands) -> None:
    before = hands.project
    hands.session.set_selection([node_named(before, name).id for name in ("b1_l1", "b1_l2")])
    hands.drag(hands.node("b1_l1"), EMPTY, ALT)
    assert edge_between(hands.project, "b1_l1", "b1_l2")
    assert edge_between(hands.project, "measurements", "b1_l3")
    assert hands.undo_is_one_step(before)


def shake(hands: Hands, at: QPoint) -> None:
    for step in (30, -30, 30, -30, 30):
        hands.move(at + QPoint(step, 0))


def test_a_shaken_node_leaves_its_chain_and_may_go_into_another_edge(hands: Hands) -> None:
    before = hands.project
    at = hands.node("b1_l2")
    hands.press(at)
    hands.move(at + QPoint(10, 0))
    shake(hands, at)
    hands.move(hands.on_edge("b2_l1", "b2_l2"))
    hands.release(hands.on_edge("b2_l1", "b2_l2"))
    assert edge_between(hands.project, "b1_l1", "b1_l3")
    assert edge_between(hands.project, "b2_l1", "b1_l2")
    assert edge_between(hands.project, "b1_l2", "b2_l2")
    assert hands.undo_is_one_step(before)


def test_escape_puts_a_shaken_node_back(hands: Hands) -> None:
    before, scene = hands.project, hands.canvas.scene
    places = scene.pos.copy()
    at = hands.node("b1_l2")
    hands.press(at)
    hands.move(at + QPoint(10, 0))
    shake(hands, at)
    assert isinstance(hands.canvas.gesture, MoveNodes)
    hands.key(Qt.Key.Key_Escape)
    assert hands.project is before
    assert (scene.pos == places).all()


def test_a_node_that_feeds_a_merge_leaves_the_order_of_the_merge(hands_on) -> None:
    project = join(two_branches(), "measurements", "m1_l1")
    hands = hands_on(project)
    hands.drag(hands.node("b1_l3"), EMPTY, ALT)
    merge = node_named(hands.project, "m1_l1").id
    edges = sorted((e for e in hands.project.main.edges.values() if e.target.node == merge), key=lambda e: e.rank)
    names = [hands.project.main.nodes[e.source.node].name for e in edges]
    assert names == ["b1_l2", "b2_l3", "measurements"]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("pause", "swing", "is_shaken"), [(0.05, 40, True), (WITHIN_S, 40, False), (0.05, SWING_PX / 3, False)]
)
def test_only_quick_wide_swings_are_a_shake(pause: float, swing: float, is_shaken: bool) -> None:
    clock = Clock()
    pointer = Shake(clock)
    told = []
    for step in range(8):
        clock.now += pause
        told.append(pointer.move(500.0 + (swing if step % 2 else -swing), 300.0))
    assert any(told) == is_shaken


def test_a_long_way_in_one_direction_is_no_shake() -> None:
    pointer = Shake(Clock())
    assert not any(pointer.move(x, x / 2) for x in range(0, 2000, 30))
