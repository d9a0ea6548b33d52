"""A dragged node clings to the lines of others; the lines show with which, and go when it is let go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas.gestures.drop_layer import DropLayer
from studio.gui.canvas.gestures.move_nodes import MoveNodes
from tests.gui.canvas.drawing import node_named, put
from tests.gui.canvas.hands import CTRL, Hands

Show = Callable[[Project], Hands]


@pytest.fixture
def hands(hands_on: Show) -> Hands:
    """Two layers that stand off the grid, and one that is dragged."""
    project = put(put(Project(), "Dense", "first", 3, 1, units=4), "Dense", "second", 403, 301, units=4)
    hands = hands_on(put(project, "Dense", "third", 200, 480, units=4))
    hands.canvas.camera.zoom_to(1.0)
    hands.canvas.sight.fit()
    return hands


def drag_to(hands: Hands, name: str, x: float, y: float) -> QPoint:
    """Press a layer and go to where its corner would be at this place."""
    at, node = hands.node(name), node_named(hands.project, name)
    stop = at + hands.at(x, y) - hands.at(node.x, node.y)
    hands.press(at)
    hands.move(at + (stop - at) / 2)
    hands.move(stop)
    return stop


def guides(hands: Hands) -> list[tuple[int, float]]:
    gesture = hands.canvas.gesture
    assert isinstance(gesture, MoveNodes | DropLayer)
    return [(guide.axis, guide.at) for guide in gesture._guides.found]


def place(hands: Hands, name: str) -> tuple[float, float]:
    node = node_named(hands.project, name)
    return node.x, node.y


def test_near_a_line_the_node_stands_on_it_and_elsewhere_on_the_grid(hands: Hands) -> None:
    before = hands.project
    stop = drag_to(hands, "third", 5, 410)
    assert guides(hands) == [(0, 3 + 92)], "in line with the middle of the first"
    hands.release(stop)
    x, y = place(hands, "third")
    assert (x, y % 8) == (3, 0)
    assert hands.undo_is_one_step(before)
    hands.release(drag_to(hands, "third", 230, 411))
    assert [value % 8 for value in place(hands, "third")] == [0, 0]


def test_both_axes_at_once(hands: Hands) -> None:
    stop = drag_to(hands, "third", 5, 303)
    assert [axis for axis, _ in guides(hands)] == [0, 1]
    hands.release(stop)
    assert place(hands, "third") == (3, 301)


def test_the_line_is_seen_and_goes_with_esc(hands: Hands) -> None:
    canvas, accent = hands.canvas, theme.current().accent
    before = hands.project

    def column() -> int:
        """How many pixels of the line there are, between the two nodes."""
        image = canvas.grab().toImage()
        x = hands.at(3 + 92, 0).x()
        top, bottom = hands.at(0, 80).y(), hands.at(0, 380).y()
        return sum(image.pixelColor(x, y).name().upper() == accent for y in range(top, bottom))

    drag_to(hands, "third", 5, 410)
    assert column() > 20
    hands.key(Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert column() == 0
    assert hands.project is before


def test_ctrl_lets_a_node_stand_anywhere(hands: Hands) -> None:
    stop = drag_to(hands, "third", 5, 303)
    hands.release(stop, CTRL)
    x, y = place(hands, "third")
    assert x != 3
    assert (x % 8, y % 8) != (0, 0)


def test_a_new_layer_clings_too(hands: Hands) -> None:
    at = hands.at(3 + 92 + 3, 200)
    hands.hover_layer("Dropout", at)
    assert guides(hands) == [(0, 3 + 92)]
    hands.drop_layer("Dropout", at)
    assert place(hands, "dropout")[0] == 3


def test_nodes_out_of_view_are_not_clung_to(hands: Hands) -> None:
    hands.canvas.camera.zoom_to(2.0)
    hands.canvas.sight.show(node_named(hands.project, "third").id)
    QApplication.processEvents()
    visible = hands.canvas.view.to_scene(0, 0)[1]
    assert visible > 70, "the first is above the view"
    stop = drag_to(hands, "third", 5, 470)
    assert (0, 3 + 92) not in guides(hands)
    hands.release(stop)
