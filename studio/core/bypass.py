"""Bypassed nodes: a graph as it is without them, each handing on the first tensor that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from studio.core.edits.rebuild import without_gaps
from studio.core.ports import Catalog, ports_of
from studio.core.problem import Problem
from studio.core.project import INPUT, MAIN, OUTPUT, Edge, Graph, Node, PortRef, Project
from studio.core.remember import Remembered
from studio.core.topology import edges_into, id_key
from studio.immutable import immutable


@immutable
class Passed:
    """A graph without its bypassed nodes; ``before`` tells which of them stood before a node that takes from them."""

    graph: Graph
    before: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)


def why_not_bypass(project: Project, node_id: str, *, graph: str = MAIN) -> Problem | None:
    """Why a node cannot be bypassed, or None."""
    node = project.graph(graph).nodes.get(node_id)
    if node is None:
        return Problem("no_node", "The layer is no longer there.")
    if node.type in (INPUT, OUTPUT):
        message = f"{node.name} is where the network {'begins' if node.type == INPUT else 'ends'}; bypass a layer."
        return Problem("no_bypass", message, node=node_id)
    return None


def without_bypassed(project: Project, catalog: Catalog, graph: Graph) -> Passed:
    """``graph`` as it means: the graph itself where nothing is bypassed."""
    if not any(node.is_bypassed for node in graph.nodes.values()):
        return Passed(graph)
    return _passed.get(catalog, _new_memory).get(graph, lambda graph: _pass(project, catalog, graph))


_passed: Remembered[Catalog, Remembered[Graph, Passed]] = Remembered(4)


def _new_memory(_: Catalog) -> Remembered[Graph, Passed]:
    return Remembered(256)


def _pass(project: Project, catalog: Catalog, graph: Graph) -> Passed:
    nodes = {key: node for key, node in graph.nodes.items() if not node.is_bypassed}
    heirs: dict[str, str] = {}
    for key, node in nodes.items():
        if node.shares is not None and node.shares not in nodes:
            heir = heirs.setdefault(node.shares, key)
            nodes[key] = replace(node, shares=None if heir == key else heir)
    edges: dict[str, Edge] = {}
    before: dict[str, list[Node]] = {}
    for key, edge in graph.edges.items():
        if edge.target.node not in nodes:
            continue
        source, passed = _source(project, catalog, graph, edge.source)
        for node in passed:
            if node not in before.setdefault(edge.target.node, []):
                before[edge.target.node].append(node)
        if source is not None:
            edges[key] = edge if source == edge.source else replace(edge, source=source)
    without_gaps(edges, {edge.target for edge in edges.values()})
    order = {key: tuple(sorted(found, key=lambda node: id_key(node.id))) for key, found in before.items()}
    return Passed(Graph(nodes, edges), order)


def _source(project: Project, catalog: Catalog, graph: Graph, source: PortRef) -> tuple[PortRef | None, list[Node]]:
    """Where a tensor comes from once bypassed nodes hand on their first one, and the nodes that did; None: nowhere."""
    passed: list[Node] = []
    while (node := graph.nodes.get(source.node)) is not None and node.is_bypassed:
        if node in passed:
            return None, passed  # a circle of bypassed nodes
        passed.append(node)
        inputs, outputs = ports_of(project, catalog, node)
        arriving = edges_into(graph, node.id, inputs[0].name) if inputs else []
        if not arriving or not outputs or outputs[0].name != source.port:
            return None, passed
        source = min(arriving, key=lambda edge: (edge.rank, id_key(edge.id))).source
    return source, passed
