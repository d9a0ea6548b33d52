"""Connecting without the mouse: which layers may take an output, and the edge to the one that is chosen."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.catalog.spec import Port
from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import BLOCK, Node, PortRef
from studio.core.topology import ancestors, edges_into
from studio.gui.canvas.card import kind_text
from studio.gui.canvas.offers import Found

if TYPE_CHECKING:
    from studio.gui.session import Session


def preferred(ports: Iterable[Port], node_id: str, used: Collection[PortRef]) -> list[Port]:
    """Ports of a node in the order in which an edge takes them that is drawn to the node as a whole.

    A free one comes before one that has an edge, a needed one before an optional one.
    """
    return sorted(ports, key=lambda port: _standing(port, node_id, used))


def _standing(port: Port, node_id: str, used: Collection[PortRef]) -> tuple[bool, bool]:
    return not port.takes_many and PortRef(node_id, port.name) in used, port.is_optional


def to_choose_from(ports: Iterable[Port], node_id: str, used: Collection[PortRef], *, asks_all: bool) -> list[Port]:
    """The ports among which only the person can choose: those that are as good as the best one, or all of them."""
    ordered = preferred(ports, node_id, used)
    if asks_all or not ordered:
        return ordered
    best = _standing(ordered[0], node_id, used)
    return [port for port in ordered if _standing(port, node_id, used) == best]


def fitting(session: Session, source: PortRef, node_id: str) -> list[Port]:
    """The inputs of a node that may take an output."""
    inputs = ports_of(session.project, session.catalog, session.graph.nodes[node_id])[0]

    def is_legal(port: Port) -> bool:
        target = PortRef(node_id, port.name)
        why_not = rules.why_not_connect(session.project, session.catalog, source, target, graph=session.graph_key)
        return why_not is None

    return [port for port in inputs if is_legal(port)]


def as_found(session: Session, port: PortRef, *, is_input: bool) -> Found:
    """A port as a row of the list in which one is chosen: its name, and what goes in there already."""
    graph = session.graph
    node = graph.nodes[port.node]
    sources = [graph.nodes[edge.source.node].name for edge in edges_into(graph, port.node, port.port)]
    note = _tr("takes {0}").format(", ".join(sources)) if is_input and sources else ""
    if is_input and not note:
        is_optional = any(
            each.name == port.port and each.is_optional for each in ports_of(session.project, session.catalog, node)[0]
        )
        note = _tr("may stay free") if is_optional else _tr("needs an edge")
    return Found(port.port, port.port, note, _family(session, node))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def choices(session: Session, source: PortRef, node_id: str) -> list[PortRef]:
    """The inputs of a node to which an edge may go that is drawn to it as a whole; several where only one knows who
    draws it, none where nothing fits."""
    used = {edge.target for edge in session.graph.edges.values() if edge.target.node == node_id}
    found = to_choose_from(fitting(session, source, node_id), node_id, used, asks_all=False)
    return [PortRef(node_id, port.name) for port in found]


def targets(session: Session, source: PortRef) -> list[Found]:
    """The layers that may take an output, the nearest first."""
    graph = session.graph
    start = graph.nodes[source.node]
    barred = {source.node, *ancestors(graph, source.node)}
    found = []
    for node in graph.nodes.values():
        if node.id not in barred and fitting(session, source, node.id):
            found.append((math.hypot(node.x - start.x, node.y - start.y), row_of(session, node.id)))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def row_of(session: Session, node_id: str) -> Found:
    """A node as a row of a list in which one is chosen."""
    node = session.graph.nodes[node_id]
    spec = session.catalog.layer(node.type)
    return Found(node.id, node.name, kind_text(session.project, node, spec), _family(session, node))


def _family(session: Session, node: Node) -> str:
    spec = session.catalog.layer(node.type)
    return "core" if node.type == BLOCK else spec.family if spec is not None else "unknown"


def connect(session: Session, source: PortRef, target: PortRef) -> None:
    """Draw the edge, one step; the layer that takes it is selected then."""
    session.apply(
        lambda project: edits.connect(project, session.catalog, source, target, graph=session.graph_key),
        "Connect",
        selection=[target.node],
    )
