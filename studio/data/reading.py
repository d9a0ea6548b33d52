"""What was read from one source: its columns described, its cells as arrays, and what is odd about them.

The rules that must agree with the exported code's ``pandas.read_csv``:

* A cell is a gap when its text is one of pandas's default NA texts, compared exactly (`` NA`` is none).
* A cell is a number when pandas would parse it as one: no underscores, no hexadecimal, blanks around it are fine.
* ``inf`` and numbers too large for a float are read by pandas as infinite; here they are a fault of the column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.project import Column, ColumnKind
from studio.data.csv_table import TextTable, quoted
from studio.immutable import immutable

NA_TEXTS = frozenset(
    {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA"}
    | {"NULL", "NaN", "None", "n/a", "nan", "null"}
)
"""What pandas.read_csv takes for an empty cell by default (pandas 2.2 to 3.1)."""

MAX_CLASSES = 200
"""Columns of text with more different values are no categories but free text: names, addresses, remarks."""

SENTENCE = 3
"""Texts of so many words on average, more than half of them different, are free text however few there are."""

FEW_DATES = 20
"""So many different dates may still be classes (the days of an experiment)."""

MOSTLY = 0.8
"""A column of which this share of the filled cells are numbers is meant to hold numbers; the rest is a mistake."""

_NUMBER = re.compile(r"[ \t]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t]*", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*", re.ASCII)
_INFINITE = re.compile(r"[ \t]*[+-]?inf(?:inity)?[ \t]*", re.ASCII | re.IGNORECASE)
_DATE = re.compile(
    r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\s*",
    re.ASCII,
)
_WHOLE = re.compile(r"0|-?[1-9]\d*", re.ASCII)

Array = NDArray[Any]


@immutable
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
    notes: list[str] = []
    for name, cells in zip(table.header, table.columns, strict=True):
        gap = np.fromiter((cell in NA_TEXTS for cell in cells), bool, len(cells))
        columns[name], arrays[name], fault = _text_column(name, cells, gap, table.numbers)
        gaps[name] = gap
        if fault:
            faults[name] = fault
        elif columns[name].kind in ("category", "text") and (note := _mixed(name, cells, gap, table.numbers)):
            notes.append(note)
    return Reading(len(table.numbers), columns, arrays, gaps, faults, tuple(notes), numbers=table.numbers)


def as_kind(reading: Reading, name: str, kind: ColumnKind) -> Column | None:
    """The column read as another kind: whole numbers or texts as classes, classes as text. None where it cannot be."""
    column = reading.columns[name]
    if kind == column.kind:
        return column
    array, gap = reading.arrays[name], reading.gap(name)
    if kind == "category" and column.kind == "number" and column.is_integer and not column.shape:
        values = np.unique(array[~gap])
        if len(values) > MAX_CLASSES:
            return None
        return replace(column, kind="category", classes=tuple(str(int(value)) for value in values))
    if array.dtype.kind in "OU" and not column.shape:
        if kind == "text":
            return text_column(name, array, gap)
        different = set(array[~gap].tolist())
        if kind == "category" and 0 < len(different) <= MAX_CLASSES:
            return _category_column(name, different, column.gaps)
    return None


def of_texts(name: str, texts: Array, gap: NDArray[np.bool_]) -> Column:
    """Describe texts: few that come again and again are classes, sentences and many different ones are free text."""
    different = set(texts[~gap].tolist())
    free = text_column(name, texts, gap)
    if len(different) > MAX_CLASSES:
        return free
    words = sum(len(text.split()) for text in different) / max(len(different), 1)
    if words >= SENTENCE and 2 * len(different) > len(texts) - free.gaps > 1:
        return free
    return _category_column(name, different, free.gaps)


def text_column(name: str, texts: Array, gap: NDArray[np.bool_]) -> Column:
    """Describe free text: how many words its cells have."""
    words = [len(str(text).split()) for text in texts[~gap]]
    low, high = (float(min(words)), float(max(words))) if words else (None, None)
    return Column(name, "text", gaps=int(gap.sum()), low=low, high=high)


def _category_column(name: str, different: set[str], gaps: int) -> Column:
    """Classes sorted by code point, as Python's sorted() and pandas do, or by value if whole."""
    return Column(name, "category", classes=tuple(sorted(map(str, different), key=class_order)), gaps=gaps)


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
        return _texts(name, cells, gap)
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


def _texts(name: str, cells: Sequence[str], gap: NDArray[np.bool_]) -> tuple[Column, Array, str]:
    """A column of text. Dates are told apart: as classes or words they say nothing about time."""
    values = np.array(cells, dtype=object)
    filled = values[~gap]
    dates = [cell for cell in filled if _DATE.fullmatch(cell)]
    if len(dates) >= MOSTLY * len(filled) and len(set(dates)) > FEW_DATES:
        fault = (
            f"Column {quoted(name)} holds dates such as {quoted(dates[0])}, which say nothing to a network as they "
            "are. Write the month, the weekday or the days since a start into columns of numbers."
        )
        return text_column(name, values, gap), values, fault
    return of_texts(name, values, gap), values, ""


def _mixed(name: str, cells: Sequence[str], gap: NDArray[np.bool_], numbers: Sequence[int]) -> str:
    """A sentence about a column that holds both numbers and words, read as text."""
    filled = [index for index in range(len(cells)) if not gap[index]]
    amounts = [index for index in filled if _NUMBER.fullmatch(cells[index])]
    if not amounts or 5 * len(amounts) < len(filled) or len(amounts) == len(filled):
        return ""
    isnt = set(amounts)
    word = next(index for index in filled if index not in isnt)
    return (
        f"Column {quoted(name)} mixes numbers and words (row {numbers[amounts[0]]}: {quoted(cells[amounts[0]])}, "
        f"row {numbers[word]}: {quoted(cells[word])}): all of it is read as text."
    )


def class_order(text: str) -> tuple[int, int, str]:
    """Sort key of class names: whole numbers by their value, then text by code point."""
    return (0, int(text), text) if _WHOLE.fullmatch(text) else (1, 0, text)
