"""Places for nodes that come to a drawing: free spots, room on an edge. Pure, on the project's values."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from studio.core import edits, rules
from studio.core.ports import Catalog
from studio.core.project import Graph, Node, Project
from studio.core.topology import descendants
from studio.gui.canvas.geometry import GRID, NODE_HEIGHT, NODE_WIDTH, bounds_of, nodes_in, snapped
from studio.gui.canvas.scene import Scene

GAP = 28.0
"""Room between two nodes of a chain that stand one after the other, px."""
ASIDE = 48.0
"""Room between what was copied and its copy, px: an edge finds its way there."""
_MOST_TRIES = 8
"""A copy farther away than this would not be found."""


def free_place(graph: Graph, x: float, y: float, direction: str) -> tuple[float, float]:
    """The place nearest after (x, y) in the direction of the drawing where a new node covers no other."""
    for _ in range(len(graph.nodes) + 1):
        hit = next((node for node in graph.nodes.values() if _overlap(node, x, y)), None)
        if hit is None:
            break
        if direction == "down":
            y = snapped(hit.y + NODE_HEIGHT + GAP)
        else:
            x = snapped(hit.x + NODE_WIDTH + GAP)
    return x, y


def beside(scene: Scene, chosen: Collection[str], direction: str) -> tuple[float, float]:
    """How far copies of nodes and notes are put from them: across the flow, where they cover nothing.

    A copy on top of what it was made of hides it. Where all is full it is a little aside.
    """
    slots = np.array([scene.slot[id] for id in chosen if id in scene.slot], np.intp)
    notes = np.array([scene.notes.slot[id] for id in chosen if id in scene.notes.slot], np.intp)
    box = bounds_of(
        np.vstack([scene.pos[slots], scene.notes.pos[notes]]), np.vstack([scene.size[slots], scene.notes.size[notes]])
    )
    if box is None:
        return 3 * GRID, 3 * GRID
    is_down = direction == "down"
    step = snapped((box[2] - box[0] if is_down else box[3] - box[1]) + ASIDE)
    for number in range(1, _MOST_TRIES + 1):
        dx, dy = (number * step, 0.0) if is_down else (0.0, number * step)
        there = (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy)
        if not len(nodes_in(scene.pos, scene.size, there)) and not len(
            nodes_in(scene.notes.pos, scene.notes.size, there)
        ):
            return dx, dy
    return 3 * GRID, 3 * GRID


def _overlap(node: Node, x: float, y: float) -> bool:
    return abs(node.x - x) < NODE_WIDTH + 8 and abs(node.y - y) < NODE_HEIGHT + 8


def inserted(project: Project, catalog: Catalog, node_id: str, edge_id: str, graph_key: str) -> Project:
    """Put a node on an edge and make room: it stands in line with the edge, and what follows gives way."""
    if rules.why_not_insert(project, catalog, node_id, edge_id, graph=graph_key) is not None:
        return project
    graph = project.graph(graph_key)
    edge = graph.edges[edge_id]
    before, after, node = graph.nodes[edge.source.node], graph.nodes[edge.target.node], graph.nodes[node_id]
    project = edits.insert_on_edge(project, catalog, node_id, edge_id, graph=graph_key)
    is_down = project.direction == "down"
    length = NODE_HEIGHT if is_down else NODE_WIDTH

    def main(found: Node) -> float:
        return found.y if is_down else found.x

    def across(found: Node) -> float:
        return found.x if is_down else found.y

    if main(after) < main(before) + length:  # an edge that runs backwards: leave everything where it is
        return project
    place = max(main(node), main(before) + length + GAP)
    if main(after) - main(before) >= 2 * (length + GAP):
        place = min(place, main(after) - length - GAP)
    place = snapped(place + 3.99)  # up: never closer than the gap
    beside = across(node)
    for straight in (across(before), across(after)):
        if abs(straight - beside) < (NODE_WIDTH if is_down else NODE_HEIGHT) / 2:
            beside = straight
            break
    push = place + length + GAP - main(after)
    places = {node_id: (beside, place) if is_down else (place, beside)}
    if push > 0:
        push = snapped(push + 3.99)
        for id in {after.id, *descendants(graph, after.id)} - {node_id}:
            found = graph.nodes[id]
            places[id] = (found.x, found.y + push) if is_down else (found.x + push, found.y)
    return edits.move(project, places, graph=graph_key)
