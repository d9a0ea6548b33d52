"""Several nodes at once: select what follows, connect, line up."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from studio.core import edits
from studio.core.project import Node, Project
from studio.gui.canvas import together
from tests.gui.canvas.drawing import chain, edge_between, node_named, put
from tests.gui.canvas.hands import ALT, CTRL, SHIFT, Hands


def selected(hands: Hands) -> set[str]:
    return {hands.project.main.nodes[id].name for id in hands.session.selection}


def select(hands: Hands, *names: str) -> None:
    hands.session.set_selection([node_named(hands.project, name).id for name in names])


def test_ctrl_alt_click_selects_all_that_follows(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.node("b1_l2"), CTRL | ALT)
    assert selected(hands) == {"b1_l2", "b1_l3", "m1_l1", "m1_l2", "diagnosis"}
    assert hands.project is before


def test_shift_alt_click_selects_all_that_leads_there(hands: Hands) -> None:
    hands.click(hands.node("b1_l2"), SHIFT | ALT)
    assert selected(hands) == {"measurements", "b1_l1", "b1_l2"}


def test_escape_lets_go_of_what_was_selected_that_way(hands: Hands) -> None:
    hands.click(hands.node("b1_l2"), CTRL | ALT)
    hands.key(Qt.Key.Key_Escape)
    assert selected(hands) == set()


def loose() -> Project:
    """One layer above two beside each other, a merge and a layer below; nothing is connected."""
    project = put(Project(), "Dense", "top", 200, 0)
    project = put(put(project, "Dense", "left", 0, 120), "Dense", "right", 400, 124)
    return put(put(project, "Concatenate", "merge", 200, 240), "Dense", "last", 200, 360)


def joined(hands: Hands) -> set[tuple[str, str]]:
    nodes = hands.project.main.nodes
    return {(nodes[e.source.node].name, nodes[e.target.node].name) for e in hands.project.main.edges.values()}


def test_f_connects_the_selection_from_top_to_bottom(hands_on) -> None:
    hands = hands_on(loose())
    before = hands.project
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_F)
    edges = {("top", "left"), ("top", "right"), ("left", "merge"), ("right", "merge"), ("merge", "last")}
    assert joined(hands) == edges
    assert hands.undo_is_one_step(before)


def test_f_keeps_what_is_connected_and_makes_no_empty_step(hands_on) -> None:
    hands = hands_on(chain("Input", "Dense", "Output"))
    before = hands.project
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_F)
    assert hands.project is before
    assert not hands.session.document.can_undo


def test_f_leaves_the_edge_of_an_input_that_is_taken(hands_on) -> None:
    hands = hands_on(put(chain("Input", "Dense", "Output"), "Dense", "other", 300, 0))
    before = hands.project
    select(hands, "other", "dense")
    hands.key(Qt.Key.Key_F)
    assert hands.project is before


@pytest.mark.parametrize(
    ("side", "x", "y"),
    [("left", 0, None), ("right", 416, None), ("centre", 208, None), ("top", None, 96), ("bottom", None, 184)],
)
def test_align_is_one_step(hands: Hands, side: together.Side, x: float | None, y: float | None) -> None:
    before = hands.project
    select(hands, "b1_l1", "b2_l2")
    together.align(hands.canvas, side)
    for name in ("b1_l1", "b2_l2"):
        node, old = node_named(hands.project, name), node_named(before, name)
        assert (node.x, node.y) == (old.x if x is None else x, old.y if y is None else y)
    assert hands.undo_is_one_step(before)


def test_distribute_is_one_step(hands: Hands) -> None:
    before = hands.project
    select(hands, "measurements", "b1_l1", "m1_l1")
    together.distribute(hands.canvas, "y")
    assert [node_named(hands.project, name).y for name in ("measurements", "b1_l1", "m1_l1")] == [0, 180, 360]
    assert hands.undo_is_one_step(before)


@given(st.lists(st.integers(-500, 500), min_size=2, max_size=6))
def test_distributed_nodes_keep_their_order_and_their_ends(xs: list[int]) -> None:
    nodes = [Node(f"n{k}", "Dense", f"d{k}", {}, float(x), 0.0) for k, x in enumerate(xs)]
    places = together.distributed(nodes, "x")
    after = sorted(x for x, _ in places.values())
    assert (after[0], after[-1]) == pytest.approx((min(xs), max(xs)))
    steps = {round(two - one, 6) for one, two in itertools.pairwise(after)}
    assert len(steps) == 1 or max(steps) - min(steps) < 1e-5


def test_one_node_alone_is_not_moved(hands: Hands) -> None:
    before = hands.project
    select(hands, "b1_l1")
    together.align(hands.canvas, "left")
    together.distribute(hands.canvas, "x")
    assert hands.project is before
    assert edge_between(before, "b1_l1", "b1_l2")


def test_q_puts_chains_in_line_and_leaves_branches_where_they_part(hands: Hands) -> None:
    nodes = {name: node_named(hands.project, name) for name in ("b1_l2", "b1_l3", "b2_l3", "m1_l2")}
    places = {node.id: (node.x + 24 * (k + 1), node.y) for k, node in enumerate(nodes.values())}
    hands.session.apply(lambda project: edits.move(project, places), "Move")
    before = hands.project
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_Q)
    after = {node.name: node.x for node in hands.project.main.nodes.values()}
    assert [after[f"b1_l{k}"] for k in (1, 2, 3)] == [0, 0, 0]
    assert [after[f"b2_l{k}"] for k in (1, 2, 3)] == [416, 416, 416]
    assert [after[name] for name in ("measurements", "m1_l1", "m1_l2", "diagnosis")] == [208, 208, 208, 208]
    assert all(node.y == before.main.nodes[node.id].y for node in hands.project.main.nodes.values())
    assert hands.undo_is_one_step(before)


def test_q_on_straight_chains_makes_no_step(hands: Hands) -> None:
    before = hands.project
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_Q)
    assert hands.project is before
    assert not hands.session.document.can_undo
