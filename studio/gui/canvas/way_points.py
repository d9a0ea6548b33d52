"""Way-points of edges: found under the pointer, added by a double click on the edge, taken away by another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from studio.core import edits
from studio.core.project import Edge, Point
from studio.gui.canvas import geometry

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_REACH_PX: Final = 9.0


def point_near(canvas: Canvas, x: float, y: float) -> tuple[Edge, int] | None:
    """The edge and the number of the way-point at a scene point.

    Only the edge that is lit shows its points, so only these can be meant.
    """
    scene = canvas.scene
    lit = canvas.selected_edge or canvas.hover.edge
    at = scene.edges.slot.get(lit or "")
    if at is None:
        return None
    reach = _REACH_PX / min(1.0, canvas.view.scale)
    edge = scene.edges[at]
    near = [(math.hypot(px - x, py - y), number) for number, (px, py) in enumerate(edge.route)]
    gap, number = min(near, default=(math.inf, -1))
    return (edge, number) if gap <= reach else None


def add(canvas: Canvas, edge: Edge, x: float, y: float) -> None:
    """Put a way-point on an edge where it runs now, and mark the edge."""
    scene = canvas.scene
    chain = scene.edges.chain(scene.edges.slot[edge.id])
    place = geometry.nearest_on(chain, x, y)
    here = geometry.distance_to(chain, x, y)[1]
    before = sum(geometry.distance_to(chain, *point)[1] <= here for point in edge.route)
    point: Point = geometry.snapped(place[0]), geometry.snapped(place[1])
    route = (*edge.route[:before], point, *edge.route[before:])
    set_route(canvas, edge, route, "Add a point to the edge")
    canvas.select_edge(edge.id)


def remove(canvas: Canvas, edge: Edge, number: int) -> None:
    """Take a way-point away."""
    set_route(canvas, edge, (*edge.route[:number], *edge.route[number + 1 :]), "Remove a point of the edge")


def set_route(canvas: Canvas, edge: Edge, route: tuple[Point, ...], name: str, merge_key: str | None = None) -> None:
    """Lead an edge by other points, one step."""
    session, key = canvas.session, canvas.session.graph_key
    session.apply(lambda project: edits.set_route(project, edge.id, route, graph=key), name, merge_key=merge_key)
