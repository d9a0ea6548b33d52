"""What the mouse does by dragging, by keys alone: edges walked, led, plugged in elsewhere and cut; layers taken out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from studio.core import edits
from studio.core.project import Edge
from studio.gui.canvas import by_keys, edge_walk
from tests.gui.canvas.drawing import edge_between, node_named, put, two_branches
from tests.gui.canvas.hands import ALT, CTRL, SHIFT, Hands

Key = Qt.Key


@pytest.fixture
def hands(hands_on) -> Hands:
    """The two branches, and a layer that stands alone."""
    return hands_on(put(two_branches(), "Dropout", "loose", 620, 300, rate=0.5))


def select(hands: Hands, *names: str) -> None:
    hands.session.set_selection([node_named(hands.project, name).id for name in names])


def marked(hands: Hands) -> tuple[str, str]:
    """The names of the layers at both ends of the marked edge."""
    edge = edge_walk.marked(hands.canvas)
    assert edge is not None
    nodes = hands.project.main.nodes
    return nodes[edge.source.node].name, nodes[edge.target.node].name


def edge(hands: Hands, source: str, target: str) -> Edge:
    found = edge_between(hands.project, source, target)
    assert found is not None
    return found


def offered(hands: Hands) -> list[str]:
    assert hands.canvas.quick_add is not None
    return [found.title for found in hands.canvas.quick_add.found]


def test_e_goes_round_the_edges_of_a_layer_and_esc_leads_back(hands: Hands) -> None:
    select(hands, "m1_l1")
    seen = []
    for _ in range(4):
        hands.key(Key.Key_E)
        seen.append(marked(hands))
    assert seen == [("b1_l3", "m1_l1"), ("b2_l3", "m1_l1"), ("m1_l1", "m1_l2"), ("b1_l3", "m1_l1")]
    hands.key(Key.Key_E, SHIFT)
    assert marked(hands) == ("m1_l1", "m1_l2")
    assert not hands.session.selection
    hands.key(Key.Key_Escape)
    assert hands.session.selection == {node_named(hands.project, "m1_l1").id}
    assert hands.canvas.selected_edge is None


def test_an_edge_that_was_reached_by_keys_is_cut_by_delete(hands: Hands) -> None:
    select(hands, "b1_l2")
    before = hands.project
    hands.key(Key.Key_E)
    hands.key(Key.Key_Delete)
    assert edge_between(hands.project, "b1_l1", "b1_l2") is None
    assert hands.undo_is_one_step(before)


def test_alt_and_arrows_walk_along_an_edge_and_over_its_ends(hands: Hands) -> None:
    select(hands, "b1_l2")
    hands.key(Key.Key_E)
    hands.key(Key.Key_W)
    hands.key(Key.Key_W)
    assert len(edge(hands, "b1_l1", "b1_l2").route) == 2
    hands.key(Key.Key_Left, ALT)
    here = edge_walk.marked(hands.canvas)
    assert hands.canvas.edge_walk.point_of(here) == 0
    hands.key(Key.Key_Left, ALT)
    assert hands.session.selection == {node_named(hands.project, "b1_l1").id}
    hands.key(Key.Key_E)
    hands.key(Key.Key_E)
    hands.key(Key.Key_Right, ALT)
    hands.key(Key.Key_Right, ALT)
    hands.key(Key.Key_Right, ALT)
    assert hands.session.selection == {node_named(hands.project, "b1_l2").id}


def test_points_of_an_edge_are_added_moved_and_removed_by_keys(hands: Hands) -> None:
    select(hands, "b1_l2")
    hands.key(Key.Key_E)
    before = hands.project
    hands.key(Key.Key_W)
    added = hands.project
    ((x, y),) = edge(hands, "b1_l1", "b1_l2").route
    for _ in range(3):
        hands.key(Key.Key_Left)
    hands.key(Key.Key_Up, SHIFT)
    assert edge(hands, "b1_l1", "b1_l2").route == ((x - 24, y - 40),)
    hands.session.undo()
    assert hands.project is added, "presses that follow each other are one step"
    assert hands.undo_is_one_step(before)
    hands.session.redo()
    hands.key(Key.Key_W, SHIFT)
    assert edge(hands, "b1_l1", "b1_l2").route == ()
    assert hands.undo_is_one_step(added)


def test_r_plugs_the_end_in_elsewhere_and_shift_r_the_start(hands: Hands) -> None:
    select(hands, "b1_l2")
    hands.key(Key.Key_E)
    kept = edge(hands, "b1_l1", "b1_l2").id
    before = hands.project
    hands.key(Key.Key_R)
    assert "b2_l3" in offered(hands)
    assert "b1_l1" not in offered(hands), "no circle"
    hands.type("b2_l3")
    hands.enter()
    assert edge(hands, "b1_l1", "b2_l3").id == kept
    assert marked(hands) == ("b1_l1", "b2_l3"), "it stays marked"
    assert hands.undo_is_one_step(before)
    hands.canvas.select_edge(kept)
    hands.key(Key.Key_R, SHIFT)
    hands.type("loose")
    hands.enter()
    assert edge(hands, "loose", "b1_l2").id == kept
    assert hands.undo_is_one_step(before)


def test_plugging_in_asks_for_the_port_where_there_are_several(hands_on) -> None:
    project = put(two_branches(), "MultiHeadAttention", "attention", 620, 300, num_heads=2, key_dim=4)
    hands = hands_on(project)
    select(hands, "b1_l2")
    hands.key(Key.Key_E)
    hands.key(Key.Key_R)
    hands.type("attention")
    hands.enter()
    assert "key" in offered(hands)
    hands.type("value")
    hands.enter()
    assert edge(hands, "b1_l1", "attention").target.port == "value"


@pytest.mark.parametrize("how", ["Esc", "focus"])
@pytest.mark.parametrize("key", [Key.Key_R, Key.Key_C])
def test_the_questions_can_be_given_up(hands: Hands, key: Qt.Key, how: str) -> None:
    select(hands, "b1_l2")
    if key is Key.Key_R:
        hands.key(Key.Key_E)
    before = hands.project
    hands.key(key)
    assert hands.canvas.quick_add is not None
    if how == "Esc":
        hands.key_into(Key.Key_Escape)
    else:
        hands.canvas.setFocus()
    assert hands.canvas.quick_add is None
    assert hands.project is before
    assert hands.canvas.hasFocus()


def test_x_takes_layers_out_of_their_chain_and_k_cuts_them_off(hands: Hands) -> None:
    select(hands, "b1_l2", "b1_l3")
    before = hands.project
    hands.key(Key.Key_X)
    assert edge_between(hands.project, "b1_l1", "m1_l1")
    assert edge_between(hands.project, "b1_l2", "b1_l3"), "what is between them stays"
    assert hands.undo_is_one_step(before)
    hands.key(Key.Key_K)
    assert not edge_between(hands.project, "b1_l1", "b1_l2")
    assert not edge_between(hands.project, "b1_l3", "m1_l1")
    assert edge_between(hands.project, "b1_l2", "b1_l3")
    assert hands.undo_is_one_step(before)


def test_the_order_of_a_merge_is_changed_by_keys_and_told(hands: Hands) -> None:
    said: list[str] = []
    hands.canvas.narrator.said.connect(said.append)
    select(hands, "m1_l1")
    hands.key(Key.Key_E)
    assert said == ["b1_l3 → m1_l1, input 1 of 2"]
    before = hands.project
    hands.key(Key.Key_Down, CTRL | SHIFT)
    assert edge(hands, "b1_l3", "m1_l1").rank == 1
    assert said[-1] == "b1_l3 → m1_l1, input 2 of 2"
    assert "at the end" in by_keys.why_not(hands.canvas, "later_input")
    hands.key(Key.Key_Up, CTRL | SHIFT)
    assert edge(hands, "b1_l3", "m1_l1").rank == 0
    hands.session.undo()
    assert hands.undo_is_one_step(before)


def test_shift_insert_puts_a_loose_layer_on_an_edge(hands: Hands) -> None:
    select(hands, "loose")
    before = hands.project
    hands.key(Key.Key_Insert, SHIFT)
    assert "b1_l1 → b1_l2" in offered(hands)
    hands.type("b1_l1")
    while hands.canvas.quick_add.current.title != "b1_l1 → b1_l2":
        hands.key_into(Key.Key_Down)
    hands.enter()
    assert edge_between(hands.project, "b1_l1", "loose")
    assert edge_between(hands.project, "loose", "b1_l2")
    assert hands.undo_is_one_step(before)


def test_another_layer_feeds_what_one_fed(hands: Hands) -> None:
    select(hands, "b1_l1")
    before = hands.project
    by_keys.ACTIONS["move_all_edges"](hands.canvas)
    hands.type("loose")
    hands.enter()
    assert edge_between(hands.project, "loose", "b1_l2")
    assert not edge_between(hands.project, "b1_l1", "b1_l2")
    assert hands.undo_is_one_step(before)


def test_layers_go_into_a_frame_and_a_frame_is_selected_without_the_mouse(hands: Hands) -> None:
    select(hands, "b1_l1", "b1_l2")
    hands.key(Key.Key_J, CTRL)
    hands.type("Left")
    hands.enter()
    select(hands, "loose")
    before = hands.project
    by_keys.ACTIONS["join_frame"](hands.canvas)
    assert offered(hands) == ["Left"]
    hands.enter()
    (frame,) = hands.project.main.frames.values()
    assert node_named(hands.project, "loose").id in frame.nodes
    by_keys.ACTIONS["select_frame"](hands.canvas)
    assert hands.session.selection == set(frame.nodes)
    assert hands.undo_is_one_step(before)


def test_arrows_move_the_view_where_nothing_is_selected(hands: Hands) -> None:
    hands.session.set_selection([])
    before, view = hands.project, hands.canvas.view
    hands.key(Key.Key_Right)
    assert hands.project is before
    assert hands.canvas.view.x_offset == view.x_offset - 64


Prepare = Callable[[Hands], object]
REASONS: dict[str, tuple[Prepare, str]] = {
    "next_edge": (lambda h: select(h), "exactly one layer"),
    "add_point": (lambda h: select(h, "b1_l1"), "Select an edge first"),
    "remove_point": (lambda h: (select(h, "b1_l2"), h.key(Key.Key_E)), "no point"),
    "plug_target": (lambda h: select(h, "b1_l1"), "Select an edge first"),
    "take_out": (lambda h: select(h), "Select a layer"),
    "cut_edges": (lambda h: select(h, "loose"), "No edge leads"),
    "insert_on_edge": (lambda h: select(h, "b1_l1"), "has edges already"),
    "move_all_edges": (lambda h: select(h, "loose"), "feeds nothing"),
    "join_frame": (lambda h: select(h, "loose"), "no frame yet"),
    "select_frame": (lambda h: select(h, "loose"), "stands in a frame"),
}


@pytest.mark.parametrize(("action", "prepare", "words"), [(a, p, w) for a, (p, w) in REASONS.items()], ids=REASONS)
def test_each_says_why_it_cannot_be_done(hands: Hands, action: str, prepare: Prepare, words: str) -> None:
    prepare(hands)
    assert words in by_keys.why_not(hands.canvas, action)


def test_an_edge_that_goes_away_meanwhile_is_no_trap(hands: Hands) -> None:
    select(hands, "b1_l2")
    hands.key(Key.Key_E)
    kept = edge(hands, "b1_l1", "b1_l2").id
    hands.key(Key.Key_R)
    hands.session.apply(lambda project: edits.disconnect(project, [kept]), "From elsewhere")
    gone = hands.project
    hands.type("b2_l3")
    hands.enter()
    assert hands.project is gone
    for key in (Key.Key_W, Key.Key_R, Key.Key_Left):
        hands.key(key)
    assert hands.project is gone
