"""Places for what is new in a drawing that stands: where there is room, near what it is joined to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.layout.arrangement import Gaps, Reach
from studio.layout.flow import Flow
from studio.layout.rows import Order, Rows

_ROUNDS = 3
"""New nodes may hang on new nodes; three in a row find a place."""


def with_newcomers(
    flow: Flow, rows: Rows, before: Mapping[int, float], reaches: Sequence[Reach], gaps: Gaps
) -> dict[int, float]:
    """Middles of items, px: those that are known, and free places for new nodes and for the lanes of new edges.

    Nodes that are joined to nothing known, directly or over a few other new ones, get none.
    """
    room = _Room(rows, before, reaches, gaps)
    for _ in range(_ROUNDS):
        for node in flow.order:
            if node not in room.x:
                wanted = _wanted(flow, node, room.x)
                if wanted is not None:
                    room.put([node], wanted)
    for (source, target), chain in zip(flow.edges, rows.chains, strict=True):
        if chain and chain[0] not in room.x:
            if len(flow.leaving[source]) == 1 and source in room.x:
                room.put(chain, room.x[source])  # carries on a branch
            elif source in room.x or target in room.x:
                ends = [room.x[end] for end in (source, target) if end in room.x]
                room.put(chain, sum(ends) / len(ends))
    return room.x


def order_at(rows: Rows, x: Mapping[int, float]) -> Order:
    """The items of each rank by their places."""
    order: Order = [[] for _ in range(rows.height)]
    for item, rank in enumerate(rows.rank):
        order[rank].append(item)
    for row in order:
        row.sort(key=lambda item: x.get(item, 0.0))
    return order


def _wanted(flow: Flow, node: int, x: Mapping[int, float]) -> float | None:
    """In line with what the node carries on, if that is not a fork or a merge; else amid what it is joined to."""
    ends = [flow.edges[number][0] for number in flow.entering[node]]
    ends += [flow.edges[number][1] for number in flow.leaving[node]]
    known = [end for end in ends if end in x]
    for end in known:
        if len(flow.entering[end]) < 2 and len(flow.leaving[end]) < 2:
            return x[end]
    return sum(x[end] for end in known) / len(known) if known else None


class _Room:
    """What stands in each rank, and where something else fits between."""

    def __init__(self, rows: Rows, before: Mapping[int, float], reaches: Sequence[Reach], gaps: Gaps) -> None:
        self.x = dict(before)
        self._rows = rows
        self._reaches = reaches
        self._gaps = gaps
        self._standing: list[list[int]] = [[] for _ in range(rows.height)]
        for item in before:
            self._standing[rows.rank[item]].append(item)

    def put(self, items: Sequence[int], wanted: float) -> None:
        """Let these items, in ranks below each other, stand at one place that is free in all of them."""
        taken = sorted(
            (self.x[other] - self._distance(item, other), self.x[other] + self._distance(other, item))
            for item in items
            for other in self._standing[self._rows.rank[item]]
        )
        right = left = wanted
        for start, end in taken:
            if start < right < end:
                right = end
        for start, end in sorted(taken, key=lambda interval: -interval[1]):
            if start < left < end:
                left = start
        place = right if right - wanted <= wanted - left else left
        for item in items:
            self.x[item] = place
            self._standing[self._rows.rank[item]].append(item)

    def _distance(self, left: int, right: int) -> float:
        is_node = self._rows.is_node
        gap = self._gaps.sideways if is_node(left) and is_node(right) else self._gaps.lane
        gap += self._reaches[left].right if is_node(left) else 0.0
        return gap + (self._reaches[right].left if is_node(right) else 0.0)
