"""Tidying a project's drawing: the one place of this package that knows projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from studio.core import edits
from studio.core.edits.rebuild import with_graph
from studio.core.ports import Catalog, ports_of
from studio.core.project import MAIN, Edge, Graph, Project
from studio.core.topology import id_key
from studio.layout.arrange import arrange
from studio.layout.arrangement import Box, Gaps, Point, Question, never, on_grid
from studio.layout.arrangement import Edge as PlainEdge
from studio.layout.parts import Part, Rectangle, around, pushed_clear

CARD = Box(184.0, 60.0)
"""The size of a node that ``sizes`` says nothing about."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where nodes and edges of one graph shall be. Made from a project in any thread, applied to it or a later one."""

    graph: str
    nodes: Mapping[str, Point]
    routes: Mapping[str, tuple[Point, ...]]
    crossings: int = 0

    def applied(self, project: Project) -> Project:
        """The edit: nodes moved, way-points set, in one step. What is not there any more is left out."""
        if self.graph != MAIN and self.graph not in project.blocks:
            return project
        moved = edits.move(project, self.nodes, graph=self.graph)
        edges = dict(moved.graph(self.graph).edges)
        changed = {id: route for id, route in self.routes.items() if id in edges and edges[id].route != route}
        if not changed:
            return moved
        edges.update({id: replace(edges[id], route=route) for id, route in changed.items()})
        return with_graph(moved, self.graph, edges=edges)


def tidy(
    project: Project,
    sizes: Mapping[str, Box] | None = None,
    *,
    graph: str = MAIN,
    only: Collection[str] | None = None,
    around: Collection[str] | None = None,
    catalog: Catalog | None = None,
    gaps: Gaps | None = None,
    cancelled: Question = never,
) -> Project:
    """The project with the drawing of one graph tidied; see ``places_for``."""
    places = places_for(
        project, sizes, graph=graph, only=only, around=around, catalog=catalog, gaps=gaps, cancelled=cancelled
    )
    return places.applied(project)


def places_for(
    project: Project,
    sizes: Mapping[str, Box] | None = None,
    *,
    graph: str = MAIN,
    only: Collection[str] | None = None,
    around: Collection[str] | None = None,
    catalog: Catalog | None = None,
    gaps: Gaps | None = None,
    cancelled: Question = never,
) -> Places:
    """A tidy place for every node of a graph, in the direction of the project, where the drawing is now.

    With ``only`` these nodes alone move, to where they cover none of the others. With ``around`` the drawing is
    arranged around these nodes as they stand, so that a few new ones find their places and the rest keeps its own. The
    ``catalog`` tells the order of a node's ports; without it edges are taken in the order of their ranks and ids.
    """
    drawn = project.graph(graph)
    chosen = set(drawn.nodes) if only is None else set(only) & set(drawn.nodes)
    if not chosen:
        return Places(graph, {}, {})
    ids = sorted(chosen, key=id_key)
    inner = [edge for edge in drawn.edges.values() if edge.source.node in chosen and edge.target.node in chosen]
    stands = {id: (drawn.nodes[id].x, drawn.nodes[id].y) for id in ids if around is not None and id in around}
    boxes = {id: (sizes or {}).get(id, CARD) for id in ids}
    found = arrange(
        boxes,
        [
            PlainEdge(edge.id, edge.source.node, edge.target.node, rank)
            for rank, edge in enumerate(_in_order(project, drawn, inner, catalog))
        ],
        direction=project.direction,
        previous=stands,
        previous_routes={edge.id: edge.route for edge in inner if edge.route},
        gaps=gaps or Gaps(),
        cancelled=cancelled,
    )
    routes = _without_needless_bows(inner, found.routes)
    part = Part(dict(enumerate(found.positions.values())), dict(enumerate(routes.values())))
    turned = _Turned(project.direction == "right", [boxes[id] for id in ids])
    part = turned(part)
    if not stands:
        old = Part({at: (drawn.nodes[id].x, drawn.nodes[id].y) for at, id in enumerate(ids)}, {})
        part = _where_it_was(part, turned(old), turned.sizes)
    if only is not None:
        part = pushed_clear(part, turned.rectangles(_others(drawn, chosen, sizes or {})), turned.sizes, _CLEAR_PX)
    part = turned(part)
    loose = {
        edge.id: () for edge in drawn.edges.values() if (edge.source.node in chosen) != (edge.target.node in chosen)
    }
    return Places(
        graph,
        {id: part.corners[at] for at, id in enumerate(ids)},
        {**loose, **dict(zip(routes, part.routes.values(), strict=True))},
        found.crossings,
    )


