"""What every node of one graph takes: its input ports with the tensors that arrive there.

This is the one reading of the edges on which both the exported text and shape inference stand. After an edit only
those nodes are read again which it changed, whose edges it changed, or whose sources have other ports now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from studio.catalog.spec import Port
from studio.core.ports import Ports, is_layer, is_operation, ports_of
from studio.core.project import BLOCK, Block, Edge, Graph, Node, Project
from studio.core.remember import Remembered
from studio.core.topology import adjacency, order
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.codegen.expressions import Catalog

Tensor: TypeAlias = tuple[str, int]
"""Node id and number of the output port."""

Inputs: TypeAlias = tuple[tuple[Port, tuple[Tensor, ...]], ...]


@immutable
class Wired:
    """A node with what it takes: ``tensors`` are those of all ports, in order. Ports without an edge have none."""

    node: Node
    inputs: Inputs
    outputs: tuple[Port, ...]
    tensors: tuple[Tensor, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The ports that need an edge and have none."""
        return tuple([port.name for port, tensors in self.inputs if not tensors and not port.is_optional])


@immutable
class _Last:
    """All nodes of a graph as they were wired last, and what that depended on."""

    catalog: Catalog
    blocks: Mapping[str, Block]
    graph: Graph
    ports: Mapping[str, Ports]
    incoming: Mapping[str, tuple[Edge, ...]]
    wired: Mapping[str, Wired]


_MOST_GRAPHS = 64
_MOST_LAST = 4

_last: dict[str, tuple[_Last, ...]] = {}
"""By the key of the graph, the latest first: undo comes back to a graph that was there before. Another project has
other nodes and edges, so it is read anew."""

_orders: Remembered[Mapping[str, Edge], list[tuple[str, ...]]] = Remembered(64)


def order_of(graph: Graph) -> tuple[str, ...]:
    """``core.topology.order``, remembered by the edges: a change of parameters keeps it."""
    memory = _orders.get(graph.edges, lambda _: [])
    if not memory or len(memory[0]) != len(graph.nodes) or not graph.nodes.keys() >= set(memory[0]):
        memory[:] = [order(graph)]
    return memory[0]


def read_edges(project: Project, catalog: Catalog, graph: Graph, key: str) -> Mapping[str, Wired]:
    """Every node of ``graph`` by id, in the order of the graph; ``key`` is that of the graph in the project."""
    latest = [each for each in _last.get(key, ()) if each.catalog is catalog]
    for each in latest:
        if each.graph is graph and each.blocks is project.blocks:
            return each.wired
    last = latest[0] if latest else _Last(catalog, project.blocks, Graph(), {}, {}, {})
    before, nodes = last.graph, graph.nodes
    unread: set[str] = set()
    if nodes is not before.nodes:
        unread.update([id for id, node in nodes.items() if before.nodes.get(id) is not node])
    asked = unread
    if last.blocks is not project.blocks:
        asked = unread.union([id for id, node in nodes.items() if node.type == BLOCK])
    ports, others = _ports(project, catalog, last, graph, asked)
    unread |= others
    incoming = adjacency(graph).incoming
    if not unread.issuperset(nodes):
        if incoming is not last.incoming:
            unread.update([id for id in nodes if incoming.get(id) is not last.incoming.get(id)])
        if others:
            unread.update([edge.target.node for edge in graph.edges.values() if edge.source.node in others])
    fresh = {id: _read(nodes[id], ports, incoming.get(id, ())) for id in unread if id in nodes}
    known = last.wired
    is_same = not fresh and (nodes is before.nodes or list(nodes) == list(before.nodes))
    wired = known if is_same else {id: fresh[id] if id in fresh else known[id] for id in nodes}
    if len(_last) >= _MOST_GRAPHS:
        _last.clear()
    _last[key] = (_Last(catalog, project.blocks, graph, ports, incoming, wired), *latest[: _MOST_LAST - 1])
    return wired


def _ports(
    project: Project, catalog: Catalog, last: _Last, graph: Graph, asked: set[str]
) -> tuple[Mapping[str, Ports], set[str]]:
    """The ports of all nodes, and the nodes whose ports are others now (or that are new, or gone)."""
    others: set[str] = set()
    found: dict[str, Ports] = {}
    for id in asked:
        ports = ports_of(project, catalog, graph.nodes[id])
        if last.ports.get(id) != ports:
            found[id] = ports
            others.add(id)
    gone = last.graph.nodes.keys() - graph.nodes.keys() if graph.nodes is not last.graph.nodes else ()
    if not gone:
        return ({**last.ports, **found} if found else last.ports), others
    kept = {id: ports for id, ports in last.ports.items() if id not in gone}
    return {**kept, **found}, others.union(gone)


def _read(node: Node, ports: Mapping[str, Ports], edges: tuple[Edge, ...]) -> Wired:
    taken, given = ports[node.id]
    if len(taken) == 1:
        tensors = _arriving(taken[0], edges, ports)
        return Wired(node, ((taken[0], tensors),), given, tensors)
    inputs = tuple([(port, _arriving(port, edges, ports)) for port in taken])
    return Wired(node, inputs, given, tuple([tensor for _, tensors in inputs for tensor in tensors]))


def _arriving(port: Port, edges: tuple[Edge, ...], ports: Mapping[str, Ports]) -> tuple[Tensor, ...]:
    """The tensors that arrive at one port of a node; ``edges`` end at any of them."""
    found = []
    for edge in edges:
        if edge.target.port == port.name:
            start = edge.source
            given = ports[start.node][1]
            if given and given[0].name == start.port:  # nearly all layers give one tensor
                found.append((start.node, 0))
            else:
                found += [(start.node, place) for place, own in enumerate(given) if own.name == start.port][:1]
    return tuple(found if port.takes_many else found[:1])


def first_of_steps(graph: Graph, use: Node) -> Node:
    """The first of the uses of one model that apply it to every time step, ``use`` among them: these call one layer.

    Uses that take all at once may share the model.
    """
    origin = origin_of(graph, use)
    if origin.is_time_distributed:
        return origin
    others = (
        each for each in graph.nodes.values()
        if each.is_time_distributed and not each.is_bypassed and origin_of(graph, each) is origin
    )  # fmt: skip
    return next(others, use)


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
