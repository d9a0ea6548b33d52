"""Adding, deleting, copying and renaming layers."""

from __future__ import annotations

import itertools
import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas import geometry
from studio.gui.canvas.gestures.drop_layer import DropLayer
from tests.gui.canvas.drawing import chain, edge_between, node_named, two_branches
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, SHIFT, Hands
from tests.support.catalog import CATALOG


def names(hands: Hands) -> set[str]:
    return {node.name for node in hands.project.main.nodes.values()}


def test_a_layer_dropped_from_the_palette_stands_at_the_pointer_and_is_selected(hands: Hands) -> None:
    before = hands.project
    hands.drop_layer("Dense", EMPTY)
    node = node_named(hands.project, "dense")
    assert node.params["units"] > 0
    middle = hands.canvas.view.to_widget(node.x + 92, node.y + 30)
    assert abs(middle[0] - EMPTY.x()) < 6
    assert abs(middle[1] - EMPTY.y()) < 6
    assert hands.session.selection == {node.id}
    assert hands.canvas.hasFocus()
    assert hands.undo_is_one_step(before)


def test_a_layer_dropped_on_an_edge_is_inserted_and_what_follows_makes_room(hands: Hands) -> None:
    before = hands.project
    y = node_named(before, "b1_l3").y
    hands.drop_layer("Dropout", hands.on_edge("b1_l1", "b1_l2"))
    assert edge_between(hands.project, "b1_l1", "dropout")
    assert edge_between(hands.project, "dropout", "b1_l2")
    assert not edge_between(hands.project, "b1_l1", "b1_l2")
    assert node_named(hands.project, "dropout").x == node_named(hands.project, "b1_l1").x
    assert node_named(hands.project, "b1_l3").y >= y + 88
    assert node_named(hands.project, "b2_l3").y == node_named(before, "b2_l3").y
    assert hands.undo_is_one_step(before)


def test_the_edge_lights_up_while_the_layer_is_over_it(hands: Hands) -> None:
    hands.hover_layer("Dropout", hands.on_edge("b1_l1", "b1_l2"))
    gesture = hands.canvas.gesture
    assert isinstance(gesture, DropLayer)
    edge = edge_between(hands.project, "b1_l1", "b1_l2")
    assert hands.canvas.scene.edges.ids[gesture._edge] == edge.id
    QApplication.processEvents()
    hands.canvas.cancel_gesture()


def test_alt_and_layers_without_input_are_not_inserted(hands: Hands) -> None:
    hands.drop_layer("Dropout", hands.on_edge("b1_l1", "b1_l2"), ALT)
    hands.drop_layer("Input", hands.on_edge("b2_l1", "b2_l2"))
    assert edge_between(hands.project, "b1_l1", "b1_l2")
    assert edge_between(hands.project, "b2_l1", "b2_l2")
    assert {"dropout", "input"} <= names(hands)


def test_a_block_dropped_on_an_edge_is_used_there(hands_on) -> None:
    project = edits.make_block(two_branches(), CATALOG, [node_named(two_branches(), "m1_l2").id], "head")
    (block,) = project.blocks
    hands = hands_on(project)
    hands.drop_layer(f"block:{block}", hands.on_edge("b1_l1", "b1_l2"))
    use = next(node for node in hands.project.main.nodes.values() if node.name == "head_1")
    assert use.block == block
    assert edge_between(hands.project, "b1_l1", "head_1")
    assert edge_between(hands.project, "head_1", "b1_l2")


def test_a_foreign_drag_is_not_taken(hands: Hands) -> None:
    before = hands.project
    for wish in ("Nonsense", "block:b99", "block:", ""):
        hands.drop_layer(wish, EMPTY)
    assert hands.project is before


def test_new_layers_cover_no_others(hands: Hands) -> None:
    for _ in range(3):
        hands.drop_layer("Dense", hands.node("m1_l2"), ALT)
    places = [(node.x, node.y) for node in hands.project.main.nodes.values()]
    apart = [abs(a[0] - b[0]) >= 184 or abs(a[1] - b[1]) >= 60 for a in places for b in places if a is not b]
    assert all(apart)