_CLEAR_PX = 24.0
"""Room between a part that was tidied alone and the rest."""


@dataclass(frozen=True, slots=True)
class _Turned:
    """Exchanges x and y of drawings that run to the right, because parts are moved aside across the direction."""

    is_turned: bool
    boxes: list[Box]

    @property
    def sizes(self) -> list[tuple[float, float]]:
        return [(box.height, box.width) if self.is_turned else (box.width, box.height) for box in self.boxes]

    def __call__(self, part: Part) -> Part:
        if not self.is_turned:
            return part
        return Part(
            {node: (y, x) for node, (x, y) in part.corners.items()},
            {edge: tuple((y, x) for x, y in route) for edge, route in part.routes.items()},
        )

    def rectangles(self, rectangles: list[Rectangle]) -> list[Rectangle]:
        return [(y, x, v, u) for x, y, u, v in rectangles] if self.is_turned else rectangles


def _in_order(project: Project, drawn: Graph, inner: list[Edge], catalog: Catalog | None) -> list[Edge]:
    """The edges so that those at one node are in the order of its ports, and at one port in that of their ranks."""
    port_at: dict[str, dict[str, int]] = {}
    if catalog is not None:
        for id in {edge.target.node for edge in inner}:
            inputs, _ = ports_of(project, catalog, drawn.nodes[id])
            port_at[id] = {port.name: at for at, port in enumerate(inputs)}

    def key(edge: Edge) -> tuple[int, int, tuple[int, str]]:
        return port_at.get(edge.target.node, {}).get(edge.target.port, 0), edge.rank, id_key(edge.id)

    return sorted(inner, key=key)


def _without_needless_bows(inner: list[Edge], routes: Mapping[str, tuple[Point, ...]]) -> dict[str, tuple[Point, ...]]:
    """Routes without the bow that tells edges of the same two nodes apart where their ports already do."""
    alike = Counter((edge.source, edge.target) for edge in inner)
    return {
        edge.id: () if len(routes[edge.id]) == 1 and alike[edge.source, edge.target] == 1 else routes[edge.id]
        for edge in inner
    }


def _where_it_was(part: Part, old: Part, sizes: list[tuple[float, float]]) -> Part:
    """The part moved to where the old one is: upper edges and middles in line, on the grid."""
    left, top, right, _ = around(Part(part.corners, {}).rectangles(sizes))
    old_left, old_top, old_right, _ = around(old.rectangles(sizes))
    return part.moved(on_grid((old_left + old_right - left - right) / 2), on_grid(old_top - top))


def _others(drawn: Graph, chosen: set[str], sizes: Mapping[str, Box]) -> list[Rectangle]:
    """What the rest of the drawing covers: nodes, and lanes of edges between them."""
    rest = [node for node in drawn.nodes.values() if node.id not in chosen]
    lanes = [
        edge.route
        for edge in drawn.edges.values()
        if edge.route and edge.source.node not in chosen and edge.target.node not in chosen
    ]
    boxes = [sizes.get(node.id, CARD) for node in rest]
    part = Part({at: (node.x, node.y) for at, node in enumerate(rest)}, dict(enumerate(lanes)))
    return part.rectangles([(box.width, box.height) for box in boxes])
