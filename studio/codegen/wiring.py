"""What every node of one graph takes: its input ports with the tensors that arrive there.

This is the one reading of the edges on which both the exported text and shape inference stand. Remembered by identity:
after an edit of one node all others are found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import is_
from typing import TypeAlias

from studio.catalog.spec import Port
from studio.codegen.expressions import Catalog
from studio.core.ports import Ports, is_layer, is_operation, ports_of
from studio.core.project import Block, Edge, Graph, Node, Project
from studio.core.remember import Remembered
from studio.core.topology import id_key, order

Tensor: TypeAlias = tuple[str, int]
"""Node id and number of the output port."""

Inputs: TypeAlias = tuple[tuple[Port, tuple[Tensor, ...]], ...]


@dataclass(frozen=True, slots=True)
class Wired:
    """A node with what it takes. Ports without an edge have no tensors; ``lost`` counts edges that lead nowhere."""

    node: Node
    inputs: Inputs
    outputs: tuple[Port, ...]
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


@dataclass(frozen=True, slots=True)
class _Last:
    """All nodes of a graph as they were wired last, and what that depended on besides the edges."""

    catalog: Catalog
    blocks: Mapping[str, Block]
    nodes: Mapping[str, Node]
    ports: Mapping[str, Ports]
    wired: Mapping[str, Wired]

    def changed(self, project: Project, catalog: Catalog, graph: Graph) -> list[str] | None:
        """The nodes that must be wired again, or None where it is all of them: some ports may be others now."""
        nodes = graph.nodes
        if self.catalog is not catalog or self.blocks is not project.blocks or list(self.nodes) != list(nodes):
            return None
        changed = [key for key, node in nodes.items() if self.nodes[key] is not node]
        has_other_ports = any(ports_of(project, catalog, nodes[key]) != self.ports[key] for key in changed)
        return None if has_other_ports else changed


_last: Remembered[Mapping[str, Edge], list[_Last]] = Remembered(64)
_incoming: Remembered[Mapping[str, Edge], dict[str, tuple[Edge, ...]]] = Remembered(64)
_orders: Remembered[Mapping[str, Edge], list[tuple[str, ...]]] = Remembered(64)
_memories: Remembered[Node, _Memory] = Remembered(50_000)


def incoming_edges(graph: Graph) -> Mapping[str, tuple[Edge, ...]]:
    """The edges into each node, by rank. Changes of nodes alone keep it."""
    return _incoming.get(graph.edges, _collect)


def _collect(edges: Mapping[str, Edge]) -> dict[str, tuple[Edge, ...]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges.values():
        found.setdefault(edge.target.node, []).append(edge)
    for group in found.values():
        if len(group) > 1:
            group.sort(key=lambda edge: (edge.rank, id_key(edge.id)))
    return {node: tuple(group) for node, group in found.items()}


def order_of(graph: Graph) -> tuple[str, ...]:
    """``core.topology.order``, remembered by the edges: a change of parameters keeps it."""
    memory = _orders.get(graph.edges, lambda _: [])
    if not memory or len(memory[0]) != len(graph.nodes) or not graph.nodes.keys() >= set(memory[0]):
        memory[:] = [order(graph)]
    return memory[0]


def read_edges(project: Project, catalog: Catalog, graph: Graph) -> dict[str, Wired]:
    """Every node of ``graph`` by id, in the order of the graph."""
    incoming = incoming_edges(graph)
    memory = _last.get(graph.edges, lambda _: [])
    last = memory[0] if memory else None
    changed = last.changed(project, catalog, graph) if last is not None else None
    if last is None or changed is None:
        ports: Mapping[str, Ports] = {key: ports_of(project, catalog, node) for key, node in graph.nodes.items()}
        found = _read_all(graph.nodes, graph.nodes, ports, incoming)
    else:
        ports = last.ports
        found = {**last.wired, **_read_all(changed, graph.nodes, ports, incoming)}
    memory[:] = [_Last(catalog, project.blocks, graph.nodes, ports, found)]
    return found


def _read_all(
    keys: Iterable[str], nodes: Mapping[str, Node], ports: Mapping[str, Ports], incoming: Mapping[str, tuple[Edge, ...]]
) -> dict[str, Wired]:
    found = {}
    for key in keys:
        node = nodes[key]
        edges = incoming.get(key, ())
        sources = tuple([ports[edge.source.node][1] if edge.source.node in ports else None for edge in edges])
        memory = _memories.get(node, _new_memory)
        wired = memory.get(ports[key], edges, sources)
        if wired is None:
            wired = _read_node(node, ports[key], edges, sources)
            memory.ports, memory.edges, memory.sources, memory.wired = ports[key], edges, sources, wired
        found[key] = wired
    return found


def origin_of(graph: Graph, node: Node) -> Node:
    """The node whose layer ``node`` calls: itself, unless it shares the layer of another node of its type."""
    if node.shares is None:
        return node
    found = node
    seen = {node.id}
    while found.shares is not None and found.shares in graph.nodes and found.shares not in seen:
        seen.add(found.shares)
        found = graph.nodes[found.shares]
    if found.is_bypassed:  # the first of those that share its layer makes it instead
        found = next((each for each in graph.nodes.values() if each.shares == found.id and not each.is_bypassed), node)
    return found if found.type == node.type and is_layer(node) and not is_operation(node) else node


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
    return Wired(node, tuple(inputs), ports[1], lost)
