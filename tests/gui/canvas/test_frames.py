"""Frames by mouse and keys: made, named, moved, joined, left, taken away; and bypassed and folded nodes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import Frame, Node, Project
from studio.gui.canvas import areas, framed
from studio.gui.canvas.card import Flag
from studio.gui.canvas.geometry import FOLDED_HEIGHT, NODE_HEIGHT
from tests.gui.canvas.drawing import node_named
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, LEFT, NONE, SHIFT, Hands

Key = Qt.Key


def frame_of(hands: Hands, number: int = 0) -> Frame:
    return list(hands.project.main.frames.values())[number]


def names(hands: Hands, number: int = 0) -> set[str]:
    return {hands.project.main.nodes[node].name for node in frame_of(hands, number).nodes}


def select(hands: Hands, *wanted: str) -> None:
    hands.session.set_selection([node_named(hands.project, name).id for name in wanted])


def framed_branch(hands: Hands) -> None:
    """A frame around the left branch, made by keys."""
    select(hands, "b1_l1", "b1_l2", "b1_l3")
    hands.key(Key.Key_J, CTRL)
    hands.type("Left")
    hands.enter()


def title(hands: Hands, number: int = 0) -> QPoint:
    left, top, _, _ = areas.area(hands.canvas.scene, number)
    return hands.at(left + 60, top + 14)


def node(hands: Hands, name: str) -> Node:
    return node_named(hands.project, name)


def test_a_frame_is_made_and_named(hands: Hands) -> None:
    before = hands.project
    framed_branch(hands)
    assert frame_of(hands).title == "Left"
    assert names(hands) == {"b1_l1", "b1_l2", "b1_l3"}
    assert hands.undo_is_one_step(before), "frame and title"


def test_its_title_moves_all_of_it_in_one_step(hands: Hands) -> None:
    framed_branch(hands)
    hands.session.set_selection([])
    before = hands.project
    places = {name: (node(hands, name).x, node(hands, name).y) for name in ("b1_l1", "b1_l2", "b1_l3", "b2_l1")}
    hands.drag(title(hands), title(hands) + QPoint(40, 24))
    for name, (x, y) in places.items():
        moved = name.startswith("b1")
        assert (node(hands, name).x, node(hands, name).y) == ((x + 40, y + 24) if moved else (x, y))
    assert hands.undo_is_one_step(before)


def test_a_drag_of_its_title_can_be_given_up(hands: Hands) -> None:
    framed_branch(hands)
    before = hands.project
    start = title(hands)
    hands.press(start)
    hands.move(start + QPoint(60, 60))
    hands.key(Key.Key_Escape)
    hands.release(start + QPoint(60, 60))
    assert hands.project is before
    assert areas.title_at(hands.canvas.scene, *hands.canvas.view.to_scene(start.x(), start.y())) == 0
    hands.press(start)
    hands.move(start + QPoint(60, 60))
    hands.canvas.clearFocus()
    assert hands.project is before


def test_a_click_on_the_title_selects_what_is_inside(hands: Hands) -> None:
    framed_branch(hands)
    select(hands, "b2_l1")
    hands.click(title(hands))
    assert hands.session.selection == set(frame_of(hands).nodes)
    assert framed.selected(hands.session) == frame_of(hands)
    hands.click(title(hands), SHIFT)
    assert not hands.session.selection
    select(hands, "b2_l1")
    hands.click(title(hands), SHIFT)
    assert len(hands.session.selection) == 4


def test_a_double_click_on_the_title_renames(hands: Hands) -> None:
    framed_branch(hands)
    hands.double_click(title(hands))
    hands.type("Encoder")
    hands.enter()
    assert frame_of(hands).title == "Encoder"
    hands.double_click(title(hands))
    field = hands.canvas.name_field
    assert field is not None
    field.setText("")
    hands.enter()
    assert field.isVisible()
    hands.type("x")
    hands.canvas.setFocus()
    QApplication.processEvents()
    assert frame_of(hands).title == "x"


def test_f2_means_the_selected_frame(hands: Hands) -> None:
    framed_branch(hands)
    hands.click(title(hands))
    hands.key(Key.Key_F2)
    hands.type("One")
    hands.enter()
    assert frame_of(hands).title == "One"


def test_a_node_let_go_inside_stands_in_it_and_alt_keeps_it_out(hands: Hands) -> None:
    framed_branch(hands)
    left, _, right, bottom = areas.area(hands.canvas.scene, 0)
    inside = hands.at((left + right) / 2, bottom - 6)
    before = hands.project
    hands.drag(hands.node("b2_l1"), inside, ALT)
    assert "b2_l1" not in names(hands)
    hands.session.undo()
    assert hands.project is before
    hands.drag(hands.node("b2_l1"), inside)
    assert "b2_l1" in names(hands)
    assert hands.undo_is_one_step(before)


def test_a_frame_grows_with_its_nodes(hands: Hands) -> None:
    framed_branch(hands)
    right = areas.area(hands.canvas.scene, 0)[2]
    hands.drag(hands.node("b1_l2"), hands.node("b1_l2") + QPoint(80, 0))
    assert names(hands) == {"b1_l1", "b1_l2", "b1_l3"}
    assert areas.area(hands.canvas.scene, 0)[2] == right + 80


def test_a_node_pulled_out_with_alt_leaves_it(hands: Hands) -> None:
    framed_branch(hands)
    select(hands, "b1_l2")
    hands.drag(hands.node("b1_l2"), EMPTY, ALT)
    assert names(hands) == {"b1_l1", "b1_l3"}


def test_leaving_removing_and_colours(hands: Hands) -> None:
    framed_branch(hands)
    select(hands, "b1_l1")
    assert framed.why_not_leave(hands.session) == ""  # type: ignore[arg-type]
    framed.leave(hands.canvas)
    assert names(hands) == {"b1_l2", "b1_l3"}
    assert framed.why_not_leave(hands.session) != ""  # type: ignore[arg-type]
    assert framed.why_not_change(hands.session) != ""  # type: ignore[arg-type]
    hands.click(title(hands))
    framed.paint(hands.canvas, "green")
    assert frame_of(hands).colour == "green"
    framed.remove(hands.canvas)
    assert hands.project.main.frames == {}
    assert len(hands.project.main.nodes) == 10


def test_the_frame_is_painted_behind_its_nodes(hands: Hands) -> None:
    left, top, _, _ = -16, 96 - 38, 0, 0
    spot = hands.at(left + 4, top + 200)
    plain = hands.canvas.grab().toImage().pixelColor(spot)
    framed_branch(hands)
    hands.session.set_selection([])
    hands.session.apply(lambda project: edits.set_frame(project, frame_of(hands).id, colour="red"), "Colour")
    assert hands.canvas.grab().toImage().pixelColor(spot) != plain


def test_m_bypasses_and_takes_back(hands: Hands) -> None:
    select(hands, "b1_l1", "b1_l2", "measurements")
    before = hands.project
    hands.key(Key.Key_M)
    flags = hands.canvas.scene.flags
    assert node(hands, "b1_l1").is_bypassed
    assert node(hands, "b1_l2").is_bypassed
    assert not node(hands, "measurements").is_bypassed
    assert flags[hands.canvas.scene.slot[node(hands, "b1_l1").id]] & Flag.BYPASSED
    hands.key(Key.Key_B, CTRL)
    assert not node(hands, "b1_l1").is_bypassed
    hands.session.undo()
    assert hands.undo_is_one_step(before)
    select(hands, "measurements")
    assert "where the network begins" in framed.why_not_bypass(hands.session)  # type: ignore[arg-type]


def test_h_folds_and_unfolds(hands: Hands) -> None:
    select(hands, "b1_l2")
    before = hands.project
    scene = hands.canvas.scene
    slot = scene.slot[node(hands, "b1_l2").id]
    hands.key(Key.Key_H)
    assert scene.size[slot, 1] == FOLDED_HEIGHT
    place = hands.canvas.port_point(slot, "output", is_input=False)
    assert place is not None
    assert place[1] == scene.pos[slot, 1] + FOLDED_HEIGHT
    hands.key(Key.Key_H)
    assert scene.size[slot, 1] == NODE_HEIGHT
    hands.session.undo()
    assert scene.size[slot, 1] == FOLDED_HEIGHT
    assert hands.undo_is_one_step(before)


def test_a_folded_node_is_clicked_where_it_is(hands: Hands) -> None:
    select(hands, "b1_l2")
    hands.key(Key.Key_H)
    hands.session.set_selection([])
    hands.click(hands.node("b1_l2", dy=30))  # below it now
    assert not hands.session.selection
    hands.click(hands.node("b1_l2"))
    assert hands.session.selection == {node(hands, "b1_l2").id}


def test_frames_hold_nothing_after_their_nodes_are_deleted(hands: Hands) -> None:
    framed_branch(hands)
    hands.click(title(hands))
    hands.key(Key.Key_Delete)
    assert hands.project.main.frames == {}
    hands.session.undo()
    assert names(hands) == {"b1_l1", "b1_l2", "b1_l3"}


def test_other_buttons_on_a_title_do_nothing(hands: Hands) -> None:
    framed_branch(hands)
    before: Project = hands.project
    hands.press(title(hands), NONE, Qt.MouseButton.RightButton)
    hands.release(title(hands), NONE, Qt.MouseButton.RightButton)
    hands.press(title(hands), NONE, LEFT)
    hands.release(title(hands), NONE, LEFT)
    assert hands.project is before
