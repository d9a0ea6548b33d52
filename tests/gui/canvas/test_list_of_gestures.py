"""The list of gestures that an editor of graphs must have, each with the test of what it does, its cancel and its undo.

A gesture that is missing here or whose test is gone is seen. Drags, keys and fields stand in tables of their own, over
all of which the tests of Esc, of the loss of focus and of undo run; clicks, which are over as soon as they are made,
stand here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui.actions import TABLE
from studio.gui.canvas.keys import KEYS
from studio.gui.canvas.minimap import MapDrag, Minimap
from tests.gui.canvas.drawing import chain, edge_between, put, two_branches
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, LEFT, NONE, SHIFT, Hands
from tests.gui.canvas.test_every_key import FIELDS
from tests.gui.canvas.test_gestures import EDITS, GESTURES, Gesture, way_point

Key = Qt.Key
Click = Callable[[Hands], object]

LIST: dict[str, tuple[str, ...]] = {
    "add by search": ("field a double click on nothing", "key A", "key Shift+A"),
    "wire to empty space": ("field an output let go over nothing", "field an input let go over nothing"),
    "drop a layer on a wire": (
        "drag put a node on an edge", "key Shift+Ins",
        "test_moving.test_a_loose_node_dropped_on_an_edge_is_put_there_and_makes_room",
        "test_adding.test_a_layer_dropped_on_an_edge_is_inserted_and_what_follows_makes_room",
        "test_every_key.test_a_layer_that_is_dragged_here_can_be_taken_away_again",
    ),
    "add with a selection": ("key Ctrl+Right", "key Ctrl+Shift+Right", "key Ins"),
    "wire to the body of a node": ("drag drop an edge on a node",),
    "wire from port to port": ("drag draw an edge from an output", "drag draw an edge from an input", "key C"),
    "plug a wire in elsewhere, pull it off": (
        "drag plug an edge in elsewhere", "drag plug in one edge of a merge", "drag pull an edge off", "key R",
        "key Shift+R",
    ),
    "copy a wire": ("drag copy an edge",),
    "move all wires of an output": ("drag move all edges of an output", "key Shift+F"),
    "cut wires": ("drag cut with the knife", "click an edge with Alt", "key K"),
    "take a node out": ("drag take a node out with Alt", "drag shake a node out", "key X", "key Ctrl+Del"),
    "connect the selection": ("key F",),
    "reroute": (
        "click an edge twice", "click a point of an edge twice", "drag move a point of an edge", "key W", "key Shift+W",
    ),
    "bypass": ("key M", "key Ctrl+B"),
    "fold": ("key H",),
    "block": ("click a block twice", "key I", "key O"),
    "frame": (
        "key Ctrl+J", "drag move a frame", "drag move a node into a frame", "key J", "key Shift+J",
        "field a double click on a title",
    ),
    "note": (
        "key N", "drag move a note", "drag move a note into a frame", "drag resize a note",
        "drag move layers and a note of a frame", "field a double click on a note",
    ),
    "move": ("drag move a node", "drag move several nodes", "key Left", "key Shift+Left"),
    "line up": (
        "key Q", "key L", "key Shift+L", "test_together.test_align_is_one_step",
        "test_together.test_distribute_is_one_step",
        "test_guides.test_the_line_is_seen_and_goes_with_esc",
    ),
    "view": ("drag pan", "map", "key Home", "key .", "key Ctrl+=", "key Ctrl+0", "border"),
    "select": (
        "drag select with a box", "drag select more with a box", "click a node", "click a node with Shift", "key B",
        "key Shift+B", "key Ctrl+A",
    ),
    "select what is linked": ("click a node with Ctrl+Alt", "click a node with Shift+Alt", "key D", "key U"),
    "copies": ("key Ctrl+D", "key Ctrl+Shift+D", "key Ctrl+V", "key Ctrl+Shift+V", "key Ctrl+X"),
    "values": ("field a double click on a layer", "key F2"),
}  # fmt: skip
"""By the rows of the comparison of editors that the canvas was made from."""


def edge_12(hands: Hands) -> QPoint:
    return hands.on_edge("b1_l1", "b1_l2")


def point_12(hands: Hands) -> QPoint:
    edge = edge_between(hands.project, "b1_l1", "b1_l2")
    assert edge is not None
    return hands.at(*edge.route[0])


EDITING: dict[str, tuple[Click, Click]] = {
    "an edge with Alt": (lambda h: None, lambda h: h.click(edge_12(h), ALT)),
    "an edge twice": (lambda h: None, lambda h: h.double_click(edge_12(h))),
    "a point of an edge twice": (way_point, lambda h: h.double_click(point_12(h))),
}
"""What makes it ready, and the click, which is one step."""

CHOOSING: dict[str, tuple[Click, set[str]]] = {
    "a node": (lambda h: h.click(h.node("b1_l2")), {"b1_l2"}),
    "a node with Shift": (lambda h: (h.click(h.node("b1_l2")), h.click(h.node("b2_l2"), SHIFT)), {"b1_l2", "b2_l2"}),
    "a node with Ctrl+Alt": (lambda h: h.click(h.node("b1_l3"), CTRL | ALT), {"b1_l3", "m1_l1", "m1_l2", "diagnosis"}),
    "a node with Shift+Alt": (lambda h: h.click(h.node("b1_l2"), SHIFT | ALT), {"b1_l2", "b1_l1", "measurements"}),
}
"""The click, and what is selected then; Esc lets go of it."""

OPENING = {"a block twice"}
"""Tested by the window's tests of blocks: a canvas by itself only says that it is wished."""


