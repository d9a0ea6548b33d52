"""The arrangement of a graph in which some nodes stand together, with room around them that nothing else enters.

Each cluster is arranged by itself and then stands in the whole as a column of boxes, one for each of its rows, so that
its rows lie beside the ranks of other branches. Where such a column does not hold together (its boxes do not stand
below each other, or an edge would run through it), every cluster is one box. An edge that crosses the border is led to
the border; inside it runs on to its node.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from studio.immutable import immutable
from studio.layout.arrangement import GRID_PX, Arrangement, Box, Edge, Gaps, Padding, Point, Question, never
from studio.layout.arranging import arrange

_USUAL, _PADDING = Gaps(), Padding()
_CLUSTER = "cluster "
"""What stands before the name of a cluster where nodes and clusters are arranged together."""


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
    """A cluster arranged by itself, with its corner (padding included) at (0, 0)."""

    inside: Arrangement
    box: Box
    starts: tuple[float, ...]
    """Where its boxes begin in the direction of the drawing, the first at 0."""


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
        self.gaps, self.padding, self.cancelled, self.is_in_rows = gaps, padding, cancelled, is_in_rows

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
                left = min((x for x, _ in known.values()), default=0.0) - self.padding.around
                top = min((y for _, y in known.values()), default=0.0) - self.padding.above
                for row, start in enumerate(cluster.starts):
                    outer_boxes[_row(name, row)] = self._box_of(cluster, row)
                    if known:
                        outer_stood[_row(name, row)] = (left, top + start) if self.along else (left + start, top)
        columns = [Edge(_row(name, row), _row(name, row - 1), _row(name, row))
                   for name, cluster in found.items() for row in range(1, len(cluster.starts))]  # fmt: skip
        outer = arrange(
            outer_boxes,
            [
                *(
                    Edge(edge.id, self._end(edge.source, found, -1), self._end(edge.target, found, 0), edge.rank)
                    for edge in self.edges
                    if edge.source not in self.cluster_of
                    or self.cluster_of[edge.source] != self.cluster_of.get(edge.target)
                ),
                *columns,
            ],
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
        if self.is_in_rows and not all(self._holds(name, cluster, outer) for name, cluster in found.items()):
            return None
        return self._together(outer, found)

    def _cluster(
        self, nodes: Sequence[str], known: Mapping[str, Point], lanes: Mapping[str, Sequence[Point]]
    ) -> _Cluster:
        boxes = {node: self.boxes[node] for node in nodes}
        edges = [edge for edge in self.edges if edge.source in boxes and edge.target in boxes]
        inside = _at_origin(
            arrange(
                boxes, edges, direction=self.direction, previous=known, gaps=self.gaps, cancelled=self.cancelled,
                previous_routes={edge.id: lanes.get(edge.id, ()) for edge in edges},
            ),
            boxes, (self.padding.around, self.padding.above),
        )  # fmt: skip
        width, height = _extent(inside, boxes)
        starts = [0.0]
        if self.is_in_rows:
            spans = sorted((inside.positions[node][self.along], self._length(boxes[node])) for node in nodes)
            end = spans[0][0] + spans[0][1]
            for start, length in spans:
                if start >= end:
                    starts.append(start)
                end = max(end, start + length)
        return _Cluster(inside, Box(width + self.padding.around, height + self.padding.around), tuple(starts))

    def _length(self, box: Box) -> float:
        return box.height if self.along else box.width

    def _box_of(self, cluster: _Cluster, row: int) -> Box:
        """The box of one row: as broad as the cluster, and from the row to the gap above the next one."""
        starts = cluster.starts
        end = starts[row + 1] - self.gaps.ranks if row + 1 < len(starts) else self._length(cluster.box)
        length = max(GRID_PX, end - starts[row])
        return Box(cluster.box.width, length) if self.along else Box(length, cluster.box.height)

    def _end(self, node: str, found: Mapping[str, _Cluster], row: int) -> str:
        """What stands for a node: its cluster's first row (0) or last one (-1), or itself."""
        name = self.cluster_of.get(node)
        return node if name is None else _row(name, row % len(found[name].starts))

    def _holds(self, name: str, cluster: _Cluster, outer: Arrangement) -> bool:
        """Whether the rows stand below each other, and no edge runs through them."""
        corners = [outer.positions[_row(name, row)] for row in range(len(cluster.starts))]
        if len({corner[1 - self.along] for corner in corners}) > 1:
            return False
        last = self._box_of(cluster, len(corners) - 1)
        area = (*corners[0], corners[-1][0] + last.width, corners[-1][1] + last.height)
        for edge in self.edges:
            names = {self.cluster_of.get(edge.source, ""), self.cluster_of.get(edge.target, "")}
            if name in names or edge.source not in self.boxes or edge.target not in self.boxes:
                continue
            way = [self._middle(edge.source, outer), *outer.routes.get(edge.id, ()), self._middle(edge.target, outer)]
            if any(_enters(start, end, area) for start, end in pairwise(way)):
                return False
        return True

    def _middle(self, node: str, outer: Arrangement) -> Point:
        """The middle of a node, or of the first row of its cluster: near enough to see what lies between."""
        name = self.cluster_of.get(node)
        (x, y), box = outer.positions[node if name is None else _row(name, 0)], self.boxes[node]
        return x + box.width / 2, y + box.height / 2

    def _together(self, outer: Arrangement, found: Mapping[str, _Cluster]) -> Arrangement:
        positions = {id: point for id, point in outer.positions.items() if id in self.boxes}
        routes = {edge.id: outer.routes.get(edge.id, ()) for edge in self.edges}
        for name, cluster in found.items():
            corners = [outer.positions[_row(name, row)] for row in range(len(cluster.starts))]

            def placed(
                point: Point, corners: Sequence[Point] = corners, starts: Sequence[float] = cluster.starts
            ) -> Point:
                row = max(0, bisect_right(starts, point[self.along]) - 1)
                x, y = corners[row]
                start = starts[row]
                return (x + point[0], y + point[1] - start) if self.along else (x + point[0] - start, y + point[1])

            positions |= {node: placed(point) for node, point in cluster.inside.positions.items()}
            routes |= {id: tuple(map(placed, route)) for id, route in cluster.inside.routes.items()}
        crossings = outer.crossings + sum(cluster.inside.crossings for cluster in found.values())
        return Arrangement({id: positions[id] for id in self.boxes}, routes, crossings)


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
