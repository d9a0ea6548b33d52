"""Parts of a drawing that no edge joins: finding them, and standing them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from studio.layout.arrangement import Gaps, Point, up_to_grid
from studio.layout.flow import Ends

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Part:
    """One arranged part: top left corners of its nodes, way-points of its edges, by their numbers."""

    corners: dict[int, Point]
    routes: dict[int, tuple[Point, ...]]
    crossings: int = 0

    def moved(self, dx: float, dy: float) -> Part:
        """The part elsewhere."""
        return Part(
            {node: (x + dx, y + dy) for node, (x, y) in self.corners.items()},
            {edge: tuple((x + dx, y + dy) for x, y in route) for edge, route in self.routes.items()},
            self.crossings,
        )

    def rectangles(self, sizes: Sequence[tuple[float, float]]) -> list[Rectangle]:
        """What the part covers: its nodes and the lanes of its edges."""
        covered = [(x, y, x + sizes[node][0], y + sizes[node][1]) for node, (x, y) in self.corners.items()]
        for route in self.routes.values():
            for (x, y), (u, v) in pairwise(route):
                covered.append((min(x, u), min(y, v), max(x, u), max(y, v)))
            if len(route) == 1:
                covered.append((*route[0], *route[0]))
        return covered


def parts_of(count: int, edges: Iterable[Ends]) -> list[list[int]]:
    """The nodes of each part in ascending order, the part with the lowest node first."""
    joined: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        joined[source].append(target)
        joined[target].append(source)
    parts: list[list[int]] = []
    seen = [False] * count
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for node in part:  # grows while it is read
            for other in joined[node]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return parts


def around(rectangles: Iterable[Rectangle]) -> Rectangle:
    """The rectangle around all of them."""
    lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def side_by_side(parts: Sequence[Part], sizes: Sequence[tuple[float, float]], gaps: Gaps) -> list[Part]:
    """The parts from left to right, tops in line; single nodes come last, in a block about as wide as high."""
    placed = []
    x = 0.0
    single = [part for part in parts if len(part.corners) == 1]
    for part in parts:
        if len(part.corners) > 1:
            left, top, right, _ = around(part.rectangles(sizes))
            placed.append(part.moved(up_to_grid(x - left), -top))
            x = up_to_grid(up_to_grid(x - left) + right + gaps.parts)
    tallest = max((around(part.rectangles(sizes))[3] for part in placed), default=0.0)
    if single:
        nodes = [next(iter(part.corners)) for part in single]
        pitch_x = up_to_grid(max(sizes[node][0] for node in nodes) + gaps.sideways)
        pitch_y = up_to_grid(max(sizes[node][1] for node in nodes) + gaps.ranks)
        per_column = max(ceil(sqrt(len(nodes) * pitch_x / pitch_y)), int(tallest // pitch_y))
        for number, node in enumerate(nodes):
            at = x + number // per_column * pitch_x, number % per_column * pitch_y
            placed.append(Part({node: at}, {}))
    return placed


def pushed_clear(
    part: Part, obstacles: Sequence[Rectangle], sizes: Sequence[tuple[float, float]], margin: float
) -> Part:
    """The part where it is, or as far to the right or to the left as it takes to be clear of the obstacles.

    Whichever way is shorter; to the right if both are as long.
    """
    covered = part.rectangles(sizes)
    right = _clear_step(covered, obstacles, margin)
    left = _clear_step(_mirrored(covered), _mirrored(obstacles), margin)
    step = right if right <= left else -left
    return part.moved(step, 0.0) if step else part


def _mirrored(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    return [(-right, top, -left, bottom) for left, top, right, bottom in rectangles]


def _clear_step(covered: Sequence[Rectangle], obstacles: Sequence[Rectangle], margin: float) -> float:
    """How far to the right until nothing is closer than ``margin`` to an obstacle, on the grid.

    Each pair of rectangles at the same height forbids an open interval of steps; the answer is the first step from
    zero on that no interval holds.
    """
    forbidden = []
    for left, top, right, bottom in covered:
        for there_left, there_top, there_right, there_bottom in obstacles:
            if top < there_bottom + margin and bottom > there_top - margin:
                start, end = there_left - margin - right, there_right + margin - left
                if end > 0:
                    forbidden.append((start, end))
    step = 0.0
    for start, end in sorted(forbidden):
        if start < step < end or (step == start and step == 0 and end > 0 and start < 0):
            step = up_to_grid(end)
    return step
