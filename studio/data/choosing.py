"""From a set or a file to a DataSource with sensible columns: what a newcomer would pick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from studio.catalog.values import Value
from studio.core.project import Column, ColumnKind, DataSource
from studio.data.csv_table import quoted
from studio.data.errors import DataError
from studio.data.reading import MAX_CLASSES, Reading, as_kind
from studio.data.sets import BundledSet, MadeSet, bundled
from studio.data.sources import made_set, read

FEW = 20
"""A target of whole numbers 0, 1, 2, ... with at most this many different ones is read as class numbers."""


def choose(
    kind: Literal["made", "bundled", "file"],
    name: str,
    *,
    folder: Path | None = None,
    params: Mapping[str, Value] | None = None,
) -> DataSource:
    """Read a source and fill in columns, rows, features and targets. Raises DataError with a sentence.

    Sets of the program: as ``sets.toml`` says. Files: the target is the last column of text classes, otherwise the
    last column of numbers; a target of few whole numbers that start at 0 or 1 is read as classes; all other columns
    of numbers are features, or the first array of pictures (of rows of numbers) alone where there is one: arrays of
    different shapes do not go together into one Input. Where the numbers only count the rows, the first free text is
    the feature.
    """
    source = DataSource(kind, name, dict(params or {}))
    reading = read(source, folder)
    columns = dict(reading.columns)
    if kind == "file":
        features, targets = _guess(reading, columns)
    else:
        known: BundledSet | MadeSet = bundled()[name] if kind == "bundled" else made_set(name)
        targets = known.targets
        features = known.features or tuple(column for column in columns if column not in targets)
        for column, wanted in known.kinds.items():
            columns[column] = as_kind(reading, column, wanted) or columns[column]  # type: ignore[arg-type]
        for target in targets:
            columns[target] = _as_classes(reading, columns[target]) if known.task == "classes" else columns[target]
            if isinstance(known, BundledSet) and len(known.class_names) == len(columns[target].classes):
                columns[target] = replace(columns[target], classes=known.class_names)
    return replace(source, rows=reading.rows, columns=tuple(columns.values()), features=features, targets=targets)


def renew(source: DataSource, folder: Path | None = None) -> DataSource:
    """Read the source again, with what a person chose kept as far as it still fits: after a file has changed."""
    fresh = choose(source.kind, source.name, folder=folder, params=source.params)  # type: ignore[arg-type]
    for column in source.columns:
        if fresh.column(column.name) is not None:
            fresh = with_kind(fresh, column.name, column.kind, folder, is_wish=True)
    names = {column.name for column in fresh.columns}
    features = tuple(name for name in source.features if name in names)
    targets = tuple(name for name in source.targets if name in names)
    bindings = {node: tuple(name for name in chosen if name in names) for node, chosen in source.bindings.items()}
    return replace(
        fresh,
        features=features or fresh.features,
        targets=targets or fresh.targets,
        bindings={node: chosen for node, chosen in bindings.items() if chosen},
        split=source.split,
        gaps=source.gaps,
        sample_weights=source.sample_weights if source.sample_weights in names else None,
    )


def with_kind(
    source: DataSource, name: str, kind: ColumnKind, folder: Path | None = None, *, is_wish: bool = False
) -> DataSource:
    """The source with one column read as numbers or as classes. DataError where the cells do not allow it.

    With ``is_wish`` an impossible kind is passed over instead.
    """
    column = source.column(name)
    if column is None or column.kind == kind:
        return source
    changed = as_kind(read(source, folder), name, kind)
    if changed is None:
        if is_wish:
            return source
        if kind == "number":
            raise DataError(f"Column {quoted(name)} holds text, which cannot be read as numbers.")
        if kind == "text":
            raise DataError(f"Column {quoted(name)} holds numbers, which are not read as text.")
        if column.kind == "text":
            raise DataError(f"Column {quoted(name)} has more than {MAX_CLASSES} different texts, too many for classes.")
        raise DataError(f"Column {quoted(name)} cannot be read as classes: its numbers are not whole, or too many.")
    return replace(source, columns=tuple(changed if each.name == name else each for each in source.columns))


def possible_kinds(column: Column) -> tuple[ColumnKind, ...]:
    """The kinds between which a person can choose for a column."""
    if column.kind == "image" or column.shape:
        return (column.kind,)
    if column.is_integer:
        return ("number", "category")
    if column.kind in ("category", "text") and (column.classes or column.low is not None):
        return ("category", "text")
    return (column.kind,)


def is_usable(source: DataSource, name: str, *, as_target: bool = False) -> bool:
    """Whether a column can feed a network, or be what it learns: nothing is compared with free text."""
    column = source.column(name)
    if column is None or (as_target and column.kind == "text"):
        return False
    return bool(column.classes) if column.kind == "category" else column.low is not None


def _guess(reading: Reading, columns: dict[str, Column]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fine = [name for name in columns if name not in reading.faults and not name.startswith("Unnamed: ")]
    arrays = [name for name in fine if columns[name].shape]
    arrays.sort(key=lambda name: columns[name].kind != "image")
    classes = [name for name in fine if columns[name].classes]
    numbers = [name for name in fine if columns[name].kind == "number" and not columns[name].shape]
    texts = [name for name in fine if columns[name].kind == "text"]
    if classes:
        targets = classes[-1:]
    else:
        targets = numbers[-1:] if len(numbers) + len(arrays) + len(texts) > 1 else []
        for name in targets:
            columns[name] = _as_classes(reading, columns[name])
    features = arrays[:1] or [name for name in numbers if name not in targets]
    if texts and all(_counts_rows(reading, columns[name]) for name in features):
        features = texts[:1]
    if not features:
        features = [name for name in classes if name not in targets]
    return tuple(features), tuple(targets)


def _counts_rows(reading: Reading, column: Column) -> bool:
    """Whether a column only numbers the rows, from 0 or 1 on."""
    is_counting = column.kind == "number" and column.is_integer and not column.shape and column.low in (0, 1)
    if not is_counting or column.high is None or column.high - (column.low or 0) != reading.rows - 1:
        return False
    return len(set(reading.arrays[column.name].tolist())) == reading.rows


def _as_classes(reading: Reading, column: Column) -> Column:
    """Few whole numbers without holes, from 0 or 1 on, are class numbers; anything else stays as it is."""
    if column.kind != "number" or not column.is_integer or column.low not in (0, 1) or column.high is None:
        return column
    changed = as_kind(reading, column.name, "category") if column.high <= FEW else None
    if changed is None or len(changed.classes) < 2:
        return column
    return changed if len(changed.classes) == int(column.high - column.low) + 1 else column
