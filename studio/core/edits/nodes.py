"""Edits of nodes as they stand on the canvas: add, delete, move, rename, annotate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.catalog.values import Value
from studio.core.edits.notes import moved_notes
from studio.core.edits.rebuild import placed, with_graph, with_node, without_edges, without_gaps
from studio.core.naming import fresh_name, is_valid_name, names_in, unused
from studio.core.ports import Catalog, ports_of
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Edge, Graph, Node, Point, PortRef, Project
from studio.core.rules.blocks import why_not_use_block
from studio.core.rules.naming import why_not_rename
from studio.core.topology import adjacency, edges_from, edges_into


def add_node(
    project: Project,
    type: str,
    *,
    x: float = 0.0,
    y: float = 0.0,
    name: str | None = None,
    params: Mapping[str, Value] | None = None,
    block: str | None = None,
    graph: str = MAIN,
) -> Project:
    """Put a new node on the canvas; its id is ``f"n{project.next_id}"`` of the project before.

    A name that is taken gets a number. ``params`` are stored as they are: the caller asks the catalog for
    ``initial_params`` where a new node should have some.
    """
    if type == BLOCK and (block is None or why_not_use_block(project, block, graph=graph) is not None):
        return project
    if name is None or not is_valid_name(name):
        stem = project.blocks[block].name if type == BLOCK and block else type
        name = fresh_name(project, graph, stem)
    else:
        name = unused(name, names_in(project.graph(graph)))
    node = Node(f"n{project.next_id}", type, name, dict(params or {}), x, y, block=block if type == BLOCK else None)
    nodes = {**project.graph(graph).nodes, node.id: node}
    return with_graph(project, graph, nodes=nodes, next_id=project.next_id + 1)


def delete(
    project: Project, catalog: Catalog, node_ids: Iterable[str], *, heal: bool = True, graph: str = MAIN
) -> Project:
    """Take nodes away with their edges, and notes.

    With ``heal``, a node that took one tensor is bridged: what it took now feeds everything that took its first
    output, edges keep their ids and ranks. A tensor that would arrive twice at one port arrives once. What else knew
    the nodes forgets them: shared layers get a new origin, data and training plan lose their entries.
    """
    drawn = project.graph(graph)
    chosen = set(node_ids)
    gone = chosen & drawn.nodes.keys()
    if not chosen.isdisjoint(drawn.notes):
        notes = {key: note for key, note in drawn.notes.items() if key not in chosen}
        project = with_graph(project, graph, notes=notes)
        drawn = project.graph(graph)
    if not gone:
        return project
    nodes = {key: node for key, node in drawn.nodes.items() if key not in gone}
    _promote_shares(drawn, nodes, gone)
    edges = _edges_without(project, catalog, drawn, gone, heal)
    lost_ports = [drawn.nodes[key] for key in gone if drawn.nodes[key].type in (INPUT, OUTPUT)]
    project = with_graph(project, graph, nodes=nodes, edges=edges)
    if graph != MAIN:
        for node in lost_ports:
            project = _without_block_port(project, graph, node)
        return project
    return _without_plans(project, gone)


def _promote_shares(drawn: Graph, nodes: dict[str, Node], gone: set[str]) -> None:
    origins: dict[str, str] = {}
    for node in tuple(nodes.values()):
        if node.shares in gone:
            origin = origins.setdefault(node.shares, node.id)
            nodes[node.id] = replace(node, shares=None if origin == node.id else origin)


def _edges_without(project: Project, catalog: Catalog, drawn: Graph, gone: set[str], heal: bool) -> Mapping[str, Edge]:
    around = adjacency(drawn)
    touched = [
        edge
        for node in gone
        for edge in (*around.incoming.get(node, ()), *around.outgoing.get(node, ()))
    ]  # fmt: skip
    if not touched:
        return drawn.edges
    edges = dict(drawn.edges)
    for edge in touched:
        edges.pop(edge.id, None)
    if heal:
        for edge in {edge.id: edge for edge in touched if edge.target.node not in gone}.values():
            source = _bridged(project, catalog, drawn, gone, edge.source)
            if source is None or source.node == edge.target.node:
                continue
            there = edges_into(drawn, edge.target.node, edge.target.port)
            if all(edges[other.id].source != source for other in there if other.id in edges):
                edges[edge.id] = replace(edge, source=source, route=())
    without_gaps(edges, {edge.target for edge in touched})
    return edges


def _bridged(project: Project, catalog: Catalog, drawn: Graph, gone: set[str], source: PortRef) -> PortRef | None:
    """Where a tensor from ``source`` comes from once the nodes ``gone`` are taken out, or None if that is unclear."""
    seen: set[str] = set()
    while source.node in gone:
        outputs = ports_of(project, catalog, drawn.nodes[source.node])[1]
        came_from = {edge.source for edge in edges_into(drawn, source.node)}
        if source.node in seen or len(came_from) != 1 or (outputs and outputs[0].name != source.port):
            return None
        seen.add(source.node)
        source = came_from.pop()
    return source


def _without_block_port(project: Project, block: str, node: Node) -> Project:
    """Cut the edges that other graphs have at the port which ``node`` was."""
    for key, drawn in project.graphs().items():
        for use in drawn.nodes.values():
            if use.type == BLOCK and use.block == block:
                find = edges_into if node.type == INPUT else edges_from
                lost = [edge.id for edge in find(drawn, use.id, node.name)]
                project = with_graph(project, key, edges=without_edges(project.graph(key).edges, lost))
    return project


def _without_plans(project: Project, gone: set[str]) -> Project:
    if not gone.isdisjoint(project.data.bindings):
        kept = {key: columns for key, columns in project.data.bindings.items() if key not in gone}
        project = replace(project, data=replace(project.data, bindings=kept))
    if not gone.isdisjoint(project.training.outputs):
        plans = {key: plan for key, plan in project.training.outputs.items() if key not in gone}
        project = replace(project, training=replace(project.training, outputs=plans))
    return project


def move(project: Project, places: Mapping[str, Point], *, graph: str = MAIN) -> Project:
    """Put nodes and notes elsewhere (top left corner, px).

    Way-points of an edge move along when both its ends move alike.
    """
    drawn = project.graph(graph)
    moved: dict[str, Node] = {}
    for key, (x, y) in places.items():
        node = drawn.nodes.get(key)
        if node is not None and (node.x, node.y) != (x, y):
            moved[key] = placed(node, x, y)
    notes = moved_notes(drawn.notes, places) if drawn.notes else drawn.notes
    if not moved:
        return with_graph(project, graph, notes=notes)
    edges = dict(drawn.edges)
    has_routes = False
    for edge in drawn.edges.values():
        if edge.route and (edge.source.node in moved or edge.target.node in moved):
            has_routes = True
            step = _step(drawn, moved, edge.source.node)
            shifted = tuple((x + step[0], y + step[1]) for x, y in edge.route)
            edges[edge.id] = replace(edge, route=shifted if step == _step(drawn, moved, edge.target.node) else ())
    nodes = {**drawn.nodes, **moved}
    return with_graph(project, graph, nodes=nodes, edges=edges if has_routes else None, notes=notes)


def _step(drawn: Graph, moved: Mapping[str, Node], key: str) -> Point:
    if key not in moved:
        return (0.0, 0.0)
    return (moved[key].x - drawn.nodes[key].x, moved[key].y - drawn.nodes[key].y)


def rename(project: Project, node_id: str, name: str, *, graph: str = MAIN) -> Project:
    """Give a node another name. Edges to a block's port follow when its Input or Output is renamed."""
    name = name.strip()
    node = project.graph(graph).nodes.get(node_id)
    if node is None or node.name == name or why_not_rename(project, node_id, name, graph=graph) is not None:
        return project
    project = with_node(project, graph, replace(node, name=name))
    block = project.blocks.get(graph)
    if block is not None and node_id in block.unnamed:
        named = replace(block, unnamed=block.unnamed - {node_id})
        project = replace(project, blocks={**project.blocks, graph: named})
    if graph != MAIN and node.type in (INPUT, OUTPUT):
        project = _rename_block_port(project, graph, node, name)
    return project


