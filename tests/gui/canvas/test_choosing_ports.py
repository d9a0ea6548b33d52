"""Which port an edge goes to, where a drop on the body of a layer leaves it open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from studio.core.project import Project
from tests.gui.canvas.drawing import edge_between, node_named, put
from tests.gui.canvas.hands import ALT, Hands


def attention() -> Project:
    """Two layers, and one below that needs two inputs and may have more."""
    project = put(put(Project(), "Dense", "a", 0, 0, units=4), "Dense", "b", 300, 0, units=4)
    return put(project, "MultiHeadAttention", "attention", 150, 200, num_heads=2, key_dim=4)


def offered(hands: Hands) -> list[str]:
    assert hands.canvas.quick_add is not None
    return [found.key for found in hands.canvas.quick_add.found]


def test_a_drop_on_the_body_asks_where_several_ports_are_as_good(hands_on) -> None:
    hands = hands_on(attention())
    before = hands.project
    hands.drag(hands.output("a"), hands.node("attention"))
    assert hands.project is before
    assert offered(hands) == ["query", "value"]
    hands.key_into(Qt.Key.Key_Down)
    hands.enter()
    assert edge_between(hands.project, "a", "attention").target.port == "value"
    hands.drag(hands.output("b"), hands.node("attention"))
    assert hands.canvas.quick_add is None, "only one is free that needs an edge"
    assert edge_between(hands.project, "b", "attention").target.port == "query"
    hands.session.undo()
    assert hands.undo_is_one_step(before)


def test_with_alt_a_drop_on_the_body_asks_for_every_port(hands_on) -> None:
    hands = hands_on(attention())
    hands.press(hands.output("a"), ALT)
    hands.move(hands.node("attention", 3))
    hands.release(hands.node("attention"), ALT)
    assert {"query", "value", "key"} < set(offered(hands))
    hands.type("key")
    hands.enter()
    assert edge_between(hands.project, "a", "attention").target.port == "key"


@pytest.mark.parametrize("how", ["Esc", "focus"])
def test_the_question_for_a_port_can_be_given_up(hands_on, how: str) -> None:
    hands = hands_on(attention())
    before = hands.project
    hands.drag(hands.output("a"), hands.node("attention"))
    if how == "Esc":
        hands.key_into(Qt.Key.Key_Escape)
    else:
        hands.canvas.setFocus()
    assert hands.canvas.quick_add is None
    assert hands.project is before


def test_connecting_by_keys_asks_for_the_port_too(hands_on) -> None:
    hands = hands_on(attention())
    hands.session.set_selection([node_named(hands.project, "a").id])
    hands.key(Qt.Key.Key_C)
    hands.type("attention")
    hands.enter()
    assert offered(hands) == ["query", "value"]
    hands.type("val")
    hands.enter()
    assert edge_between(hands.project, "a", "attention").target.port == "value"


def test_an_edge_drawn_from_an_input_asks_for_the_output(hands_on) -> None:
    project = put(Project(), "LSTM", "lstm", 0, 0, units=4, return_state=True)
    hands = hands_on(put(project, "Dense", "dense", 0, 200, units=4))
    hands.drag(hands.input("dense"), hands.node("lstm"))
    assert len(offered(hands)) == 3
    hands.key_into(Qt.Key.Key_Down)
    hands.enter()
    edge = edge_between(hands.project, "lstm", "dense")
    assert edge is not None
    assert edge.source.port != "output"
