"""Why an edge may not be drawn, told in one sentence."""

from __future__ import annotations

import pytest

from studio.core import edits, rules
from studio.core.project import PortRef
from tests.support.catalog import CATALOG
from tests.support.graphs import edge_id, graph, node_id

DRAWING = """x:Input -> a:Dense -> b:Dense -> y:Output
x -> l:LSTM(return_state=True); m:MultiHeadAttention; s:Subtract; u:Magic; d:Dropout"""


@pytest.mark.parametrize(
    ("source", "target", "code", "words"),
    [
        ("b.output", "a.inputs", "cycle", "a already leads to b"),
        ("a.output", "a.inputs", "self", "a cannot take its own output"),
        ("y.inputs", "a.inputs", "no_port", "y is an Output: edges end here"),
        ("a.output", "x.output", "no_port", "x is an Input: edges start here"),
        ("a.inputs", "b.inputs", "direction", "inputs is an input of a"),
        ("a.output", "b.output", "direction", "output is an output of b"),
        ("l.state_x", "a.inputs", "no_port", "has no output called state_x; it has output, state_h, state_c"),
        ("a.output", "m.nowhere", "no_port", "m has no input called nowhere; it has query, value, key"),
        ("a.output", "b.inputs", "connected", "a already feeds b"),
        ("a.output", "u.inputs", "no_port", "u is a Magic, which this Keras does not know"),
    ],
)
def test_an_edge_that_cannot_be_says_why(source: str, target: str, code: str, words: str) -> None:
    project = graph(DRAWING)

    def ref(text: str) -> PortRef:
        name, port = text.split(".")
        return PortRef(node_id(project, name), port)

    problem = rules.why_not_connect(project, CATALOG, ref(source), ref(target))
    assert problem is not None
    assert problem.code == code
    assert words in problem.message
    assert edits.connect(project, CATALOG, ref(source), ref(target)) is project


def test_an_edge_to_an_occupied_port_may_be_drawn() -> None:
    project = graph(DRAWING)
    x, b = (node_id(project, name) for name in "xb")
    assert rules.why_not_connect(project, CATALOG, PortRef(x, "output"), PortRef(b, "inputs")) is None


def test_a_merge_of_two_takes_no_third() -> None:
    project = graph(DRAWING + "; a & b -> s")
    x, s = node_id(project, "x"), node_id(project, "s")
    problem = rules.why_not_connect(project, CATALOG, PortRef(x, "output"), PortRef(s, "inputs"))
    assert problem is not None
    assert problem.message == "s takes 2 layers and has them; cut one of its edges first."
    moved = edge_id(project, "a", "s")
    ends = PortRef(x, "output"), PortRef(s, "inputs")
    assert rules.why_not_connect(project, CATALOG, *ends, ignoring_edge=moved) is None


def test_the_edge_being_redrawn_closes_no_circle() -> None:
    project = graph("x:Input -> a:Add -> b:Dense; y:Output")
    a, b = node_id(project, "a"), node_id(project, "b")
    ends = PortRef(b, "output"), PortRef(a, "inputs")
    assert rules.why_not_connect(project, CATALOG, *ends) is not None
    assert rules.why_not_connect(project, CATALOG, *ends, ignoring_edge=edge_id(project, "a", "b")) is None


@pytest.mark.parametrize(
    ("name", "edge", "code"),
    [
        ("d", ("a", "b"), None),
        ("a", ("a", "b"), "self"),
        ("y", ("a", "b"), "no_port"),
        ("x", ("a", "b"), "no_port"),
        ("l", ("a", "b"), "taken"),
        ("u", ("a", "b"), "no_port"),
    ],
)
def test_what_can_be_put_on_an_edge(name: str, edge: tuple[str, str], code: str | None) -> None:
    project = graph(DRAWING)
    problem = rules.why_not_insert(project, CATALOG, node_id(project, name), edge_id(project, *edge))
    assert (problem.code if problem else None) == code


def test_renaming_says_why_not() -> None:
    project = graph(DRAWING)
    taken = rules.why_not_rename(project, node_id(project, "a"), "b")
    assert taken is not None
    assert taken.message == "There is already a layer called b; another name would be b_1."
    assert rules.why_not_rename(project, node_id(project, "a"), "a") is None
