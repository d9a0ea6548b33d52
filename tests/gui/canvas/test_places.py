"""Finding the way: bookmarks, and back to where one was, by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import MAIN, Project
from studio.gui.canvas import bookmarks
from studio.gui.canvas.following import AT_ONCE_NODES
from tests.gui.canvas.drawing import CATALOG, many, node_named, two_branches
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, Hands

Key = Qt.Key


def with_block() -> tuple[Project, str]:
    project = two_branches()
    inside = [node_named(project, "b1_l1").id, node_named(project, "b1_l2").id]
    return edits.make_block(project, CATALOG, inside, "twice"), f"b{project.next_id}"


def settle() -> None:
    QApplication.processEvents()


def choose(hands: Hands, name: str) -> None:
    hands.session.set_selection([node_named(hands.project, name, hands.session.graph_key).id])
    settle()


def here(hands: Hands) -> tuple[str, list[str]]:
    settle()
    graph = hands.session.graph
    return hands.session.graph_key, sorted(graph.nodes[id].name for id in hands.session.selection)


# ---- places ----------------------------------------------------------------------------------------------------------


def test_back_out_of_a_block_and_forward_into_it(hands_on: Callable[[Project], Hands]) -> None:
    project, block = with_block()
    hands = hands_on(project)
    choose(hands, "m1_l1")
    hands.canvas.camera.zoom(1.5)
    settle()
    before = hands.canvas.view
    hands.session.open_graph(block)
    settle()
    hands.canvas.pan_by(30, 20)
    settle()
    inside = hands.canvas.view
    hands.key(Key.Key_Left, CTRL | ALT)
    assert here(hands) == (MAIN, ["m1_l1"])
    assert hands.canvas.view == before
    hands.key(Key.Key_Right, CTRL | ALT)
    assert here(hands) == (block, [])
    assert hands.canvas.view == inside
    hands.key(Key.Key_Left, ALT)  # nothing is selected here
    assert here(hands) == (MAIN, ["m1_l1"])


def test_back_from_a_jump_gives_back_view_and_selection(hands: Hands) -> None:
    choose(hands, "measurements")
    hands.canvas.camera.zoom_to(2.0)
    settle()
    before = hands.canvas.view
    target = node_named(hands.project, "diagnosis").id
    hands.session.set_selection([target])
    hands.canvas.sight.jump_to(target)
    assert here(hands) == (MAIN, ["diagnosis"])
    assert hands.canvas.view != before
    hands.click(EMPTY, button=Qt.MouseButton.BackButton)
    assert here(hands) == (MAIN, ["measurements"])
    assert hands.canvas.view == before
    hands.click(EMPTY, button=Qt.MouseButton.ForwardButton)
    assert here(hands) == (MAIN, ["diagnosis"])


def test_with_a_layer_selected_alt_walks_as_before(hands: Hands) -> None:
    choose(hands, "measurements")
    hands.canvas.sight.jump_to(node_named(hands.project, "m1_l1").id)
    choose(hands, "m1_l1")
    hands.key(Key.Key_Left, ALT)
    assert here(hands) == (MAIN, ["b1_l3"])
    assert not hands.canvas.places.can_go_forward


def test_a_new_jump_forgets_what_was_ahead_and_a_lost_graph_is_passed_over(
    hands_on: Callable[[Project], Hands],
) -> None:
    project, block = with_block()
    hands = hands_on(project)
    places = hands.canvas.places
    hands.session.open_graph(block)
    settle()
    hands.session.open_graph(MAIN)
    settle()
    places.back()
    settle()
    assert places.can_go_forward
    hands.session.open_graph(MAIN)
    settle()
    assert not places.can_go_forward
    choose(hands, "twice")
    hands.session.apply(
        lambda old: edits.delete_block(
            edits.unpack_block(old, CATALOG, node_named(old, "twice").id), block
        ),
        "Take apart",
    )  # fmt: skip
    places.back()
    assert here(hands)[0] == MAIN
    assert not places.can_go_back


def test_undo_gives_back_the_place_and_the_selection(hands: Hands) -> None:
    choose(hands, "b1_l2")
    node = node_named(hands.project, "b1_l2").id
    hands.session.apply(lambda old: edits.set_param(old, node, "units", 77), "Change units")
    there = hands.canvas.view
    hands.canvas.pan_by(5_000, 0)
    choose(hands, "m1_l1")
    settle()
    hands.session.undo()
    assert hands.canvas.sight.has([node])
    assert here(hands) == (MAIN, ["b1_l2"])
    hands.key(Key.Key_Left, CTRL | ALT)
    assert here(hands) == (MAIN, ["m1_l1"]), "where one looked before the undo"
    assert not hands.canvas.sight.has([node])
    hands.canvas.sight.go_to(there)
    hands.session.redo()
    assert hands.canvas.view == there, "what is in view does not move"


def test_undo_goes_into_the_block_in_which_it_takes_something_back(hands_on: Callable[[Project], Hands]) -> None:
    project, block = with_block()
    hands = hands_on(project)
    hands.session.open_graph(block)
    choose(hands, "b1_l2")
    node = node_named(project, "b1_l2", block).id
    hands.session.apply(lambda old: edits.set_param(old, node, "units", 77, graph=block), "Change units")
    hands.session.open_graph(MAIN)
    choose(hands, "m1_l1")
    hands.session.undo()
    assert here(hands) == (block, ["b1_l2"])
    assert hands.project is project
    hands.key(Key.Key_Left, CTRL | ALT)
    assert here(hands) == (MAIN, ["m1_l1"])
    hands.session.redo()
    assert here(hands) == (block, ["b1_l2"])


def test_another_project_begins_without_places(hands: Hands) -> None:
    hands.canvas.sight.jump_to(node_named(hands.project, "m1_l1").id)
    assert hands.canvas.places.can_go_back
    hands.session.loaded.emit()
    assert not hands.canvas.places.can_go_back
    before = hands.canvas.view
    hands.key(Key.Key_Left, ALT)
    assert hands.canvas.view == before


def test_back_into_a_large_drawing_waits_for_its_rows(hands_on: Callable[[Project], Hands], qtbot) -> None:
    project = many(AT_ONCE_NODES + 40)
    block = f"b{project.next_id}"
    hands = hands_on(edits.make_block(project, CATALOG, ["n1"], "alone"))
    qtbot.waitUntil(lambda: len(hands.canvas.scene) > AT_ONCE_NODES)
    hands.canvas.camera.zoom_to(1.0)
    settle()
    before = hands.canvas.view
    hands.session.open_graph(block)
    settle()
    hands.canvas.places.back()
    qtbot.waitUntil(lambda: len(hands.canvas.scene) > AT_ONCE_NODES)
    assert hands.canvas.view == before


# ---- bookmarks -------------------------------------------------------------------------------------------------------


def set_bookmark(hands: Hands, name: str) -> None:
    choose(hands, name)
    bookmarks.toggle(hands.canvas)


def test_a_bookmark_is_one_step_and_shows_on_the_card(hands: Hands) -> None:
    before = hands.project
    slot = hands.canvas.scene.slot[node_named(before, "b2_l2").id]
    flags = hands.canvas.scene.cards[slot].flags
    set_bookmark(hands, "b2_l2")
    assert node_named(hands.project, "b2_l2").is_marked
    assert hands.canvas.scene.cards[slot].flags != flags
    bookmarks.toggle(hands.canvas)
    assert not node_named(hands.project, "b2_l2").is_marked
    hands.session.undo()
    assert hands.undo_is_one_step(before)
    assert hands.canvas.scene.cards[slot].flags == flags


def test_digits_and_the_next_bookmark(hands: Hands) -> None:
    for name in ("m1_l2", "b1_l1"):
        set_bookmark(hands, name)
    hands.session.set_selection([])
    hands.key(Key.Key_1)
    assert here(hands) == (MAIN, ["b1_l1"])
    hands.key(Key.Key_2)
    assert here(hands) == (MAIN, ["m1_l2"])
    hands.key(Key.Key_9)
    assert here(hands) == (MAIN, ["m1_l2"])
    bookmarks.go_next(hands.canvas)
    assert here(hands) == (MAIN, ["b1_l1"])
    hands.key(Key.Key_Left, CTRL | ALT)
    assert here(hands) == (MAIN, ["m1_l2"])


def test_the_list_goes_into_blocks_and_esc_leaves_all(hands_on: Callable[[Project], Hands]) -> None:
    project, block = with_block()
    hands = hands_on(project)
    set_bookmark(hands, "m1_l1")
    inner = node_named(project, "b1_l2", block).id
    hands.session.apply(lambda old: edits.set_marked(old, [inner], True, graph=block), "Set a bookmark")
    hands.canvas.popups.open_bookmarks()
    hands.type("b1")
    assert hands.canvas.quick_add is not None
    assert len(hands.canvas.quick_add.found) == 1
    hands.enter()
    assert here(hands) == (block, ["b1_l2"])
    hands.canvas.popups.open_bookmarks()
    hands.key(Key.Key_Escape)
    assert here(hands) == (block, [])


def test_a_copy_has_no_bookmark(hands: Hands) -> None:
    set_bookmark(hands, "m1_l2")
    hands.key(Key.Key_D, CTRL)
    assert [node.name for node in hands.project.main.nodes.values() if node.is_marked] == ["m1_l2"]


def test_why_there_is_none_to_go_to(hands: Hands) -> None:
    assert bookmarks.why_not_go(hands.canvas)
    set_bookmark(hands, "m1_l2")
    assert bookmarks.why_not_go(hands.canvas) == ""


@pytest.mark.parametrize("dx", [0, 8])
def test_moving_keeps_the_bookmark(hands: Hands, dx: float) -> None:
    set_bookmark(hands, "m1_l2")
    node = node_named(hands.project, "m1_l2")
    hands.session.apply(lambda old: edits.move(old, {node.id: (node.x + dx, node.y + 8)}), "Move")
    assert node_named(hands.project, "m1_l2").is_marked
