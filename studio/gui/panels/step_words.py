"""What a step of the history was about: the layers that it changed, by name. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.history import Step
from studio.core.project import Graph, Node, Project

_MOST_CHOSEN = 500
"""Where more are selected, all of a drawing was meant; names would say nothing."""
_MOST_EDGES = 2_000
"""In a larger drawing it would take longer to look for the edge than it is worth."""


def about(step: Step) -> str:
    """The names of the selected layers that the step changed, or of the ends of its edge; "" where that says nothing.

    Looks at what was selected only, not at all of the drawing: some hundred rows are made in one go.
    """
    chosen = step.selection_after | step.selection_before
    names: list[str] = []
    if len(chosen) <= _MOST_CHOSEN:
        for id in sorted(chosen, key=lambda id: (len(id), id)):
            was, now = _node(step.before, id), _node(step.after, id)
            if was is not now:
                old, new = was.name if was is not None else "", now.name if now is not None else ""
                names.append(f"{old} → {new}" if old and new and old != new else new or old)
    found = names or _ends(step)
    if not found or found[0] in step.name:
        return ""
    if len(found) <= 2:
        return ", ".join(found)
    return QCoreApplication.translate("History", "{0} and {1} more").format(found[0], len(found) - 1)


def _node(project: Project, id: str) -> Node | None:
    return next((graph.nodes[id] for graph in project.graphs().values() if id in graph.nodes), None)


def _ends(step: Step) -> list[str]:
    """The ends of the edges that came, or of those that went."""
    before, after = step.before.graphs(), step.after.graphs()
    for key in before.keys() & after.keys():
        old, new = before[key], after[key]
        if old.edges is new.edges or max(len(old.edges), len(new.edges)) > _MOST_EDGES:
            continue
        for edges, graph in ((new.edges.keys() - old.edges.keys(), new), (old.edges.keys() - new.edges.keys(), old)):
            if edges:
                return [_between(graph, id) for id in sorted(edges)]
        moved = [id for id, edge in new.edges.items() if edge is not old.edges[id]]
        if moved:
            return [_between(new, id) for id in moved]
    return []


def _between(graph: Graph, id: str) -> str:
    edge = graph.edges[id]
    ends = (graph.nodes.get(port.node) for port in (edge.source, edge.target))
    return " → ".join(node.name if node is not None else "?" for node in ends)
