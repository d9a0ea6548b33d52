"""Rows: which are used, which part each belongs to, how they look, how many of each class there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from studio.core.project import Column, DataSource
from studio.data.csv_table import quoted
from studio.data.errors import DataError
from studio.data.reading import Reading
from studio.data.sets import function
from studio.data.sources import read
from studio.immutable import immutable

Indices = NDArray[np.intp]
Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


@immutable
class Table:
    """Some rows as text for people. ``numbers`` is how each row is called: its row in a spreadsheet, or from 1 on."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


def preview(source: DataSource, folder: Path | None = None, start: int = 0, count: int = 100) -> Table:
    """Rows ``start`` to ``start + count`` (fewer at the end) as text; gaps are empty."""
    reading = read(source, folder)
    names = tuple(name for name in reading.columns)
    chosen = range(min(max(start, 0), reading.rows), min(start + count, reading.rows))
    columns = [cells(source, name, folder, chosen) for name in names]
    return Table(names, tuple(zip(*columns, strict=True)), tuple(reading.number(row) for row in chosen))


def cells(source: DataSource, column: str, folder: Path | None, indices: Sequence[int]) -> list[str]:
    """Some cells of one column as text; a class by its name, a gap as the empty text."""
    reading = read(source, folder)
    known = source.column(column) or reading.columns[column]
    array, gap = reading.arrays[column], reading.gap(column)
    if known.kind == "image":
        return [" × ".join(str(length) for length in known.shape)] * len(indices)
    if known.classes and array.dtype.kind in "biuf":
        numbers = class_numbers(reading, known)
        names = dict(enumerate(known.classes))
        return [names.get(int(numbers[row]), "" if gap[row] else str(array[row])) for row in indices]
    if array.dtype.kind in "OU":
        return ["" if gap[row] else _one_line(str(array[row])) for row in indices]
    if array.ndim > 1:
        firsts = (", ".join(format_number(float(each)) for each in array[row].ravel()[:4]) for row in indices)
        return [f"[{first}, …]" for first in firsts]
    return ["" if gap[row] else format_number(float(array[row])) for row in indices]


LONGEST_CELL = 200
"""So many characters of a text are shown."""


def _one_line(text: str) -> str:
    line = text if "\n" not in text and "\r" not in text else " ".join(text.split())
    return line if len(line) <= LONGEST_CELL else f"{line[:LONGEST_CELL]}…"


def pictures(
    source: DataSource, folder: Path | None = None, indices: Sequence[int] = (), column: str | None = None
) -> NDArray[np.uint8]:
    """Pictures to look at, (count, height, width) for grey or (count, height, width, channels), 0 to 255.

    Values are stretched from the smallest and largest of the whole column, 0 staying 0: digits from 0 to 16 are not
    nearly black then. ``column`` is the first picture column unless told.
    """
    reading = read(source, folder)
    name = column or next((each.name for each in source.columns if each.kind == "image"), None)
    if name is None or name not in reading.arrays or reading.columns[name].kind != "image":
        raise DataError("This data holds no pictures.")
    array = reading.arrays[name][np.asarray(indices, dtype=np.intp)]
    low, high = min(reading.columns[name].low or 0.0, 0.0), reading.columns[name].high or 0.0
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.dtype == np.uint8 and low == 0 and high == 255:
        return np.ascontiguousarray(array)
    scaled = (np.nan_to_num(array.astype("float64")) - low) * (255.0 / ((high - low) or 1.0))
    return np.ascontiguousarray(np.clip(np.rint(scaled), 0, 255).astype("uint8"))


def class_counts(
    source: DataSource, column: str, folder: Path | None = None, part: Part | NDArray[np.bool_] | None = None
) -> dict[str, int]:
    """How many rows each class has, in the order of the class numbers.

    ``part`` counts the rows of one part of the split only, or those where a mask is True.
    """
    known = source.column(column)
    if known is None or not known.classes:
        raise DataError(f"Column {quoted(column)} has no classes to count.")
    numbers = class_numbers(read(source, folder), known)
    if isinstance(part, str):
        numbers = numbers[split_indices(source, folder)[PARTS.index(part)]]
    elif part is not None:
        numbers = numbers[part]
    counts = np.bincount(numbers[numbers >= 0], minlength=len(known.classes))
    return {name: int(counts[number]) for number, name in enumerate(known.classes)}


def split_indices(
    source: DataSource, folder: Path | None = None, used: Collection[str] | None = None
) -> tuple[Indices, Indices, Indices]:
    """The rows of the training, validation and test part, by the very function that exported files carry.

    Indices count all rows of the source from 0; rows that are dropped for their gaps are in no part. ``used`` are the
    columns that are connected to Inputs and Outputs, all that are chosen unless told: only their gaps count.
    """
    reading = read(source, folder)
    usable = usable_rows(source, reading, used)
    plan = source.split
    labels = _labels(source, reading, usable)
    parts = function("split")(len(usable), labels, plan.validation, plan.test, plan.seed, plan.shuffle)
    train, validation, test = (usable[part] for part in parts)
    return train, validation, test


def chosen_columns(source: DataSource) -> tuple[str, ...]:
    """The features, the targets and the column that weighs the rows, each once."""
    weights = () if source.sample_weights is None else (source.sample_weights,)
    return tuple(dict.fromkeys((*source.features, *source.targets, *weights)))


def usable_rows(source: DataSource, reading: Reading, used: Collection[str] | None = None) -> Indices:
    """The rows that are left after gaps were dealt with: only columns that are used count.

    "mean" fills gaps in features of numbers; a row without its target or class is dropped then, too.
    """
    gap = np.zeros(reading.rows, bool)
    for name in chosen_columns(source) if used is None else used:
        column = source.column(name)
        if column is None or name not in reading.columns:
            continue
        is_filled = source.gaps == "mean" and column.kind == "number" and name not in source.targets
        is_filled = is_filled and name != source.sample_weights
        if source.gaps != "refuse" and not is_filled:
            gap |= reading.gap(name)
    return np.flatnonzero(~gap)


def class_numbers(reading: Reading, column: Column) -> NDArray[np.intp]:
    """The class number of each row of a category, -1 for gaps and for values that are no class of it."""
    array, gap = reading.arrays[column.name], reading.gap(column.name)
    if array.dtype.kind in "biuf":
        values = np.unique(array[~gap])
        numbers = np.searchsorted(values, np.where(gap, values[0] if len(values) else 0, array))
        known = numbers < len(column.classes)
        return np.where(gap | ~known, -1, numbers).astype(np.intp)
    place = {text: number for number, text in enumerate(column.classes)}
    return np.fromiter((place.get(str(text), -1) for text in array), np.intp, len(array))


def _labels(source: DataSource, reading: Reading, usable: Indices) -> NDArray[Any] | None:
    plan = source.split
    if not (plan.stratify and plan.shuffle):
        return None
    columns = [source.column(name) for name in source.targets]
    classes = [
        class_numbers(reading, column)[usable]
        for column in columns
        if column is not None and column.kind == "category" and column.name in reading.columns
    ]
    if not classes:
        return None
    labels: NDArray[Any] = classes[0] if len(classes) == 1 else _combined(classes)
    return labels


def _combined(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """One number per combination of classes, by the function beside ``split``."""
    combined: NDArray[Any] = function("split").__globals__["class_numbers"](*columns)
    return combined


def format_number(value: float) -> str:
    """A number as short as it can be told: at most six digits, no trailing zeros."""
    if value != value:
        return "—"
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e12 else f"{value:.6g}"
