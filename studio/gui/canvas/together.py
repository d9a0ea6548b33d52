"""What is done to several nodes at once: select what follows them, connect them, line them up. Each one step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Literal

import numpy as np

from studio.core import edits, rules
from studio.core.ports import Catalog, ports_of
from studio.core.project import Graph, Node, Note, Point, PortRef, Project
from studio.core.topology import ancestors, descendants, id_key, order
from studio.gui.canvas import geometry
from studio.gui.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, snapped

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

Side = Literal["left", "centre", "right", "top", "middle", "bottom"]
"""Where nodes are lined up: at the outermost one of that side, or in the middle of all."""


# ---- selecting -------------------------------------------------------------------------------------------------------


def select_downstream(canvas: Canvas, node_ids: Collection[str] | None = None) -> None:
    """Select these nodes (those selected, without any) and all that their tensors reach."""
    _select_with(canvas, node_ids, descendants)


def select_upstream(canvas: Canvas, node_ids: Collection[str] | None = None) -> None:
    """Select these nodes (those selected, without any) and all that they get tensors from."""
    _select_with(canvas, node_ids, ancestors)


def select_box(canvas: Canvas) -> None:
    """Select all that the box around what is selected touches: a rubber band whose corners were walked to."""
    session, scene, notes = canvas.session, canvas.scene, canvas.scene.notes
    corners = []
    for rows in (scene, notes):
        slots = [rows.slot[id] for id in session.chosen if id in rows.slot]
        if slots:
            corners.append((rows.pos[slots].min(axis=0), (rows.pos[slots] + rows.size[slots]).max(axis=0)))
    if not corners:
        return
    left, top = np.min([first for first, _ in corners], axis=0).tolist()
    right, bottom = np.max([last for _, last in corners], axis=0).tolist()
    box = (left, top, right, bottom)
    found = {scene.ids[slot] for slot in geometry.nodes_in(scene.pos, scene.size, box).tolist()}
    found |= {notes.notes[number].id for number in geometry.nodes_in(notes.pos, notes.size, box).tolist()}
    session.set_selection(found)


def select_between(canvas: Canvas) -> None:
    """Select all layers on the ways from one of what is selected to another."""
    session = canvas.session
    chosen, graph = session.selection, session.graph
    above = {id for node in chosen for id in ancestors(graph, node)}
    below = {id for node in chosen for id in descendants(graph, node)}
    session.set_selection(session.chosen | (above & below))


Around = Callable[[Graph, str], Collection[str]]


def _select_with(canvas: Canvas, node_ids: Collection[str] | None, around: Around) -> None:
    session = canvas.session
    chosen = session.selection if node_ids is None else node_ids
    found = set(chosen)
    for id in chosen:
        found.update(around(session.graph, id))
    session.set_selection(found)


# ---- connecting ------------------------------------------------------------------------------------------------------


def connect(canvas: Canvas) -> None:
    """Connect the selected nodes in the direction of the drawing."""
    session, key = canvas.session, canvas.session.graph_key
    chosen = session.selection
    if len(chosen) > 1:
        session.apply(lambda project: connected(project, session.catalog, chosen, key), "Connect the selection")


def connected(project: Project, catalog: Catalog, node_ids: Collection[str], graph_key: str) -> Project:
    """Join nodes row by row, as they stand in the direction of the drawing: each takes from the row before.

    A merge takes from all nodes of that row, any other node from the nearest ones, one for each input that is free.
    What is connected already stays so, and what rules forbid is left out.
    """
    rows = _rows([project.graph(graph_key).nodes[id] for id in node_ids], project.direction)
    for before, row in itertools.pairwise(rows):
        for node in row:
            project = _fed(project, catalog, node, before, graph_key)
    return project


def _rows(nodes: Collection[Node], direction: str) -> list[list[Node]]:
    """Nodes that stand beside each other, in one list each; the lists in the direction of the drawing."""
    is_down = direction == "down"
    length = NODE_HEIGHT if is_down else NODE_WIDTH
    rows: list[list[Node]] = []
    for node in sorted(nodes, key=lambda node: (_main(node, direction), _across(node, direction), id_key(node.id))):
        if rows and _main(node, direction) < _main(rows[-1][0], direction) + length / 2:
            rows[-1].append(node)
        else:
            rows.append([node])
    return [sorted(row, key=lambda node: _across(node, direction)) for row in rows]


def _main(node: Node, direction: str) -> float:
    return node.y if direction == "down" else node.x


def _across(node: Node, direction: str) -> float:
    return node.x if direction == "down" else node.y


def _fed(project: Project, catalog: Catalog, node: Node, before: list[Node], graph_key: str) -> Project:
    inputs = ports_of(project, catalog, node)[0]
    takes_many = any(port.takes_many for port in inputs)
    place = _across(node, project.direction)
    sources = before if takes_many else sorted(before, key=lambda each: abs(_across(each, project.direction) - place))
    for source in sources:
        outputs = ports_of(project, catalog, source)[1]
        graph = project.graph(graph_key)
        if not outputs or any(e.source.node == source.id and e.target.node == node.id for e in graph.edges.values()):
            continue
        used = {edge.target.port for edge in graph.edges.values() if edge.target.node == node.id}
        free = [port for port in inputs if port.takes_many or (port.name not in used and not port.is_optional)]
        if not free:
            break
        ends = PortRef(source.id, outputs[0].name), PortRef(node.id, free[0].name)
        if rules.why_not_connect(project, catalog, *ends, graph=graph_key) is None:
            project = edits.connect(project, catalog, *ends, graph=graph_key)
    return project


def taken_out(project: Project, catalog: Catalog, node_ids: Collection[str], graph_key: str) -> Project:
    """Take nodes out of their chain: what they stood between is joined as after deleting; edges between them stay."""
    graph, chosen = project.graph(graph_key), set(node_ids)
    crossing = [e.id for e in graph.edges.values() if (e.source.node in chosen) != (e.target.node in chosen)]
    if not crossing:
        return project
    healed = edits.delete(project, catalog, chosen, graph=graph_key).graph(graph_key).edges
    bridged = [edge for id, edge in healed.items() if edge.source != graph.edges[id].source]
    kept = {edge.id for edge in bridged}
    project = edits.disconnect(project, [id for id in crossing if id not in kept], graph=graph_key)
    for edge in bridged:
        project = edits.reconnect(project, catalog, edge.id, source=edge.source, graph=graph_key)
    return project


# ---- lining up -------------------------------------------------------------------------------------------------------


def align(canvas: Canvas, side: Side) -> None:
    """Line what is selected up at one of their sides, or in the middle."""
    _place(canvas, lambda graph, chosen: aligned(_things(graph, chosen), side), "Align")


def straighten(canvas: Canvas) -> None:
    """Put every chain among the selected nodes in line with its first node."""
    direction = canvas.session.project.direction
    _place(canvas, lambda graph, chosen: straightened(graph, chosen, direction), "Straighten")


def distribute(canvas: Canvas, axis: Literal["x", "y"]) -> None:
    """Make the gaps between what is selected equal; the outermost ones stay."""
    _place(canvas, lambda graph, chosen: distributed(_things(graph, chosen), axis), "Distribute")


def _place(canvas: Canvas, places: Callable[[Graph, Collection[str]], dict[str, Point]], name: str) -> None:
    session, key = canvas.session, canvas.session.graph_key
    chosen = session.chosen
    if len(chosen) > 1:
        session.apply(
            lambda project: edits.move(project, places(project.graph(key), chosen), graph=key),
            name,
        )


def _things(graph: Graph, ids: Collection[str]) -> list[Node | Note]:
    return [graph.nodes[id] if id in graph.nodes else graph.notes[id] for id in ids]


def aligned(things: Collection[Node | Note], side: Side) -> dict[str, Point]:
    """Places of nodes and notes lined up: at the outermost one of that side, or at the middle of all, on the grid."""
    is_sideways = side in ("left", "centre", "right")
    lows = {thing.id: thing.x if is_sideways else thing.y for thing in things}
    lengths = {thing.id: _extent(thing)[0 if is_sideways else 1] for thing in things}
    first, last = min(lows.values()), max(lows[id] + lengths[id] for id in lows)
    found = {}
    for thing in things:
        length = lengths[thing.id]
        if side in ("left", "top"):
            place = first
        elif side in ("right", "bottom"):
            place = last - length
        else:
            place = snapped((first + last - length) / 2)
        found[thing.id] = (place, thing.y) if is_sideways else (thing.x, place)
    return found


def distributed(things: Collection[Node | Note], axis: Literal["x", "y"]) -> dict[str, Point]:
    """Places of nodes and notes with equal gaps between the outermost two."""
    is_sideways = axis == "x"
    ordered = sorted(things, key=lambda thing: (thing.x if is_sideways else thing.y, id_key(thing.id)))
    lows = [thing.x if is_sideways else thing.y for thing in ordered]
    lengths = [_extent(thing)[0 if is_sideways else 1] for thing in ordered]
    gap = (lows[-1] - lows[0] - sum(lengths[:-1])) / max(1, len(ordered) - 1)
    found, place = {}, lows[0]
    for thing, length in zip(ordered, lengths, strict=True):
        found[thing.id] = (place, thing.y) if is_sideways else (thing.x, place)
        place += length + gap
    return found


def _extent(thing: Node | Note) -> Point:
    return (thing.width, thing.height) if isinstance(thing, Note) else (NODE_WIDTH, NODE_HEIGHT)


def straightened(graph: Graph, node_ids: Collection[str], direction: str) -> dict[str, Point]:
    """Places of nodes beside or below the one node that they follow, where they are the only one that follows it."""
    inner = [e for e in graph.edges.values() if e.source.node in node_ids and e.target.node in node_ids]
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for edge in inner:
        before.setdefault(edge.target.node, set()).add(edge.source.node)
        after.setdefault(edge.source.node, set()).add(edge.target.node)
    places: dict[str, Point] = {}
    for id in order(graph):
        sources = before.get(id, set())
        if id in node_ids and len(sources) == 1:
            (source,) = sources
            if len(after[source]) == 1:
                x, y = places.get(source, (graph.nodes[source].x, graph.nodes[source].y))
                node = graph.nodes[id]
                places[id] = (x, node.y) if direction == "down" else (node.x, y)
    return places
