"""Whatever the mouse can do in the drawing, keys can do: the list of it, and what is selected by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from studio.core import edits
from studio.gui import keymap
from studio.gui.actions import SHEET, TABLE
from studio.gui.canvas.gestures import gesture as gestures
from tests.gui.canvas.drawing import node_named, put, two_branches
from tests.gui.canvas.hands import ALT, NONE, SHIFT, Hands
from tests.gui.canvas.test_gestures import GESTURES

Key = Qt.Key

DRAGS: dict[str, tuple[str, ...]] = {
    "draw an edge from an output": ("connect_to", "connect"),
    "draw an edge from an input": ("connect_to",),
    "drop an edge on a node": ("connect_to",),
    "plug an edge in elsewhere": ("next_edge", "plug_target", "plug_source"),
    "plug in one edge of a merge": ("next_edge", "plug_target"),
    "pull an edge off": ("next_edge", "delete"),
    "copy an edge": ("connect_to",),
    "move all edges of an output": ("move_all_edges",),
    "cut with the knife": ("cut_edges",),
    "take a node out with Alt": ("take_out",),
    "shake a node out": ("take_out",),
    "move a node": ("nudge_left", "nudge_far_left", "align_left"),
    "move several nodes": ("nudge_left", "align_left", "distribute_x"),
    "put a node on an edge": ("insert_on_edge", "insert"),
    "move a frame": ("select_frame", "nudge_left"),
    "move a node into a frame": ("join_frame",),
    "move a point of an edge": ("next_edge", "go_after", "nudge_left"),
    "select with a box": ("select_box", "select_between"),
    "select more with a box": ("select_after", "select_before", "select_beside", "select_box"),
    "move a note": ("nudge_left",),
    "move a note into a frame": ("join_frame",),
    "resize a note": ("note_wider", "note_narrower", "note_higher", "note_lower"),
    "move layers and a note of a frame": ("select_frame", "nudge_left"),
    "pan": ("nudge_left", "fit", "fit_selection"),
}
"""The actions that do by keys what each gesture does by dragging."""

CLICKS: dict[str, tuple[str, ...]] = {
    "click a layer, a note": ("go_after", "go_before", "go_beside"),
    "click a layer with Ctrl or Shift": ("select_after", "select_before", "select_beside", "select_beside_up"),
    "click a layer with Ctrl+Alt or Shift+Alt": ("select_downstream", "select_upstream"),
    "click an edge": ("next_edge", "previous_edge"),
    "click an edge or a port with Alt": ("delete", "cut_edges"),
    "click the title of a frame": ("select_frame",),
    "double click a layer, a note, a title": ("rename",),
    "double click a block": ("edit_parameters", "leave_block"),
    "double click an edge, a point of it": ("add_point", "remove_point"),
    "double click nothing": ("add_layer", "add_note"),
    "drag a layer from the palette": ("add_layer", "add_after", "add_branch", "insert"),
    "let an edge go over nothing": ("add_after", "insert"),
    "turn the wheel": ("zoom_in", "zoom_out", "zoom_reset"),
    "click or drag on the map": ("fit", "find", "next_bookmark", "bookmarks"),
    "the buttons back and forward": ("go_back", "go_forward"),
    "drag rows of the outline": ("into_block", "out_of_block", "connect_to", "earlier_input", "later_input"),
    "click a tab or into a panel": ("next_panel", "previous_panel", "show_outline", "show_code"),
}
"""The actions for what clicks do."""


@pytest.fixture
def hands(hands_on) -> Hands:
    return hands_on(put(two_branches(), "Dropout", "loose", 620, 300, rate=0.5))


def names(hands: Hands) -> set[str]:
    return {hands.project.main.nodes[id].name for id in hands.session.selection}


def select(hands: Hands, *chosen: str) -> None:
    hands.session.set_selection([node_named(hands.project, name).id for name in chosen])


def test_each_gesture_of_the_mouse_has_actions_that_keys_reach() -> None:
    assert DRAGS.keys() == GESTURES.keys(), "a new gesture needs its keys"
    rows = {row.id: row for row in TABLE}
    for gesture, actions in {**DRAGS, **CLICKS}.items():
        assert actions, gesture
        for action in actions:
            assert action in rows, (gesture, action)
        # All of them are found by the search for actions; most gestures have a key as well.
        assert any(keymap.keys_of(rows[action]) for action in actions) or gesture == "resize a note", gesture


def test_every_kind_of_gesture_is_in_the_table() -> None:
    """What the table drags with are all the gestures that there are; dragging from the palette is beside it."""
    kinds = {kind.__name__ for kind in gestures.MouseGesture.__subclasses__()}
    assert kinds == {
        "DrawEdge", "DropLayer", "Knife", "MoveNodes", "MovePoint", "MoveSources", "Pan", "ResizeNote", "SelectBox",
    }, "a new kind of gesture: put it into the tables of gestures and of keys"  # fmt: skip


def test_keys_of_the_drawing_stand_on_the_sheet() -> None:
    assert all(row.menu in SHEET or not row.is_canvas_key for row in TABLE)


def test_a_walk_with_shift_selects_more_and_a_step_back_less(hands: Hands) -> None:
    select(hands, "b1_l1")
    hands.key(Key.Key_Right, ALT | SHIFT)
    hands.key(Key.Key_Right, ALT | SHIFT)
    assert names(hands) == {"b1_l1", "b1_l2", "b1_l3"}
    hands.key(Key.Key_Left, ALT | SHIFT)
    assert names(hands) == {"b1_l1", "b1_l2"}
    hands.key(Key.Key_Left, ALT | SHIFT)
    hands.key(Key.Key_Down, ALT | SHIFT)
    assert names(hands) == {"b1_l1", "b2_l1"}
    hands.key(Key.Key_Right, ALT)
    assert names(hands) == {"b2_l2"}, "without Shift one goes on alone"


def test_b_selects_what_a_rubber_band_around_the_selection_would(hands: Hands) -> None:
    select(hands, "b1_l1", "b2_l3")
    hands.session.apply(lambda project: edits.add_note(project, "amid", x=200, y=200), "Write")
    hands.key(Key.Key_B)
    by_key, notes = names(hands), set(hands.session.selected_notes)
    hands.session.set_selection([])
    first, last = node_named(hands.project, "b1_l1"), node_named(hands.project, "b2_l3")
    scene = hands.canvas.scene
    corner = scene.pos[scene.slot[last.id]] + scene.size[scene.slot[last.id]]
    hands.drag(hands.at(first.x - 2, first.y - 2), hands.at(*(corner + 2).tolist()))
    assert names(hands) == by_key
    assert set(hands.session.selected_notes) == notes
    assert {"b1_l2", "b2_l2"} <= by_key


def test_what_lies_between_is_selected(hands: Hands) -> None:
    select(hands, "b1_l1", "m1_l1")
    hands.key(Key.Key_B, SHIFT)
    assert names(hands) == {"b1_l1", "b1_l2", "b1_l3", "m1_l1"}
    hands.session.set_selection([])
    hands.key(Key.Key_B, NONE)
    assert names(hands) == set()
