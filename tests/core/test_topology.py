"""Order, reachability and parts of a graph."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from studio.core import topology
from studio.core.project import Edge, Graph, Node, PortRef, Project
from tests.support.graphs import graph, node_id
from tests.support.strategies import Step, perform, projects, sequences


def drawn(*edges: str, count: int = 0) -> Graph:
    """A graph of edges like "1-2" between nodes n1, n2, ..."""
    pairs = [edge.split("-") for edge in edges]
    numbers = sorted({int(end) for pair in pairs for end in pair} | set(range(1, count + 1)))
    nodes = {f"n{number}": Node(f"n{number}", "Add", f"a{number}") for number in numbers}
    found = [Edge(f"e{100 + place}", PortRef(f"n{a}", "output"), PortRef(f"n{b}", "inputs"), place)
             for place, (a, b) in enumerate(pairs)]  # fmt: skip
    return Graph(nodes, {edge.id: edge for edge in found})


def test_ties_are_broken_by_the_number_of_the_id() -> None:
    assert topology.order(drawn("10-1", "2-1", "9-1")) == ("n2", "n9", "n10", "n1")


def test_nodes_that_wait_for_a_circle_come_last() -> None:
    assert topology.order(drawn("1-2", "2-3", "3-2", "3-4", "5-6")) == ("n1", "n5", "n6", "n2", "n3", "n4")


def test_circles_are_found_one_by_one() -> None:
    assert topology.cycles(drawn("1-2", "2-3", "3-2", "3-4", "5-5", "6-7")) == (
        frozenset({"n2", "n3"}),
        frozenset({"n5"}),
    )
    assert topology.cycles(drawn("1-2", "2-3", "1-3")) == ()


def test_what_leads_where() -> None:
    found = drawn("1-2", "2-3", "4-3", count=5)
    assert topology.ancestors(found, "n3") == {"n1", "n2", "n4"}
    assert topology.descendants(found, "n1") == {"n2", "n3"}
    assert topology.leading_to(found, ["n2"]) == {"n1", "n2"}


def test_parts_of_a_drawing() -> None:
    found = drawn("1-2", "3-4", "2-5", count=6)
    assert [sorted(part) for part in topology.components(found)] == [["n1", "n2", "n5"], ["n3", "n4"], ["n6"]]


def test_what_is_a_chain() -> None:
    assert topology.is_chain(graph("x:Input -> a:Dense -> y:Output").main)
    assert not topology.is_chain(graph("x:Input -> a:Dense & b:Dense").main)
    assert not topology.is_chain(graph("x:Input; a:Dense").main)
    assert not topology.is_chain(Graph())
    assert not topology.is_chain(drawn("1-2", "2-1", count=3))


def test_edges_of_a_port_stand_in_the_order_of_their_ranks() -> None:
    project = graph("x:Input -> a:Dense; x & a -> m:Concatenate")
    found = topology.edges_into(project.main, node_id(project, "m"), "inputs")
    assert [edge.source.node for edge in found] == [node_id(project, "x"), node_id(project, "a")]
    assert topology.edges_from(project.main, node_id(project, "m")) == ()


@given(projects, sequences)
def test_the_neighbours_after_every_edit_are_those_found_anew(project: Project, performed: list[Step]) -> None:
    topology.adjacency(project.main)
    for step in performed:
        project = perform(project, step)
        nodes, edges = project.main.nodes, project.main.edges
        anew = topology.adjacency(Graph(nodes, {key: replace(edge) for key, edge in edges.items()}))
        assert topology.adjacency(project.main) == anew