@pytest.fixture
def hands(hands_on: Callable[..., Hands]) -> Hands:
    return hands_on(put(two_branches(), "Dropout", "loose", 620, 300, rate=0.5))


def test_every_gesture_of_the_list_has_its_test() -> None:
    keys = {row.id: row.shortcuts for row in TABLE}
    known = {
        *(f"drag {name}" for name in GESTURES),
        *(f"field {name}" for name in FIELDS),
        *(f"click {name}" for name in (*EDITING, *CHOOSING, *OPENING)),
        *(f"key {text}" for texts in keys.values() for text in texts),
        "map",
        "border",
    }
    for meant, tests in LIST.items():
        for test in tests:
            if test.startswith("test_"):
                module, function = test.split(".")
                assert hasattr(importlib.import_module(f"tests.gui.canvas.{module}"), function), test
            else:
                assert test in known, f"{meant}: {test} is tested nowhere"


def test_nothing_is_tested_that_is_not_in_the_list() -> None:
    """So that whoever adds a gesture thinks of its place, its keys and its cancel."""
    listed = {test for tests in LIST.values() for test in tests}
    assert {f"drag {name}" for name in GESTURES} <= listed
    assert {f"field {name}" for name in FIELDS} <= listed
    assert {f"click {name}" for name in (*EDITING, *CHOOSING, *OPENING)} <= listed
    assert len(KEYS) > 60, "keys are tested by their own table, whatever is selected"


@pytest.mark.parametrize(("before", "click"), EDITING.values(), ids=EDITING)
def test_a_click_is_one_step_that_undo_takes_back(hands: Hands, before: Click, click: Click) -> None:
    before(hands)
    project = hands.project
    click(hands)
    assert hands.project is not project
    assert hands.canvas.gesture is None
    after = hands.project
    hands.key(Key.Key_Escape)
    hands.canvas.clearFocus()
    assert hands.project is after, "what was done is done"
    assert hands.undo_is_one_step(project)


@pytest.mark.parametrize(("click", "names"), CHOOSING.values(), ids=CHOOSING)
def test_a_click_that_selects_is_no_step_and_esc_lets_go(hands: Hands, click: Click, names: set[str]) -> None:
    before = hands.project
    click(hands)
    assert {hands.project.main.nodes[id].name for id in hands.session.selection} == names
    assert hands.project is before
    hands.canvas.clearFocus()
    assert {hands.project.main.nodes[id].name for id in hands.session.selection} == names
    hands.canvas.setFocus()
    hands.key(Key.Key_Escape)
    assert not hands.session.selection


# ---- at the border and on the map ------------------------------------------------------------------------------------


@EDITS
@pytest.mark.parametrize("how", ["Esc", "focus"])
def test_given_up_at_the_border_the_view_stands_still_and_nothing_is_done(
    hands: Hands, qtbot, gesture: Gesture, how: str
) -> None:
    gesture.before(hands)
    hands.move(EMPTY)
    before, view = hands.project, hands.canvas.view
    gesture.begin(hands)
    border = QPoint(hands.canvas.width() - 3, 300)
    hands.move(border)
    held = hands.canvas.gesture
    if held is not None and held.pans_at_border:  # a knife is drawn over what is seen
        qtbot.waitUntil(lambda: hands.canvas.view.x_offset < view.x_offset - 40)
    if how == "Esc":
        hands.key(Key.Key_Escape, gesture.modifiers)
    else:
        hands.canvas.clearFocus()
    stopped = hands.canvas.view
    assert hands.canvas.gesture is None
    qtbot.wait(60)  # several ticks: nothing else tells that a timer is silent
    hands.move(border + QPoint(0, 9))
    assert hands.canvas.view == stopped
    hands.release(border, gesture.modifiers, gesture.button)
    assert hands.project is before


@pytest.fixture
def tall(hands_on: Callable[..., Hands]) -> Hands:
    """A chain that is longer than the canvas at 100 %."""
    made = hands_on(chain("Input", *["Dense"] * 20, "Output"))
    made.canvas.camera.zoom_to(1.0)
    return made


@pytest.mark.parametrize("how", ["Esc", "focus", "an edit from elsewhere"])
def test_a_drag_on_the_map_can_be_given_up(tall: Hands, how: str) -> None:
    canvas = tall.canvas
    small = canvas.findChild(Minimap)
    assert small is not None
    start, view, before = small.view_rectangle().center().toPoint(), canvas.view, tall.project
    QTest.mousePress(small, LEFT, NONE, start)
    QTest.mouseMove(small, start - QPoint(0, 25))
    assert isinstance(canvas.gesture, MapDrag)
    assert canvas.view != view
    match how:
        case "Esc":
            tall.key(Key.Key_Escape)
        case "focus":
            canvas.clearFocus()
        case _:
            tall.session.apply(lambda project: put(project, "ReLU", "new", 60, 60), "From elsewhere")
            before = tall.project
    assert canvas.gesture is None
    assert canvas.view == view
    QTest.mouseMove(small, start - QPoint(0, 31))
    QTest.mouseRelease(small, LEFT, NONE, start - QPoint(0, 31))
    QApplication.processEvents()
    assert canvas.view == view
    assert tall.project is before


def test_from_where_the_map_led_one_comes_back(tall: Hands) -> None:
    canvas = tall.canvas
    small = canvas.findChild(Minimap)
    assert small is not None
    QApplication.processEvents()
    view = canvas.view
    QTest.mouseClick(small, LEFT, NONE, small.view_rectangle().center().toPoint() - QPoint(0, 30))
    assert canvas.view != view
    assert canvas.gesture is None
    tall.key(Key.Key_Left, CTRL | ALT)
    assert canvas.view == view
