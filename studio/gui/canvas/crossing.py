"""Layers that move into a block and out of it, and the order of inputs and outputs: for keys, menus and the outline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.core import edits, rules
from studio.core.project import BLOCK, MAIN, Edge, Node
from studio.core.topology import edges_from, edges_into, id_key
from studio.gui.canvas import connecting, edge_walk
from studio.gui.canvas.offers import Words
from studio.gui.session import going

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.session import Session


def _tr(text: str) -> str:
    return QCoreApplication.translate("Crossing", text)


# ---- blocks ----------------------------------------------------------------------------------------------------------


def uses_beside(session: Session) -> Iterator[Node]:
    """The uses of blocks in the open graph into which what is selected could go."""
    for node in session.graph.nodes.values():
        if node.type == BLOCK and node.id not in session.selection and node.block in session.project.blocks:
            yield node


def why_not_into(session: Session) -> str:
    """Why nothing can move into a block now, as far as that is seen without looking at each of them."""
    if not session.selection:
        return _tr("Select a layer first.")
    if next(uses_beside(session), None) is None:
        return _tr("There is no block beside what is selected; Ctrl+G makes one.")
    return ""


def why_not_out(session: Session) -> str:
    """Why nothing can move out of the open block now."""
    if session.graph_key == MAIN:
        return _tr("Go into a block first.")
    if not session.selection:
        return _tr("Select a layer first.")
    problem = rules.why_not_move_out(session.project, session.selection, graph=session.graph_key)
    return problem.message if problem is not None else ""


def into(session: Session, use_id: str) -> bool:
    """Move what is selected into the block that a node of the open graph uses, one step; the use is selected then."""
    key, chosen, use = session.graph_key, session.chosen, session.graph.nodes[use_id]
    return session.apply(
        lambda project: edits.move_into_block(project, chosen, use_id, graph=key),
        _tr("Move into {0}").format(use.name),
        selection=[use_id],
    )


def out(session: Session) -> bool:
    """Move what is selected out of the open block, one step, and show it where it is now."""
    key, chosen = session.graph_key, session.chosen
    name = _tr("Move out of {0}").format(session.project.blocks[key].name)
    if not session.apply(lambda project: edits.move_out_of_block(project, chosen, graph=key), name):
        return False
    going.leave(session)
    session.set_selection(chosen)
    return True


def ask_into(canvas: Canvas) -> None:
    """Ask for the block into which what is selected moves; a single one that takes it is not asked for."""
    session = canvas.session
    why_not = {
        use.id: rules.why_not_move_into(session.project, session.selection, use.id, graph=session.graph_key)
        for use in uses_beside(session)
    }
    able = [id for id, problem in why_not.items() if problem is None]
    if not able:
        canvas.narrator.say(next((problem.message for problem in why_not.values() if problem is not None), ""))
        return
    if len(able) == 1:
        into(session, able[0])
        return
    words = Words(_tr("Move into the block"), _tr("No block that takes it has this name."), _tr("Blocks that take it"))
    slot = canvas.scene.slot[min(session.selection, key=id_key)]
    at = (canvas.scene.pos[slot] + canvas.scene.size[slot] / 2).tolist()
    canvas.popups.choose(
        (connecting.row_of(session, id) for id in able), words, lambda use: into(session, use), (at[0], at[1])
    )


def move_out(canvas: Canvas) -> None:
    """Move what is selected out of the open block, and bring it into view."""
    if out(canvas.session):
        canvas.sight.show(*canvas.session.selection)


# ---- order -----------------------------------------------------------------------------------------------------------


def _merged(session: Session) -> list[Edge]:
    """The edges of the one selected layer that stand beside others at an input of many."""
    if len(session.selection) != 1:
        return []
    edges = edges_from(session.graph, next(iter(session.selection)))
    return [edge for edge in edges if len(edges_into(session.graph, edge.target.node, edge.target.port)) > 1]


def why_not_order(canvas: Canvas, by: int) -> str:
    """Why the marked edge, the selected Input or Output, or the selected layer cannot come earlier (or later)."""
    session, edge = canvas.session, edge_walk.marked(canvas)
    if edge is not None:
        return _why_not_rank(session, edge, by)
    here = next(iter(session.selection)) if len(session.selection) == 1 else ""
    ends = edits.ends_like(session.project, here, graph=session.graph_key)
    if len(ends) > 1:
        return "" if 0 <= ends.index(here) + by < len(ends) else _tr("It is at the end of the order already.")
    merged = _merged(session)
    if len(merged) == 1:
        return _why_not_rank(session, merged[0], by)
    if merged:
        return _tr("The layer goes to several merges; select one of its edges with E.")
    return _tr("Select an Input, an Output, a source of a merge, or an edge.")


def _why_not_rank(session: Session, edge: Edge, by: int) -> str:
    count = len(edges_into(session.graph, edge.target.node, edge.target.port))
    if count < 2:
        return _tr("The input takes one edge only.")
    return "" if 0 <= edge.rank + by < count else _tr("The edge is at the end of the order already.")


def move_in_order(canvas: Canvas, by: int) -> None:
    """Let the marked edge come earlier or later among those of its input, or an Input or Output among its kind."""
    session, edge = canvas.session, edge_walk.marked(canvas)
    here = next(iter(session.selection)) if len(session.selection) == 1 else ""
    ends = edits.ends_like(session.project, here, graph=session.graph_key) if edge is None else ()
    if len(ends) > 1:
        put_end(session, here, ends.index(here) + by)
        here = next(iter(session.selection))
        name, place = session.graph.nodes[here].name, ends.index(here) + 1
        canvas.narrator.say(_tr("{0}, {1} of {2}").format(name, place, len(ends)))
        return
    found = [edge] if edge is not None else _merged(session)
    if len(found) == 1:
        put_edge(session, found[0], found[0].rank + by)
        canvas.narrator.say(edge_walk.words_of(canvas, session.graph.edges[found[0].id]))


def put_end(session: Session, node_id: str, place: int) -> None:
    """Give an Input or Output of the open graph a place among those of its kind, one step."""
    key = session.graph_key
    ends = edits.ends_like(session.project, node_id, graph=key)
    if 0 <= place < len(ends):
        name = _tr("Order of inputs") if session.graph.nodes[node_id].type == "Input" else _tr("Order of outputs")
        session.apply(
            lambda project: edits.move_end(project, node_id, place, graph=key), name, selection=[ends[place]]
        )  # fmt: skip


def put_edge(session: Session, edge: Edge, rank: int) -> None:
    """Give an edge a place among those of its input, one step."""
    key = session.graph_key
    session.apply(lambda project: edits.move_rank(project, edge.id, rank, graph=key), _tr("Order of the inputs"))


def common_merge(session: Session, one: str, other: str) -> tuple[Edge, Edge] | None:
    """The edges of two layers of the open graph that end at the same input of many."""
    for edge in edges_from(session.graph, one):
        for mate in edges_into(session.graph, edge.target.node, edge.target.port):
            if mate.source.node == other and mate.id != edge.id:
                return edge, mate
    return None
