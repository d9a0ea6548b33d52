"""What follows from the edges of one graph: order, cycles, reachability. The only file that imports networkx.

networkx is imported where it is used: it takes longer to load than the window may take to open, and the questions that
an edit or a mouse move asks are answered without it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from studio.core.project import Edge, Graph, Node
from studio.core.remember import Remembered
from studio.immutable import immutable

if TYPE_CHECKING:
    import networkx as nx


@immutable
class Adjacency:
    """The edges of a graph by the node where they end and by the node where they start.

    Incoming edges of one port stand in the order of their ranks. Edges to or from nodes that do not exist are left out.
    """

    incoming: Mapping[str, tuple[Edge, ...]]
    outgoing: Mapping[str, tuple[Edge, ...]]

    def __len__(self) -> int:
        return sum(map(len, self.incoming.values()))


_adjacencies: Remembered[Mapping[str, Edge], list[tuple[Mapping[str, Node], Adjacency]]] = Remembered(64)
"""By the edges, with the nodes that there were: a change of a node alone keeps it."""
_latest: dict[str, tuple[Graph, Adjacency]] = {}
"""The last answers by the first edge, which tells the graphs of a project from each other: the next is made of them."""
_MOST_LATEST = 64
_orders: Remembered[Graph, tuple[str, ...]] = Remembered(64)
_circles: Remembered[Adjacency, tuple[frozenset[str], ...]] = Remembered(64)


@lru_cache(maxsize=65_536)
def id_key(identifier: str) -> tuple[int, str]:
    """Sorts ids by their number, so that "n2" comes before "n10"."""
    digits = identifier[1:]
    return (int(digits) if digits.isdecimal() and digits.isascii() else 1 << 62, identifier)


def adjacency(graph: Graph) -> Adjacency:
    """The edges of ``graph`` by their ends, remembered for the graphs that were asked for last."""
    memory = _adjacencies.get(graph.edges, lambda _: [])
    if memory and memory[0][0] is graph.nodes:  # asked for once a node: comparing 10,000 keys each time is felt
        return memory[0][1]
    known = memory[0][1] if memory and memory[0][0].keys() == graph.nodes.keys() else _adjacency(graph)
    memory[:] = [(graph.nodes, known)]
    return known


def _adjacency(graph: Graph) -> Adjacency:
    place = next(iter(graph.edges), "")
    last = _latest.get(place)
    found = _after_edit(graph, *last) if last is not None else None
    if found is None:
        found = _adjacency_anew(graph)
    if len(_latest) >= _MOST_LATEST:
        _latest.clear()
    _latest[place] = (graph, found)
    return found


def _after_edit(graph: Graph, before: Graph, known: Adjacency) -> Adjacency | None:
    """The same as anew, from that of the graph before; None where too much is another or edges lead nowhere."""
    edges, nodes = graph.edges, graph.nodes
    come = [edge for id, edge in edges.items() if before.edges.get(id) is not edge]
    gone = [edge for id, edge in before.edges.items() if edges.get(id) is not edge]
    if 4 * (len(come) + len(gone)) > len(edges) or len(known) != len(before.edges):
        return None
    if any(edge.source.node not in nodes or edge.target.node not in nodes for edge in come):
        return None
    incoming, outgoing = {**known.incoming}, {**known.outgoing}
    places = {id: place for place, id in enumerate(edges)}
    for target in {edge.target.node for edge in (*come, *gone)}:
        kept = [edge for edge in incoming.pop(target, ()) if edges.get(edge.id) is edge]
        kept += [edge for edge in come if edge.target.node == target]
        if kept:
            incoming[target] = tuple(sorted(kept, key=lambda edge: (edge.rank, id_key(edge.id))))
    for source in {edge.source.node for edge in (*come, *gone)}:
        kept = [edge for edge in outgoing.pop(source, ()) if edges.get(edge.id) is edge]
        kept += [edge for edge in come if edge.source.node == source]
        if kept:
            outgoing[source] = tuple(sorted(kept, key=lambda edge: places[edge.id]))
    if any(node in incoming or node in outgoing for node in before.nodes.keys() - nodes.keys()):
        return None
    return Adjacency(incoming, outgoing)


_rank = attrgetter("rank")


def _adjacency_anew(graph: Graph) -> Adjacency:
    incoming: defaultdict[str, list[Edge]] = defaultdict(list)
    outgoing: defaultdict[str, list[Edge]] = defaultdict(list)
    nodes = graph.nodes
    for edge in graph.edges.values():
        source, target = edge.source.node, edge.target.node
        if source in nodes and target in nodes:
            incoming[target].append(edge)
            outgoing[source].append(edge)
    for edges in incoming.values():
        if len(edges) > 1:
            has_equal = len({edge.rank for edge in edges}) < len(edges)
            edges.sort(key=(lambda edge: (edge.rank, id_key(edge.id))) if has_equal else _rank)
    return Adjacency(*[dict(zip(found, map(tuple, found.values()), strict=True)) for found in (incoming, outgoing)])


def edges_into(graph: Graph, node: str, port: str | None = None) -> tuple[Edge, ...]:
    """The edges that end at ``node`` (or at one of its ports), in the order of their ranks."""
    edges = adjacency(graph).incoming.get(node, ())
    return edges if port is None else tuple(edge for edge in edges if edge.target.port == port)


def edges_from(graph: Graph, node: str, port: str | None = None) -> tuple[Edge, ...]:
    """The edges that start at ``node`` (or at one of its ports)."""
    edges = adjacency(graph).outgoing.get(node, ())
    return edges if port is None else tuple(edge for edge in edges if edge.source.port == port)


def order(graph: Graph) -> tuple[str, ...]:
    """All node ids, each after the nodes that it takes; ties by id number, nodes that wait for a cycle last."""
    return _orders.get(graph, _order)


def _order(graph: Graph) -> tuple[str, ...]:
    edges = adjacency(graph)
    waiting = {node: len(edges.incoming.get(node, ())) for node in graph.nodes}
    ready = [id_key(node) for node, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    done: list[str] = []
    while ready:
        node = heapq.heappop(ready)[1]
        done.append(node)
        for edge in edges.outgoing.get(node, ()):
            waiting[edge.target.node] -= 1
            if waiting[edge.target.node] == 0:
                heapq.heappush(ready, id_key(edge.target.node))
    if len(done) < len(graph.nodes):
        done += sorted(set(graph.nodes).difference(done), key=id_key)
    return tuple(done)


def reaches(graph: Graph, start: str, end: str, *, without_edge: str | None = None) -> bool:
    """Whether a path leads from ``start`` to ``end``; a node reaches itself. ``without_edge`` is not walked."""
    outgoing = adjacency(graph).outgoing
    seen = {start}
    stack = [start]
    while stack:
        node = stack.pop()
        if node == end:
            return True
        for edge in outgoing.get(node, ()):
            following = edge.target.node
            if following not in seen and edge.id != without_edge:
                seen.add(following)
                stack.append(following)
    return False


def ancestors(graph: Graph, node: str) -> frozenset[str]:
    """The nodes from which a path leads to ``node``, without the node itself (unless it is on a cycle)."""
    return _spread([node], _before(graph))


def descendants(graph: Graph, node: str) -> frozenset[str]:
    """The nodes to which a path leads from ``node``, without the node itself (unless it is on a cycle)."""
    outgoing = adjacency(graph).outgoing
    return _spread([node], lambda key: [edge.target.node for edge in outgoing.get(key, ())])


def leading_to(graph: Graph, nodes: Iterable[str]) -> frozenset[str]:
    """``nodes`` and everything from which a path leads to one of them."""
    nodes = list(nodes)
    return _spread(nodes, _before(graph)) | set(nodes)


def _before(graph: Graph) -> Callable[[str], list[str]]:
    """Gives the nodes from which an edge leads to one: looked up as they are reached, for a graph may be large."""
    incoming = adjacency(graph).incoming
    return lambda key: [edge.source.node for edge in incoming.get(key, ())]


def _spread(starts: Iterable[str], beside: Callable[[str], list[str]]) -> frozenset[str]:
    seen: set[str] = set()
    stack = list(starts)
    while stack:
        for following in beside(stack.pop()):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return frozenset(seen)


def is_chain(graph: Graph) -> bool:
    """Whether the nodes form one line: each takes one tensor and gives one on (what keras.Sequential can say)."""
    edges = adjacency(graph)
    nodes = len(graph.nodes)
    if nodes == 0 or len(graph.edges) != nodes - 1 or len(components(graph)) != 1:
        return False
    return all(len(found) == 1 for side in (edges.incoming, edges.outgoing) for found in side.values())


def components(graph: Graph) -> tuple[frozenset[str], ...]:
    """The parts of the drawing that no edge joins, the one with the lowest id first."""
    import networkx as nx

    found = [frozenset(part) for part in nx.weakly_connected_components(to_networkx(graph))]
    return tuple(sorted(found, key=lambda part: min(map(id_key, part))))


def cycles(graph: Graph) -> tuple[frozenset[str], ...]:
    """The sets of nodes that wait for each other. Empty, and found without networkx, for a sound drawing."""
    return _circles.get(adjacency(graph), lambda _: _cycles(graph))


def _cycles(graph: Graph) -> tuple[frozenset[str], ...]:
    edges = adjacency(graph)
    waiting = {node: len(found) for node, found in edges.incoming.items()}
    stack = [node for node in graph.nodes if node not in waiting]
    while stack:
        for edge in edges.outgoing.get(stack.pop(), ()):
            waiting[edge.target.node] -= 1
            if waiting[edge.target.node] == 0:
                stack.append(edge.target.node)
    if not any(waiting.values()):
        return ()
    import networkx as nx

    drawn = to_networkx(graph)
    found = [
        frozenset(part)
        for part in nx.strongly_connected_components(drawn)
        if len(part) > 1 or drawn.has_edge(*(next(iter(part)),) * 2)
    ]
    return tuple(sorted(found, key=lambda part: min(map(id_key, part))))


def to_networkx(graph: Graph) -> nx.MultiDiGraph[Any]:
    """The graph for networkx: nodes and edges by id, with the ``Node`` and ``Edge`` as attribute "value"."""
    import networkx as nx

    drawn = nx.MultiDiGraph()
    drawn.add_nodes_from((node.id, {"value": node}) for node in graph.nodes.values())
    outgoing = adjacency(graph).outgoing
    for node in graph.nodes:
        edges = outgoing.get(node, ())
        drawn.add_edges_from((edge.source.node, edge.target.node, edge.id, {"value": edge}) for edge in edges)
    return drawn
