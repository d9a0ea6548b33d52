"""Repairs of nodes and edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studio.core import edits
from studio.core.edits.rebuild import with_graph
from studio.core.fixes.case import Case, Fix
from studio.core.naming import names_in, unused
from studio.core.ports import Catalog, input_port, output_port, ports_of
from studio.core.project import INPUT, MAIN, OUTPUT, Edge, PortRef, Project
from studio.core.topology import cycles, edges_from, edges_into, order

GAP_PX = 96.0
"""From the top of a node to the top of one that a fix puts below it: a card and some air."""


def delete(case: Case) -> Iterator[Fix]:
    """Take the node out."""
    key, node = case.key, case.id
    yield Fix(f"Delete {case.name}", lambda project: edits.delete(project, case.catalog, [node], graph=key))


def add_output(case: Case) -> Iterator[Fix]:
    """Put an Output behind the node, or take the node out."""
    yield Fix(f"Add an Output after {case.name}", lambda project: _with_output(project, case, case.id))
    yield from delete(case)


def add_last_output(case: Case) -> Iterator[Fix]:
    """Put an Output behind the last layer."""
    ends = [node for node in order(case.graph) if not edges_from(case.graph, node)
            and ports_of(case.project, case.catalog, case.graph.nodes[node])[1]]  # fmt: skip
    if ends:
        name = case.graph.nodes[ends[-1]].name
        yield Fix(f"Add an Output after {name}", lambda project: _with_output(project, case, ends[-1]))
    else:
        yield Fix("Add an Output", lambda project: edits.add_node(project, OUTPUT, graph=case.key))


def _with_output(project: Project, case: Case, node: str) -> Project:
    above = project.graph(case.key).nodes.get(node)
    if above is None:
        return project
    outputs = ports_of(project, case.catalog, above)[1]
    if not outputs:
        return project
    is_down = project.direction == "down"
    x, y = (above.x, above.y + GAP_PX) if is_down else (above.x + 2 * GAP_PX, above.y)
    target = PortRef(f"n{project.next_id}", "inputs")
    project = edits.add_node(project, OUTPUT, x=x, y=y, graph=case.key)
    return edits.connect(project, case.catalog, PortRef(node, outputs[0].name), target, graph=case.key)


def add_input(case: Case) -> Iterator[Fix]:
    """Put an Input on the canvas."""
    yield Fix("Add an Input", lambda project: edits.add_node(project, INPUT, graph=case.key))


def cut(case: Case) -> Iterator[Fix]:
    """Cut the edge."""
    if case.problem.edge:
        edge = case.problem.edge
        yield Fix("Cut the edge", lambda project: edits.disconnect(project, [edge], graph=case.key))


def cut_surplus(case: Case) -> Iterator[Fix]:
    """Cut all edges but those that the port takes."""
    at_port: dict[str, list[Edge]] = {}
    for edge in edges_into(case.graph, case.id):
        at_port.setdefault(edge.target.port, []).append(edge)
    surplus: list[str] = []
    for found in at_port.values():
        port = input_port(case.project, case.catalog, case.graph, found[0].target)
        most = port.most if port is not None and port.takes_many else 1
        if most is not None:
            surplus += [edge.id for edge in found[most:]]
    yield Fix("Cut the others", lambda project: edits.disconnect(project, surplus, graph=case.key))


def cut_circle(case: Case) -> Iterator[Fix]:
    """Cut the youngest edge of the circle."""
    circle = next((circle for circle in cycles(case.graph) if case.id in circle), frozenset[str]())
    inside = [edge for edge in case.graph.edges.values() if {edge.source.node, edge.target.node} <= circle]
    if inside:
        edge = inside[-1]
        names = case.graph.nodes[edge.source.node].name, case.graph.nodes[edge.target.node].name
        label = f"Cut the edge from {names[0]} to {names[1]}"
        yield Fix(label, lambda project: edits.disconnect(project, [edge.id], graph=case.key))


def rename(case: Case) -> Iterator[Fix]:
    """Give the node a name that is free and valid."""
    taken = names_in(case.graph)
    wanted = "".join(letter if letter.isalnum() else "_" for letter in case.name.strip()).strip("_")[:60] or "layer"
    name = unused(wanted if wanted != case.name else f"{wanted}_1", taken) if wanted in taken else wanted
    yield Fix(f"Rename to {name}", lambda project: edits.rename(project, case.id, name, graph=case.key))


def unshare(case: Case) -> Iterator[Fix]:
    """Take the node out of a sharing that has lost its origin."""

    def unshare(project: Project) -> Project:
        graph = project.graph(case.key)
        nodes = {**graph.nodes, case.id: replace(graph.nodes[case.id], shares=None)}
        return with_graph(project, case.key, nodes=nodes)

    yield Fix(f"Give {case.name} weights of its own", unshare)


def flatten(case: Case) -> Iterator[Fix]:
    """Put a Flatten before the node."""
    edges = edges_into(case.graph, case.id)
    if edges and output_port(case.project, case.catalog, case.graph, edges[0].source) is not None:
        yield Fix("Insert Flatten", lambda project: insert_new(project, case.catalog, "Flatten", edges[0].id, case.key))


def insert_new(project: Project, catalog: Catalog, type: str, edge_id: str, graph: str = MAIN) -> Project:
    """Put a new layer of this type on an edge, half way between its ends."""
    drawn = project.graph(graph)
    edge = drawn.edges.get(edge_id)
    if edge is None:
        return project
    one, other = drawn.nodes[edge.source.node], drawn.nodes[edge.target.node]
    node = f"n{project.next_id}"
    bigger = edits.add_node(
        project,
        type,
        x=(one.x + other.x) / 2,
        y=(one.y + other.y) / 2,
        params=catalog.initial_params(type),
        graph=graph,
    )
    inserted = edits.insert_on_edge(bigger, catalog, node, edge_id, graph=graph)
    return project if inserted is bigger else inserted
