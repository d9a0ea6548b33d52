"""Drawing edges from port to port."""

from __future__ import annotations

import pytest
from hypothesis import given
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import PortRef, Project
from studio.core.uses import first_to
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.gestures.draw_edge import DrawEdge
from studio.protocol import Answer
from tests.gui.canvas.drawing import FakeSession, chain, edge_between, join, node_named, put, shape_answer
from tests.gui.canvas.hands import EMPTY, Hands
from tests.support.catalog import CATALOG
from tests.support.strategies import projects


def pair() -> Project:
    """Two Dense layers beside each other, with nothing between them."""
    return put(put(Project(), "Dense", "first", 0, 0, units=4), "Dense", "second", 300, 160, units=4)


def test_a_drag_from_output_to_input_connects_in_one_step(hands_on) -> None:
    hands = hands_on(pair())
    before = hands.project
    hands.drag(hands.output("first"), hands.input("second"))
    edge = edge_between(hands.project, "first", "second")
    assert edge is not None
    assert (edge.source.port, edge.target.port) == ("output", "inputs")
    assert hands.undo_is_one_step(before)


def test_a_drag_from_input_to_output_connects_too(hands_on) -> None:
    hands = hands_on(pair())
    hands.drag(hands.input("second"), hands.output("first"))
    assert edge_between(hands.project, "first", "second")


def test_a_merge_takes_many(hands: Hands) -> None:
    hands.drag(hands.output("b1_l2"), hands.input("m1_l1"))
    edges = [e for e in hands.project.main.edges.values() if e.target.node == node_named(hands.project, "m1_l1").id]
    assert sorted(edge.rank for edge in edges) == [0, 1, 2]


def test_the_reason_why_not_stands_at_the_pointer(hands: Hands) -> None:
    before = hands.project
    hands.press(hands.output("b1_l3"))
    hands.move(hands.input("b1_l1"))
    gesture = hands.canvas.gesture
    assert isinstance(gesture, DrawEdge)
    text, is_bad = gesture.told()
    assert is_bad
    assert "circle" in text
    hands.release(hands.input("b1_l1"))
    assert hands.project is before


def test_the_shape_that_would_result_stands_at_the_pointer(hands_on) -> None:
    hands = hands_on(chain("Input", "Dense", "Output"))
    hands.session.apply(lambda project: put(project, "Dense", "other", 300, 88), "Add")
    hands.press(hands.output("input"))
    hands.move(hands.input("other"))
    assert len(hands.session.tried_calls) == 1
    (call,) = hands.session.tried_calls[0]
    assert call.id == node_named(hands.project, "other").id
    assert call.inputs[0][1][0][0] == node_named(hands.project, "input").id
    hands.session.tried.emit(99, (shape_answer(None, 7),))
    gesture = hands.canvas.gesture
    assert isinstance(gesture, DrawEdge)
    assert gesture.told() == ("", False)
    hands.session.tried.emit(1, (shape_answer(None, 32),))
    assert gesture.told() == ("→ (None, 32)", False)
    hands.session.tried.emit(1, (Answer(problem="other gets a picture."),))
    assert gesture.told() == ("other gets a picture.", True)
    hands.move(hands.input("other") + QPoint(2, 0))
    assert len(hands.session.tried_calls) == 1
    hands.key(Qt.Key.Key_Escape)


def test_a_click_on_a_port_selects_its_node(hands: Hands) -> None:
    before = hands.project
    hands.click(hands.input("b1_l3"))
    assert hands.session.selection == {node_named(before, "b1_l3").id}
    hands.click(hands.output("b2_l1"))
    assert hands.session.selection == {node_named(before, "b2_l1").id}
    assert hands.project is before


def test_escape_cancels(hands_on) -> None:
    hands = hands_on(pair())
    before = hands.project
    hands.press(hands.output("first"))
    hands.move(hands.input("second"))
    hands.key(Qt.Key.Key_Escape)
    hands.release(hands.input("second"))
    assert hands.project is before
    assert hands.canvas.gesture is None


def test_a_drop_on_empty_space_searches_what_fits_and_connects_it(hands_on) -> None:
    hands = hands_on(pair())
    before = hands.project
    hands.drag(hands.output("first"), EMPTY)
    search = hands.canvas.quick_add
    assert search is not None
    assert search.field.hasFocus()
    types = {found.title for found in search.found}
    assert "Dropout" in types
    assert "Input" not in types
    hands.type("dropout")
    hands.enter()
    assert hands.project is not before
    assert edge_between(hands.project, "first", "dropout")
    assert hands.canvas.quick_add is None
    assert hands.undo_is_one_step(before)


