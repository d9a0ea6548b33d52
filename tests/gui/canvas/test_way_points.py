"""Edges are led by points: added, moved, given up and taken away by mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from studio.core.project import Point
from tests.gui.canvas.drawing import edge_between
from tests.gui.canvas.hands import CTRL, EMPTY, Hands


def route(hands: Hands) -> tuple[Point, ...]:
    edge = edge_between(hands.project, "b1_l1", "b1_l2")
    assert edge is not None
    return edge.route


def with_point(hands: Hands) -> QPoint:
    """A point on the edge, pulled to the left; where it is."""
    spot = hands.on_edge("b1_l1", "b1_l2")
    hands.double_click(spot)
    hands.drag(hands.at(*route(hands)[0]), hands.at(-80, 170))
    return hands.at(*route(hands)[0])


def test_a_double_click_adds_a_point_and_a_drag_moves_it(hands: Hands) -> None:
    before = hands.project
    hands.double_click(hands.on_edge("b1_l1", "b1_l2"))
    assert len(route(hands)) == 1
    start = hands.project
    hands.drag(hands.at(*route(hands)[0]), hands.at(-80, 170))
    assert route(hands) == ((-80.0, 168.0),)
    scene = hands.canvas.scene
    assert scene.edges.bounds[:, 0].min() <= -80
    assert hands.undo_is_one_step(start)
    assert hands.undo_is_one_step(before)


def test_a_double_click_on_the_point_takes_it_away(hands: Hands) -> None:
    spot = with_point(hands)
    start = hands.project
    hands.double_click(spot)
    assert route(hands) == ()
    assert hands.undo_is_one_step(start)


def test_points_stand_in_the_order_of_the_way(hands: Hands) -> None:
    with_point(hands)
    for fraction in (0.75, 0.3):
        hands.double_click(hands.on_edge("b1_l1", "b1_l2", fraction))
    heights = [y for _, y in route(hands)]
    assert len(heights) == 3
    assert heights == sorted(heights)


def test_a_drag_can_be_given_up(hands: Hands) -> None:
    spot = with_point(hands)
    before = hands.project
    hands.press(spot)
    hands.move(spot + QPoint(60, 10))
    hands.key(Qt.Key.Key_Escape)
    hands.release(spot)
    assert hands.project is before
    hands.press(spot)
    hands.move(spot + QPoint(60, 10))
    hands.canvas.clearFocus()
    assert hands.project is before


def test_points_of_edges_that_are_not_lit_are_not_in_the_way(hands: Hands) -> None:
    spot = with_point(hands)
    hands.click(EMPTY)
    hands.move(EMPTY)
    before = hands.project
    hands.press(spot + QPoint(7, 0))
    hands.release(spot + QPoint(7, 0))
    assert hands.project is before


def test_the_picture_during_a_drag_shows_the_new_way(hands: Hands) -> None:
    spot = with_point(hands)
    before = hands.canvas.grab().toImage()
    hands.press(spot)
    hands.move(hands.at(-40, 160))
    assert hands.canvas.grab().toImage() != before
    hands.key(Qt.Key.Key_Escape)
    assert hands.canvas.grab().toImage() == before
    hands.release(spot)


def test_a_point_clings_to_its_neighbours_and_to_ports_and_with_ctrl_to_nothing(hands: Hands) -> None:
    with_point(hands)
    start = hands.project
    edge = edge_between(hands.project, "b1_l1", "b1_l2")
    assert edge is not None
    left, top, _, bottom = hands.canvas.scene.edges.ends[hands.canvas.scene.edges.slot[edge.id]].tolist()
    assert left % 8, "else the grid would do the same"
    hands.drag(hands.at(*route(hands)[0]), hands.at(left - 4, bottom - 12))
    assert route(hands)[0][0] == left, "in line with the port where the edge begins"
    assert hands.undo_is_one_step(start)
    other = hands.canvas.scene.edges.ends[:, 0]
    far = float(other[other > left + 200].min())
    hands.drag(hands.at(*route(hands)[0]), hands.at(far + 3, top + 14))
    assert route(hands)[0][0] == far, "in line with a port of another edge"
    assert hands.undo_is_one_step(start)
    hands.drag(hands.at(*route(hands)[0]), hands.at(left - 3, bottom - 13), CTRL)
    assert abs(route(hands)[0][0] - (left - 3)) < 1
    assert hands.undo_is_one_step(start)
