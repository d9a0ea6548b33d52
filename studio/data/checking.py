"""What is wrong, or at least worth knowing, about a chosen source: the sentences of the beginner's mistakes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.core.problem import Problem, Severity
from studio.core.project import Column, DataSource
from studio.core.sample_weights import why_no_weights
from studio.data.csv_table import quoted
from studio.data.errors import DataError
from studio.data.reading import Reading
from studio.data.rows import PARTS, Indices, chosen_columns, class_numbers, format_number, split_indices, usable_rows
from studio.data.sources import read

FAR_APART = 100.0
"""Features whose reaches differ by this factor learn badly unless they are scaled."""


def check(source: DataSource, folder: Path | None = None) -> tuple[Problem, ...]:
    """All problems of a source, the worst first. Reads the source: quick when it was read before."""
    if source.kind == "none":
        return ()
    try:
        reading = read(source, folder)
    except DataError as error:
        return (_problem("data_file", error.message),)
    problems = [*_columns(source, reading), *_gaps(source, reading)]
    if not any(problem.severity == "error" for problem in problems):
        problems += _parts(source, folder, reading)
    return tuple(sorted(problems, key=lambda problem: ("error", "warning", "hint").index(problem.severity)))


def scale_hint(source: DataSource) -> Problem | None:
    """A hint that the features have very different scales. True of the data alone: ask only where nothing scales."""
    used = [source.column(name) for name in source.features]
    pictures = [column for column in used if column and column.kind == "image" and (column.high or 0) > 2]
    if pictures:
        high = format_number(pictures[0].high or 0)
        return _problem(
            "scale", f"The pixels reach {high}. A Rescaling layer of 1/{high} after the input helps learning.", "hint"
        )
    reach = {
        column.name: max(abs(column.low), abs(column.high))
        for column in used
        if column and column.kind == "number" and column.low is not None and column.high is not None
    }
    reach = {name: value for name, value in reach.items() if value > 0}
    if not reach:
        return None
    most, least = max(reach, key=lambda name: reach[name]), min(reach, key=lambda name: reach[name])
    if reach[most] >= FAR_APART * reach[least]:
        message = (
            f"{quoted(most)} reaches {format_number(reach[most])} while {quoted(least)} stays below "
            f"{format_number(reach[least])}. A Normalization layer after the input helps learning."
        )
        return _problem("scale", message, "hint")
    if reach[most] >= FAR_APART:
        message = f"{quoted(most)} reaches {format_number(reach[most])}. A Normalization layer after the input helps."
        return _problem("scale", message, "hint")
    return None


def _problem(code: str, message: str, severity: Severity = "error") -> Problem:
    return Problem(code, message, severity)


def _columns(source: DataSource, reading: Reading) -> list[Problem]:
    problems: list[Problem] = []
    for name in chosen_columns(source):
        column = source.column(name)
        if column is None or name not in reading.columns:
            problems.append(_problem("data_column", f"Column {quoted(name)} is gone from the data. Choose again."))
        elif name in reading.faults:
            problems.append(_problem("data_cells", reading.faults[name]))
        elif column.kind != reading.columns[name].kind and not reading.columns[name].is_integer:
            problems.append(
                _problem("data_column", f"Column {quoted(name)} holds something else than before. Choose again.")
            )
        else:
            problems += _classes(column, reading)
            now = reading.columns[name]
            if name == source.sample_weights and not why_no_weights(column) and (reason := why_no_weights(now)):
                problems.append(_problem("data_weights", f"{reason} Choose another column as sample weight, or none."))
    is_autoencoder = set(source.features) == set(source.targets)  # which shall give back all that it gets
    for name in source.features:
        if name in source.targets and not is_autoencoder:
            message = f"{quoted(name)} is both a feature and a target: the network would only copy it."
            problems.append(_problem("data_copy", message, "warning"))
    if source.rows != reading.rows and not problems:
        message = (
            f"The data had {source.rows:,} rows when it was chosen and has {reading.rows:,} now. "
            "Read it again to see what changed."
        )
        problems.append(_problem("data_changed", message, "hint"))
    return problems


def _classes(column: Column, reading: Reading) -> list[Problem]:
    if column.kind != "category":
        return []
    if len(column.classes) < 2:
        message = f"Column {quoted(column.name)} has only one class: there is nothing to tell apart."
        return [_problem("data_classes", message, "warning")]
    strange = (class_numbers(reading, column) < 0) & ~reading.gap(column.name)
    if strange.any():
        row = int(np.argmax(strange))
        cell = quoted(str(reading.arrays[column.name][row]))
        message = (
            f"Row {reading.number(row)}, column {quoted(column.name)}: {cell} was not among the classes when the data "
            "was chosen. Read the data again."
        )
        return [_problem("data_classes", message)]
    return []


def _gaps(source: DataSource, reading: Reading) -> list[Problem]:
    used = [name for name in chosen_columns(source) if name in reading.columns]
    gap = np.zeros(reading.rows, bool)
    for name in used:
        gap |= reading.gap(name)
    if not gap.any() or source.gaps != "refuse":
        return []
    row = int(np.argmax(gap))
    name = next(name for name in used if reading.gap(name)[row])
    count = int(gap.sum())
    rows = "1 row has gaps" if count == 1 else f"{count:,} rows have gaps"
    message = f"{rows}, the first is row {reading.number(row)}, column {quoted(name)}. Drop these rows, or fill them."
    return [_problem("data_gaps", message)]


def _parts(source: DataSource, folder: Path | None, reading: Reading) -> list[Problem]:
    if not len(usable_rows(source, reading)):
        return [_problem("data_rows", "Every row has a gap in a column that is used, so no row is left.")]
    parts = split_indices(source, folder)
    if not len(parts[0]):
        return [_problem("data_rows", "No row is left for training. Give less to validation and test.")]
    problems: list[Problem] = []
    wanted = (1.0, source.split.validation, source.split.test)
    for part, rows, share in zip(PARTS, parts, wanted, strict=True):
        if share > 0 and not len(rows):
            problems.append(_problem("data_rows", f"The {part} part gets no row: there are too few rows.", "warning"))
    for name in source.targets:
        column = source.column(name)
        if column is not None and column.kind == "category" and len(column.classes) > 1:
            problems += _one_sided(column, class_numbers(reading, column), parts, is_shuffled=source.split.shuffle)
    return problems


def _one_sided(
    column: Column, numbers: Indices, parts: tuple[Indices, Indices, Indices], *, is_shuffled: bool
) -> list[Problem]:
    """Sorted rows that are not shuffled put other classes into validation than into training."""
    learned = set(np.unique(numbers[parts[0]]).tolist())
    for part, rows in zip(PARTS[1:], parts[1:], strict=True):
        seen = set(np.unique(numbers[rows]).tolist())
        if len(rows) and (not seen <= learned or (len(seen) == 1 and not is_shuffled)):
            only = " and ".join(quoted(column.classes[number]) for number in sorted(seen - {-1})[:3])
            count = f"only {only}" if len(seen) <= 3 else f"{len(seen)} classes, not all of which are in training"
            cure = "Give more rows." if is_shuffled else "Shuffle the rows before splitting."
            return [_problem("data_sorted", f"The {part} part contains {count}. {cure}", "warning")]
    return []
