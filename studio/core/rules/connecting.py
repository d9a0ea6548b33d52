"""Why an edge may not be drawn, or a node not be put on one."""

from __future__ import annotations

from studio.core.ports import Catalog, input_port, output_port, ports_of
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Graph, Node, PortRef, Project
from studio.core.topology import edges_into, reaches


def why_not_connect(
    project: Project,
    catalog: Catalog,
    source: PortRef,
    target: PortRef,
    *,
    graph: str = MAIN,
    ignoring_edge: str | None = None,
) -> Problem | None:
    """Why no edge may go from ``source`` to ``target``, or None. ``ignoring_edge`` is thought away (being redrawn).

    A port that takes one edge and has one is no hindrance: the new edge takes its place.
    """
    drawn = project.graph(graph)
    start, end = drawn.nodes.get(source.node), drawn.nodes.get(target.node)
    if start is None or end is None:
        return Problem("no_node", "One of the two layers is no longer there.")
    if start is end:
        return Problem("self", f"{start.name} cannot take its own output; pick another layer.", node=end.id)
    if output_port(project, catalog, drawn, source) is None:
        return _why_no_output(project, catalog, start, source.port)
    port = input_port(project, catalog, drawn, target)
    if port is None:
        return _why_no_input(project, catalog, end, target.port)
    if not port.takes_many and any(
        edge.source == source and edge.id != ignoring_edge for edge in edges_into(drawn, end.id, port.name)
    ):
        return Problem("connected", f"{start.name} already feeds {end.name} here.", "hint", node=end.id)
    if port.most is not None and port.takes_many:
        present = [edge for edge in edges_into(drawn, end.id, port.name) if edge.id != ignoring_edge]
        if len(present) >= port.most:
            message = f"{end.name} takes {port.most} layers and has them; cut one of its edges first."
            return Problem("full", message, node=end.id)
    if reaches(drawn, end.id, start.id, without_edge=ignoring_edge):
        message = f"{end.name} already leads to {start.name}; this edge would close a circle."
        return Problem("cycle", message, node=end.id)
    return None


def _why_no_output(project: Project, catalog: Catalog, node: Node, port: str) -> Problem:
    inputs, outputs = ports_of(project, catalog, node)
    if node.type == OUTPUT:
        return Problem("no_port", f"{node.name} is an Output: edges end here and none start.", node=node.id)
    if any(found.name == port for found in inputs):
        return Problem("direction", f"Edges start at an output; {port} is an input of {node.name}.", node=node.id)
    if not outputs:
        return Problem("no_port", _no_ports(node, catalog, "no output"), node=node.id)
    known = ", ".join(found.name for found in outputs)
    return Problem("no_port", f"{node.name} has no output called {port}; it has {known}.", node=node.id)


def _why_no_input(project: Project, catalog: Catalog, node: Node, port: str) -> Problem:
    inputs, outputs = ports_of(project, catalog, node)
    if node.type == INPUT:
        return Problem("no_port", f"{node.name} is an Input: edges start here and none end.", node=node.id)
    if any(found.name == port for found in outputs):
        return Problem("direction", f"Edges end at an input; {port} is an output of {node.name}.", node=node.id)
    if not inputs:
        return Problem("no_port", _no_ports(node, catalog, "no input"), node=node.id)
    known = ", ".join(found.name for found in inputs)
    return Problem("no_port", f"{node.name} has no input called {port}; it has {known}.", node=node.id)


def _no_ports(node: Node, catalog: Catalog, what: str) -> str:
    if node.type == BLOCK:
        return f"The block of {node.name} has {what}; open it and add one."
    if catalog.layer(node.type) is None:
        return f"{node.name} is a {node.type}, which this Keras does not know, so its ports are unknown."
    return f"{node.name} has {what}."


def why_not_insert(
    project: Project, catalog: Catalog, node_id: str, edge_id: str, *, graph: str = MAIN
) -> Problem | None:
    """Why the node may not be put on the edge (between the two layers that it joins), or None."""
    drawn = project.graph(graph)
    node, edge = drawn.nodes.get(node_id), drawn.edges.get(edge_id)
    if node is None or edge is None:
        return Problem("no_node", "The layer or the edge is no longer there.")
    inputs, outputs = ports_of(project, catalog, node)
    if not inputs:
        return _why_no_input(project, catalog, node, "")
    if not outputs:
        return _why_no_output(project, catalog, node, "")
    if node_id in (edge.source.node, edge.target.node):
        return Problem("self", f"{node.name} is already at an end of this edge.", "hint", node=node_id)
    if not inputs[0].takes_many and edges_into(drawn, node_id, inputs[0].name):
        return Problem("taken", f"{node.name} already has an input; disconnect it first.", node=node_id)
    if _closes_circle(drawn, node_id, edge.source.node, edge.target.node, edge_id):
        message = f"{node.name} on this edge would close a circle; disconnect it first."
        return Problem("cycle", message, node=node_id)
    return None


def _closes_circle(graph: Graph, node: str, source: str, target: str, edge: str) -> bool:
    return reaches(graph, node, source, without_edge=edge) or reaches(graph, target, node, without_edge=edge)