def test_from_an_input_the_search_offers_what_has_an_output(hands_on) -> None:
    hands = hands_on(pair())
    hands.drag(hands.input("first"), EMPTY)
    assert hands.canvas.quick_add is not None
    search = hands.canvas.quick_add
    types = {found.title for found in search.found}
    assert "Input" in types
    assert "Output" not in types
    hands.type("input")
    hands.enter()
    assert edge_between(hands.project, "input", "first")


def test_escape_in_the_search_adds_nothing(hands_on) -> None:
    hands = hands_on(pair())
    before = hands.project
    hands.drag(hands.output("first"), EMPTY)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert hands.project is before
    assert hands.canvas.quick_add is None
    assert hands.canvas.hasFocus()


def test_the_view_moves_on_while_an_edge_is_held_at_the_border(hands: Hands, qtbot) -> None:
    view = hands.canvas.view
    hands.press(hands.output("b2_l3"))
    hands.move(QPoint(hands.canvas.width() - 2, 400))
    qtbot.waitUntil(lambda: hands.canvas.view.x_offset < view.x_offset - 40)
    hands.key(Qt.Key.Key_Escape)
    hands.release(EMPTY)


@pytest.mark.parametrize("is_input", [False, True])
@given(project=projects)
def test_lit_ports_are_those_that_the_rules_allow(qapp, is_input: bool, project: Project) -> None:
    """The quick set that is computed at the press agrees with the rule that is asked at the drop."""
    canvas = Canvas(FakeSession(project))
    for node in list(project.main.nodes.values())[:4]:
        for port in ports_of(project, CATALOG, node)[0 if is_input else 1]:
            anchor = PortRef(node.id, port.name)
            gesture = DrawEdge(canvas, QPoint().toPointF(), anchor, is_input=is_input)
            gesture.move(QPoint(40, 40).toPointF())
            for slot, id in enumerate(canvas.scene.ids):
                for other in ports_of(project, CATALOG, project.main.nodes[id])[1 if is_input else 0]:
                    end = PortRef(id, other.name)
                    source, target = (end, anchor) if is_input else (anchor, end)
                    allowed = rules.why_not_connect(project, CATALOG, source, target) is None
                    assert gesture.is_legal(slot, other.name, not is_input) == allowed
            gesture.cancel()
    canvas.deleteLater()


def test_a_port_that_has_this_edge_already_is_not_offered(hands_on) -> None:
    hands = hands_on(join(pair(), "first", "second"))
    before = hands.project
    hands.drag(hands.output("first"), hands.node("second"))
    assert hands.project is before


def test_connecting_inside_a_block_changes_the_block(hands_on) -> None:
    project = edits.make_block(chain("Input", "Dense", "Dense", "Output"), CATALOG, ["n2", "n3"], "pair")
    hands = hands_on(project)
    (block,) = project.blocks
    hands.session.graph_key, hands.session.use = block, first_to(project, block)
    hands.session.graph_opened.emit(block)
    inner = {node.name: node.id for node in hands.session.graph.nodes.values()}
    scene = hands.canvas.scene
    assert set(inner.values()) == set(scene.ids)
    edge = next(e for e in hands.session.graph.edges.values() if e.source.node == inner["dense"])
    hands.canvas.select_edge(edge.id)
    hands.key(Qt.Key.Key_Delete)
    assert edge.id not in hands.session.graph.edges
    assert hands.project.main is project.main


def test_inside_a_block_the_shape_that_would_result_is_that_of_the_use_that_is_looked_at(hands_on) -> None:
    project = edits.make_block(chain("Input", "Dense", "Dense", "Output"), CATALOG, ["n2", "n3"], "pair")
    (block,) = project.blocks
    (use,) = (node for node in project.main.nodes.values() if node.block == block)
    project = edits.add_node(project, "Dense", name="other", x=400, y=88, params={"units": 7}, graph=block)
    hands = hands_on(project)
    hands.session.graph_key, hands.session.use = block, first_to(project, block)
    hands.session.graph_opened.emit(block)
    scene = hands.canvas.scene
    hands.canvas.sight.fit()
    slots = {card.title: slot for slot, card in enumerate(scene.cards)}
    hands.press(hands.at(*hands.canvas.port_point(slots["dense"], "output", is_input=False)))
    hands.move(hands.at(*hands.canvas.port_point(slots["other"], "inputs", is_input=True)))
    ((call,),) = hands.session.tried_calls
    assert call.id == f"{use.id}/{scene.ids[slots['other']]}"
    assert call.inputs[0][1][0][0] == f"{use.id}/{scene.ids[slots['dense']]}"
    hands.session.tried.emit(1, (shape_answer(None, 7),))
    assert hands.canvas.gesture.told() == ("→ (None, 7)", False)
    hands.key(Qt.Key.Key_Escape)
