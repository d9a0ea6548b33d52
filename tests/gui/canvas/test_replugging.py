"""Edges that stand already: pulled by their ends, copied, taken along and cut."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from tests.gui.canvas.drawing import edge_between, node_named
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, SHIFT, Hands


def test_pulling_the_target_end_plugs_it_in_elsewhere(hands: Hands) -> None:
    before = hands.project
    edge = edge_between(hands.project, "b1_l2", "b1_l3")
    hands.drag(hands.input("b1_l3"), hands.input("b2_l3"))
    moved = edge_between(hands.project, "b1_l2", "b2_l3")
    assert moved is not None
    assert moved.id == edge.id
    assert not edge_between(hands.project, "b1_l2", "b1_l3")
    assert hands.undo_is_one_step(before)


def test_pulling_the_end_off_cuts_the_edge(hands: Hands) -> None:
    hands.drag(hands.input("b1_l3"), EMPTY)
    assert not edge_between(hands.project, "b1_l2", "b1_l3")
    assert hands.canvas.quick_add is None


def test_putting_the_end_back_changes_nothing(hands: Hands) -> None:
    before = hands.project
    hands.press(hands.input("b1_l3"))
    hands.move(EMPTY)
    hands.move(hands.input("b1_l3"))
    hands.release(hands.input("b1_l3"))
    assert hands.project is before


def test_one_edge_of_a_merge_can_be_pulled_off_by_its_end(hands: Hands) -> None:
    hands.drag(hands.on_edge("b2_l3", "m1_l1", 0.85), EMPTY)
    assert not edge_between(hands.project, "b2_l3", "m1_l1")
    assert edge_between(hands.project, "b1_l3", "m1_l1").rank == 0


def test_delete_cuts_the_clicked_edge_and_alt_click_cuts_at_once(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.on_edge("measurements", "b1_l1", 0.4))
    hands.key(Qt.Key.Key_Delete)
    assert not edge_between(hands.project, "measurements", "b1_l1")
    assert hands.undo_is_one_step(before)
    hands.click(hands.on_edge("measurements", "b2_l1", 0.4), ALT)
    assert not edge_between(hands.project, "measurements", "b2_l1")


def test_alt_click_on_a_port_cuts_all_its_edges_and_beside_the_dot_the_one_edge(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.output("measurements"), ALT)
    assert not edge_between(hands.project, "measurements", "b1_l1")
    assert not edge_between(hands.project, "measurements", "b2_l1")
    assert hands.undo_is_one_step(before)
    hands.click(hands.input("m1_l1"), ALT)
    assert len(before.main.edges) - len(hands.project.main.edges) == 2
    assert hands.undo_is_one_step(before)
    hands.click(hands.on_edge("measurements", "b1_l1", 0.06), ALT)
    assert not edge_between(hands.project, "measurements", "b1_l1")
    assert edge_between(hands.project, "measurements", "b2_l1")
    assert hands.undo_is_one_step(before)
    hands.click(hands.on_edge("b1_l1", "b1_l2"), ALT)
    assert not edge_between(hands.project, "b1_l1", "b1_l2")
    assert hands.undo_is_one_step(before)


def test_the_menu_of_an_edge_is_about_the_edge_also_where_a_layer_was_selected(hands: Hands) -> None:
    hands.session.set_selection([node_named(hands.project, "b1_l2").id])
    point = hands.on_edge("measurements", "b2_l1", 0.4)
    wanted: list[QPoint] = []
    hands.canvas.menu_requested.connect(wanted.append)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(
        hands.canvas, QContextMenuEvent(reason, point, hands.canvas.mapToGlobal(point), Qt.KeyboardModifier.NoModifier)
    )
    edge = edge_between(hands.project, "measurements", "b2_l1")
    assert edge is not None
    assert len(wanted) == 1
    assert hands.canvas.selected_edge == edge.id
    assert hands.session.chosen == frozenset()


def test_shift_and_a_drag_of_the_end_copies_an_edge(hands: Hands) -> None:
    before = hands.project
    hands.drag(hands.input("b1_l1"), hands.input("m1_l1"), SHIFT)
    assert edge_between(hands.project, "measurements", "b1_l1")
    assert edge_between(hands.project, "measurements", "m1_l1")
    assert hands.undo_is_one_step(before)


def test_a_copy_of_an_edge_can_be_given_up(hands: Hands) -> None:
    before = hands.project
    hands.press(hands.input("b1_l1"), SHIFT)
    hands.move(hands.input("m1_l1"))
    hands.key(Qt.Key.Key_Escape)
    hands.release(hands.input("m1_l1"), SHIFT)
    assert hands.project is before


def test_ctrl_takes_all_edges_of_an_output(hands: Hands) -> None:
    before = hands.project
    hands.drag(hands.output("measurements"), hands.node("m1_l1"), CTRL)
    assert hands.project is before, "both edges would close a circle"
    hands.drag(hands.output("m1_l1"), hands.output("b1_l3"), CTRL)
    assert edge_between(hands.project, "b1_l3", "m1_l2") is not None
    assert edge_between(hands.project, "m1_l1", "m1_l2") is None
    assert edge_between(hands.project, "b1_l3", "m1_l1") is not None
    assert hands.undo_is_one_step(before)


def test_edges_that_may_not_follow_stay(hands: Hands) -> None:
    hands.drag(hands.output("measurements"), hands.node("b1_l2"), CTRL)
    assert edge_between(hands.project, "measurements", "b1_l1") is not None
    assert edge_between(hands.project, "b1_l2", "b2_l1") is not None


def test_a_drag_of_all_edges_can_be_given_up(hands: Hands) -> None:
    before = hands.project
    for give_up in (lambda: hands.key(Qt.Key.Key_Escape), hands.canvas.clearFocus):
        hands.canvas.setFocus()
        hands.press(hands.output("m1_l1"), CTRL)
        hands.move(hands.node("b1_l3"))
        give_up()
        hands.release(hands.node("b1_l3"), CTRL)
        assert hands.project is before
    hands.drag(hands.output("m1_l1"), EMPTY, CTRL)
    assert hands.project is before
