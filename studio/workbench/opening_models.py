"""A model of Keras opened as a project: read, then tidied, the blocks too. Nothing of the file is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio import importing, layout
from studio.catalog import Catalog
from studio.core.garbage import no_collection
from studio.core.project import MAIN
from studio.core.snippets import with_snippets
from studio.importing import ModelFileError, NeedsRunning
from studio.layout.arrangement import Question, never
from studio.workbench.stored_weights import with_mark, with_weights

if TYPE_CHECKING:
    from studio.importing import Imported

MODEL_SUFFIXES = importing.SUFFIXES
"""What files that may hold a model end with."""

__all__ = [
    "MODEL_SUFFIXES", "ModelFileError", "NeedsRunning", "import_model", "is_model_file", "tidied",
]  # fmt: skip


def is_model_file(path: Path) -> bool:
    """Whether the name of a file says that it may hold a model; what it really is tell its first bytes."""
    return path.suffix.lower() in MODEL_SUFFIXES


def import_model(
    path: Path, catalog: Catalog, cancelled: Question = never, model: str = "",
    tell: Callable[[int], None] = lambda questions: None,
) -> Imported:  # fmt: skip
    """The model in a file as a tidy project. ModelFileError where there is none.

    Takes up to 20 s for a damaged ``.h5``, about 1 s for 200 layers, and some seconds for a script that asks for the
    shapes of tensors, which an engine tells: no call for an event loop. ``cancelled`` is asked
    while shapes are waited for and the drawing is tidied; ``layout.Cancelled`` is raised where it says yes. ``tell``
    hears how many shapes were asked for. ``model`` names one of the models of a script.
    """
    from studio.workbench.script_shapes import ScriptShapes  # nothing that a window needs to start

    with no_collection():
        with ScriptShapes(catalog, cancelled, tell) as shapes:
            found = importing.read(path, catalog, model, shapes.of, shapes.inside)
        if found.exported:
            found = _with_data(found, catalog, path.parent)
        imported = tidied(found, catalog, cancelled)
    project = with_mark(imported.project)
    if project is not imported.project:
        return replace(imported, project=project)
    project = with_weights(project, path)
    if project is imported.project:
        return imported
    sentence = "Training starts from the weights in the file, which stays where it is."
    return replace(imported, project=project, report=replace(imported.report, kept=(sentence,)))


def _with_data(imported: Imported, catalog: Catalog, folder: Path) -> Imported:
    """The same with the data that the exported script loads, or with a word about them."""
    from studio.workbench.script_data import loads_data, with_data_of

    if not loads_data(imported.exported):
        return imported
    project = with_data_of(imported.project, imported.exported, catalog, folder.resolve())
    if project is None:
        lost = "The data that the script loads were not found here, or are loaded in another way; choose them again."
        report = replace(imported.report, unknown=(*imported.report.unknown, lost))
        return replace(imported, report=report)
    came_in = f"{imported.report.came_in} Its data came too."
    return replace(imported, project=project, report=replace(imported.report, came_in=came_in))


def tidied(imported: Imported, catalog: Catalog, cancelled: Question = never) -> Imported:
    """The same with every graph arranged."""
    project = imported.project
    catalog = with_snippets(catalog, project)
    for key in (MAIN, *project.blocks):
        project = layout.tidy(project, graph=key, catalog=catalog, cancelled=cancelled)
    return replace(imported, project=project)
