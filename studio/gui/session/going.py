"""Into a block and out of it again: each step goes to the graph one came from, not to the whole network at once.

And with undo to the graph in which something was taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core import uses
from studio.core.change import Change
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


def to_change(session: Session, change: Change) -> frozenset[str]:
    """Open a graph in which a step of the history changed something, if the open one is none, with what was selected.

    Gives the ids of the nodes there that are others now.
    """
    there = [key for key in change.graphs if key == MAIN or key in session.project.blocks]
    if there and session.graph_key not in there:
        selection = session.document.selection  # opening a graph selects nothing
        session.open_graph(there[0])
        session.set_selection(selection)
    found, graph = change.of(session.graph_key), session.graph
    ends = (graph.edges[id] for id in found.added_edges | found.updated_edges if id in graph.edges)
    touched = {node for edge in ends for node in (edge.source.node, edge.target.node)}
    return (found.added_nodes | found.updated_nodes or frozenset(touched)) & graph.nodes.keys()
