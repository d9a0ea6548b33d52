"""The edges of the open graph as arrays, beside those of its nodes: where they end, and the curves between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from studio.core.project import Edge, Graph, PortRef
from studio.gui.canvas.geometry import Array, Slots, curves, ends_of, routed_curve
from studio.gui.canvas.port_places import Places, offsets_of
from studio.gui.canvas.rows import taken, with_new


class EdgeRows:
    """A sequence of edges in the order of their ids; elsewhere an edge is meant by its slot, the number in it.

    ``source`` and ``target`` are slots of nodes (-1 when missing), ``ends`` (m, 4), ``bounds`` (m, 4), ``curve``
    (m, 4, 2) control points of those without way-points, ``chains`` {slot: control points} of those with. ``stamp``
    rises whenever an edge runs elsewhere.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.slot: dict[str, int] = {}
        self.source: Slots = np.zeros(0, np.intp)
        self.target: Slots = np.zeros(0, np.intp)
        self.ends: Array = np.zeros((0, 4))
        self.bounds: Array = np.zeros((0, 4))
        self.curve: Array = np.zeros((0, 4, 2))
        self.chains: dict[int, Array] = {}
        self.stamp = np.zeros(0, np.int64)
        self._edges: list[Edge] = []
        self._source_offset: Array = np.zeros((0, 2))
        self._target_offset: Array = np.zeros((0, 2))

    def __len__(self) -> int:
        return len(self._edges)

    def __getitem__(self, slot: int) -> Edge:
        return self._edges[slot]

    def chain(self, slot: int) -> Array:
        """Control points (3 k + 1, 2) of the curve of one edge."""
        found = self.chains.get(slot)
        return self.curve[slot] if found is None else found

    @property
    def loose(self) -> list[int]:
        """Slots of the edges whose nodes are not all there."""
        return np.flatnonzero((self.source < 0) | (self.target < 0)).tolist()

    # What follows

    def change_rows(self, removed: Collection[str], added: Collection[str]) -> None:
        """Take rows out and put empty ones in, keeping the order of the numbers."""
        gone = set(removed)
        ids = [id for id in self.ids if id not in gone]
        ids = with_new(ids, added)
        order = np.array([self.slot.get(id, -1) if id not in gone else -1 for id in ids], np.intp)
        self.source, self.target = taken(self.source, order), taken(self.target, order)
        self._source_offset, self._target_offset = taken(self._source_offset, order), taken(self._target_offset, order)
        self.ends, self.bounds = taken(self.ends, order), taken(self.bounds, order)
        self.curve, self.stamp = taken(self.curve, order), taken(self.stamp, order)
        self._edges = [self._edges[k] if k >= 0 else _NO_EDGE for k in order.tolist()]
        chains = self.chains
        self.chains = {at: chains[k] for at, k in enumerate(order.tolist()) if k in chains} if chains else {}
        self.ids, self.slot = ids, {id: k for k, id in enumerate(ids)}

    def renumber(self, nodes: Slots) -> None:
        """The nodes have other slots: ``nodes`` has the new one for each, and -1 at its end."""
        self.source, self.target = nodes[self.source], nodes[self.target]

    def fill(self, graph: Graph, ids: Iterable[str]) -> list[int]:
        """Take these edges from the graph. Returns their slots."""
        slots = []
        for id in ids:
            at = self.slot[id]
            self._edges[at] = graph.edges[id]
            slots.append(at)
        return slots

    def attach(
        self, slots: list[int], nodes: Mapping[str, int], places: Sequence[Places], sizes: Array, direction: str
    ) -> None:
        """Look up at which nodes and ports these edges end."""
        sources, targets = [self._edges[at].source for at in slots], [self._edges[at].target for at in slots]
        for ends, is_input in ((sources, False), (targets, True)):
            found = [nodes.get(end.node, -1) for end in ends]
            ports = [end.port for end in ends]
            offsets = offsets_of(places, sizes, direction, found, ports, is_input=is_input)
            if is_input:
                self.target[slots], self._target_offset[slots] = found, offsets
            else:
                self.source[slots], self._source_offset[slots] = found, offsets

    def place(self, slots: Slots, corners: Array, direction: str, stamp: int) -> None:
        """Compute ends, curves and bounds of these edges; ``corners`` are those of the nodes."""
        self.stamp[slots] = stamp
        source, target = (
            (self.source[slots], self._source_offset[slots]),
            (self.target[slots], self._target_offset[slots]),
        )
        ends = ends_of(corners, *source, *target)
        points = curves(ends, direction)
        self.ends[slots], self.curve[slots] = ends, points
        self.bounds[slots, :2], self.bounds[slots, 2:] = points.min(axis=1), points.max(axis=1)
        if self.chains or any(self._edges[k].route for k in slots.tolist()):
            for k in slots.tolist():
                self._route(k, direction)

    def _route(self, at: int, direction: str) -> None:
        route = self._edges[at].route
        if not route or self.ends[at, 0] < -1e8:
            self.chains.pop(at, None)
            return
        chain = self.chains[at] = routed_curve(self.ends[at].tolist(), route, direction)
        self.bounds[at, :2], self.bounds[at, 2:] = chain.min(axis=0), chain.max(axis=0)


_NO_EDGE = Edge("", PortRef("", ""), PortRef("", ""))