def _rename_block_port(project: Project, block: str, node: Node, name: str) -> Project:
    for key, drawn in project.graphs().items():
        edges = dict(drawn.edges)
        for use in drawn.nodes.values():
            if use.type == BLOCK and use.block == block:
                for edge in edges_into(drawn, use.id, node.name) if node.type == INPUT else ():
                    edges[edge.id] = replace(edges[edge.id], target=PortRef(use.id, name))
                for edge in edges_from(drawn, use.id, node.name) if node.type == OUTPUT else ():
                    edges[edge.id] = replace(edges[edge.id], source=PortRef(use.id, name))
        if edges != drawn.edges:
            project = with_graph(project, key, edges=edges)
    return project


def set_bypassed(project: Project, node_ids: Iterable[str], is_bypassed: bool, *, graph: str = MAIN) -> Project:
    """Make nodes hand on the first tensor that they take, as if they were not there; or make them work again."""
    drawn = project.graph(graph)
    chosen = [drawn.nodes[node] for node in node_ids if node in drawn.nodes]
    changed = {
        node.id: replace(node, is_bypassed=is_bypassed)
        for node in chosen
        if node.is_bypassed != is_bypassed and (not is_bypassed or node.type not in (INPUT, OUTPUT))
    }
    return with_graph(project, graph, nodes={**drawn.nodes, **changed}) if changed else project


def set_time_distributed(
    project: Project, node_ids: Iterable[str], is_time_distributed: bool, *, graph: str = MAIN
) -> Project:
    """Apply the blocks of uses to every time step of what these take, or to the whole of it again."""
    drawn = project.graph(graph)
    chosen = [drawn.nodes[node] for node in node_ids if node in drawn.nodes]
    changed = {
        node.id: replace(node, is_time_distributed=is_time_distributed)
        for node in chosen
        if node.type == BLOCK and node.is_time_distributed != is_time_distributed
    }
    return with_graph(project, graph, nodes={**drawn.nodes, **changed}) if changed else project


def set_folded(project: Project, node_ids: Iterable[str], is_folded: bool, *, graph: str = MAIN) -> Project:
    """Make nodes show their name only, or all again."""
    drawn = project.graph(graph)
    chosen = [drawn.nodes[node] for node in node_ids if node in drawn.nodes]
    changed = {node.id: replace(node, is_folded=is_folded) for node in chosen if node.is_folded != is_folded}
    return with_graph(project, graph, nodes={**drawn.nodes, **changed}) if changed else project


def set_marked(project: Project, node_ids: Iterable[str], is_marked: bool, *, graph: str = MAIN) -> Project:
    """Put bookmarks on nodes, or take them off."""
    drawn = project.graph(graph)
    chosen = [drawn.nodes[node] for node in node_ids if node in drawn.nodes]
    changed = {node.id: replace(node, is_marked=is_marked) for node in chosen if node.is_marked != is_marked}
    return with_graph(project, graph, nodes={**drawn.nodes, **changed}) if changed else project


def set_note(project: Project, node_id: str, note: str, *, graph: str = MAIN) -> Project:
    """Write a note to a node."""
    node = project.graph(graph).nodes.get(node_id)
    if node is None or node.note == note:
        return project
    return with_node(project, graph, replace(node, note=note))
