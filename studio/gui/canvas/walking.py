"""Walking through the drawing by keys: along edges, to branches beside, through all layers in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from studio.codegen.wiring import order_of
from studio.core.project import Graph, Note
from studio.core.topology import edges_from, edges_into, id_key

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


def after(canvas: Canvas, *, keeps: bool = False) -> None:
    """To the first layer that takes from this one; ``keeps`` what is selected, as all ways here do."""
    here = _here(canvas)
    if here is None:
        through(canvas, 1)
    elif here in canvas.session.graph.nodes:
        edges = edges_from(canvas.session.graph, here)
        _go(canvas, min((edge.target.node for edge in edges), key=lambda id: _across(canvas, id), default=None), keeps)


def before(canvas: Canvas, *, keeps: bool = False) -> None:
    """To the layer from which this one takes first."""
    here = _here(canvas)
    if here is not None:
        edges = edges_into(canvas.session.graph, here)
        _go(canvas, min(edges, key=lambda edge: edge.rank).source.node if edges else None, keeps)


def beside(canvas: Canvas, step: int, *, keeps: bool = False) -> None:
    """To the layer of the branch on the right (or left) that has the same source or the same target."""
    here = _here(canvas)
    graph = canvas.session.graph
    if here is None or here not in graph.nodes:
        return
    mates = sorted(_mates(graph, here), key=lambda id: _across(canvas, id))
    place = mates.index(here) + step
    if 0 <= place < len(mates):
        _go(canvas, mates[place], keeps)


SELECTING: Final[Mapping[str, Callable[[Canvas], None]]] = {
    "after": partial(after, keeps=True),
    "before": partial(before, keeps=True),
    "beside": partial(beside, step=1, keeps=True),
    "beside_up": partial(beside, step=-1, keeps=True),
}
"""Walks that select more and more; a step back onto what is selected lets go of the layer that it leaves."""


def through(canvas: Canvas, step: int) -> bool:
    """To the next (or previous) layer in the order of the code, then note by note; tells whether there is one."""
    graph = canvas.session.graph
    order = [*order_of(graph), *(note.id for note in notes_in_order(graph))]
    here = _here(canvas)
    first = 0 if step > 0 else len(order) - 1
    place = order.index(here) + step if here in order else first
    if not 0 <= place < len(order):
        return False
    _go(canvas, order[place])
    return True


def by_tab(canvas: Canvas, *, is_next: bool) -> bool:
    """Tab walks from layer to layer as long as one is selected; Esc and Tab lead out of the drawing.

    Qt asks this, too, when a field over the drawing is hidden while it has the focus: that is no walk.
    """
    return canvas.hasFocus() and len(canvas.session.chosen) == 1 and through(canvas, 1 if is_next else -1)


def notes_in_order(graph: Graph) -> list[Note]:
    """The notes of a graph as one reads them: from above to below, from left to right."""
    return sorted(graph.notes.values(), key=lambda note: (note.y, note.x, id_key(note.id)))


def _mates(graph: Graph, here: str) -> set[str]:
    sources = {edge.source.node for edge in edges_into(graph, here)}
    mates = {edge.target.node for source in sources for edge in edges_from(graph, source)}
    if len(mates) < 2:
        targets = {edge.target.node for edge in edges_from(graph, here)}
        mates = {edge.source.node for target in targets for edge in edges_into(graph, target)}
    return mates | {here}


def _here(canvas: Canvas) -> str | None:
    """The selected layer, of several the one that was reached last, else the first; None where there is none."""
    session, lead = canvas.session, canvas.edge_walk.lead
    if lead is not None and lead in session.chosen:
        return lead
    if len(session.chosen) == 1:
        return next(iter(session.chosen))
    if session.selection:
        return min(session.selection, key=id_key)
    return None


def _across(canvas: Canvas, id: str) -> tuple[float, float]:
    node = canvas.session.graph.nodes[id]
    return (node.x, node.y) if canvas.session.project.direction == "down" else (node.y, node.x)


def _go(canvas: Canvas, id: str | None, keeps: bool = False) -> None:
    if id is None:
        return
    kept = canvas.session.chosen if keeps else frozenset()
    if id in kept:  # back again: what is left is no longer meant
        kept -= {_here(canvas) or id}
    canvas.select_edge(None)
    canvas.session.set_selection({*kept, id})
    canvas.edge_walk.lead = id
    canvas.sight.show(id)
