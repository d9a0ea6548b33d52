"""Bypassed nodes: the graph as it means, the rule, and what tail and problems say of it."""

from __future__ import annotations

from hypothesis import given

from studio.core import edits, rules
from studio.core.bypass import without_bypassed
from studio.core.project import Graph, PortRef, Project
from studio.core.tail import tail
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id
from tests.support.soundness import assert_sound
from tests.support.strategies import projects

RESIDUAL = """
image:Input(shape=(4,)) -> one:Dense(units=4) -> two:Dense(units=4) -> sum:Add -> probs:Dense(units=2) -> y:Output
image -> sum
"""


def bypassed(text: str, *names: str) -> tuple[Project, Graph]:
    project = graph(text)
    project = edits.set_bypassed(project, [node_id(project, name) for name in names], True)
    return project, without_bypassed(project, CATALOG, project.main).graph


def wiring(drawn: Graph) -> set[tuple[str, str, int]]:
    return {(drawn.nodes[e.source.node].name, drawn.nodes[e.target.node].name, e.rank) for e in drawn.edges.values()}


def test_a_chain_goes_on_without_them() -> None:
    _, drawn = bypassed(RESIDUAL, "one", "two")
    assert wiring(drawn) == {("image", "sum", 0), ("image", "sum", 1), ("sum", "probs", 0), ("probs", "y", 0)}


def test_a_merge_hands_on_its_first_tensor() -> None:
    _, drawn = bypassed(RESIDUAL, "sum")
    assert wiring(drawn) == {("image", "one", 0), ("one", "two", 0), ("two", "probs", 0), ("probs", "y", 0)}


def test_who_stood_where() -> None:
    project, _ = bypassed(RESIDUAL, "one", "two")
    before = without_bypassed(project, CATALOG, project.main).before
    assert {project.main.nodes[key].name: [node.name for node in found] for key, found in before.items()} == {
        "sum": ["one", "two"]
    }


def test_without_bypassed_nodes_it_is_the_graph_itself() -> None:
    project = graph(RESIDUAL)
    assert without_bypassed(project, CATALOG, project.main).graph is project.main
    project, drawn = bypassed(RESIDUAL, "one")
    assert without_bypassed(project, CATALOG, project.main).graph is drawn


def test_what_takes_nothing_hands_on_nothing() -> None:
    _, drawn = bypassed("a:Dense -> b:Dense -> y:Output", "a")
    assert wiring(drawn) == {("b", "y", 0)}


def test_only_the_first_output_is_handed_on() -> None:
    project = graph("x:Input(shape=(3, 2)) -> rnn:LSTM(units=4, return_state=True) -> y:Output")
    rnn, y = node_id(project, "rnn"), node_id(project, "y")
    state = edits.add_node(project, "Output", name="state")
    new = node_id(state, "state")
    port = CATALOG.ports("LSTM", state.main.nodes[rnn].params)[1][1].name
    state = edits.connect(state, CATALOG, PortRef(rnn, port), PortRef(new, "inputs"))
    drawn = without_bypassed(state, CATALOG, edits.set_bypassed(state, [rnn], True).main).graph
    assert wiring(drawn) == {("x", "y", 0)}
    assert y in drawn.nodes


def test_a_shared_layer_lives_on_in_its_other_uses() -> None:
    project = graph("a:Input(shape=(4,)) -> b:Dense(units=4) -> y:Output")
    origin = node_id(project, "b")
    project = edits.share(project, origin, 0, 0)
    drawn = without_bypassed(project, CATALOG, edits.set_bypassed(project, [origin], True).main).graph
    (use,) = [node for node in drawn.nodes.values() if node.type == "Dense"]
    assert use.shares is None


def test_ends_of_a_network_cannot_be_bypassed() -> None:
    project = graph(RESIDUAL)
    for name in ("image", "y"):
        key = node_id(project, name)
        why = rules.why_not_bypass(project, key)
        assert why is not None
        assert name in why.message
        assert edits.set_bypassed(project, [key], True) is project
    assert rules.why_not_bypass(project, node_id(project, "sum")) is None
    assert rules.why_not_bypass(project, "n99") is not None


def test_the_end_of_the_network_is_the_layer_before() -> None:
    project, _ = bypassed(
        "x:Input(shape=(4,)) -> a:Dense(units=3, activation='softmax') -> b:Dense(units=2) -> y:Output", "b"
    )
    found = tail(project, node_id(project, "y"))
    assert (found.activation, found.width) == ("softmax", 3)


def test_its_own_values_are_no_problem_while_it_is_bypassed() -> None:
    project, _ = bypassed("x:Input(shape=(4,)) -> a:Dense(units=-3) -> y:Output", "a")
    assert not [problem for problem in rules.problems(project, CATALOG) if problem.code == "parameter"]


@given(projects)
def test_every_graph_has_a_sound_meaning(project: Project) -> None:
    for key, drawn in project.graphs().items():
        passed = without_bypassed(project, CATALOG, drawn).graph
        assert not any(node.is_bypassed for node in passed.nodes.values())
        if key == "main":
            ends = {id for id, node in passed.nodes.items() if node.type in ("Input", "Output")}
            assert ends == {id for id, node in drawn.nodes.items() if node.type in ("Input", "Output")}
            ranks: dict[PortRef, list[int]] = {}
            for edge in passed.edges.values():
                assert edge.source.node in passed.nodes
                assert edge.target.node in passed.nodes
                ranks.setdefault(edge.target, []).append(edge.rank)
            assert all(sorted(found) == [*range(len(found))] for found in ranks.values())
        assert_sound(project)
