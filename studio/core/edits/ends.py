"""The order of Inputs and Outputs, which is that of their ids: of a model's list of inputs, of the ports of a block."""

from __future__ import annotations

from dataclasses import replace

from studio.core import bindings
from studio.core.edits.rebuild import with_graph
from studio.core.project import INPUT, MAIN, OUTPUT, Project
from studio.core.topology import id_key


def ends_like(project: Project, node_id: str, *, graph: str = MAIN) -> tuple[str, ...]:
    """All Inputs (or Outputs) of the graph in their order, where the node is one; otherwise none."""
    nodes = project.graph(graph).nodes
    node = nodes.get(node_id)
    if node is None or node.type not in (INPUT, OUTPUT):
        return ()
    return tuple(sorted((key for key, other in nodes.items() if other.type == node.type), key=id_key))


def move_end(project: Project, node_id: str, place: int, *, graph: str = MAIN) -> Project:
    """Give an Input (or Output) another place among those of its graph, counted from 0. What it takes stays.

    The ids keep their order and the nodes change theirs: the node then is ``ends_like(...)[place]``.
    """
    ids = ends_like(project, node_id, graph=graph)
    if not ids or not 0 <= place < len(ids) or ids[place] == node_id:
        return project
    order = [id for id in ids if id != node_id]
    order.insert(place, node_id)
    new = dict(zip(order, ids, strict=True))  # the old id of each -> the one that its new place has
    drawn = project.graph(graph)
    moved = {new[id]: replace(drawn.nodes[id], id=new[id]) for id in order}
    nodes = {id: moved.get(id, node) for id, node in drawn.nodes.items()}
    edges = {}
    for id, edge in drawn.edges.items():
        source, target = new.get(edge.source.node, edge.source.node), new.get(edge.target.node, edge.target.node)
        if (source, target) != (edge.source.node, edge.target.node):
            edge = replace(
                edge, source=replace(edge.source, node=source), target=replace(edge.target, node=target)
            )  # fmt: skip
        edges[id] = edge
    frames = {
        id: replace(frame, nodes=tuple(sorted((new.get(node, node) for node in frame.nodes), key=id_key)))
        if new.keys() & set(frame.nodes) else frame
        for id, frame in drawn.frames.items()
    }  # fmt: skip
    after = with_graph(project, graph, nodes=nodes, edges=edges, frames=frames)
    return _with_plans(project, after, new) if graph == MAIN else after


def _with_plans(before: Project, after: Project, new: dict[str, str]) -> Project:
    """Columns, losses and metrics stay with the nodes that have them, chosen or not."""
    columns = {new.get(id, id): names for id, names in before.data.bindings.items()}
    plans = {new.get(id, id): plan for id, plan in before.training.outputs.items()}
    after = replace(
        after, data=replace(after.data, bindings=columns), training=replace(after.training, outputs=plans)
    )  # fmt: skip
    was, now = bindings.resolve(before), bindings.resolve(after)
    chosen = dict(columns)
    for id, other in new.items():
        found, kept = was.get(id), now.get(other)
        if found is not None and (kept is None or kept.columns != found.columns):
            chosen[other] = tuple(column.name for column in found.columns)
    return replace(after, data=replace(after.data, bindings=chosen)) if chosen != columns else after
