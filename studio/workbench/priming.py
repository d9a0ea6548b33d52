"""Derives once, on a thread, what the window is about to derive in its event loop."""

from __future__ import annotations

from studio.catalog import Catalog
from studio.codegen.flat import flat_calls
from studio.core import rules
from studio.core.project import Project


def primed(project: Project, catalog: Catalog) -> Project:
    """The same project, its calls and problems derived: they are remembered, so the next to ask has them at once."""
    flat_calls(project, catalog)
    rules.problems(project, catalog)
    return project
