"""Into a block and out of it again: each step goes to the graph one came from, not to the whole network at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core import uses
from studio.core.project import MAIN

if TYPE_CHECKING:
    from studio.gui.session.session import Session


def enter(session: Session, node_id: str) -> None:
    """Show the inside of a use of a block in the open graph."""
    block = session.graph.nodes[node_id].block
    if block is not None:
        is_reached = session.use or session.graph_key == MAIN
        session.open_graph(block, (*session.use, node_id) if is_reached else None)


def leave(session: Session) -> None:
    """Show the graph from which the inside of the block is looked at, with the use selected that was left."""
    outer, left = session.use[:-1], session.use[-1:]
    session.open_graph(uses.graph_of(session.project, outer) or MAIN, outer)
    session.set_selection(left)


def look_from(session: Session, use: uses.Path) -> None:
    """Show the shapes that another use of the open block has."""
    if use != session.use:
        session.use = use
        session.use_changed.emit()
