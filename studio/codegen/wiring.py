"""What every node of one graph takes: its input ports with the tensors that arrive there.

This is the one reading of the edges on which both the exported text and shape inference stand. Remembered by identity:
after an edit only those nodes are read again which it changed, whose edges it changed, or whose sources have other
ports now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, TypeAlias

from studio.catalog.spec import Port
from studio.core.ports import Ports, is_layer, is_operation, ports_of
from studio.core.project import BLOCK, Block, Edge, Graph, Node, Project
from studio.core.remember import Remembered
from studio.core.topology import id_key, order

if TYPE_CHECKING:
    from studio.codegen.expressions import Catalog

Tensor: TypeAlias = tuple[str, int]
"""Node id and number of the output port."""

Inputs: TypeAlias = tuple[tuple[Port, tuple[Tensor, ...]], ...]


@dataclass(frozen=True, slots=True)
class Wired:
    """A node with what it takes. Ports without an edge have no tensors; ``lost`` counts edges that lead nowhere.

    ``tensors`` are those of all ports, in order.
    """

    node: Node
    inputs: Inputs
    outputs: tuple[Port, ...]
    tensors: tuple[Tensor, ...]
    lost: int = 0

    @property
    def missing(self) -> tuple[str, ...]:
        """The ports that need an edge and have none."""
        return tuple([port.name for port, tensors in self.inputs if not tensors and not port.is_optional])


Sources: TypeAlias = tuple["tuple[Port, ...] | None", ...]
"""The output ports of the node where each edge starts; None where there is no such node."""


class _Memory:
    """The last answer about a node, and what it depended on."""

    __slots__ = ("edges", "ports", "sources", "wired")

    def __init__(self) -> None:
        self.ports: Ports | None = None
        self.edges: tuple[Edge, ...] = ()
        self.sources: Sources = ()
        self.wired: Wired | None = None

    def get(self, ports: Ports, edges: tuple[Edge, ...], sources: Sources) -> Wired | None:
        """The answer, if all of it is still true."""
        is_same = (
            self.ports is ports
            and self.edges == edges
            and len(self.sources) == len(sources)
            and all(map(is_, self.sources, sources))
        )
        return self.wired if is_same else None


Incoming: TypeAlias = Mapping[str, tuple[Edge, ...]]


@dataclass(frozen=True, slots=True)
class _Last:
    """All nodes of a graph as they were wired last, and what that depended on."""

    catalog: Catalog
    blocks: Mapping[str, Block]
    graph: Graph
    ports: Mapping[str, Ports]
    incoming: Incoming
    wired: Mapping[str, Wired]


_MOST_GRAPHS = 64

_last: dict[str, _Last] = {}
"""By the key of the graph. Another project has other nodes and edges, so it is read anew."""

_orders: Remembered[Mapping[str, Edge], list[tuple[str, ...]]] = Remembered(64)
_memories: Remembered[Node, _Memory] = Remembered(50_000)


def order_of(graph: Graph) -> tuple[str, ...]:
    """``core.topology.order``, remembered by the edges: a change of parameters keeps it."""
    memory = _orders.get(graph.edges, lambda _: [])
    if not memory or len(memory[0]) != len(graph.nodes) or not graph.nodes.keys() >= set(memory[0]):
        memory[:] = [order(graph)]
    return memory[0]


def read_edges(project: Project, catalog: Catalog, graph: Graph, key: str) -> Mapping[str, Wired]:
    """Every node of ``graph`` by id, in the order of the graph; ``key`` is that of the graph in the project."""
    last = _last.get(key)
    if last is None or last.catalog is not catalog or last.blocks is not project.blocks:
        last = _Last(catalog, project.blocks, Graph(), {}, {}, {})
    if last.graph is graph:
        return last.wired
    before, nodes = last.graph, graph.nodes
    unread: set[str] = set()
    if nodes is not before.nodes:
        unread.update([id for id, node in nodes.items() if before.nodes.get(id) is not node])
    ports, others = _ports(project, catalog, last, graph, unread)
    incoming = last.incoming
    if graph.edges is not before.edges:
        incoming, targets = _incoming(last, graph.edges)
        unread |= targets
    if others:
        unread.update([edge.target.node for edge in graph.edges.values() if edge.source.node in others])
    fresh = {id: _read(nodes[id], ports, incoming.get(id, ())) for id in unread if id in nodes}
    known = last.wired
    is_same = not fresh and (nodes is before.nodes or list(nodes) == list(before.nodes))
    wired = known if is_same else {id: fresh[id] if id in fresh else known[id] for id in nodes}
    if len(_last) >= _MOST_GRAPHS:
        _last.clear()
    _last[key] = _Last(catalog, project.blocks, graph, ports, incoming, wired)
    return wired


def _ports(
    project: Project, catalog: Catalog, last: _Last, graph: Graph, unread: set[str]
) -> tuple[Mapping[str, Ports], set[str]]:
    """The ports of all nodes, and the nodes whose ports are others now (or that are new, or gone)."""
    others: set[str] = set()
    found: dict[str, Ports] = {}
    for id in unread:
        ports = ports_of(project, catalog, graph.nodes[id])
        if last.ports.get(id) != ports:
            found[id] = ports
            others.add(id)
    gone = last.graph.nodes.keys() - graph.nodes.keys() if graph.nodes is not last.graph.nodes else ()
    if not gone:
        return ({**last.ports, **found} if found else last.ports), others
    kept = {id: ports for id, ports in last.ports.items() if id not in gone}
    return {**kept, **found}, others.union(gone)


def _incoming(last: _Last, edges: Mapping[str, Edge]) -> tuple[Incoming, set[str]]:
    """The edges into each node, by rank, and the nodes for which they are others now."""
    before = last.graph.edges
    come = [edge for id, edge in edges.items() if before.get(id) is not edge]
    gone = [edge for id, edge in before.items() if edges.get(id) is not edge]
    groups: dict[str, list[Edge]] = {}
    for edge in gone:
        target = edge.target.node
        if target not in groups:
            groups[target] = [each for each in last.incoming[target] if edges.get(each.id) is each]
    for edge in come:
        target = edge.target.node
        if target not in groups:
            groups[target] = list(last.incoming.get(target, ()))
        groups[target].append(edge)
    for group in groups.values():
        if len(group) > 1:
            group.sort(key=lambda edge: (edge.rank, id_key(edge.id)))
    return {**last.incoming, **{target: tuple(group) for target, group in groups.items()}}, set(groups)


def _read(node: Node, ports: Mapping[str, Ports], edges: tuple[Edge, ...]) -> Wired:
    sources = tuple([ports[edge.source.node][1] if edge.source.node in ports else None for edge in edges])
    memory = _memories.get(node, _new_memory)
    own = ports[node.id]
    wired = memory.get(own, edges, sources)
    if wired is None:
        wired = _read_node(node, own, edges, sources)
        memory.ports, memory.edges, memory.sources, memory.wired = own, edges, sources, wired
    return wired


def origin_of(graph: Graph, node: Node) -> Node:
    """The node whose layer (or block) ``node`` calls: itself, unless it shares that of another node of its type."""
    if node.shares is None:
        return node
    found = node
    seen = {node.id}
    while found.shares is not None and found.shares in graph.nodes and found.shares not in seen:
        seen.add(found.shares)
        found = graph.nodes[found.shares]
    if found.is_bypassed:  # the first of those that share its layer makes it instead
        found = next((each for each in graph.nodes.values() if each.shares == found.id and not each.is_bypassed), node)
    is_same = found.type == node.type and found.block == node.block
    return found if is_same and (is_layer(node) or node.type == BLOCK) and not is_operation(node) else node


def _new_memory(node: Node) -> _Memory:
    return _Memory()


def _read_node(
    node: Node,
    ports: Ports,
    edges: tuple[Edge, ...],
    sources: Sources,
) -> Wired:
    arriving: dict[str, list[Tensor]] = {port.name: [] for port in ports[0]}
    lost = 0
    for edge, source in zip(edges, sources, strict=True):
        number = next((place for place, port in enumerate(source or ()) if port.name == edge.source.port), None)
        if number is None or edge.target.port not in arriving:
            lost += 1
        else:
            arriving[edge.target.port].append((edge.source.node, number))
    inputs = []
    for port in ports[0]:
        tensors = arriving[port.name]
        if not port.takes_many and len(tensors) > 1:
            lost += len(tensors) - 1
            tensors = tensors[:1]
        inputs.append((port, tuple(tensors)))
    taken = tuple([tensor for _, tensors in inputs for tensor in tensors])
    return Wired(node, tuple(inputs), ports[1], taken, lost)
