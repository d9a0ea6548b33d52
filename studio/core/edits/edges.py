"""Edits of edges: draw, redraw, cut, reorder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio.core.edits.rebuild import number, with_graph, without_edges, without_gaps
from studio.core.ports import Catalog, input_port, ports_of
from studio.core.project import MAIN, Edge, Point, PortRef, Project
from studio.core.rules.connecting import why_not_connect, why_not_insert
from studio.core.topology import edges_into


def connect(
    project: Project,
    catalog: Catalog,
    source: PortRef,
    target: PortRef,
    *,
    rank: int | None = None,
    graph: str = MAIN,
) -> Project:
    """Draw an edge. It replaces the edge at a port that takes one; at a merge it goes last, or to ``rank``."""
    if why_not_connect(project, catalog, source, target, graph=graph) is not None:
        return project
    drawn = project.graph(graph)
    port = input_port(project, catalog, drawn, target)
    present = list(edges_into(drawn, target.node, target.port))
    edges = dict(drawn.edges)
    new = Edge(f"e{project.next_id}", source, target)
    if port is not None and port.takes_many:
        present.insert(len(present) if rank is None else max(0, min(rank, len(present))), new)
    else:
        for edge in present:
            del edges[edge.id]
        present = [new]
    number(edges, present)
    return with_graph(project, graph, edges=edges, next_id=project.next_id + 1)


def disconnect(project: Project, edge_ids: Iterable[str], *, graph: str = MAIN) -> Project:
    """Cut these edges; the others at a merge move up."""
    return with_graph(project, graph, edges=without_edges(project.graph(graph).edges, edge_ids))


def reconnect(
    project: Project,
    catalog: Catalog,
    edge_id: str,
    *,
    source: PortRef | None = None,
    target: PortRef | None = None,
    graph: str = MAIN,
) -> Project:
    """Move an end of an edge to another port. The edge keeps its id, and its rank where it ends at the same port."""
    drawn = project.graph(graph)
    old = drawn.edges.get(edge_id)
    if old is None:
        return project
    source, target = source or old.source, target or old.target
    if (source, target) == (old.source, old.target):
        return project
    if why_not_connect(project, catalog, source, target, graph=graph, ignoring_edge=edge_id) is not None:
        return project
    edges = dict(drawn.edges)
    port = input_port(project, catalog, drawn, target)
    present = [edge for edge in edges_into(drawn, target.node, target.port) if edge.id != edge_id]
    if port is None or not port.takes_many:
        for edge in present:
            del edges[edge.id]
        present = []
    place = old.rank if target == old.target else len(present)
    present.insert(place, replace(old, source=source, target=target, route=()))
    number(edges, present)
    without_gaps(edges, [old.target])
    return with_graph(project, graph, edges=edges)


def insert_on_edge(project: Project, catalog: Catalog, node_id: str, edge_id: str, *, graph: str = MAIN) -> Project:
    """Put a node between the two that an edge joins. The edge keeps id and rank and now starts at the node."""
    if why_not_insert(project, catalog, node_id, edge_id, graph=graph) is not None:
        return project
    drawn = project.graph(graph)
    edge = drawn.edges[edge_id]
    inputs, outputs = ports_of(project, catalog, drawn.nodes[node_id])
    edges = dict(drawn.edges)
    entry = PortRef(node_id, inputs[0].name)
    new = Edge(f"e{project.next_id}", edge.source, entry, rank=len(edges_into(drawn, node_id, entry.port)))
    edges[edge_id] = replace(edge, source=PortRef(node_id, outputs[0].name), route=())
    edges[new.id] = new
    return with_graph(project, graph, edges=edges, next_id=project.next_id + 1)


def move_rank(project: Project, edge_id: str, rank: int, *, graph: str = MAIN) -> Project:
    """Move an edge to another place among the edges of its port (the order of a Concatenate)."""
    drawn = project.graph(graph)
    edge = drawn.edges.get(edge_id)
    if edge is None:
        return project
    present = [found for found in edges_into(drawn, edge.target.node, edge.target.port) if found.id != edge_id]
    place = max(0, min(rank, len(present)))
    if place == edge.rank:
        return project
    present.insert(place, edge)
    edges = dict(drawn.edges)
    number(edges, present)
    return with_graph(project, graph, edges=edges)


def set_route(project: Project, edge_id: str, route: Iterable[Point], *, graph: str = MAIN) -> Project:
    """Give an edge other way-points (px, scene)."""
    drawn = project.graph(graph)
    edge = drawn.edges.get(edge_id)
    points = tuple(route)
    if edge is None or edge.route == points:
        return project
    return with_graph(project, graph, edges={**drawn.edges, edge_id: replace(edge, route=points)})