def test_quick_add_by_key_connects_after_the_selected_node(hands_on) -> None:
    hands = hands_on(chain("Input"))
    before = hands.project
    hands.click(hands.node("input"))
    hands.key(Qt.Key.Key_A)
    hands.type("dense")
    hands.enter()
    assert edge_between(hands.project, "input", "dense")
    assert hands.session.selection == {node_named(hands.project, "dense").id}
    hands.key(Qt.Key.Key_A, SHIFT)
    hands.type("output")
    hands.enter()
    assert edge_between(hands.project, "dense", "output")
    hands.session.undo()
    assert hands.undo_is_one_step(before)


def test_a_whole_network_by_keys_alone(hands_on) -> None:
    hands = hands_on(Project())
    for type in ("input", "dense", "dropout", "dense", "output"):
        hands.key(Qt.Key.Key_A)
        hands.type(type)
        hands.enter()
    order = ["input", "dense", "dropout", "dense_1", "output"]
    for source, target in itertools.pairwise(order):
        assert edge_between(hands.project, source, target), (source, target)


def test_double_click_on_empty_space_searches_there(hands: Hands) -> None:
    hands.double_click(EMPTY)
    hands.type("flatten")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    hands.enter()
    node = node_named(hands.project, "flatten")
    middle = hands.canvas.view.to_widget(node.x + 92, node.y + 30)
    assert abs(middle[0] - EMPTY.x()) < 6
    assert not [e for e in hands.project.main.edges.values() if node.id in (e.source.node, e.target.node)]


def test_a_search_without_result_adds_nothing(hands: Hands) -> None:
    before = hands.project
    hands.key(Qt.Key.Key_A)
    hands.type("qqqqqq")
    assert hands.canvas.quick_add is not None
    assert hands.canvas.quick_add.nothing.isVisible()
    hands.enter()
    assert hands.project is before
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


def test_delete_heals_the_chain_in_one_step(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_Delete)
    assert edge_between(hands.project, "b1_l1", "b1_l3")
    assert hands.session.selection == frozenset()
    assert hands.undo_is_one_step(before)
    hands.session.redo()
    assert "b1_l2" not in names(hands)


def test_copy_and_paste_bring_inner_edges_and_fresh_names(hands: Hands) -> None:
    hands.click(hands.node("b1_l1"))
    hands.click(hands.node("b1_l2"), SHIFT)
    hands.key(Qt.Key.Key_C, CTRL)
    before = hands.project
    hands.move(EMPTY)
    hands.key(Qt.Key.Key_V, CTRL)
    new = {hands.project.main.nodes[id].name for id in hands.session.selection}
    assert len(new) == 2
    assert not new & {node.name for node in before.main.nodes.values()}
    assert len(hands.project.main.edges) == len(before.main.edges) + 1
    assert hands.undo_is_one_step(before)
    assert json.loads(QGuiApplication.clipboard().text())["format"] == 1


def test_paste_of_other_text_does_nothing(hands: Hands) -> None:
    before = hands.project
    for text in ("hello", "{", '{"format": 99}', '{"a": [1, 2'):
        QGuiApplication.clipboard().setText(text)
        hands.key(Qt.Key.Key_V, CTRL)
    assert hands.project is before


def test_cut_and_paste_elsewhere(hands_on) -> None:
    hands = hands_on(two_branches())
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_X, CTRL)
    assert "b1_l2" not in names(hands)
    hands.key(Qt.Key.Key_V, CTRL)
    assert "b1_l2" in names(hands)


def test_duplicate_is_one_step_beside_the_original(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.node("m1_l2"))
    hands.key(Qt.Key.Key_D, CTRL)
    (new,) = hands.session.selection
    node, old = hands.project.main.nodes[new], node_named(hands.project, "m1_l2")
    assert node.params == old.params
    assert node.x >= old.x + geometry.NODE_WIDTH + 40
    assert node.y == old.y, "it stands beside, not on, what it was made of"
    assert hands.undo_is_one_step(before)


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("keeps", [CTRL, CTRL | SHIFT], ids=["alone", "with inputs"])
def test_copies_cover_nothing_and_are_in_view(hands: Hands, direction: str, keeps: Qt.KeyboardModifier) -> None:
    hands.session.apply(lambda project: edits.set_direction(project, direction), "Turn")
    hands.session.set_selection([node_named(hands.project, name).id for name in ("b1_l2", "b1_l3")])
    hands.canvas.camera.zoom_to(0.6)
    for _ in range(3):
        hands.key(Qt.Key.Key_D, keeps)
        QApplication.processEvents()
        new = hands.session.selection
        assert len(new) == 2
        scene = hands.canvas.scene
        for id in new:
            x, y = scene.pos[scene.slot[id]].tolist()
            box = (x + 1, y + 1, x + geometry.NODE_WIDTH - 1, y + geometry.NODE_HEIGHT - 1)
            there = {scene.ids[k] for k in geometry.nodes_in(scene.pos, scene.size, box).tolist()}
            assert there == {id}
            assert hands.canvas.rect().contains(hands.at(x, y))


