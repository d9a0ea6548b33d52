"""Where some nodes go that were arranged by themselves, among the others, which stay where they are.

All of it runs downwards; parts and rectangles of a drawing to the right come turned.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate
from statistics import median_low

from studio.layout.arrangement import Gaps, Point, Question, on_grid, stop_if, up_to_grid
from studio.layout.detours import detour, lanes_of
from studio.layout.parts import Part, Rectangle, bounds_of, path_of, pushed_clear

Ends = tuple[str, str]
"""Source and target of an edge between the part and the rest."""

_CLEAR_PX = 24.0
"""Room between the part and the rest."""
_UPWARD_PX = 400.0
"""An edge that would have to run upwards is as bad as standing so far away."""


def where_it_was(part: Part[str], whole: Part[str], loose: Iterable[Ends]) -> Part[str]:
    """The part moved to where its nodes are in the whole drawing: upper edges in line, on the grid.

    Sideways it comes below what its nodes stood below already (``loose`` edges lead out of it); else middles are kept.
    """
    left, top, right, _ = bounds_of(part.nodes.values())
    old_left, old_top, old_right, _ = bounds_of(whole.nodes[id] for id in part.nodes)
    steps = []
    for inner, outer in loose:
        if inner not in part.nodes:
            inner, outer = outer, inner
        if outer in whole.nodes:
            line, half = _middle(whole.nodes[outer]), (whole.nodes[inner][2] - whole.nodes[inner][0]) / 2
            if abs(_middle(whole.nodes[inner]) - line) < half:
                steps.append(line - _middle(part.nodes[inner]))
    step = median_low(steps) if steps else (old_left + old_right - left - right) / 2
    return part.moved(on_grid(step), on_grid(old_top - top))


def in_its_place(part: Part[str], rest: Part[str], loose: Collection[Ends], gaps: Gaps) -> Part[str]:
    """The part clear of the rest, its rows below what leads to them and above what they lead to as far as can be."""
    bounds = _Bounds(part, rest, loose, gaps.ranks)
    part = bounds.stretched(bounds.risen(part))
    return pushed_clear(
        part,
        rest.rectangles(),
        _CLEAR_PX,
        may_rise=True,
        worse=lambda step: _UPWARD_PX * bounds.broken(part, step),
    )


class _Bounds:
    """Between which heights the nodes of a part have to be, so that all edges to and from the rest run downwards."""

    def __init__(self, part: Part[str], rest: Part[str], loose: Iterable[Ends], gap: float) -> None:
        self.lows: list[tuple[str, float]] = []
        self.highs: list[tuple[str, float]] = []
        for source, target in loose:
            if source in rest.nodes and target in part.nodes:
                self.lows.append((target, rest.nodes[source][3] + gap))
            elif source in part.nodes and target in rest.nodes:
                self.highs.append((source, rest.nodes[target][1] - gap))

    def broken(self, part: Part[str], step: float) -> int:
        """How many edges run upwards, or too low for a bend, when the part goes down by a step."""
        return sum(part.nodes[node][1] + step < low for node, low in self.lows) + sum(
            part.nodes[node][3] + step > high for node, high in self.highs
        )

    def risen(self, part: Part[str]) -> Part[str]:
        """The part moved up or down as little as leaves the fewest edges upwards."""
        steps = {0.0}
        steps |= {up_to_grid(low - part.nodes[node][1]) for node, low in self.lows}
        steps |= {-up_to_grid(part.nodes[node][3] - high) for node, high in self.highs}
        return part.moved(0.0, min(steps, key=lambda step: (self.broken(part, step), abs(step), step)))

    def stretched(self, part: Part[str]) -> Part[str]:
        """The part with rows further down where what leads to them asks for it, if fewer edges run upwards then."""
        starts = _rows(part.nodes.values())
        shifts = [0.0] * len(starts)
        for node, low in self.lows:
            row = _row_at(starts, part.nodes[node][1])
            shifts[row] = max(shifts[row], up_to_grid(low - part.nodes[node][1]))
        shifts = list(accumulate(shifts, max))
        longer = _shifted(part, starts, shifts)
        return longer if self.broken(longer, 0.0) < self.broken(part, 0.0) else part


def detours(
    loose: Mapping[str, Ends], part: Part[str], rest: Part[str], cancelled: Question
) -> dict[str, tuple[Point, ...]]:
    """Ways of the edges between the part and the rest that need way-points, found for short ones first."""
    nodes = {**part.nodes, **rest.nodes}
    lanes = [lane for path in (*part.paths.values(), *rest.paths.values()) for lane in lanes_of(path)]
    ways = {
        id: path_of(nodes[source], (), nodes[target])
        for id, (source, target) in loose.items()
        if source in nodes and target in nodes
    }
    found: dict[str, tuple[Point, ...]] = {}
    for id, (start, end) in sorted(ways.items(), key=lambda item: item[1][1][1] - item[1][0][1]):
        stop_if(cancelled)
        others = [rectangle for node, rectangle in nodes.items() if node not in loose[id]]
        way = detour(start, end, others, lanes)
        if way:
            found[id] = way
            lanes += lanes_of((start, *way, end))
    return found


def _middle(rectangle: Rectangle) -> float:
    return (rectangle[0] + rectangle[2]) / 2


def _rows(rectangles: Iterable[Rectangle]) -> list[float]:
    """Where the rows of some nodes begin: heights at which one begins and none goes on."""
    starts: list[float] = []
    end = float("-inf")
    for _, top, _, bottom in sorted(rectangles, key=lambda each: each[1]):
        if top >= end:
            starts.append(top)
        end = max(end, bottom)
    return starts


def _row_at(starts: list[float], y: float) -> int:
    return max(0, bisect_right(starts, y) - 1)


def _shifted(part: Part[str], starts: list[float], shifts: list[float]) -> Part[str]:
    """The part with each of its rows further down, and the way-points with them."""

    def lower(y: float) -> float:
        return y + shifts[_row_at(starts, y)]

    return Part(
        {
            id: (left, lower(top), right, lower(top) + bottom - top)
            for id, (left, top, right, bottom) in part.nodes.items()
        },
        {id: tuple((x, lower(y)) for x, y in path) for id, path in part.paths.items()},
        part.crossings,
    )
