"""Selecting, moving, nudging, panning, zooming: with real mouse and key events."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import Project
from studio.gui.canvas import geometry
from studio.gui.canvas.camera import FIRST_SCALE
from tests.gui.canvas.drawing import chain, edge_between, join, node_named, put, two_branches
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, MIDDLE, SHIFT, Hands

Show = Callable[[Project], Hands]


def place(hands: Hands, name: str) -> tuple[float, float]:
    node = node_named(hands.project, name)
    return node.x, node.y


def selected(hands: Hands) -> set[str]:
    return {hands.project.main.nodes[id].name for id in hands.session.selection}


def test_a_click_selects_and_a_click_beside_deselects(hands: Hands) -> None:
    hands.click(hands.node("b1_l2"))
    assert selected(hands) == {"b1_l2"}
    hands.click(hands.node("b2_l2"), SHIFT)
    assert selected(hands) == {"b1_l2", "b2_l2"}
    hands.click(hands.node("b1_l2"), CTRL)
    assert selected(hands) == {"b2_l2"}
    hands.click(EMPTY)
    assert selected(hands) == set()


def test_a_click_on_one_of_several_selected_nodes_means_this_one(hands: Hands) -> None:
    hands.key(Qt.Key.Key_A, CTRL)
    assert len(selected(hands)) == 10
    hands.click(hands.node("m1_l1"))
    assert selected(hands) == {"m1_l1"}


def test_dragging_a_node_moves_it_on_the_grid_in_one_step(hands: Hands) -> None:
    before = hands.project
    x, y = place(hands, "b1_l2")
    hands.drag(hands.node("b1_l2"), hands.node("b1_l2") + QPoint(-101, 33))
    scale = hands.canvas.view.scale
    after = place(hands, "b1_l2")
    assert after[0] % 8 == 0
    assert after[1] % 8 == 0
    assert after == pytest.approx((x - 101 / scale, y + 33 / scale), abs=5)
    assert hands.undo_is_one_step(before)


def test_dragging_one_of_the_selected_nodes_moves_all_of_them(hands: Hands) -> None:
    hands.drag(EMPTY - QPoint(330, 300), hands.node("b2_l3") + QPoint(150, 60))
    assert selected(hands) == {"b2_l1", "b2_l2", "b2_l3"}
    start = [place(hands, f"b2_l{k}") for k in (1, 2, 3)]
    hands.drag(hands.node("b2_l2"), hands.node("b2_l2") + QPoint(80, 0))
    moved = [place(hands, f"b2_l{k}") for k in (1, 2, 3)]
    assert {(b[0] - a[0], b[1] - a[1]) for a, b in zip(start, moved, strict=True)} == {(moved[0][0] - start[0][0], 0)}
    assert moved[0][0] > start[0][0]
    assert selected(hands) == {"b2_l1", "b2_l2", "b2_l3"}


def test_escape_in_a_drag_gives_everything_back(hands: Hands) -> None:
    before = hands.project
    scene_before = hands.canvas.scene.pos.copy()
    hands.press(hands.node("b1_l2"))
    hands.move(hands.node("b1_l2") + QPoint(60, 60))
    assert (hands.canvas.scene.pos != scene_before).any()
    hands.key(Qt.Key.Key_Escape)
    hands.release(EMPTY)
    assert hands.project is before
    assert (hands.canvas.scene.pos == scene_before).all()


def test_losing_the_focus_in_a_drag_gives_everything_back(hands: Hands) -> None:
    before = hands.project
    hands.press(hands.node("b1_l2"))
    hands.move(hands.node("b1_l2") + QPoint(60, 60))
    hands.canvas.clearFocus()
    hands.release(EMPTY)
    assert hands.project is before
    assert hands.canvas.gesture is None


def test_an_edit_from_elsewhere_ends_the_drag(hands: Hands) -> None:
    hands.press(hands.node("b1_l2"))
    hands.move(hands.node("b1_l2") + QPoint(60, 60))
    other = put(hands.project, "Dense", "other", 900, 900)
    hands.session.apply(lambda project: other, "Add")
    hands.release(EMPTY)
    assert hands.project is other
    assert hands.canvas.scene.pos[hands.canvas.scene.slot[node_named(other, "b1_l2").id]].tolist() == [0, 184]


def loose(gap: int = 88) -> Project:
    """dense -> dense_1 with a loose Dropout beside."""
    project = put(put(Project(), "Dense", "dense", 0, 0), "Dense", "dense_1", 0, gap)
    return join(put(project, "Dropout", "loose", 400, 0), "dense", "dense_1")


def test_a_loose_node_dropped_on_an_edge_is_put_there_and_makes_room(hands_on) -> None:
    hands = hands_on(loose())
    before = hands.project
    hands.drag(hands.node("loose"), hands.on_edge("dense", "dense_1"))
    assert edge_between(hands.project, "dense", "loose")
    assert edge_between(hands.project, "loose", "dense_1")
    assert not edge_between(hands.project, "dense", "dense_1")
    ys = [place(hands, name)[1] for name in ("dense", "loose", "dense_1")]
    assert ys[1] - ys[0] >= 88
    assert ys[2] - ys[1] >= 88
    assert place(hands, "loose")[0] == 0
    assert hands.undo_is_one_step(before)


def test_alt_keeps_a_loose_node_from_being_put_on_an_edge(hands_on) -> None:
    hands = hands_on(loose(gap=300))
    hands.drag(hands.node("loose"), hands.on_edge("dense", "dense_1"), ALT)
    assert edge_between(hands.project, "dense", "dense_1")


def test_box_selects_what_it_touches_and_shift_adds(hands: Hands) -> None:
    top, bottom = hands.node("b1_l1"), hands.node("b1_l3")
    hands.drag(top - QPoint(130, 40), bottom + QPoint(10, 10))
    assert selected(hands) == {"b1_l1", "b1_l2", "b1_l3"}
    hands.drag(hands.node("b2_l3") + QPoint(130, 36), hands.node("b2_l3"), SHIFT)
    assert selected(hands) == {"b1_l1", "b1_l2", "b1_l3", "b2_l3"}


def test_a_cancelled_box_leaves_the_selection(hands: Hands) -> None:
    hands.click(hands.node("m1_l1"))
    hands.press(hands.node("b1_l1") - QPoint(130, 40))
    hands.move(hands.node("b1_l3"))
    hands.key(Qt.Key.Key_Escape)
    hands.release(EMPTY)
    assert selected(hands) == {"m1_l1"}
    assert hands.canvas.scene.selected_ids() == hands.session.selection


def test_arrows_nudge_by_a_grid_step_and_fold_into_one_step(hands: Hands) -> None:
    before = hands.project
    x, y = place(hands, "b1_l2")
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Down, SHIFT)
    assert place(hands, "b1_l2") == (x + 16, y + 40)
    assert hands.undo_is_one_step(before)


def test_middle_drag_and_space_drag_pan(hands: Hands) -> None:
    before, view = hands.project, hands.canvas.view
    hands.drag(EMPTY, EMPTY + QPoint(-90, 40), button=MIDDLE)
    assert (hands.canvas.view.x_offset, hands.canvas.view.y_offset) == (view.x_offset - 90, view.y_offset + 40)
    from PySide6.QtTest import QTest

    QTest.keyPress(hands.canvas, Qt.Key.Key_Space)
    hands.drag(hands.node("b1_l1"), hands.node("b1_l1") + QPoint(90, -40))
    QTest.keyRelease(hands.canvas, Qt.Key.Key_Space)
    assert (hands.canvas.view.x_offset, hands.canvas.view.y_offset) == (view.x_offset, view.y_offset)
    assert hands.project is before


def test_the_wheel_zooms_at_the_pointer(hands: Hands) -> None:
    point = hands.node("b2_l1")
    under = hands.canvas.view.to_scene(point.x(), point.y())
    scale = hands.canvas.view.scale
    hands.wheel(point, 3)
    assert hands.canvas.view.scale > scale * 1.3
    assert hands.canvas.view.to_scene(point.x(), point.y()) == pytest.approx(under)


def test_keys_zoom_and_fit(hands: Hands) -> None:
    fitted = hands.canvas.view
    hands.key(Qt.Key.Key_Plus, CTRL)
    assert hands.canvas.view.scale == pytest.approx(fitted.scale * 1.25)
    hands.key(Qt.Key.Key_0, CTRL)
    assert hands.canvas.view.scale == pytest.approx(1.0)
    hands.click(hands.node("b1_l1"))
    hands.key(Qt.Key.Key_Period)
    x, y = hands.node("b1_l1").toTuple()
    assert (x, y) == pytest.approx((550, 400), abs=2)
    hands.key(Qt.Key.Key_Home)
    assert hands.canvas.view == fitted
    assert "%" in hands.canvas.zoom_bar.percent.text()


def test_what_panning_left_on_the_screen_equals_a_full_repaint(hands: Hands, qtbot) -> None:
    """Panning moves pixels and paints strips; nothing of it may be seen."""
    canvas, app = hands.canvas, QApplication.instance()
    hands.click(hands.node("b1_l2"))
    app.processEvents()
    qtbot.waitUntil(lambda: canvas.painter.is_complete and not canvas.camera.is_refining)
    app.processEvents()
    for step in (QPoint(37, -21), QPoint(-80, 55), QPoint(13, 3)):
        hands.drag(EMPTY, EMPTY + step, button=MIDDLE)
        app.processEvents()
    moved = canvas.screen().grabWindow(canvas.winId()).toImage()
    canvas.update()
    app.processEvents()
    painted = canvas.screen().grabWindow(canvas.winId()).toImage()
    assert not moved.isNull()
    assert moved == painted


def test_two_fingers_pan_also_under_an_open_search(hands: Hands, qtbot) -> None:
    canvas, app = hands.canvas, QApplication.instance()
    app.setCursorFlashTime(0)  # a blinking caret would be a difference too
    hands.key(Qt.Key.Key_A)
    app.processEvents()
    qtbot.waitUntil(lambda: canvas.painter.is_complete and not canvas.camera.is_refining)
    view = canvas.view
    event = QWheelEvent(
        QPointF(50, 300), QPointF(canvas.mapToGlobal(QPoint(50, 300))), QPoint(-31, 17), QPoint(-62, 34),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.ScrollUpdate, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert (canvas.view.x_offset, canvas.view.y_offset) == (view.x_offset - 31, view.y_offset + 17)
    app.processEvents()
    moved = canvas.screen().grabWindow(canvas.winId()).toImage()
    canvas.update()
    app.processEvents()
    assert canvas.screen().grabWindow(canvas.winId()).toImage() == moved


def test_the_first_layer_of_an_empty_drawing_is_shown(hands_on) -> None:
    hands = hands_on(Project())
    hands.session.apply(lambda project: two_branches(), "Open")
    box = hands.canvas.view.widget_box((0, 0, 600, 596))
    assert hands.canvas.rect().contains(box[0], box[1])
    assert hands.canvas.rect().contains(box[0] + box[2], box[1] + box[3])


def test_left_to_right_is_followed(hands_on) -> None:
    from studio.core import edits

    hands = hands_on(chain("Input", "Dense", "Output"))
    hands.session.apply(lambda project: edits.set_direction(project, "right"), "Left to right")
    scene = hands.canvas.scene
    slot = scene.slot[node_named(hands.project, "dense").id]
    assert scene.ports(slot)[0]["inputs"] == (0, 30)
    assert scene.edges.ends[0, :2].tolist() == [184, 30]


def test_the_whole_drawing_stays_in_view_until_someone_moves_it(hands: Hands, qtbot) -> None:
    canvas = hands.canvas
    canvas.camera.zoom(2.0)
    canvas.camera.motion_ms = 20
    canvas.sight.fit()
    qtbot.waitUntil(lambda: canvas.camera.follows_size)
    qtbot.waitUntil(lambda: canvas.camera.is_exact)
    canvas.resize(500, 400)
    box = geometry.bounds_of(canvas.scene.pos, canvas.scene.size)
    assert box is not None
    assert canvas.rect().contains(QRect(*canvas.view.widget_box(box)))
    canvas.pan_by(30, 0)
    view = canvas.view
    canvas.resize(900, 700)
    assert canvas.view == view


def test_a_drawing_that_is_too_large_to_be_read_begins_where_it_begins(
    hands_on: Callable[[Project], Hands], qtbot
) -> None:
    project = Project()
    for number in range(40):
        project = edits.add_node(project, "Dense", x=40.0 * (number % 2), y=120.0 * number)
    hands = hands_on(project)
    canvas = hands.canvas
    first, *_, last = project.main.nodes

    def is_begun() -> bool:
        place = canvas.view.widget_box(canvas._following.box_of([first]))
        return canvas.view.scale == FIRST_SCALE and canvas.rect().contains(QRect(*place))

    assert is_begun()
    assert not canvas.sight.has([last])
    canvas.resize(700, 500)
    assert is_begun()
    canvas.sight.fit()
    qtbot.waitUntil(lambda: canvas.camera.follows_size and canvas.sight.has([last]))
    canvas.resize(900, 700)
    assert canvas.sight.has([first])
    assert canvas.sight.has([last]), "who has looked at all of it goes on doing so"
    hands.session.apply(lambda old: edits.set_direction(old, "right"), "Turn")
    assert canvas.sight.has([last])


@pytest.mark.parametrize("direction", ["down", "right"])
def test_the_beginning_stands_in_the_middle_of_the_side_where_it_is(direction: str) -> None:
    far = (0.0, 0.0, 3000.0, 9000.0) if direction == "down" else (0.0, 0.0, 9000.0, 3000.0)
    first = (1400.0, 0.0, 1600.0, 60.0) if direction == "down" else (0.0, 1470.0, 200.0, 1530.0)
    scale, x, y = geometry.begin(far, first, 0.5, 800, 600)
    left, top = first[0] * scale + x, first[1] * scale + y
    assert (left, top) == ((350.0, 48.0) if direction == "down" else (48.0, 285.0))
    # A first node in a corner leaves no room free beside the drawing.
    _, x, y = geometry.begin(far, (0.0, 0.0, 200.0, 60.0), 0.5, 800, 600)
    assert (x, y) == (48.0, 48.0)
    # What fits in one direction stands in its middle.
    _, x, _ = geometry.begin((0.0, 0.0, 400.0, 9000.0), (0.0, 0.0, 200.0, 60.0), 0.5, 800, 600)
    assert x == 300.0


def test_a_movement_that_is_stopped_half_way_shows_what_the_person_wanted(hands: Hands, qtbot) -> None:
    canvas = hands.canvas
    canvas.camera.zoom(2.0)
    canvas.camera.motion_ms = 5000
    canvas.sight.fit()
    hands.click(EMPTY)
    view = canvas.view
    canvas.resize(500, 400)
    assert canvas.view == view