def test_f2_renames_in_place(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_F2)
    assert hands.canvas.name_field is not None
    assert hands.canvas.name_field.selectedText() == "b1_l2"
    hands.type("hidden")
    hands.enter()
    assert node_named(hands.project, "hidden")
    assert hands.canvas.name_field is None
    assert hands.canvas.hasFocus()
    assert hands.undo_is_one_step(before)


def test_double_click_on_a_node_renames_and_tells(hands: Hands, qtbot) -> None:
    with qtbot.waitSignal(hands.canvas.node_activated) as told:
        hands.double_click(hands.node("b1_l2"))
    assert told.args == [node_named(hands.project, "b1_l2").id]
    assert hands.canvas.name_field is not None
    before = hands.project
    hands.type("other")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert hands.project is before


def test_a_name_that_is_taken_says_so_and_stays_open(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_F2)
    hands.type("b1_l3")
    hands.enter()
    assert hands.canvas.name_field is not None
    assert hands.canvas.name_field.property("invalid")
    assert hands.project is before
    hands.click(EMPTY)  # going elsewhere gives an impossible name up
    assert hands.canvas.name_field is None
    assert hands.project is before


def test_letters_do_nothing_while_a_name_is_typed(hands: Hands) -> None:
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_F2)
    hands.type("a.")
    assert hands.canvas.quick_add is None
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


def test_escape_lets_go_of_the_selection(hands: Hands) -> None:
    hands.click(hands.node("b1_l2"))
    hands.key(Qt.Key.Key_Escape)
    assert hands.session.selection == frozenset()


def test_right_click_selects_and_asks_for_the_menu(hands: Hands, qtbot) -> None:
    from PySide6.QtGui import QContextMenuEvent

    point = hands.node("b2_l2")
    with qtbot.waitSignal(hands.canvas.menu_requested):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, hands.canvas.mapToGlobal(point))
        QApplication.sendEvent(hands.canvas, event)
    assert hands.session.selection == {node_named(hands.project, "b2_l2").id}


def test_tidy_is_asked_for(hands: Hands, qtbot) -> None:
    with qtbot.waitSignal(hands.canvas.tidy_requested):
        QTest.mouseClick(hands.canvas.zoom_bar.tidy, Qt.MouseButton.LeftButton)
    QTest.mouseClick(hands.canvas.zoom_bar.into, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))


def test_the_edge_is_seen_through_a_layer_that_is_held_over_it(hands: Hands) -> None:
    middle, beside = hands.on_edge("measurements", "b1_l1", 0.5), hands.on_edge("measurements", "b1_l1", 0.4)
    hands.hover_layer("Dropout", middle)
    assert hands.canvas.grab().toImage().pixelColor(beside).name().upper() == theme.current().accent
    hands.canvas.cancel_gesture()
    assert hands.canvas.grab().toImage().pixelColor(beside).name().upper() != theme.current().accent


@pytest.mark.parametrize("end", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_F2, Qt.Key.Key_C])
def test_a_field_over_the_drawing_leaves_the_selection_when_it_goes(hands: Hands, key: Qt.Key, end: Qt.Key) -> None:
    """Qt looks for the next widget when it hides the one with the focus, which walked to the next layer."""
    wanted = node_named(hands.project, "b1_l1").id
    hands.session.set_selection([wanted])
    hands.key(key)
    hands.type("b2_l3" if key is Qt.Key.Key_C else "relu")
    hands.key_into(end)
    QApplication.processEvents()
    assert hands.canvas.hasFocus()
    if end is Qt.Key.Key_Return:
        hands.session.undo()
    assert hands.session.chosen == {wanted}
