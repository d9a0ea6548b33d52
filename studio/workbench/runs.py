"""Run folders: ``NAME.runs/0007/`` beside the project holds what was trained and what came of it.

``model.py`` is the exported code, the same bytes; ``project.studio`` the drawing; the data file lies beside them where
there is one. The engine writes ``metrics.csv``, a row per epoch, and the weights; ``outcome.json`` says how it ended.
``earlier_runs`` reads all that.
"""

from __future__ import annotations

import contextlib
import errno
import filecmp
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from studio import data, storage
from studio.core.project import Project
from studio.immutable import immutable
from studio.storage import atomic

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource

SCRIPT = "model.py"
METRICS = "metrics.csv"
OUTCOME = "outcome.json"
PROJECT = "project.studio"

COPIED_BYTES = 16 * 2**20
"""Larger data files are hard-linked: a copy per run would fill a disk. Smaller ones are copied, so that whoever edits
the one beside the script does not edit the original."""

_NUMBER = re.compile(r"[0-9]{4,9}\Z")


@immutable
class RunFolder:
    """A folder that is ready to be trained in."""

    path: Path
    number: int
    script: Path


def runs_folder(project_path: Path) -> Path:
    """Where the runs of a project are."""
    return project_path.with_name(project_path.stem + ".runs")


def writable_runs_folder(project_path: Path | None, scratch: Path) -> Path:
    """Where the next run of a project goes; those of one that was never saved, or lies where nothing may be written,
    go into ``scratch``."""
    if project_path is not None:
        folder = runs_folder(project_path)
        if os.access(folder if folder.is_dir() else folder.parent, os.W_OK):
            return folder
    return scratch / "unsaved.runs"


def prepare_run(project: Project, source: GeneratedSource, project_path: Path | None, scratch: Path) -> RunFolder:
    """Make the folder of the next run and put code, drawing and data file into it. OSError where that fails."""
    folder = writable_runs_folder(project_path, scratch)
    folder.mkdir(parents=True, exist_ok=True)
    path, number = _next_folder(folder)
    script = path / SCRIPT
    try:
        script.write_bytes(source.text.encode("utf-8"))
        with contextlib.suppress(storage.ProjectFileError):  # the run needs the code only
            (path / PROJECT).write_bytes(storage.dumps(project).encode("utf-8"))
        place_data(project, project_path, path)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)  # a run that never began is no run
        raise
    return RunFolder(path, number, script)


def place_data(project: Project, project_path: Path | None, folder: Path) -> Path | None:
    """Put the data file that exported code reads into ``folder``, where it is not there yet; None if it needs none.

    OSError if that fails; its ``strerror`` is the sentence that ``data`` has where the file is not to be had.
    """
    try:
        origin = data.file_path(project.data, None if project_path is None else project_path.parent)
    except data.DataError as error:
        raise OSError(errno.ENOENT, str(error)) from error
    if origin is None:
        return None
    target = folder / origin.name
    if target.exists() and target.samefile(origin):
        return target
    atomic.copy(origin, target, may_link=origin.stat().st_size > COPIED_BYTES)
    return target


def data_in_the_way(project: Project, project_path: Path | None, folder: Path) -> Path | None:
    """A file of the data's name in ``folder`` that holds something else, or None."""
    try:
        origin = data.file_path(project.data, None if project_path is None else project_path.parent)
    except data.DataError:
        return None  # placing it says what is wrong
    if origin is None:
        return None
    target = folder / origin.name
    try:
        is_other = target.exists() and not target.samefile(origin) and not filecmp.cmp(origin, target, shallow=False)
    except OSError:
        return None
    return target if is_other else None


def record_end(folder: Path, outcome: str, message: str = "", parameters: int = 0) -> None:
    """Note how the run ended, and how many parameters the network had, where that is known."""
    told: dict[str, object] = {"outcome": outcome, "message": message}
    if parameters:
        told["parameters"] = parameters
    text = json.dumps(told, indent=2) + "\n"
    (folder / OUTCOME).write_text(text, encoding="utf-8")


def numbered(folder: Path) -> list[tuple[int, Path]]:
    """What may be runs in a folder of runs, by its number, the oldest first."""
    try:
        return sorted((int(path.name), path) for path in folder.iterdir() if _NUMBER.match(path.name))
    except OSError:
        return []


def _next_folder(folder: Path) -> tuple[Path, int]:
    number = max((number for number, _ in numbered(folder)), default=0) + 1
    while True:
        path = folder / f"{number:04d}"
        try:
            path.mkdir()
            return path, number
        except FileExistsError:  # another window trains the same project
            number += 1
