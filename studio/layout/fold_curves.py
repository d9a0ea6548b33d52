"""The curves of a drawing that is folded as a U: from side to side of nodes, around those that stand between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from studio.layout.arrangement import Point
from studio.layout.parts import Rectangle

Cubic = tuple[Point, Point, Point, Point]

_SAMPLES: Final = 24
_BRACKETS_PX: Final = (24.0, 48.0)
"""How far a curve bows that leaves and arrives at the same side."""
_BOW: Final = 0.75
"""A cubic reaches so much of the way to its handles."""


def curve(
    source: Rectangle, target: Rectangle, others: Sequence[Rectangle], *, is_corner: bool, is_level: bool
) -> Cubic:
    """A cubic that leaves and arrives at sides which face each other, or at others where that keeps clear of nodes.

    ``is_corner``: into the bottom row or out of it; ``is_level``: from one side of the U to the other, or along its
    bottom.
    """
    best: tuple[int, Cubic] | None = None
    for found in _candidates(source, target, is_corner=is_corner, is_level=is_level):
        hits = _hits(found, others)
        if not hits:
            return found
        if best is None or hits < best[0]:
            best = hits, found
    assert best is not None
    return best[1]


def _candidates(source: Rectangle, target: Rectangle, *, is_corner: bool, is_level: bool) -> Iterator[Cubic]:
    across = max(target[0] - source[2], source[0] - target[2])
    down = max(target[1] - source[3], source[1] - target[3])
    if is_corner and across >= 0:
        is_up = target[3] < source[1]
        yield _aside_first(source, target) if is_up else _aside_last(source, target)
    elif not is_level or across < 0 <= down:
        yield _upright(source, target)
    else:
        yield _level(source, target)
    if across >= 0 and down >= 0:
        yield _aside_last(source, target)
        yield _aside_first(source, target)
    if down >= 0:
        for room in _BRACKETS_PX:
            yield _bracket(source, target, 1.0, room)
            yield _bracket(source, target, -1.0, room)


def _upright(source: Rectangle, target: Rectangle) -> Cubic:
    """From the lower side to the upper one, or the other way round."""
    start, end = _end(source, target), _end(target, source)
    half = (start[1] + end[1]) / 2
    return start, (start[0], half), (end[0], half), end


def _level(source: Rectangle, target: Rectangle) -> Cubic:
    """From the right side to the left one, or the other way round."""
    start, end = _flank(source, target), _flank(target, source)
    half = (start[0] + end[0]) / 2
    return start, (half, start[1]), (half, end[1]), end


def _aside_last(source: Rectangle, target: Rectangle) -> Cubic:
    """Down (or up) and then aside."""
    start, end = _end(source, target), _flank(target, source)
    return start, (start[0], end[1]), (start[0], end[1]), end


def _aside_first(source: Rectangle, target: Rectangle) -> Cubic:
    """Aside and then up (or down)."""
    start, end = _flank(source, target), _end(target, source)
    return start, (end[0], start[1]), (end[0], start[1]), end


def _bracket(source: Rectangle, target: Rectangle, way: float, room: float) -> Cubic:
    """From the right sides of both nodes, or from the left ones, around what stands between them."""
    side = 2 if way > 0 else 0
    start, end = (source[side], _middle(source)[1]), (target[side], _middle(target)[1])
    outer = max(way * start[0], way * end[0]) * way + way * room / _BOW
    return start, (outer, start[1]), (outer, end[1]), end


def _end(rectangle: Rectangle, other: Rectangle) -> Point:
    """The middle of the upper or lower side, whichever faces the other node."""
    x, y = _middle(rectangle)
    return x, rectangle[3] if _middle(other)[1] >= y else rectangle[1]


def _flank(rectangle: Rectangle, other: Rectangle) -> Point:
    """The middle of the left or right side, whichever faces the other node."""
    x, y = _middle(rectangle)
    return rectangle[2] if _middle(other)[0] >= x else rectangle[0], y


def _middle(rectangle: Rectangle) -> Point:
    return (rectangle[0] + rectangle[2]) / 2, (rectangle[1] + rectangle[3]) / 2


def _hits(found: Cubic, others: Sequence[Rectangle]) -> int:
    """How many of the others the curve runs through."""
    points = [_at(found, step / _SAMPLES) for step in range(_SAMPLES + 1)]
    return sum(any(each[0] < x < each[2] and each[1] < y < each[3] for x, y in points) for each in others)


def _at(found: Cubic, t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return (
        sum(weight * x for weight, (x, _) in zip(weights, found, strict=True)),
        sum(weight * y for weight, (_, y) in zip(weights, found, strict=True)),
    )
