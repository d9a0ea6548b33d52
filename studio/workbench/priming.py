"""Derives once, on a thread, what the window is about to derive in its event loop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from studio import codegen, storage
from studio.catalog import Catalog
from studio.core import rules
from studio.core.garbage import no_collection
from studio.core.project import Project
from studio.storage import ProjectFileError


def primed(project: Project, catalog: Catalog, told: Callable[[float], object] = lambda share: None) -> Project:
    """The same project, its calls, problems and text derived: they are remembered, so the next to ask has them at once.

    ``told`` hears how far it is, from 0 to 1, on the thread that calls. The text is that of its file, which is
    autosaved a second later: 100 ms for a network of 770 layers.
    """
    with no_collection():
        codegen.flat_calls(project, catalog)
        told(0.5)
        rules.problems(project, catalog)
        told(0.8)
        with suppress(ProjectFileError):  # The autosave says so.
            storage.dumps(project)
    told(1.0)
    return project
