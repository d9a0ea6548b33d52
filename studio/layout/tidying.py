"""Tidying a project's drawing: the one place of this package that knows projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from studio.core import edits
from studio.core.edits.rebuild import with_graph
from studio.core.ports import Catalog, ports_of
from studio.core.project import MAIN, Edge, Graph, Node, Project
from studio.core.topology import id_key
from studio.immutable import immutable
from studio.layout import beside, selection
from studio.layout.arrangement import Box, Gaps, Point, Question, never
from studio.layout.arrangement import Edge as PlainEdge
from studio.layout.clusters import arrange_with_clusters
from studio.layout.parts import Part, Rectangle, path_of

CARD, FOLDED_CARD = Box(184.0, 60.0), Box(184.0, 32.0)
"""The sizes of nodes that ``sizes`` says nothing about."""


@immutable
class Places:
    """Where nodes and edges of one graph shall be. Made from a project in any thread, applied to it or a later one."""

    graph: str
    nodes: Mapping[str, Point]
    """The corners of nodes, and of the notes beside them."""
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
    sizes = {id: _usual_size(node) for id, node in drawn.nodes.items()} | dict(sizes or {})
    boxes = {id: sizes[id] for id in ids}
    found = arrange_with_clusters(
        boxes,
        [
            PlainEdge(edge.id, edge.source.node, edge.target.node, rank)
            for rank, edge in enumerate(_in_order(project, drawn, inner, catalog))
        ],
        {frame.id: frame.nodes for frame in drawn.frames.values() if chosen.issuperset(frame.nodes)},
        direction=project.direction,
        previous=stands,
        previous_routes={edge.id: edge.route for edge in inner if edge.route},
        gaps=gaps or Gaps(),
        cancelled=cancelled,
    )
    routes = _without_needless_bows(inner, found.routes)
    turn = _Turn(project.direction == "right", sizes)
    part = turn.part(found.positions, inner, routes)
    whole = turn.part({node.id: (node.x, node.y) for node in drawn.nodes.values()}, (), {})
    loose = [edge for edge in drawn.edges.values() if (edge.source.node in chosen) != (edge.target.node in chosen)]
    between = {edge.id: (edge.source.node, edge.target.node) for edge in loose}
    if not stands:
        part = selection.where_it_was(part, whole, between.values())
    detours: dict[str, tuple[Point, ...]] = {}
    if only is not None:
        rest = {node.id: (node.x, node.y) for node in drawn.nodes.values() if node.id not in chosen}
        edges = [edge for edge in drawn.edges.values() if edge.source.node in rest and edge.target.node in rest]
        obstacles = turn.part(rest, edges, {edge.id: edge.route for edge in edges})
        part = selection.in_its_place(part, obstacles, between.values(), gaps or Gaps())
        detours = selection.detours(between, part, obstacles, cancelled)
    way_points = {id: tuple(map(turn.turned, path[1:-1])) for id, path in part.paths.items()}
    corners = {id: turn.turned(rectangle[:2]) for id, rectangle in part.nodes.items()}
    return Places(
        graph,
        corners | _notes(drawn, corners, sizes, None if only is None else set(only)),
        {edge.id: tuple(map(turn.turned, detours.get(edge.id, ()))) for edge in loose} | way_points,
        found.crossings,
    )


def ways_for(
    project: Project,
    edges: Collection[str],
    sizes: Mapping[str, Box] | None = None,
    *,
    graph: str = MAIN,
    cancelled: Question = never,
) -> Places:
    """Way-points of these edges, by which they run around the nodes where these stand now."""
    drawn = project.graph(graph)
    found = {id: _usual_size(node) for id, node in drawn.nodes.items()} | dict(sizes or {})
    turn = _Turn(project.direction == "right", found)
    nodes = {node.id: (node.x, node.y) for node in drawn.nodes.values()}
    whole = [edge for edge in drawn.edges.values() if edge.source.node in nodes and edge.target.node in nodes]
    others = [edge for edge in whole if edge.id not in edges]
    wanted = {edge.id: (edge.source.node, edge.target.node) for edge in whole if edge.id in edges}
    rest = turn.part(nodes, others, {edge.id: edge.route for edge in others})
    ways = selection.detours(wanted, Part({}, {}), rest, cancelled)
    return Places(graph, {}, {id: tuple(map(turn.turned, ways.get(id, ()))) for id in wanted})


def _notes(
    drawn: Graph, corners: Mapping[str, Point], sizes: Mapping[str, Box], only: Collection[str] | None
) -> dict[str, Point]:
    """Where the notes go: those of the part that is tidied, or all of them."""
    notes = {
        note.id: (note.x, note.y, note.x + note.width, note.y + note.height)
        for note in drawn.notes.values()
        if only is None or note.id in only
    }
    if not notes:
        return {}

    def rectangles(at: Mapping[str, Point]) -> dict[str, Rectangle]:
        return {id: (x, y, x + sizes[id].width, y + sizes[id].height) for id, (x, y) in at.items()}

    stood = {node.id: (node.x, node.y) for node in drawn.nodes.values()}
    return beside.follow(notes, rectangles(stood), rectangles(stood | dict(corners)))


@immutable
class _Turn:
    """Takes what is drawn as a part, which runs downwards; a drawing to the right has x and y exchanged for that."""

    is_turned: bool
    sizes: Mapping[str, Box]

    def turned(self, point: Point) -> Point:
        return (point[1], point[0]) if self.is_turned else point

    def part(
        self, corners: Mapping[str, Point], edges: Iterable[Edge], routes: Mapping[str, Iterable[Point]]
    ) -> Part[str]:
        nodes = {}
        for id, corner in corners.items():
            left, top = self.turned(corner)
            box = self.sizes[id]
            width, height = self.turned((box.width, box.height))
            nodes[id] = (left, top, left + width, top + height)
        return Part(
            nodes,
            {
                edge.id: path_of(nodes[edge.source.node], map(self.turned, routes[edge.id]), nodes[edge.target.node])
                for edge in edges
            },
        )


def _usual_size(node: Node) -> Box:
    return FOLDED_CARD if node.is_folded else CARD


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
