"""What was read from one source: its columns described, its cells as arrays, and what is odd about them.

The rules that must agree with the exported code's ``pandas.read_csv``:

* A cell is a gap when its text is one of pandas's default NA texts, compared exactly (`` NA`` is none).
* A cell is a number when pandas would parse it as one: no underscores, no hexadecimal, blanks around it are fine.
* ``inf`` and numbers too large for a float are read by pandas as infinite; here they are a fault of the column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.project import Column, ColumnKind
from studio.data.csv_table import TextTable, quoted

NA_TEXTS = frozenset(
    {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA"}
    | {"NULL", "NaN", "None", "n/a", "nan", "null"}
)
"""What pandas.read_csv takes for an empty cell by default (pandas 2.2 to 3.1)."""

MAX_CLASSES = 200
"""Columns of text with more different values are no categories: names, addresses, remarks."""

MOSTLY = 0.8
"""A column of which this share of the filled cells are numbers is meant to hold numbers; the rest is a mistake."""

_NUMBER = re.compile(r"[ \t]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t]*", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*", re.ASCII)
_INFINITE = re.compile(r"[ \t]*[+-]?inf(?:inity)?[ \t]*", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"0|-?[1-9]\d*", re.ASCII)

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A source after reading. All arrays have ``rows`` rows and must not be changed.

    ``arrays`` holds numbers as float64 with nan for gaps, text as Python strings, pictures as they were stored.
    ``gaps`` is True where a cell is empty. ``faults`` says in one sentence per column why it cannot be used as what
    it is; ``notes`` are sentences about the file as a whole. ``first_number`` and ``numbers`` tell how a person
    counts the rows.
    """

    rows: int
    columns: Mapping[str, Column]
    arrays: Mapping[str, Array]
    gaps: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    numbers: Sequence[int] = ()

    def number(self, row: int) -> int:
        """How a person calls the row with this index: the row of the spreadsheet, or counted from 1."""
        return self.numbers[row] if self.numbers else row + 1

    def gap(self, name: str) -> NDArray[np.bool_]:
        """Which cells of a column are empty."""
        mask = self.gaps.get(name)
        return np.zeros(self.rows, bool) if mask is None else mask


def from_table(table: TextTable) -> Reading:
    """Decide for each column of a CSV file what it holds."""
    columns: dict[str, Column] = {}
    arrays: dict[str, Array] = {}
    gaps: dict[str, NDArray[np.bool_]] = {}
    faults: dict[str, str] = {}
    for name, cells in zip(table.header, table.columns, strict=True):
        gap = np.fromiter((cell in NA_TEXTS for cell in cells), bool, len(cells))
        columns[name], arrays[name], fault = _text_column(name, cells, gap, table.numbers)
        gaps[name] = gap
        if fault:
            faults[name] = fault
    return Reading(len(table.numbers), columns, arrays, gaps, faults, numbers=table.numbers)


def as_kind(reading: Reading, name: str, kind: ColumnKind) -> Column | None:
    """The column read as another kind: whole numbers as classes, such classes as numbers. None where it cannot be."""
    column = reading.columns[name]
    if kind == column.kind:
        return column
    array, gap = reading.arrays[name], reading.gap(name)
    if kind == "category" and column.kind == "number" and column.is_integer and not column.shape:
        values = np.unique(array[~gap])
        if len(values) > MAX_CLASSES:
            return None
        return replace(column, kind="category", classes=tuple(str(int(value)) for value in values))
    return None


def number_column(name: str, values: Array, gap: NDArray[np.bool_], shape: tuple[int, ...] = ()) -> Column:
    """Describe numbers; ``values`` may hold nan where ``gap`` is True, one value or a whole array per row."""
    filled = values[~gap]
    gaps = int(gap.sum())
    if not filled.size:
        return Column(name, "number", shape, gaps=gaps)
    whole = bool(np.isfinite(filled).all()) and bool((filled == np.floor(filled)).all())
    return Column(name, "number", shape, (), gaps, float(filled.min()), float(filled.max()), whole)


def _text_column(
    name: str, cells: Sequence[str], gap: NDArray[np.bool_], numbers: Sequence[int]
) -> tuple[Column, Array, str]:
    filled = [index for index in range(len(cells)) if not gap[index]]
    if not filled:
        return Column(name, gaps=len(cells)), np.full(len(cells), np.nan), f"Column {quoted(name)} is empty."
    strange = [index for index in filled if not _NUMBER.fullmatch(cells[index])]
    if len(strange) > (1 - MOSTLY) * len(filled) and not _are_numbers_of_another_kind(cells, strange):
        return _categories(name, cells, gap)
    values = np.full(len(cells), np.nan)
    bad = set(strange)
    for index in filled:
        if index not in bad:
            values[index] = float(cells[index])
    infinite = np.isinf(values)
    fault = _strange(name, cells, strange, numbers)
    if not fault and infinite.any():
        row = int(np.argmax(infinite))
        fault = f"Row {numbers[row]}, column {quoted(name)}: {quoted(cells[row])} is too large for a number."
    useful = gap | np.isnan(values) | infinite
    return replace(number_column(name, values, useful), gaps=int(gap.sum())), values, fault


def _are_numbers_of_another_kind(cells: Sequence[str], strange: Sequence[int]) -> bool:
    return all(_DECIMAL_COMMA.fullmatch(cells[index]) or _INFINITE.fullmatch(cells[index]) for index in strange)


def _strange(name: str, cells: Sequence[str], strange: Sequence[int], numbers: Sequence[int]) -> str:
    """The sentence about the first cell that is no number among numbers."""
    if not strange:
        return ""
    cell = cells[strange[0]]
    place = f"Row {numbers[strange[0]]}, column {quoted(name)}"
    if _DECIMAL_COMMA.fullmatch(cell):
        return f"{place}: {quoted(cell)} has a decimal comma. Write it with a point: {cell.strip().replace(',', '.')}."
    if _INFINITE.fullmatch(cell):
        return f"{place}: {quoted(cell)} is infinite, and nothing can be learned from that. Leave the cell empty."
    more = f" (and {len(strange) - 1:,} more)" if len(strange) > 1 else ""
    return (
        f"{place}: {quoted(cell)} is text, but the column holds numbers{more}. "
        "Write a number there, or leave the cell empty."
    )


def _categories(name: str, cells: Sequence[str], gap: NDArray[np.bool_]) -> tuple[Column, Array, str]:
    """A column of text. Classes are sorted by code point, as Python's sorted() and pandas do, or by value if whole."""
    values = np.array(cells, dtype=object)
    different = set(values[~gap])
    column = Column(name, "category", gaps=int(gap.sum()))
    if len(different) > MAX_CLASSES:
        fault = f"Column {quoted(name)} has {len(different):,} different texts, too many to be classes."
        return column, values, fault
    return replace(column, classes=tuple(sorted(different, key=class_order))), values, ""


def class_order(text: str) -> tuple[int, int, str]:
    """Sort key of class names: whole numbers by their value, then text by code point."""
    return (0, int(text), text) if _WHOLE.fullmatch(text) else (1, 0, text)
