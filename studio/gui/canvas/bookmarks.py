"""Bookmarks: nodes to which one comes back by a key. They belong to the project, so they are saved and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.core import edits
from studio.core.project import MAIN, Graph, Project
from studio.core.remember import Remembered
from studio.core.topology import id_key

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

Mark = tuple[str, str]
"""The key of a graph and the id of a node in it."""

_COUNTS: Remembered[Graph, int] = Remembered(256)
"""Eleven actions ask after every edit; a walk through 1,000 nodes each time took as long as all other actions."""


def _count(graph: Graph) -> int:
    return sum(node.is_marked for node in graph.nodes.values())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def marks_in(project: Project) -> list[Mark]:
    """All bookmarks: those of the main drawing from top to bottom, then those in blocks."""
    found: list[Mark] = []
    for key in sorted(project.graphs(), key=lambda key: (key != MAIN, key)):
        marked = [node for node in project.graph(key).nodes.values() if node.is_marked]
        along = sorted(marked, key=lambda node: (node.y, node.x) if project.direction == "down" else (node.x, node.y))
        found += [(key, node.id) for node in along]
    return found


def toggle(canvas: Canvas) -> None:
    """Put bookmarks on the selected nodes; where all of them have one, take them off."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.selection
    is_on = any(not session.graph.nodes[node].is_marked for node in chosen)
    name = _tr("Set a bookmark") if is_on else _tr("Remove the bookmark")
    session.apply(lambda project: edits.set_marked(project, chosen, is_on, graph=key), name)


def is_on(canvas: Canvas) -> bool:
    """Whether all that is selected has a bookmark."""
    session = canvas.session
    return bool(session.selection) and all(session.graph.nodes[node].is_marked for node in session.selection)


def why_not_go(canvas: Canvas, number: int = 1) -> str:
    """Why there is no bookmark to go to, or none of that number."""
    count = sum(_COUNTS.get(graph, _count) for graph in canvas.session.project.graphs().values())
    if not count:
        return _tr("There is no bookmark; select a layer and set one.")
    return "" if number <= count else _tr("There is no bookmark {0} yet.").format(number)


def go(canvas: Canvas, mark: Mark) -> None:
    """Show a node that has a bookmark, in whatever graph it is, and select it."""
    key, node = mark
    session = canvas.session
    if key != session.graph_key:
        session.open_graph(key)
    session.set_selection([node])
    canvas.sight.jump_to(node)


def go_next(canvas: Canvas) -> None:
    """To the bookmark after the one where one is, from the last to the first."""
    session = canvas.session
    marks = marks_in(session.project)
    if not marks:
        return
    here = min(session.selection, key=id_key, default="")
    place = marks.index((session.graph_key, here)) if (session.graph_key, here) in marks else -1
    go(canvas, marks[(place + 1) % len(marks)])


def go_to_number(canvas: Canvas, number: int) -> None:
    """To the first, second, ... bookmark."""
    marks = marks_in(canvas.session.project)
    if number <= len(marks):
        go(canvas, marks[number - 1])
