"""The different rows of a small table, and what the engine says about them, brought together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from studio import data
from studio.core.project import DataSource
from studio.data import DataError
from studio.immutable import immutable

MOST_ROWS = 16
"""A longer table is no picture any more."""
MOST_READ = 5_000
"""A table with more rows is not even read: it would hold the window, and who tiles 16 rows so often?"""

Numbers = Mapping[str, tuple[tuple[float, ...], ...]]
"""Per input or output of the model one list of numbers per row, as the engine sends them."""


@immutable
class Rows:
    """The different rows of a table: feature and target values, in the order of the feature values."""

    features: tuple[str, ...]
    targets: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    labels: tuple[tuple[float, ...], ...]


def distinct_rows(source: DataSource, folder: Path | None) -> Rows | None:
    """The different rows of a table with few of them and labels that are on or off; None for any other data.

    Sorted by the features in their order, as ``numpy.unique`` and the engine sort them.
    """
    columns = [source.column(name) for name in (*source.features, *source.targets)]
    if source.rows > MOST_READ or not source.features or not source.targets:
        return None
    if any(column is None or column.kind != "number" for column in columns):
        return None
    if not all(column is not None and column.is_binary for column in columns[len(source.features) :]):
        return None
    try:
        reading = data.read(source, folder)
    except DataError:
        return None
    here = [reading.columns.get(name) for name in (*source.features, *source.targets)]
    if any(column is None or column.kind != "number" for column in here):
        return None  # the file is another one than when its columns were chosen
    features = np.column_stack([reading.arrays[name] for name in source.features]).astype("float32")
    targets = np.column_stack([reading.arrays[name] for name in source.targets])
    rows, first = np.unique(features, axis=0, return_index=True)
    if len(rows) > MOST_ROWS or len(rows) == len(features) > MOST_ROWS:
        return None
    return Rows(
        source.features,
        source.targets,
        tuple(map(tuple, rows.tolist())),
        tuple(map(tuple, targets[first].tolist())),
    )


def side_by_side(columns: Numbers) -> list[tuple[float, ...]]:
    """Per row the numbers of all inputs (or outputs), one after the other."""
    return [tuple(value for part in row for value in part) for row in zip(*columns.values(), strict=False)]
