"""The runs that a project has on the disk, read back: code, drawing, numbers per epoch and how each ended.

A folder of runs may come from anybody and may be half written. Nothing in it is run; only regular files of bounded size
are read; what is no whole run is passed over and named.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from studio import storage
from studio.core.project import Project
from studio.immutable import immutable
from studio.workbench.runs import METRICS, OUTCOME, PROJECT, SCRIPT, numbered, runs_folder

MOST_RUNS: Final = 100
"""The newest; older ones stay on the disk."""
MOST_BYTES: Final = 4 * 2**20
"""Of one file: many times what a thousand epochs need."""
MOST_CODE_BYTES: Final = 2**20
"""A thousand layers are a tenth of it."""
MOST_BYTES_IN_ALL: Final = 64 * 2**20
MOST_QUANTITIES: Final = 64
LONGEST_NAME: Final = 80
MOST_LETTERS: Final = 2000
"""Of the sentence that tells how a run ended."""
OUTCOMES: Final = frozenset({"finished", "stopped", "failed", "diverged", "lost"})
_COLUMNS: Final = ("epoch", "step", "is_partial", "learning_rate", "seconds")


@immutable
class EpochRow:
    """One epoch of a run: its last batch, and what came out."""

    epoch: int
    step: int
    is_partial: bool
    learning_rate: float
    seconds: float
    logs: Mapping[str, float]


@immutable
class RunRecord:
    """A run that was made. ``outcome`` is "" where no end is noted."""

    path: Path
    number: int
    project: Project
    source_text: str
    epochs: tuple[EpochRow, ...] = ()
    outcome: str = ""
    message: str = ""
    parameters: int = 0

    @property
    def metrics(self) -> dict[str, tuple[float, ...]]:
        """Per quantity its values, one an epoch."""
        names = dict.fromkeys(name for epoch in self.epochs for name in epoch.logs)
        return {name: tuple(epoch.logs[name] for epoch in self.epochs if name in epoch.logs) for name in names}


@immutable
class EarlierRuns:
    """What was found: whole runs, the oldest first; the numbers of those that are none; how many were not read."""

    runs: tuple[RunRecord, ...] = ()
    damaged: tuple[int, ...] = ()
    left_out: int = 0


class _Unreadable(Exception):
    """A file that is not there, no regular file, too large, or no text."""


def list_runs(project_path: Path, is_wanted: Callable[[], bool] = lambda: True) -> EarlierRuns:
    """The runs beside a project's file. Stops early, with what it has, once ``is_wanted`` says no."""
    found = numbered(runs_folder(project_path))
    chosen = found[-MOST_RUNS:]
    records: list[RunRecord] = []
    damaged: list[int] = []
    left = MOST_BYTES_IN_ALL
    passed = 0
    for number, path in reversed(chosen):
        if left <= 0 or not is_wanted():
            break
        passed += 1
        try:
            record, size = _record(path, number)
        except (_Unreadable, storage.ProjectFileError):
            damaged.append(number)
            left -= MOST_BYTES  # what it took to see that is not known: as much as a file may hold
        else:
            records.append(record)
            left -= size
    return EarlierRuns(tuple(reversed(records)), tuple(reversed(damaged)), len(found) - passed)


def _record(path: Path, number: int) -> tuple[RunRecord, int]:
    """A run and how many bytes were read for it."""
    try:
        if not stat.S_ISDIR(path.lstat().st_mode):  # a link may lead anywhere
            raise _Unreadable
    except OSError as error:
        raise _Unreadable from error
    source, drawing = _text(path / SCRIPT, MOST_CODE_BYTES), _text(path / PROJECT)
    project = storage.loads(drawing)
    texts = []
    for name in (OUTCOME, METRICS):  # a run that was cut off may lack either
        try:
            texts.append(_text(path / name))
        except _Unreadable:
            texts.append("")
    outcome, message, parameters = _outcome(texts[0])
    record = RunRecord(path, number, project, source, _rows(texts[1]), outcome, message, parameters)
    return record, len(source) + len(drawing) + len(texts[0]) + len(texts[1])


def _text(path: Path, most: int = MOST_BYTES) -> str:
    try:
        # O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever. O_NOFOLLOW: a link may name any
        # file of this machine.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _Unreadable
            content = file.read(most + 1)
        if len(content) > most:
            raise _Unreadable
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _Unreadable from error


def _outcome(text: str) -> tuple[str, str, int]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return "", "", 0
    if not isinstance(told, dict) or told.get("outcome") not in tuple(OUTCOMES):
        return "", "", 0
    message, parameters = told.get("message"), told.get("parameters")
    if not isinstance(parameters, int) or not 0 <= parameters < 10**15:
        parameters = 0
    return (
        str(told["outcome"]),
        message[:MOST_LETTERS] if isinstance(message, str) else "",
        parameters,
    )


def _rows(text: str) -> tuple[EpochRow, ...]:
    """The epochs of a run; what follows a torn or damaged row is left out."""
    rows: list[EpochRow] = []
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = reader.fieldnames or []
        if (
            len(names) > MOST_QUANTITIES
            or len(set(names)) < len(names)
            or any(len(name) > LONGEST_NAME for name in names)
        ):
            return ()
        for row in reader:
            if None in row or None in row.values():
                break  # torn, or of another table
            epoch = _row(row)
            if epoch.epoch != len(rows) + 1 or epoch.step < (rows[-1].step if rows else 0):
                break
            rows.append(epoch)
    except (ValueError, KeyError, csv.Error):
        pass
    return tuple(rows)


def _row(row: dict[str, str]) -> EpochRow:
    epoch, step, seconds = int(row["epoch"]), int(row["step"]), float(row["seconds"])
    if not 0 <= step < 10**12 or not 0 <= seconds < math.inf:
        raise ValueError
    logs = {name: float(text) for name, text in row.items() if name not in _COLUMNS and text}
    return EpochRow(epoch, step, row["is_partial"] == "1", float(row["learning_rate"]), seconds, logs)
