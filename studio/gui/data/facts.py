"""What the panel shows about a source, gathered in one go so that it can happen off the event loop. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from pathlib import Path

import numpy as np

from studio import data
from studio.core import bindings
from studio.core.problem import Problem
from studio.core.project import DataSource, Project
from studio.immutable import immutable

INLINE_ROWS = 20_000
"""Up to here everything below takes a few milliseconds; larger sources are gathered in the background."""

Counts = tuple[int, int, int]
"""Rows in training, validation and test."""


@immutable
class Facts:
    """One source, looked at. Where it cannot be read, ``problems`` says so and the rest is empty.

    ``parts`` has 0, 1 or 2 per row for training, validation or test, -1 for a row that is dropped. ``counts`` has the
    rows of each class of the first target with classes, or, for labels that are 0 or 1, how often each label is 1.
    """

    source: DataSource
    is_readable: bool = False
    problems: tuple[Problem, ...] = ()
    hint: Problem | None = None
    notes: tuple[str, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    sizes: Counts = (0, 0, 0)
    rows_with_gaps: int = 0
    dropped: int = 0
    parts: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int8))
    counted: str = ""
    counts: Mapping[str, Counts] = field(default_factory=dict)


def is_quick(source: DataSource, folder: Path | None) -> bool:
    """Whether gathering may happen at once."""
    return source.rows <= INLINE_ROWS and data.is_quick(source, folder)


def gather(source: DataSource, folder: Path | None, used: Collection[str] | None = None) -> Facts:
    """Look at a source. Never raises for bad data. ``used`` are the columns that the drawing takes."""
    if source.kind == "none":
        return Facts(source)
    try:
        problems = data.check(source, folder)
        reading = data.read(source, folder)
        split = data.split_indices(source, folder, used)
    except data.DataError as error:
        return Facts(source, problems=(Problem("data_file", error.message),))
    parts = np.full(reading.rows, -1, np.int8)
    for number, rows in enumerate(split):
        parts[rows] = number
    gap = np.zeros(reading.rows, bool)
    for name in data.chosen_columns(source) if used is None else used:
        if name in reading.columns:
            gap |= reading.gap(name)
    counted, counts = _counts(source, folder, reading.arrays, parts)
    return Facts(
        source,
        is_readable=True,
        problems=tuple(problem for problem in problems if problem.severity != "hint"),
        hint=next((problem for problem in problems if problem.severity == "hint"), None) or data.scale_hint(source),
        notes=reading.notes,
        faults=reading.faults,
        sizes=(len(split[0]), len(split[1]), len(split[2])),
        rows_with_gaps=int(gap.sum()),
        dropped=int((parts < 0).sum()),
        parts=parts,
        counted=counted,
        counts=counts,
    )


def used_columns(project: Project) -> frozenset[str] | None:
    """The columns that Inputs, Outputs and the split take; None while the drawing takes none at all."""
    bound = [column.name for binding in bindings.resolve(project).values() for column in binding.columns]
    source = project.data
    classes = [name for name in source.targets if (column := source.column(name)) and column.kind == "category"]
    weights = [source.sample_weights] if source.sample_weights is not None else []
    return frozenset([*bound, *classes, *weights]) if bound else None


def _counts(
    source: DataSource, folder: Path | None, arrays: Mapping[str, np.ndarray], parts: np.ndarray
) -> tuple[str, dict[str, Counts]]:
    columns = [column for name in source.targets if (column := source.column(name)) and name in arrays]
    classes = next((column for column in columns if column.classes), None)
    if classes is not None:
        per_part = [data.class_counts(source, classes.name, folder, parts == part) for part in range(3)]
        return classes.name, {name: _three(counts[name] for counts in per_part) for name in classes.classes}
    labels = [column for column in columns if column.is_binary]
    counts = {
        column.name: _three(int((arrays[column.name][parts == part] == 1).sum()) for part in range(3))
        for column in labels
    }
    return "", counts


def _three(numbers: Iterable[int]) -> Counts:
    first, second, third = numbers
    return first, second, third
