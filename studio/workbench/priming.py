"""Derives once, on a thread, what the window is about to derive in its event loop."""

from __future__ import annotations

from collections.abc import Callable

from studio import codegen
from studio.catalog import Catalog
from studio.core import rules
from studio.core.garbage import no_collection
from studio.core.project import Project


def primed(project: Project, catalog: Catalog, told: Callable[[float], object] = lambda share: None) -> Project:
    """The same project, its calls and problems derived: they are remembered, so the next to ask has them at once.

    ``told`` hears how far it is, from 0 to 1, on the thread that calls.
    """
    with no_collection():
        codegen.flat_calls(project, catalog)
        told(0.75)
        rules.problems(project, catalog)
    told(1.0)
    return project
