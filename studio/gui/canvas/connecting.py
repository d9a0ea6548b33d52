"""Connecting without the mouse: which layers may take an output, and the edge to the one that is chosen."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from studio.catalog.spec import Port
from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import BLOCK, PortRef
from studio.core.topology import ancestors
from studio.gui.canvas.card import kind_text
from studio.gui.canvas.offers import Found

if TYPE_CHECKING:
    from studio.gui.session import Session


def preferred(ports: Iterable[Port], node_id: str, used: Collection[PortRef]) -> list[Port]:
    """Ports of a node in the order in which an edge takes them that is drawn to the node as a whole.

    A free one comes before one that has an edge, a needed one before an optional one.
    """
    return sorted(
        ports, key=lambda port: (not port.takes_many and PortRef(node_id, port.name) in used, port.is_optional)
    )


def free_port(session: Session, source: PortRef, node_id: str) -> PortRef | None:
    """The input of a node to which an edge goes that is drawn to the node as a whole; None where there is none."""
    graph, key = session.graph, session.graph_key
    used = {edge.target for edge in graph.edges.values() if edge.target.node == node_id}
    inputs = ports_of(session.project, session.catalog, graph.nodes[node_id])[0]
    for port in preferred(inputs, node_id, used):
        target = PortRef(node_id, port.name)
        if rules.why_not_connect(session.project, session.catalog, source, target, graph=key) is None:
            return target
    return None


def targets(session: Session, source: PortRef) -> list[Found]:
    """The layers that may take an output, the nearest first."""
    graph = session.graph
    start = graph.nodes[source.node]
    barred = {source.node, *ancestors(graph, source.node)}
    found = []
    for node in graph.nodes.values():
        if node.id not in barred and free_port(session, source, node.id) is not None:
            spec = session.catalog.layer(node.type)
            family = "core" if node.type == BLOCK else spec.family if spec is not None else "unknown"
            gap = math.hypot(node.x - start.x, node.y - start.y)
            found.append((gap, Found(node.id, node.name, kind_text(session.project, node, spec), family)))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def connect(session: Session, source: PortRef, node_id: str) -> None:
    """Draw the edge, one step; the layer that takes it is selected then."""
    target = free_port(session, source, node_id) if node_id in session.graph.nodes else None
    if target is not None:
        session.apply(
            lambda project: edits.connect(project, session.catalog, source, target, graph=session.graph_key),
            "Connect",
            selection=[node_id],
        )
