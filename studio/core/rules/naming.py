"""Why a node may not be renamed."""

from __future__ import annotations

from studio.core.naming import why_not_name
from studio.core.problem import Problem
from studio.core.project import MAIN, Project


def why_not_rename(project: Project, node_id: str, name: str, *, graph: str = MAIN) -> Problem | None:
    """Why the node may not be called ``name``, or None."""
    if node_id not in project.graph(graph).nodes:
        return Problem("no_node", "The layer is no longer there.")
    return why_not_name(project, graph, name, node_id)
