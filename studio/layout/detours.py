"""The way of one edge around nodes that stay where they are.

Where some nodes are tidied alone, edges lead from them to the others, which nobody arranged for it. The room between
two heights at which a node begins or ends is a slab; in a slab nodes leave free intervals. An edge runs straight down
through slabs, and moves aside in one within a free interval: the cheapest such way is found from slab to slab. As all
routes it has its way-points where it enters and leaves a lane.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from studio.layout.arrangement import Point
from studio.layout.parts import Rectangle

Lane = tuple[float, float, float]
"""Where an edge runs straight down: x, and from which y to which."""

MOST_CELLS = 60_000
"""Slabs times lanes that are looked at for one edge, some 50 ms."""
_MARGINS_PX = (24.0, 16.0, 6.0, 1.0)
"""Room between a lane and the nodes beside it; less where two nodes are closer to each other."""
_LOWEST_PX = 12.0
"""A slab in which an edge can move aside."""
_BEND, _STEEP, _SHARED = 60.0, 12.0, 40.0
"""What costs as much as so many px aside: a bend, a slab of 1 px height per px aside, a slab in another edge's lane."""
_NEAR_LANE_PX = 10.0
_CLEAR_PX = 1.0


def detour(
    start: Point, end: Point, obstacles: Sequence[Rectangle], lanes: Sequence[Lane] = ()
) -> tuple[Point, ...] | None:
    """Way-points from the lower side of one node down to the upper side of another, clear of the obstacles and, if that
    is not far, of the ``lanes`` of other edges. None where there is no such way, or too much to look at."""
    (x, y), (u, v) = start, end
    if v <= y:
        return None
    near = [each for each in obstacles if each[1] < v and each[3] > y]
    if not any(each[0] < max(x, u) + _CLEAR_PX and each[2] > min(x, u) - _CLEAR_PX for each in near):
        return ()
    for margin in _MARGINS_PX:
        found = _Slabs(start, end, near, lanes, margin).way()
        if found is not None:
            return found
    return None


def lanes_of(path: Sequence[Point]) -> list[Lane]:
    """Where a path runs straight down."""
    return [(x, y, v) for (x, y), (u, v) in pairwise(path) if x == u and v > y]


class _Slabs:
    """The room between two nodes, slab by slab, and the lanes that lead through it."""

    def __init__(
        self, start: Point, end: Point, near: Sequence[Rectangle], lanes: Sequence[Lane], margin: float
    ) -> None:
        self.start, self.end, self.near, self.margin = start, end, near, margin
        inside = {edge for each in near for edge in (each[1], each[3]) if start[1] < edge < end[1]}
        self.levels = sorted({start[1], end[1], *inside})
        aside = {place for each in near for place in (each[0] - margin, each[2] + margin)}
        self.places = sorted({start[0], end[0], *aside})
        self.lanes = [lane for lane in lanes if lane[1] < end[1] and lane[2] > start[1]]

    def way(self) -> tuple[Point, ...] | None:
        """The cheapest way, or None."""
        if len(self.levels) * len(self.places) > MOST_CELLS:
            return None
        costs = {self.places.index(self.start[0]): 0.0}
        came: list[dict[int, int]] = []
        for top, bottom in pairwise(self.levels):
            costs, origin = self._through(top, bottom, costs)
            came.append(origin)
        at = self.places.index(self.end[0])
        if at not in costs:
            return None
        track = [at]
        for origin in reversed(came):
            track.append(origin[track[-1]])
        return self._points([self.places[at] for at in reversed(track)])

    def _points(self, track: Sequence[float]) -> tuple[Point, ...]:
        points: list[Point] = []
        for (x, u), (top, bottom) in zip(pairwise(track), pairwise(self.levels), strict=True):
            if x != u:
                points += [(x, top), (u, bottom)]
        if points and points[0][1] == self.start[1]:
            del points[0]
        if points and points[-1][1] == self.end[1]:
            del points[-1]
        return tuple(point for at, point in enumerate(points) if at == 0 or point != points[at - 1])

    def _through(
        self, top: float, bottom: float, costs: Mapping[int, float]
    ) -> tuple[dict[int, float], dict[int, int]]:
        """What it costs to leave a slab at each place, and where one entered it for that."""
        taken = sorted(
            (each[0] - self.margin, each[2] + self.margin) for each in self.near if each[1] < bottom and each[3] > top
        )
        shared = sorted(lane[0] for lane in self.lanes if lane[1] < bottom and lane[2] > top)
        leaves: dict[int, float] = {}
        origin: dict[int, int] = {}
        for first, last in self._free(taken):
            inner = range(first, last)
            for at in inner:
                if at in costs:
                    leaves[at] = costs[at] + _SHARED * self._is_shared(self.places[at], shared)
                    origin[at] = at
            if bottom - top >= _LOWEST_PX:
                per_px = 1 + _STEEP / (bottom - top)
                for order in (inner, reversed(inner)):
                    self._aside(order, costs, per_px, leaves, origin)
        return leaves, origin

    def _aside(
        self,
        order: Iterable[int],
        costs: Mapping[int, float],
        per_px: float,
        leaves: dict[int, float],
        origin: dict[int, int],
    ) -> None:
        """Take what is cheaper to reach from a place before, in one direction."""
        best, source = 0.0, -1
        before = 0.0
        for at in order:
            place = self.places[at]
            if source >= 0:
                best += abs(place - before) * per_px
                if best < leaves.get(at, best + 1):
                    leaves[at], origin[at] = best, source
            before = place
            if at in costs and (source < 0 or costs[at] + _BEND < best):
                best, source = costs[at] + _BEND, at

    def _free(self, taken: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
        """The free intervals of a slab, as the first of the places in each and the one behind the last."""
        found = []
        reached = float("-inf")
        for begin, end in [*taken, (float("inf"), float("inf"))]:
            if begin >= reached:
                first, last = bisect_left(self.places, reached), bisect_right(self.places, begin)
                if first < last:
                    found.append((first, last))
            reached = max(reached, end)
        return found

    @staticmethod
    def _is_shared(place: float, shared: Sequence[float]) -> bool:
        at = bisect_left(shared, place - _NEAR_LANE_PX)
        return at < len(shared) and shared[at] <= place + _NEAR_LANE_PX
