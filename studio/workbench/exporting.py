"""Writing the exported code, and beside it the data set that it reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio import codegen, storage
from studio.catalog import Catalog
from studio.codegen import DEFAULT, Style
from studio.core.project import Project
from studio.storage import atomic
from studio.workbench import exported
from studio.workbench.file_names import why_not_place
from studio.workbench.runs import data_in_the_way, place_data

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource

SCRIPT, NOTEBOOK = ".py", ".ipynb"
"""The endings of exported files."""

WHOLE, MODEL, ONE_BLOCK = "script", "model", "block:"
"""The parts of a project that can be exported; the name of the block follows the last one."""


class ExportError(Exception):
    """Why nothing was exported, in one plain sentence."""


def source_for(
    project: Project, catalog: Catalog, target: Path, style: Style = DEFAULT, scope: str = WHOLE,
    picture: bytes | None = None,
) -> GeneratedSource:  # fmt: skip
    """What belongs into ``target``: a notebook where its name ends so, else the script or the part ``scope`` of it.

    ``picture`` is the PNG that a notebook shows. ExportError where there is no such part.
    """
    if scope == WHOLE and target.suffix == NOTEBOOK:
        from studio.codegen.notebook import notebook

        return notebook(project, catalog, style=style, picture=picture)
    if scope == WHOLE:
        return codegen.generate(project, catalog, style=style)
    if target.suffix == NOTEBOOK:
        raise ExportError("A notebook holds the whole script. Export the model or a block as a .py file.")
    if scope == MODEL:
        return codegen.generate_model(project, catalog, style=style)
    name = scope.removeprefix(ONE_BLOCK)
    found = next((block for block in project.blocks.values() if block.name == name), None)
    if found is None:
        have = ", ".join(block.name for block in project.blocks.values())
        raise ExportError(f"There is no block called {name}. {f'There are: {have}.' if have else 'There are none.'}")
    return codegen.generate_block(project, catalog, found.id, style=style)


def in_the_way(project: Project, source: GeneratedSource, project_path: Path | None, target: Path) -> tuple[Path, ...]:
    """Files that an export would write over although somebody else made or changed them. ExportError as ``export``."""
    if reason := why_not_place(target):
        raise ExportError(reason)
    found = []
    fingerprint = storage.fingerprint(target)
    if fingerprint and fingerprint != source.digest and not exported.is_ours(target):
        found.append(target)
    if source.data_files and (placed := data_in_the_way(project, project_path, target.parent)) is not None:
        found.append(placed)
    return tuple(found)


def export(project: Project, source: GeneratedSource, project_path: Path | None, target: Path) -> tuple[Path, ...]:
    """Write the code to ``target`` and its data set into the same folder; returns what was written.

    ExportError if the name would shadow a module, or if something cannot be written; the old file is then still there.
    """
    if reason := why_not_place(target):
        raise ExportError(reason)
    try:
        # The model alone, or a block, reads no data.
        placed = place_data(project, project_path, target.parent) if source.data_files else None
        atomic.replace(target, source.text.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{target.name} was not written to {target.parent}: {reason}.") from error
    exported.note(target)
    return (target,) if placed is None else (target, placed)
