"""What a fix is, and the problem that it is about."""

from __future__ import annotations

from studio.core.edits import Edit
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Graph, Project
from studio.immutable import immutable


@immutable
class Fix:
    """A repair: ``label`` stands on the button, ``edit`` does it in one step."""

    label: str
    edit: Edit


@immutable
class Case:
    """A problem in its project: ``key`` and ``graph`` are those of the node that has it, else of the main graph."""

    project: Project
    catalog: Catalog
    problem: Problem
    key: str
    graph: Graph

    @property
    def id(self) -> str:
        """The id of the node that has the problem, or ""."""
        return self.problem.node or ""

    @property
    def name(self) -> str:
        """The name of that node, or ""."""
        return self.graph.nodes[self.id].name if self.id in self.graph.nodes else ""
