"""Edges by keys: from one to the next around a layer, from way-point to way-point along one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core.project import Edge, Graph
from studio.core.topology import edges_from, edges_into, id_key
from studio.gui.canvas import geometry, way_points

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class EdgeWalk:
    """From which layer edges are walked through, and which way-point of the marked edge is meant."""

    def __init__(self) -> None:
        self.home: str | None = None
        """The layer around which one goes from edge to edge."""
        self.lead: str | None = None
        """The layer that a walk reached last: from there it goes on where several are selected."""
        self._point: tuple[str, int] | None = None

    def begin(self, edge: str | None) -> None:
        """Another edge is marked, or none: no way-point is meant."""
        if self._point is not None and self._point[0] != edge:
            self._point = None

    def point_of(self, edge: Edge | None) -> int:
        """The number of the way-point that is meant, or -1."""
        if edge is None or self._point is None or self._point[0] != edge.id:
            return -1
        return self._point[1] if self._point[1] < len(edge.route) else -1

    def mean(self, edge: Edge, number: int) -> None:
        """Mean this way-point."""
        self._point = (edge.id, number)


def marked(canvas: Canvas) -> Edge | None:
    """The edge that is marked."""
    return canvas.session.graph.edges.get(canvas.selected_edge or "")


def around(graph: Graph, node: str) -> list[Edge]:
    """The edges of a node: into it in the order of their ranks, then out of it."""
    into = sorted(edges_into(graph, node), key=lambda edge: (edge.target.port, edge.rank, id_key(edge.id)))
    out = sorted(edges_from(graph, node), key=lambda edge: (edge.source.port, id_key(edge.id)))
    return [*into, *out]


def step(canvas: Canvas, by: int) -> None:
    """Mark the next edge (or the one before) of the selected layer, or of the layer where one began."""
    session, graph, walk, here = canvas.session, canvas.session.graph, canvas.edge_walk, marked(canvas)
    if len(session.selection) == 1:
        walk.home = next(iter(session.selection))
    elif here is not None and walk.home not in (here.source.node, here.target.node):
        walk.home = here.target.node
    edges = around(graph, walk.home) if walk.home is not None and walk.home in graph.nodes else []
    if not edges:
        return
    ids = [edge.id for edge in edges]
    at = ids.index(here.id) + by if here is not None and here.id in ids else (0 if by > 0 else -1)
    session.set_selection([])
    canvas.select_edge(ids[at % len(ids)])
    edge = edges[at % len(ids)]
    if not canvas.sight.has([edge.source.node, edge.target.node]):
        canvas.sight.show(edge.source.node, edge.target.node)
    canvas.narrator.say(told(canvas))


def told(canvas: Canvas) -> str:
    """The marked edge in words."""
    edge = marked(canvas)
    return words_of(canvas, edge) if edge is not None else ""


def words_of(canvas: Canvas, edge: Edge) -> str:
    """An edge in words: "b1_l3 → m1_l1, input 1 of 2"."""
    graph = canvas.session.graph
    words = f"{graph.nodes[edge.source.node].name} → {graph.nodes[edge.target.node].name}"
    count = len(edges_into(graph, edge.target.node, edge.target.port))
    if count > 1:
        return canvas.tr("{0}, input {1} of {2}").format(words, edge.rank + 1, count)
    return f"{words}, {edge.target.port}"


def along(canvas: Canvas, by: int) -> None:
    """To the next way-point of the marked edge (or the one before), and over its end to the layer there."""
    edge = marked(canvas)
    if edge is None:
        return
    at = canvas.edge_walk.point_of(edge)
    after = (at + by) if at >= 0 else (0 if by > 0 else len(edge.route) - 1)
    if 0 <= after < len(edge.route):
        canvas.edge_walk.mean(edge, after)
        canvas.update()
    else:
        leave(canvas, edge.target.node if by > 0 else edge.source.node)


def leave(canvas: Canvas, node: str | None = None) -> bool:
    """Back from the marked edge to the layer from which one came to it; tells whether there is one."""
    edge, home = marked(canvas), node or canvas.edge_walk.home
    if edge is None or home is None or home not in (edge.source.node, edge.target.node):
        return False
    canvas.select_edge(None)
    canvas.edge_walk.home = None
    canvas.session.set_selection([home])
    canvas.sight.show(home)
    return True


# ---- way-points ------------------------------------------------------------------------------------------------------


def add_point(canvas: Canvas) -> None:
    """Put a way-point behind the one that is meant, halfway to what follows; it is meant then."""
    edge = marked(canvas)
    if edge is None:
        return
    scene = canvas.scene
    ends = scene.edges.ends[scene.edges.slot[edge.id]].tolist()
    stops = [(ends[0], ends[1]), *edge.route, (ends[2], ends[3])]
    at = canvas.edge_walk.point_of(edge) + 1
    (x, y), (next_x, next_y) = stops[at], stops[at + 1]
    place = geometry.snapped((x + next_x) / 2), geometry.snapped((y + next_y) / 2)
    way_points.set_route(canvas, edge, (*edge.route[:at], place, *edge.route[at:]), "Add a point to the edge")
    new = marked(canvas)
    if new is not None:
        canvas.edge_walk.mean(new, at)
        canvas.update()


def remove_point(canvas: Canvas) -> None:
    """Take the way-point away that is meant, else the last one."""
    edge = marked(canvas)
    if edge is not None and edge.route:
        at = canvas.edge_walk.point_of(edge)
        way_points.remove(canvas, edge, at if at >= 0 else len(edge.route) - 1)


def nudge_point(canvas: Canvas, dx: float, dy: float) -> bool:
    """Move the way-point that is meant, presses that follow each other in one step; tells whether there is one."""
    edge = marked(canvas)
    at = canvas.edge_walk.point_of(edge)
    if edge is None or at < 0:
        return False
    x, y = edge.route[at]
    route = (*edge.route[:at], (x + dx, y + dy), *edge.route[at + 1 :])
    way_points.set_route(canvas, edge, route, "Move a point of the edge", merge_key=f"nudge {edge.id} {at}")
    return True


def why_not_point(canvas: Canvas, action: str) -> str:
    """Why a way-point can be neither added nor removed, or ""."""
    edge = marked(canvas)
    if edge is None:
        return canvas.tr("Select an edge first: E goes through those of a layer.")
    return canvas.tr("This edge has no point.") if action == "remove_point" and not edge.route else ""
