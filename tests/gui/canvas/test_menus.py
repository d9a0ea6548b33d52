"""The menus of a port and of the map: what can be done with them, or why not; each act is one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from studio.core.project import Project
from studio.gui.canvas.minimap import Minimap
from tests.gui.canvas.drawing import edge_between, node_named, put, two_branches
from tests.gui.canvas.hands import Hands


@pytest.fixture
def hands(hands_on: Callable[[Project], Hands]) -> Hands:
    return hands_on(put(two_branches(), "Dropout", "loose", 620, 300, rate=0.5))


def menu_at(widget: QWidget, point: QPoint) -> dict[str, QAction]:
    """The entries of the menu that a right click opens there, by their words; the menu is closed again."""
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(widget, QContextMenuEvent(reason, point, widget.mapToGlobal(point)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    found = {action.text(): action for action in menu.actions() if action.text()}
    menu.hide()
    return found


def pick(hands: Hands, point: QPoint, text: str) -> None:
    menu_at(hands.canvas, point)[text].trigger()


def test_the_menu_of_a_port_says_which_one_it_is_and_why_not(hands: Hands) -> None:
    found = menu_at(hands.canvas, hands.output("loose"))
    assert next(iter(found)) == "Output of loose"
    assert not found["Cut its edge"].isEnabled()
    assert found["Cut its edge"].toolTip() == "No edge is at this port."
    found = menu_at(hands.canvas, hands.input("b1_l2"))
    assert next(iter(found)) == "Input of b1_l2"
    assert found["Feed it from..."].toolTip() == "It has an edge: cut it first."
    assert found["Cut its edge"].isEnabled()
    assert menu_at(hands.canvas, hands.input("m1_l1"))["Cut its edges"].isEnabled()


def test_the_edges_of_a_port_are_cut_in_one_step(hands: Hands) -> None:
    before = hands.project
    pick(hands, hands.input("m1_l1"), "Cut its edges")
    assert edge_between(hands.project, "b1_l3", "m1_l1") is None
    assert edge_between(hands.project, "b2_l3", "m1_l1") is None
    assert hands.undo_is_one_step(before)


def test_a_layer_is_added_after_an_output_and_before_an_input(hands: Hands) -> None:
    before = hands.project
    pick(hands, hands.output("b1_l1"), "Add a layer after it...")
    hands.type("relu")
    hands.enter()
    (new,) = set(hands.project.main.nodes) - set(before.main.nodes)
    assert edge_between(hands.project, "b1_l1", hands.project.main.nodes[new].name)
    assert hands.undo_is_one_step(before)
    pick(hands, hands.input("loose"), "Add a layer before it...")
    hands.type("dense")
    hands.enter()
    (new,) = set(hands.project.main.nodes) - set(before.main.nodes)
    assert edge_between(hands.project, hands.project.main.nodes[new].name, "loose")
    assert hands.undo_is_one_step(before)


@pytest.mark.parametrize(
    ("place", "text", "name", "joined"),
    [
        ("output", "Connect it with...", "m1_l1", ("loose", "m1_l1")),
        ("input", "Feed it from...", "b1_l2", ("b1_l2", "loose")),
    ],
)
def test_an_edge_is_drawn_to_what_is_chosen(
    hands: Hands, place: str, text: str, name: str, joined: tuple[str, str]
) -> None:
    before = hands.project
    pick(hands, getattr(hands, place)("loose"), text)
    hands.type(name)
    hands.enter()
    assert edge_between(hands.project, *joined)
    assert hands.undo_is_one_step(before)


def test_another_layer_feeds_what_an_output_feeds(hands: Hands) -> None:
    before = hands.project
    pick(hands, hands.output("b1_l3"), "Let another layer feed what it feeds...")
    hands.type("loose")
    hands.enter()
    assert edge_between(hands.project, "loose", "m1_l1")
    assert edge_between(hands.project, "b1_l3", "m1_l1") is None
    assert hands.undo_is_one_step(before)


def test_the_map_has_a_menu(hands: Hands) -> None:
    wished: list[str] = []
    hands.canvas.action_wanted.connect(wished.append)
    small = hands.canvas.findChild(Minimap)
    assert small is not None
    hands.canvas.pan_by(600, 0)
    view = hands.canvas.view
    found = menu_at(small, QPoint(20, 20))
    assert found["Fit the selection"].toolTip() == "Nothing is selected."
    found["Fit the drawing"].trigger()
    assert hands.canvas.view != view
    assert not small.isVisible()
    hands.session.set_selection([node_named(hands.project, "b1_l1").id])
    hands.canvas.pan_by(600, 0)
    found = menu_at(small, QPoint(20, 20))
    assert found["Fit the selection"].isEnabled()
    found["Hide the map"].trigger()
    assert wished == ["minimap"]
