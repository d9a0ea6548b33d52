"""Places for nodes that come to a drawing: free spots, room on an edge. Pure, on the project's values."""

from __future__ import annotations

from studio.core import edits, rules
from studio.core.ports import Catalog
from studio.core.project import Graph, Node, Project
from studio.core.topology import descendants
from studio.gui.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, snapped

GAP = 28.0
"""Room between two nodes of a chain that stand one after the other, px."""


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
