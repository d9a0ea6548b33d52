"""The arrangement of a graph, one step after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Literal

from studio.layout.arrangement import (
    Arrangement,
    Box,
    Edge,
    Gaps,
    Point,
    Question,
    Reach,
    effort_for,
    never,
    on_grid,
    stop_if,
    up_to_grid,
)
from studio.layout.columns import columns_of
from studio.layout.coordinates import middles_of
from studio.layout.flow import Flow, forward_edges, longest_path
from studio.layout.lines import lines_of
from studio.layout.newcomers import order_at, with_newcomers
from studio.layout.order import ordered, reordered
from studio.layout.parts import Part, Rectangle, bounds_of, parts_of, pushed_clear, side_by_side
from studio.layout.ranks import ranks_of
from studio.layout.routes import routes_of
from studio.layout.rows import Rows, rows_of

_USUAL = Gaps()


def arrange(
    boxes: Mapping[str, Box],
    edges: Sequence[Edge],
    *,
    direction: Literal["down", "right"] = "down",
    previous: Mapping[str, Point] | None = None,
    previous_routes: Mapping[str, Sequence[Point]] | None = None,
    gaps: Gaps = _USUAL,
    cancelled: Question = never,
) -> Arrangement:
    """Corners of the nodes and way-points of the edges of a tidy drawing. The same input gives the same result.

    ``boxes`` has the size of every node; where there is nothing to choose by, nodes stand in this order. Edges to nodes
    that are not there, from a node to itself, or that close a cycle do not matter and get no way-points. With
    ``previous`` corners of some nodes (and, better, ``previous_routes`` of edges) the drawing is arranged around what
    stands: order and places are kept where that is tidy; otherwise it begins at (0, 0). ``cancelled`` is asked every
    few milliseconds on drawings of usual size; once it says yes, ``Cancelled`` is raised.
    """
    index = {id: number for number, id in enumerate(boxes)}
    is_down = direction == "down"
    known = [edge for edge in edges if edge.source in index and edge.target in index and edge.source != edge.target]
    known.sort(key=lambda edge: edge.rank)
    ends = [(index[edge.source], index[edge.target]) for edge in known]
    whole = _Whole(
        reaches=[box.reach(is_down=is_down) for box in boxes.values()],
        before={index[id]: _turned(point, is_down) for id, point in (previous or {}).items() if id in index},
        lanes={
            number: [_turned(point, is_down) for point in (previous_routes or {})[edge.id]]
            for number, edge in enumerate(known)
            if (previous_routes or {}).get(edge.id)
        },
        firm=frozenset(number for number, edge in enumerate(known) if edge.is_firm),
        beside=[(edge.leaves, edge.arrives) for edge in known],
        gaps=gaps,
        cancelled=cancelled,
    )
    forward = forward_edges(len(boxes), ends)
    parts = whole.arranged(ends, forward)
    ids = list(boxes)
    covered = {node: rectangle for part in parts for node, rectangle in part.nodes.items()}
    routes: dict[str, tuple[Point, ...]] = {edge.id: () for edge in edges}
    for part in parts:
        for number, path in part.paths.items():
            routes[known[number].id] = tuple(_turned(point, is_down) for point in path[1:-1])
    return Arrangement(
        {id: _turned(covered[number][:2], is_down) for number, id in enumerate(ids)},
        routes,
        sum(part.crossings for part in parts),
    )


def _turned(point: Point, is_down: bool) -> Point:
    """Between a drawing to the right and the same one downwards; all steps work downwards."""
    return (point[0], point[1]) if is_down else (point[1], point[0])


def _along(route: Sequence[Point], fraction: float) -> float:
    """The x of a route at this fraction of its height: that of the last way-point at or above."""
    wanted = route[0][1] + (route[-1][1] - route[0][1]) * fraction
    return next((x for x, y in reversed(route) if y <= wanted), route[0][0])


class _Whole:
    """The drawing with everything that its parts have in common; nodes and edges are numbers."""

    def __init__(
        self,
        reaches: list[Reach],
        before: dict[int, Point],
        lanes: dict[int, list[Point]],
        firm: frozenset[int],
        beside: list[tuple[float, float]],
        gaps: Gaps,
        cancelled: Question,
    ) -> None:
        self.reaches = reaches
        self.before = before
        self.lanes = lanes
        self.firm = firm
        self.beside = beside
        self.gaps = gaps
        self.cancelled = cancelled

    def arranged(self, ends: Sequence[tuple[int, int]], forward: Sequence[int]) -> list[Part[int]]:
        """All parts at their places."""
        groups = parts_of(len(self.reaches), [ends[number] for number in forward])
        group_of = {node: at for at, nodes in enumerate(groups) for node in nodes}
        edges_of: list[list[int]] = [[] for _ in groups]
        for number in forward:
            edges_of[group_of[ends[number][0]]].append(number)
        parts = []
        for nodes, numbers in zip(groups, edges_of, strict=True):
            stop_if(self.cancelled)
            parts.append(self._part(nodes, numbers, ends))
        if not self.before:
            return side_by_side(parts, self.gaps)
        return self._around_what_stands(parts)

    def _part(self, nodes: list[int], numbers: list[int], ends: Sequence[tuple[int, int]]) -> Part[int]:
        """One part, downwards. Where nothing of it stood before, it begins somewhere near (0, 0)."""
        place = {node: at for at, node in enumerate(nodes)}
        flow = Flow.of(len(nodes), [(place[ends[number][0]], place[ends[number][1]]) for number in numbers])
        reaches = [self.reaches[node] for node in nodes]
        firm = {at for at, number in enumerate(numbers) if number in self.firm}
        main = longest_path(flow)
        rows = rows_of(flow, ranks_of(flow, effort_for(len(nodes)), self.cancelled))
        effort = effort_for(len(nodes), len(rows.segments))
        stood = self._places_before(nodes, numbers, rows)
        if stood:
            old = stood.keys()
            stood = with_newcomers(flow, rows, stood, reaches, self.gaps)
            order, crossings = reordered(rows, order_at(rows, stood), old, effort, self.cancelled)
        else:
            order, crossings = ordered(flow, rows, main, effort, self.cancelled)
        columns = columns_of(rows, order, main, firm, stood)
        middles = middles_of(rows, order, columns, reaches, stood, self.gaps, effort, self.cancelled)
        lines = lines_of(rows, middles, reaches, self.gaps)
        joints = [
            (middles[source] + self.beside[number][0], middles[target] + self.beside[number][1])
            for number, (source, target) in zip(numbers, flow.edges, strict=True)
        ]
        routes = routes_of(flow, rows, middles, joints, reaches, lines, self.gaps)
        covered = [
            (middle - reach.left, top, middle + reach.right, top + reach.up + reach.down)
            for middle, top, reach in zip(middles[: len(nodes)], lines.nodes, reaches, strict=True)
        ]
        part = Part(
            dict(zip(nodes, covered, strict=True)),
            {
                number: ((start, covered[source][3]), *route, (end, covered[target][1]))
                for number, (source, target), (start, end), route in zip(
                    numbers, flow.edges, joints, routes, strict=True
                )
            },
            crossings,
        )
        known = [node for node in nodes if node in self.before]
        if not known:
            return part
        # Most nodes stay exactly where they were; those after a new node must give way.
        return part.moved(
            on_grid(median(self.before[node][0] - part.nodes[node][0] for node in known)),
            on_grid(median(self.before[node][1] - part.nodes[node][1] for node in known)),
        )

    def _places_before(self, nodes: list[int], numbers: list[int], rows: Rows) -> dict[int, float]:
        """Where items stood: the middles of nodes and, if there are any, the lanes of edges."""
        stood = {
            at: self.before[node][0] + self.reaches[node].left for at, node in enumerate(nodes) if node in self.before
        }
        if stood:
            for number, chain in zip(numbers, rows.chains, strict=True):
                if number in self.lanes:
                    for step, item in enumerate(chain):
                        stood[item] = _along(self.lanes[number], (step + 0.5) / len(chain))
        return stood

    def _around_what_stands(self, parts: list[Part[int]]) -> list[Part[int]]:
        """Parts stay where they were as far as they do not cover each other, large ones first; new ones go aside."""
        placed: list[Part[int]] = []
        obstacles: list[Rectangle] = []
        is_new = {id(part): self.before.keys().isdisjoint(part.nodes) for part in parts}
        for part in sorted(parts, key=lambda part: (is_new[id(part)], -len(part.nodes), min(part.nodes))):
            if is_new[id(part)] and obstacles:
                _, top, right, _ = bounds_of(obstacles)
                left, here, _, _ = bounds_of(part.rectangles())
                part = part.moved(up_to_grid(right + self.gaps.parts - left), top - here)
            part = pushed_clear(part, obstacles, self.gaps.lane)
            placed.append(part)
            obstacles += part.rectangles()
        return placed
