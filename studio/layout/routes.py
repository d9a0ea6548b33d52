"""Way-points: through which points an edge goes, so that it keeps clear of the nodes that it passes.

The canvas draws a curve from point to point that leaves and arrives along the direction of the drawing. Such a curve
stays between the two points. So an edge is free of nodes when it moves sideways only between two ranks and runs
straight through every rank; the way-points are the places where it enters and leaves a lane.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from studio.layout.arrangement import Gaps, Point, Reach
from studio.layout.flow import Flow
from studio.layout.lines import Lines
from studio.layout.rows import Rows

_BOW_PX = 12.0
"""How far edges with the same two ends bow apart."""
_NEAR_PX, _TOUCH_PX = 0.5, 0.01


def routes_of(
    flow: Flow,
    rows: Rows,
    middles: Sequence[float],
    ends: Sequence[tuple[float, float]],
    reaches: Sequence[Reach],
    lines: Lines,
    gaps: Gaps,
) -> list[tuple[Point, ...]]:
    """Way-points of every edge, from its source to its target; none for most edges between neighbouring ranks.

    ``ends`` says where each edge leaves its source and arrives at its target, across the drawing.
    """
    routes = []
    for (source, target), (start, end), chain in zip(flow.edges, ends, rows.chains, strict=True):
        points: list[Point] = []
        is_bent = not _is_straight([start, *(middles[item] for item in chain), end])
        bottom, top = lines.bottom[rows.rank[source]], lines.top[rows.rank[target]]
        if is_bent and lines.nodes[source] + reaches[source].up + reaches[source].down < bottom - _TOUCH_PX:
            points.append((start, bottom))
        for item in chain:
            rank = rows.rank[item]
            points += [(middles[item], lines.top[rank]), (middles[item], lines.bottom[rank])]
        if is_bent and lines.nodes[target] > top + _TOUCH_PX:
            points.append((end, top))
        routes.append(_without_inner(points))
    _bow_apart(routes, flow, rows, lines, ends, [min(reach.left, reach.right) + gaps.lane for reach in reaches])
    return routes


def _is_straight(places: Sequence[float]) -> bool:
    return all(abs(place - places[0]) < _NEAR_PX for place in places)


def _without_inner(points: list[Point]) -> tuple[Point, ...]:
    """The points without those between two others on a straight lane."""
    return tuple(
        point
        for at, point in enumerate(points)
        if at in (0, len(points) - 1) or not points[at - 1][0] == point[0] == points[at + 1][0]
    )


def _bow_apart(
    routes: list[tuple[Point, ...]],
    flow: Flow,
    rows: Rows,
    lines: Lines,
    ends: Sequence[tuple[float, float]],
    clear: Sequence[float],
) -> None:
    """Let edges that join the same two nodes in neighbouring ranks be seen as several. Changes ``routes``.

    They stay within ``clear`` px of the middles of their nodes, where no other node stands: one that is lower than its
    neighbours is reached beside them.
    """
    alike = list(zip(flow.edges, ends, strict=True))
    counts = Counter(alike)
    seen: Counter[tuple[tuple[int, int], tuple[float, float]]] = Counter()
    for number, ((source, target), (start, end)) in enumerate(alike):
        count = counts[alike[number]]
        if count > 1 and not rows.chains[number]:
            outermost = (count - 1) / 2
            step = min(_BOW_PX, min(clear[source], clear[target]) / (outermost + 1))
            aside = (seen[alike[number]] - outermost) * step
            seen[alike[number]] += 1
            x = (start + end) / 2 + aside
            y = (lines.bottom[rows.rank[source]] + lines.top[rows.rank[target]]) / 2
            before = [point for point in routes[number] if point[1] < y]
            after = [point for point in routes[number] if point[1] > y]
            routes[number] = (*before, (x, y), *after)
