"""What is wrong with single nodes, found again where neither they nor what they depend on has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import MAIN, Edge, Node, Project
from studio.core.remember import Remembered
from studio.core.rules.parameters import parameter_problems
from studio.core.rules.structure import is_alone, node_problems
from studio.core.topology import Adjacency, adjacency
from studio.immutable import immutable

MOST_GRAPHS = 256
"""Graphs whose last nodes are remembered; all are forgotten when there are more."""

Found = tuple[tuple[Problem, ...], tuple[Problem, ...]]
"""What the place of a node in the drawing tells, and what its parameters tell."""


@immutable
class _Looked:
    """How a graph was when it was looked at last, by identity, and what was found.

    ``found`` has the nodes with problems only. ``dependent`` are those that depend on more than what is compared.
    """

    nodes: Mapping[str, Node]
    edges: Adjacency
    parameters: object
    found: Mapping[str, Found]
    dependent: frozenset[str]


_of_catalog: Remembered[Catalog, dict[str, _Looked]] = Remembered(4)
"""The last look at each graph, by its key. A look never changes, for the window asks from more than one thread."""


def problems_by_node(project: Project, catalog: Catalog, key: str) -> Iterator[Found]:
    """What is wrong with each node of a graph, in the order of the nodes, without those that are sound."""
    known = _of_catalog.get(catalog, lambda _: {})
    looked = _look(project, catalog, key, known.get(key))
    if len(known) >= MOST_GRAPHS:
        known.clear()
    known[key] = looked
    found = looked.found
    return (found[node] for node in looked.nodes if node in found)


def _look(project: Project, catalog: Catalog, key: str, last: _Looked | None) -> _Looked:
    graph = project.graph(key)
    edges = adjacency(graph)
    parameters = None if key == MAIN else project.blocks[key].parameters
    if last is None or last.parameters is not parameters:
        changed, kept, dependent = set(graph.nodes), {}, frozenset[str]()
    else:
        changed = _changed(last, graph.nodes, edges)
        kept = {node: found for node, found in last.found.items() if node in graph.nodes and node not in changed}
        dependent = last.dependent - changed
    dependent |= {node for node in changed if not is_alone(catalog, graph.nodes[node])}
    for node in changed:
        value = graph.nodes[node]
        of_drawing = tuple(node_problems(project, catalog, value, key))
        of_values = tuple(parameter_problems(project, catalog, value, key))
        if of_drawing or of_values:
            kept[node] = (of_drawing, of_values)
    return _Looked(graph.nodes, edges, parameters, kept, dependent)


def _changed(last: _Looked, nodes: Mapping[str, Node], edges: Adjacency) -> set[str]:
    """The nodes about which there may be something else to say."""
    before = last.nodes
    changed = set() if nodes is before else {key for key, node in nodes.items() if before.get(key) is not node}
    # What merges one node only is told with the name of that node.
    changed |= {edge.target.node for key in changed for edge in edges.outgoing.get(key, ())}
    if edges is not last.edges:
        changed |= _others(last.edges.incoming, edges.incoming) | _others(last.edges.outgoing, edges.outgoing)
    return (changed | last.dependent) & nodes.keys()


def _others(before: Mapping[str, tuple[Edge, ...]], now: Mapping[str, tuple[Edge, ...]]) -> set[str]:
    return {key for key, edges in now.items() if before.get(key) != edges} | (before.keys() - now.keys())
