"""The arrangement of a graph in which some nodes stand together, with room around them that nothing else enters.

Each cluster is arranged by itself and then stands in the whole as one box. An edge that crosses its border is led to
the border; inside it runs on to its node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from studio.layout.arrangement import Arrangement, Box, Edge, Gaps, Padding, Point, Question, never
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
    cluster_of = {node: name for name, nodes in clusters.items() for node in nodes}
    stood = previous or {}
    inner: dict[str, Arrangement] = {}
    outer_boxes: dict[str, Box] = {}
    outer_stood = {id: point for id, point in stood.items() if id not in cluster_of}
    for id, box in boxes.items():
        name = cluster_of.get(id)
        if name is None:
            outer_boxes[id] = box
        elif name not in inner:
            nodes = {node: boxes[node] for node in boxes if cluster_of.get(node) == name}
            known = {node: stood[node] for node in nodes if node in stood}
            inner[name] = _at_origin(
                arrange(
                    nodes, edges, direction=direction, previous=known, gaps=gaps, cancelled=cancelled,
                    previous_routes={
                        edge.id: (previous_routes or {}).get(edge.id, ())
                        for edge in edges if edge.source in nodes and edge.target in nodes
                    },
                ),
                nodes,
            )  # fmt: skip
            width, height = _extent(inner[name], nodes)
            outer_boxes[_CLUSTER + name] = Box(width + 2 * padding.around, height + padding.above + padding.around)
            if known:
                left, top = min(x for x, _ in known.values()), min(y for _, y in known.values())
                outer_stood[_CLUSTER + name] = (left - padding.around, top - padding.above)
    outer = arrange(
        outer_boxes,
        [
            Edge(edge.id, _end(edge.source, cluster_of), _end(edge.target, cluster_of), edge.rank)
            for edge in edges
            if cluster_of.get(edge.source) is None or cluster_of.get(edge.source) != cluster_of.get(edge.target)
        ],
        direction=direction,
        previous=outer_stood,
        previous_routes={
            edge.id: route
            for edge in edges
            if (route := (previous_routes or {}).get(edge.id)) and not {edge.source, edge.target} & cluster_of.keys()
        },
        gaps=gaps,
        cancelled=cancelled,
    )
    positions = {id: point for id, point in outer.positions.items() if id in boxes}
    routes = {edge.id: outer.routes.get(edge.id, ()) for edge in edges}
    for name, found in inner.items():
        left, top = outer.positions[_CLUSTER + name]
        dx, dy = left + padding.around, top + padding.above
        positions |= {node: (x + dx, y + dy) for node, (x, y) in found.positions.items()}
        for edge in edges:
            if cluster_of.get(edge.source) == name == cluster_of.get(edge.target):
                routes[edge.id] = tuple((x + dx, y + dy) for x, y in found.routes[edge.id])
    crossings = outer.crossings + sum(found.crossings for found in inner.values())
    return Arrangement({id: positions[id] for id in boxes}, routes, crossings)


def _end(node: str, cluster_of: Mapping[str, str]) -> str:
    return _CLUSTER + cluster_of[node] if node in cluster_of else node


def _points(found: Arrangement, boxes: Mapping[str, Box]) -> list[Point]:
    corners = [(x, y) for x, y in found.positions.values()]
    corners += [(x + boxes[node].width, y + boxes[node].height) for node, (x, y) in found.positions.items()]
    return corners + [point for route in found.routes.values() for point in route]


def _at_origin(found: Arrangement, boxes: Mapping[str, Box]) -> Arrangement:
    points = _points(found, boxes)
    dx, dy = -min(x for x, _ in points), -min(y for _, y in points)
    return Arrangement(
        {node: (x + dx, y + dy) for node, (x, y) in found.positions.items()},
        {id: tuple((x + dx, y + dy) for x, y in route) for id, route in found.routes.items()},
        found.crossings,
    )


def _extent(found: Arrangement, boxes: Mapping[str, Box]) -> tuple[float, float]:
    points = _points(found, boxes)
    return max(x for x, _ in points), max(y for _, y in points)
