"""The arrangement of a graph in which some nodes stand together, with room around them that nothing else enters.

Each cluster is arranged by itself and then stands in the whole as a column of boxes, one for each of its rows, so that
its rows lie beside the ranks of other branches. An edge that crosses the border comes to the row of its node, and so
passes no other. Where such a column does not hold together (its boxes do not stand below each other, or an edge would
run through it), every cluster is one box with a gate in its border, from which such edges run on to their nodes inside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median_low
from typing import Literal

from studio.immutable import immutable
from studio.layout.arrangement import GRID_PX, Arrangement, Box, Edge, Gaps, Padding, Point, Question, never, up_to_grid
from studio.layout.arranging import arrange

_USUAL, _PADDING = Gaps(), Padding()
_CLUSTER = "cluster "
"""What stands before the name of a cluster where nodes and clusters are arranged together."""
_ENTRANCE, _EXIT = "\nentrance", "\nexit"
"""What the gates of a cluster are called among its nodes."""
_GATE = Box(0.0, 0.0)


def arrange_with_clusters(
    boxes: Mapping[str, Box],
    edges: Sequence[Edge],
    clusters: Mapping[str, Sequence[str]],
    *,
    direction: Literal["down", "right"] = "down",
    previous: Mapping[str, Point] | None = None,
    previous_routes: Mapping[str, Sequence[Point]] | None = None,
    gaps: Gaps = _USUAL,
    padding: Padding = _PADDING,
    cancelled: Question = never,
) -> Arrangement:
    """As ``arrange``. ``clusters`` names the nodes of each; no node is in two of them, and none of them is empty."""
    if not clusters:
        return arrange(
            boxes, edges, direction=direction, previous=previous, previous_routes=previous_routes, gaps=gaps,
            cancelled=cancelled,
        )  # fmt: skip
    found = None
    for is_in_rows in (True, False):
        whole = _Whole(boxes, edges, clusters, direction, gaps, padding, cancelled, is_in_rows)
        found = whole.arranged(previous or {}, previous_routes or {})
        if found is not None:
            break
    assert found is not None  # one box always holds together
    return found


@immutable
class _Cluster:
    """A cluster arranged by itself, its gates included if it has any, with its corner (padding included) at (0, 0)."""

    inside: Arrangement
    box: Box
    starts: tuple[float, ...]
    """Where its boxes begin in the direction of the drawing, the first at 0."""
    middles: tuple[float, ...]
    """The middle lines of its rows, in the direction of the drawing."""
    axis: float
    """Where most edges come in and go out, across it."""


class _Whole:
    """The drawing with its clusters in one form: a box for each row, or one box."""

    def __init__(
        self,
        boxes: Mapping[str, Box],
        edges: Sequence[Edge],
        clusters: Mapping[str, Sequence[str]],
        direction: Literal["down", "right"],
        gaps: Gaps,
        padding: Padding,
        cancelled: Question,
        is_in_rows: bool,
    ) -> None:
        self.boxes, self.edges = boxes, edges
        self.cluster_of = {node: name for name, nodes in clusters.items() for node in nodes}
        self.direction = direction
        self.ends = {edge.id: (edge.source, edge.target) for edge in edges}
        self.along = 1 if direction == "down" else 0
        self.gaps, self.cancelled, self.is_in_rows = gaps, cancelled, is_in_rows
        # Up to the grid, so that the nodes inside stand on it, too.
        self.around, self.above = up_to_grid(padding.around), up_to_grid(padding.above)
        self.outer = [
            edge
            for edge in edges
            if edge.source not in self.cluster_of or self.cluster_of[edge.source] != self.cluster_of.get(edge.target)
        ]

    def arranged(self, stood: Mapping[str, Point], lanes: Mapping[str, Sequence[Point]]) -> Arrangement | None:
        """None where the boxes of a cluster do not hold together."""
        found: dict[str, _Cluster] = {}
        outer_boxes: dict[str, Box] = {}
        outer_stood = {id: point for id, point in stood.items() if id not in self.cluster_of}
        for id, box in self.boxes.items():
            name = self.cluster_of.get(id)
            if name is None:
                outer_boxes[id] = box
            elif name not in found:
                nodes = [node for node in self.boxes if self.cluster_of.get(node) == name]
                known = {node: stood[node] for node in nodes if node in stood}
                cluster = found[name] = self._cluster(nodes, known, lanes)
                outer_boxes |= {_row(name, row): self._box_of(cluster, row) for row in range(len(cluster.starts))}
                outer_stood |= self._stood(name, cluster, known)
        columns = [
            Edge(_row(name, row), _row(name, row - 1), _row(name, row), is_firm=True)
            for name, cluster in found.items()
            for row in range(1, len(cluster.starts))
        ]
        outer = arrange(
            outer_boxes,
            [*(self._outer(edge, found) for edge in self.outer), *columns],
            direction=self.direction,
            previous=outer_stood,
            previous_routes={
                id: route
                for id, route in lanes.items()
                if route and self.cluster_of.keys().isdisjoint(self.ends.get(id, ()))
            },
            gaps=self.gaps,
            cancelled=self.cancelled,
        )
        whole = self._together(outer, found)
        return whole if not self.is_in_rows or self._holds(whole, outer, found) else None

    def _stood(self, name: str, cluster: _Cluster, known: Mapping[str, Point]) -> dict[str, Point]:
        """Where the rows of a cluster stood: below each other, each where most of its nodes were."""
        inside = cluster.inside.positions
        away = {node: (x - inside[node][0], y - inside[node][1]) for node, (x, y) in known.items()}
        rows: dict[int, list[float]] = {}
        for node, corner in away.items():
            row = self._row_of(node, cluster)
            rows.setdefault(row, []).append(corner[self.along] + cluster.starts[row])
        across = median_low(corner[1 - self.along] for corner in away.values()) if away else 0.0
        stood = {row: median_low(places) for row, places in rows.items()}
        return {_row(name, row): (across, at) if self.along else (at, across) for row, at in stood.items()}

    def _outer(self, edge: Edge, found: Mapping[str, _Cluster]) -> Edge:
        """The edge between what stands for its nodes, to where they are in it."""
        return Edge(
            edge.id,
            self._end(edge.source, found),
            self._end(edge.target, found),
            edge.rank,
            leaves=self._beside(edge.source, found, _EXIT),
            arrives=self._beside(edge.target, found, _ENTRANCE),
        )

    def _end(self, node: str, found: Mapping[str, _Cluster]) -> str:
        """What stands for a node: the row of its cluster in which it is, or itself."""
        name = self.cluster_of.get(node)
        return node if name is None else _row(name, self._row_of(node, found[name]))

    def _row_of(self, node: str, cluster: _Cluster) -> int:
        return max(0, bisect_right(cluster.starts, cluster.inside.positions[node][self.along]) - 1)

    def _beside(self, node: str, found: Mapping[str, _Cluster], gate: str) -> float:
        """How far beside the axis of its cluster a node is, or the gate to it."""
        name = self.cluster_of.get(node)
        if name is None:
            return 0.0
        inside = found[name].inside
        return self._across(gate if gate in inside.positions else node, inside) - found[name].axis

    def _across(self, node: str, arranged: Arrangement) -> float:
        """The middle of a node across the drawing."""
        box, corner = self.boxes.get(node, _GATE), arranged.positions[node]
        return corner[0] + box.width / 2 if self.along else corner[1] + box.height / 2

    def _cluster(
        self, nodes: Sequence[str], known: Mapping[str, Point], lanes: Mapping[str, Sequence[Point]]
    ) -> _Cluster:
        boxes = {node: self.boxes[node] for node in nodes}
        edges = [edge for edge in self.edges if edge.source in boxes and edge.target in boxes]
        if not self.is_in_rows:
            edges += self._through_gates(boxes, edges)
            boxes |= {gate: _GATE for edge in edges for gate in (edge.source, edge.target) if gate not in boxes}
        inside = _at_origin(
            arrange(
                boxes, edges, direction=self.direction, previous=known, gaps=self.gaps, cancelled=self.cancelled,
                previous_routes={edge.id: lanes.get(edge.id, ()) for edge in edges},
            ),
            boxes, (self.around, self.above),
        )  # fmt: skip
        width, height = _extent(inside, boxes)
        spans = sorted((inside.positions[node][self.along], self._length(boxes[node])) for node in nodes)
        starts, ends, first = [0.0], [spans[0][0]], [spans[0][0]]
        for start, length in spans:
            if self.is_in_rows and start >= ends[-1] > first[-1]:
                starts.append(start)
                first.append(start)
                ends.append(start)
            ends[-1] = max(ends[-1], start + length)
        middles = [(start + end) / 2 for start, end in zip(first, ends, strict=True)]
        box = Box(width + self.around, height + self.around)
        return _Cluster(inside, box, tuple(starts), tuple(middles), self._axis(inside, boxes, box))

    def _through_gates(self, boxes: Mapping[str, Box], inner: Sequence[Edge]) -> list[Edge]:
        """Edges from the entrance to the nodes, and from those to the exit: those of the drawing, and others by which
        the gates lie outside of all nodes."""
        entering = [Edge(edge.id, _ENTRANCE, edge.target, edge.rank) for edge in self.outer if edge.target in boxes]
        leaving = [Edge(edge.id, edge.source, _EXIT) for edge in self.outer if edge.source in boxes]
        firsts = boxes.keys() - {edge.target for edge in (*inner, *entering)} if entering else ()
        lasts = boxes.keys() - {edge.source for edge in (*inner, *leaving)} if leaving else ()
        return [
            *entering,
            *(Edge(f"{_ENTRANCE} {node}", _ENTRANCE, node) for node in boxes if node in firsts),
            *leaving,
            *(Edge(f"{_EXIT} {node}", node, _EXIT) for node in boxes if node in lasts),
        ]

    def _axis(self, inside: Arrangement, boxes: Mapping[str, Box], box: Box) -> float:
        """Where most edges come in and go out; of several such places the one nearest to the middle."""
        gates = [gate for gate in (_ENTRANCE, _EXIT) if gate in boxes]
        ends = [node for edge in self.outer for node in (edge.source, edge.target) if node in boxes]
        places = Counter(self._across(node, inside) for node in gates or ends)
        middle = (box.width if self.along else box.height) / 2
        return min(places, key=lambda place: (-places[place], abs(place - middle), place), default=middle)

    def _length(self, box: Box) -> float:
        return box.height if self.along else box.width

    def _box_of(self, cluster: _Cluster, row: int) -> Box:
        """The box of one row: as broad as the cluster, and from the row to the gap above the next one."""
        starts = cluster.starts
        end = starts[row + 1] - self.gaps.ranks if row + 1 < len(starts) else self._length(cluster.box)
        length = max(GRID_PX, end - starts[row])
        line = min(cluster.middles[row] - starts[row], length)
        if self.along:
            return Box(cluster.box.width, length, (cluster.axis, line))
        return Box(length, cluster.box.height, (line, cluster.axis))

    def _holds(self, whole: Arrangement, outer: Arrangement, found: Mapping[str, _Cluster]) -> bool:
        """Whether the rows of each cluster stand below each other, and nothing else is between them."""
        areas: dict[str, tuple[float, float, float, float]] = {}
        for name, cluster in found.items():
            corners = [outer.positions[_row(name, row)] for row in range(len(cluster.starts))]
            if len({corner[1 - self.along] for corner in corners}) > 1:
                return False
            last = self._box_of(cluster, len(corners) - 1)
            areas[name] = (*corners[0], corners[-1][0] + last.width, corners[-1][1] + last.height)
        ways = []
        for node, (x, y) in whole.positions.items():
            box = self.boxes[node]
            ways.append(({self.cluster_of.get(node)}, [(x, y), (x + box.width, y + box.height)]))
        for edge in self.edges:
            if edge.source in self.boxes and edge.target in self.boxes:
                names = {self.cluster_of.get(edge.source), self.cluster_of.get(edge.target)}
                ends = [self._port(edge.source, whole, is_source=True), self._port(edge.target, whole, is_source=False)]
                ways.append((names, [ends[0], *whole.routes[edge.id], ends[1]]))
        return not any(
            _enters(start, end, area)
            for name, area in areas.items()
            for names, way in ways
            if name not in names
            for start, end in pairwise(way)
        )

    def _port(self, node: str, whole: Arrangement, *, is_source: bool) -> Point:
        """Where edges leave a node, or come to it."""
        along = whole.positions[node][self.along] + (self._length(self.boxes[node]) if is_source else 0.0)
        across = self._across(node, whole)
        return (across, along) if self.along else (along, across)

    def _together(self, outer: Arrangement, found: Mapping[str, _Cluster]) -> Arrangement:
        positions = {id: point for id, point in outer.positions.items() if id in self.boxes}
        routes = {edge.id: outer.routes.get(edge.id, ()) for edge in self.edges}
        inner = routes.keys() - {edge.id for edge in self.outer}
        for name, cluster in found.items():
            corners = [outer.positions[_row(name, row)] for row in range(len(cluster.starts))]

            def placed(
                point: Point, corners: Sequence[Point] = corners, starts: Sequence[float] = cluster.starts
            ) -> Point:
                row = max(0, bisect_right(starts, point[self.along]) - 1)
                x, y = corners[row]
                start = starts[row]
                return (x + point[0], y + point[1] - start) if self.along else (x + point[0] - start, y + point[1])

            positions |= {node: placed(point) for node, point in cluster.inside.positions.items() if node in self.boxes}
            routes |= {id: tuple(map(placed, route)) for id, route in cluster.inside.routes.items() if id in inner}
        whole = Arrangement({id: positions[id] for id in self.boxes}, routes, 0)
        routes |= {edge.id: self._over_borders(edge, whole, outer, found) for edge in self.outer}
        crossings = outer.crossings + sum(cluster.inside.crossings for cluster in found.values())
        return Arrangement(whole.positions, routes, crossings)

    def _over_borders(
        self, edge: Edge, whole: Arrangement, outer: Arrangement, found: Mapping[str, _Cluster]
    ) -> tuple[Point, ...]:
        """The route with the points where it leaves the row of its source and comes to that of its target."""
        route = whole.routes[edge.id]
        start, end = self._port(edge.source, whole, is_source=True), self._port(edge.target, whole, is_source=False)
        if end[self.along] < start[self.along]:  # it closes a cycle
            return route
        for node, port in ((edge.source, start), (edge.target, end)):
            name = self.cluster_of.get(node)
            if name is None:
                continue
            is_source = node == edge.source
            row = self._row_of(node, found[name])
            corner = outer.positions[_row(name, row)]
            border = corner[self.along] + (self._length(self._box_of(found[name], row)) if is_source else 0.0)
            inner = self._inner(edge.id, found[name].inside, corner, is_source=is_source)
            here = (inner[-1] if is_source else inner[0]) if inner else port
            there = (route[0] if is_source else route[-1]) if route else (end if is_source else start)
            if border != here[self.along] and here[1 - self.along] != there[1 - self.along]:
                point = (here[0], border) if self.along else (border, here[1])
                inner = (*inner, point) if is_source else (point, *inner)
            route = (*inner, *route) if is_source else (*route, *inner)
        return route

    def _inner(self, edge: str, inside: Arrangement, corner: Point, *, is_source: bool) -> tuple[Point, ...]:
        """The way of an edge between its node and the gate of the cluster, which is the last point or the first."""
        gate = inside.positions.get(_EXIT if is_source else _ENTRANCE)
        if gate is None:
            return ()
        points = (*inside.routes[edge], gate) if is_source else (gate, *inside.routes[edge])
        return tuple((corner[0] + x, corner[1] + y) for x, y in points)


def _row(name: str, row: int) -> str:
    return f"{_CLUSTER}{row} {name}"


def _enters(start: Point, end: Point, area: tuple[float, float, float, float]) -> bool:
    """Whether the straight line between two points runs through the inside of an area (Liang and Barsky's clipping)."""
    begin, stop = 0.0, 1.0
    for axis in (0, 1):
        low, high = area[axis] + 1, area[axis + 2] - 1
        step = end[axis] - start[axis]
        if not step:
            if not low < start[axis] < high:
                return False
            continue
        near, far = sorted(((low - start[axis]) / step, (high - start[axis]) / step))
        begin, stop = max(begin, near), min(stop, far)
    return begin < stop


def _points(found: Arrangement, boxes: Mapping[str, Box]) -> list[Point]:
    corners = [(x, y) for x, y in found.positions.values()]
    corners += [(x + boxes[node].width, y + boxes[node].height) for node, (x, y) in found.positions.items()]
    return corners + [point for route in found.routes.values() for point in route]


def _at_origin(found: Arrangement, boxes: Mapping[str, Box], corner: Point) -> Arrangement:
    """The same with its upper left corner there."""
    points = _points(found, boxes)
    dx, dy = corner[0] - min(x for x, _ in points), corner[1] - min(y for _, y in points)
    return Arrangement(
        {node: (x + dx, y + dy) for node, (x, y) in found.positions.items()},
        {id: tuple((x + dx, y + dy) for x, y in route) for id, route in found.routes.items()},
        found.crossings,
    )


def _extent(found: Arrangement, boxes: Mapping[str, Box]) -> tuple[float, float]:
    points = _points(found, boxes)
    return max(x for x, _ in points), max(y for _, y in points)
