"""All nodes of a project in one line, so that a part that is drawn twice is the same stretch of it twice.

Each node stands after those that it takes, and right before its taker stands the deepest of what that takes, with all
that leads there. So a part with one exit is an unbroken stretch, whatever stands before and beside it, and a stretch
can become one node without closing a cycle: no path leads out of it and back.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from studio.catalog.spec import is_backbone
from studio.core.ports import Catalog, ports_of
from studio.core.project import BLOCK, INPUT, OUTPUT, Graph, Node, Project
from studio.core.topology import adjacency, cycles, id_key, order
from studio.immutable import immutable

Taken = tuple[int, str]
"""Where a tensor comes from: place in the line (-1 for nowhere) and output port."""


@immutable
class Line:
    """Nodes of all graphs, one graph after the other.

    ``labels`` tell what may stand in for what: nodes of one label differ in nothing but parameters, names and places;
    -1 is a node that stays where it is. ``last_taken`` is the last place where one output of a node is taken.
    """

    graphs: tuple[str, ...]
    nodes: tuple[Node, ...]
    labels: tuple[int, ...]
    takes: tuple[tuple[Taken, ...], ...]
    last_taken: tuple[Mapping[str, int], ...]


def line_of(project: Project, catalog: Catalog) -> Line:
    """The line of a project. Nodes on a cycle are left out."""
    graphs: list[str] = []
    nodes: list[Node] = []
    labels: list[int] = []
    takes: list[tuple[Taken, ...]] = []
    known: dict[Hashable, int] = {}
    for key, graph in project.graphs().items():
        shared = {node.shares for node in graph.nodes.values() if node.shares is not None}
        edges = adjacency(graph)
        places: dict[str, int] = {}
        for id in _in_line(graph):
            node = graph.nodes[id]
            places[id] = len(nodes)
            ports_in, ports_out = ports_of(project, catalog, node)
            at = {port.name: number for number, port in enumerate(ports_in)}
            arriving = sorted(edges.incoming.get(id, ()), key=lambda edge: (at.get(edge.target.port, -1), edge.rank))
            graphs.append(key)
            nodes.append(node)
            takes.append(tuple([(places.get(edge.source.node, -1), edge.source.port) for edge in arriving]))
            is_held = node.is_bypassed or is_backbone(node.type) or node.shares is not None or id in shared
            is_held |= node.is_time_distributed
            if node.type in (INPUT, OUTPUT) or is_held or not ports_out:
                labels.append(-1)
                continue
            label = (
                node.type, node.block, node.note, repr(node.extra), tuple([edge.target.port for edge in arriving]),
                tuple([port.name for port in ports_out]), _fixed(catalog, node),
            )  # fmt: skip
            labels.append(known.setdefault(label, len(known)))
    last: list[dict[str, int]] = [{} for _ in nodes]
    for place, taken in enumerate(takes):
        for source, port in taken:
            if source >= 0:
                last[source][port] = place
    return Line(tuple(graphs), tuple(nodes), tuple(labels), tuple(takes), tuple(last))


def _fixed(catalog: Catalog, node: Node) -> str:
    """The parameters that cannot come from a block: those of an unknown layer, and what is told to each call."""
    if node.type == BLOCK:
        return ""
    spec = catalog.layer(node.type)
    if spec is None:
        return repr(sorted(node.params.items()))
    fixed = {parameter.name for parameter in spec.parameters if parameter.is_call or parameter.kind == "code"}
    fixed |= spec.inputs_if.keys() | spec.outputs_if.keys()
    return repr([(name, node.params[name]) for name in sorted(fixed & node.params.keys())])


def _in_line(graph: Graph) -> list[str]:
    """The nodes in the order of the line."""
    stuck: frozenset[str] = frozenset().union(*cycles(graph))
    edges = adjacency(graph)
    sources = {
        id: list(
            dict.fromkeys(edge.source.node for edge in edges.incoming.get(id, ()) if edge.source.node not in stuck)
        )
        for id in graph.nodes
        if id not in stuck
    }
    depth: dict[str, int] = {}
    for id in order(graph):
        if id in sources:
            depth[id] = max([depth[source] + 1 for source in sources[id]], default=0)
    ends = [id for id in depth if not any(edge.target.node in depth for edge in edges.outgoing.get(id, ()))]
    found: dict[str, None] = {}
    for end in sorted(ends, key=lambda id: (-depth[id], id_key(id))):
        stack = [(end, False)]
        while stack:
            id, is_ready = stack.pop()
            if is_ready:
                found[id] = None
            elif id not in found:
                stack.append((id, True))
                # The last one on the stack comes first: the deepest.
                stack += [(source, False) for source in sorted(sources[id], key=depth.__getitem__)]
    return list(found)
