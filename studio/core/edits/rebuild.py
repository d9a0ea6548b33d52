"""How an edit puts a changed graph back into its project, so that everything else stays shared."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from studio.core.project import MAIN, Edge, Frame, Graph, Node, Note, PortRef, Project
from studio.core.topology import id_key


def with_graph(
    project: Project,
    key: str,
    *,
    nodes: Mapping[str, Node] | None = None,
    edges: Mapping[str, Edge] | None = None,
    frames: Mapping[str, Frame] | None = None,
    notes: Mapping[str, Note] | None = None,
    next_id: int | None = None,
) -> Project:
    """The project with other parts in the graph ``key``; the project itself when nothing is different.

    Frames forget nodes and notes that are gone.
    """
    old = project.graph(key)
    nodes = old.nodes if nodes is None else nodes
    edges = old.edges if edges is None else edges
    frames = old.frames if frames is None else frames
    notes = old.notes if notes is None else notes
    next_id = project.next_id if next_id is None else next_id
    is_drawn_alike = nodes is old.nodes and edges is old.edges and frames is old.frames and notes is old.notes
    if is_drawn_alike and next_id == project.next_id:
        return project
    graph = Graph(nodes, edges, frames_around(frames, nodes, notes) if frames else frames, notes)
    if key == MAIN:
        return replace(project, main=graph, next_id=next_id)
    blocks = {**project.blocks, key: replace(project.blocks[key], graph=graph)}
    return replace(project, blocks=blocks, next_id=next_id)


def frames_around(frames: Mapping[str, Frame], nodes: Container[str], notes: Container[str]) -> Mapping[str, Frame]:
    """The frames with those of their nodes and notes that are there; the same mapping when these are all."""
    kept: dict[str, Frame] = {}
    is_same = True
    for key, frame in frames.items():
        if all(node in nodes for node in frame.nodes) and all(note in notes for note in frame.notes):
            kept[key] = frame
            continue
        is_same = False
        left = tuple(node for node in frame.nodes if node in nodes)
        if left:
            kept[key] = replace(frame, nodes=left, notes=tuple(note for note in frame.notes if note in notes))
    return frames if is_same else kept


def with_node(project: Project, key: str, node: Node) -> Project:
    """The project with ``node`` in place of the one that has its id."""
    return with_graph(project, key, nodes={**project.graph(key).nodes, node.id: node})


def without_gaps(edges: dict[str, Edge], ports: Iterable[PortRef]) -> None:
    """Number the edges of each of these input ports 0, 1, 2, ... in the order they have. Changes ``edges`` itself."""
    wanted = set(ports)
    at_port: dict[PortRef, list[Edge]] = {}
    for edge in edges.values():
        if edge.target in wanted:
            at_port.setdefault(edge.target, []).append(edge)
    for found in at_port.values():
        found.sort(key=lambda edge: (edge.rank, id_key(edge.id)))
        number(edges, found)


def number(edges: dict[str, Edge], in_order: Iterable[Edge]) -> None:
    """Give these edges of one port the ranks 0, 1, 2, ... in the order given. Changes ``edges`` itself."""
    for rank, edge in enumerate(in_order):
        if edges.get(edge.id) is not edge or edge.rank != rank:
            edges[edge.id] = edge if edge.rank == rank else replace(edge, rank=rank)


def without_edges(edges: Mapping[str, Edge], gone: Iterable[str]) -> Mapping[str, Edge]:
    """The edges that remain, with ranks closed up; the same mapping when none of ``gone`` is there."""
    lost = [edges[key] for key in gone if key in edges]
    if not lost:
        return edges
    remaining = dict(edges)
    for edge in lost:
        remaining.pop(edge.id, None)
    without_gaps(remaining, {edge.target for edge in lost})
    return remaining


def placed(node: Node, x: float, y: float) -> Node:
    """The node at another place; ``dataclasses.replace`` takes five times as long, and 1,000 may move at once."""
    return Node(
        node.id, node.type, node.name, node.params, x, y, node.note, node.shares, node.block, node.extra,
        node.is_bypassed, node.is_folded, node.is_marked, node.is_time_distributed,
    )  # fmt: skip
