"""Parts of a drawing that no edge joins: finding them, and standing them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil, sqrt
from typing import Generic, TypeVar

from studio.immutable import immutable
from studio.layout.arrangement import Gaps, Point, up_to_grid
from studio.layout.flow import Ends

K = TypeVar("K")

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@immutable
class Part(Generic[K]):
    """One arranged part: what its nodes cover, and the way of each edge from port to port, all running downwards."""

    nodes: Mapping[K, Rectangle]
    paths: Mapping[K, tuple[Point, ...]]
    crossings: int = 0

    def moved(self, dx: float, dy: float) -> Part[K]:
        """The part elsewhere."""
        return Part(
            {
                key: (left + dx, top + dy, right + dx, bottom + dy)
                for key, (left, top, right, bottom) in self.nodes.items()
            },
            {key: tuple((x + dx, y + dy) for x, y in path) for key, path in self.paths.items()},
            self.crossings,
        )

    def rectangles(self) -> list[Rectangle]:
        """What the part covers: its nodes, and what the pieces of its edges span."""
        covered = list(self.nodes.values())
        for path in self.paths.values():
            covered += [(min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in pairwise(path)]
        return covered


def path_of(source: Rectangle, route: Iterable[Point], target: Rectangle) -> tuple[Point, ...]:
    """From the middle of the lower side of one node along way-points to the middle of the upper side of another."""
    return ((source[0] + source[2]) / 2, source[3]), *route, ((target[0] + target[2]) / 2, target[1])


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


def bounds_of(rectangles: Iterable[Rectangle]) -> Rectangle:
    """The rectangle around all of them."""
    lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def side_by_side(parts: Sequence[Part[int]], gaps: Gaps) -> list[Part[int]]:
    """The parts from left to right, tops in line; single nodes come last, in a block about as wide as high."""
    placed = []
    x = tallest = 0.0
    for part in parts:
        if len(part.nodes) > 1:
            left, top, right, bottom = bounds_of(part.rectangles())
            step = up_to_grid(x - left)
            placed.append(part.moved(step, -top))
            x = up_to_grid(step + right + gaps.parts)
            tallest = max(tallest, bottom - top)
    single = [part for part in parts if len(part.nodes) == 1]
    if single:
        covered = [next(iter(part.nodes.values())) for part in single]
        pitch_x = up_to_grid(max(right - left for left, _, right, _ in covered) + gaps.sideways)
        pitch_y = up_to_grid(max(bottom - top for _, top, _, bottom in covered) + gaps.ranks)
        per_column = max(ceil(sqrt(len(single) * pitch_x / pitch_y)), int(tallest // pitch_y))
        for number, (part, (left, top, _, _)) in enumerate(zip(single, covered, strict=True)):
            column, row = divmod(number, per_column)
            placed.append(part.moved(x + column * pitch_x - left, row * pitch_y - top))
    return placed


_IN_LINE = 3
"""A part that stays in its column may go so many times as far as one that leaves it."""


def pushed_clear(
    part: Part[K],
    obstacles: Sequence[Rectangle],
    margin: float,
    *,
    may_rise: bool = False,
    worse: Callable[[float], float] = lambda step: 0.0,
) -> Part[K]:
    """The part where it is, or as far to the right or to the left as it takes to be clear of the obstacles.

    Whichever way is shorter; to the right if both are as long. With ``may_rise`` up and down are ways, too: what was
    taken out of a column finds back into its gap. ``worse`` says by how many px a way down (or up, below 0) is worse.
    """
    covered = part.rectangles()
    steps = [(step, 0.0) for step in _clear_steps(covered, obstacles, margin)]
    if may_rise:
        steps += [(0.0, step) for step in _clear_steps(_turned(covered), _turned(obstacles), margin)]
    best = min(steps, key=lambda step: abs(step[0]) + abs(step[1]) / _IN_LINE + worse(step[1]))
    return part.moved(*best) if any(best) else part


def _clear_steps(covered: Sequence[Rectangle], obstacles: Sequence[Rectangle], margin: float) -> tuple[float, float]:
    """The steps that are clear to the right and, less than zero, to the left."""
    right = _clear_step(covered, obstacles, margin)
    return right, -_clear_step(_mirrored(covered), _mirrored(obstacles), margin)


def _turned(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    return [(top, left, bottom, right) for left, top, right, bottom in rectangles]


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
        if start < step < end:
            step = up_to_grid(end)
    return step
