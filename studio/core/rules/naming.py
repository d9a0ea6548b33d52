"""Why a node may not be renamed or deleted."""

from __future__ import annotations

from collections.abc import Iterable

from studio.core.naming import why_not_name
from studio.core.problem import Problem
from studio.core.project import MAIN, Project


def why_not_rename(project: Project, node_id: str, name: str, *, graph: str = MAIN) -> Problem | None:
    """Why the node may not be called ``name``, or None."""
    if node_id not in project.graph(graph).nodes:
        return Problem("no_node", "The layer is no longer there.")
    return why_not_name(project, graph, name, node_id)


def why_not_delete(project: Project, node_ids: Iterable[str], *, graph: str = MAIN) -> Problem | None:
    """Why there is nothing to delete, or None."""
    if any(node in project.graph(graph).nodes for node in node_ids):
        return None
    return Problem("nothing", "Select the layers to delete first.", "hint")
