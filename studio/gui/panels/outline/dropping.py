"""What may be done with rows that are dragged onto another row: each with the reason where it may not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import BLOCK, PortRef
from studio.gui.canvas import connecting, crossing
from studio.gui.panels.outline.rows import Entry
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.gui.session import Session


@immutable
class Offer:
    """One thing that may be done, in words, and why not ("" where it may)."""

    text: str
    do: Callable[[], object]
    why_not: str = ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Outline", text)


def offers(session: Session, dragged: Collection[str], target: Entry) -> list[Offer]:
    """What dragging these nodes and notes of the open graph onto a row may mean; nothing where it means nothing."""
    if target.is_note or not dragged or (target.graph == session.graph_key and target.node in dragged):
        return []
    nodes = [id for id in dragged if id in session.graph.nodes]
    found = [*_block_offers(session, target)] if nodes else []
    if len(nodes) == 1 and target.graph == session.graph_key:
        found += [*_connect_offer(session, nodes[0], target.node), *_order_offers(session, nodes[0], target.node)]
    return found


def _block_offers(session: Session, target: Entry) -> Iterator[Offer]:
    """Into the block that the row is, or in which it stands; out of the open block to where its use stands."""
    here, project = session.graph_key, session.project
    steps = target.path.split("/")
    inside = target.graph if target.graph != here else (project.graph(here).nodes[target.node].block or "")
    use = target.node if target.graph == here else steps[-2] if len(steps) > 1 else ""
    node = session.graph.nodes.get(use)
    if node is not None and node.type == BLOCK and node.block == inside and use not in session.selection:
        problem = rules.why_not_move_into(project, session.selection, use, graph=here)
        yield Offer(
            _tr("Move into {0}").format(node.name),
            lambda: crossing.into(session, use),
            problem.message if problem is not None else "",
        )
    if here in project.blocks and any(
        node.block == here for node in project.graph(target.graph).nodes.values() if node.type == BLOCK
    ):
        problem = rules.why_not_move_out(project, session.selection, graph=here)
        yield Offer(
            _tr("Move out of {0}").format(project.blocks[here].name),
            lambda: crossing.out(session),
            problem.message if problem is not None else "",
        )


def _connect_offer(session: Session, source: str, target: str) -> Iterator[Offer]:
    project, catalog, graph = session.project, session.catalog, session.graph
    outputs = ports_of(project, catalog, graph.nodes[source])[1]
    inputs = ports_of(project, catalog, graph.nodes[target])[0]
    if not outputs or not inputs:
        return
    anchor = PortRef(source, outputs[0].name)
    ports = connecting.choices(session, anchor, target)
    text = _tr("Connect {0} with {1}").format(graph.nodes[source].name, graph.nodes[target].name)
    if not ports:
        end = PortRef(target, inputs[0].name)
        problem = rules.why_not_connect(project, catalog, anchor, end, graph=session.graph_key)
        yield Offer(text, lambda: None, problem.message if problem is not None else "")
    for port in ports:
        words = text if len(ports) == 1 else _tr("{0}, at {1}").format(text, port.port)
        yield Offer(words, lambda port=port: connecting.connect(session, anchor, port))  # type: ignore[misc]


def _order_offers(session: Session, moved: str, target: str) -> Iterator[Offer]:
    """Before or after the other Input, Output, or source of the same merge."""
    graph = session.graph
    ends = edits.ends_like(session.project, moved, graph=session.graph_key)
    if target in ends:
        place, was = ends.index(target), ends.index(moved)
        text = _tr("Put {0} before {1}") if place < was else _tr("Put {0} after {1}")
        yield Offer(
            text.format(graph.nodes[moved].name, graph.nodes[target].name),
            lambda: crossing.put_end(session, moved, place),
        )
    common = crossing.common_merge(session, moved, target)
    if common is not None:
        edge, mate = common
        text = _tr("Put {0} before {1} in {2}") if mate.rank < edge.rank else _tr("Put {0} after {1} in {2}")
        names = (graph.nodes[id].name for id in (moved, target, edge.target.node))
        yield Offer(text.format(*names), lambda: crossing.put_edge(session, edge, mate.rank))
