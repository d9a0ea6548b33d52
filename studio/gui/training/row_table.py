"""Every row of a small table with what the network says about it: amber numbers become ticks as it learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio import data
from studio.core.project import DataSource
from studio.data import DataError
from studio.gui import icons, theme

MOST_ROWS = 16
"""A longer table is no picture any more."""
_RIGHT = 0.5
"""A label that is on or off counts as right on the right side of this."""
_PREDICTION = Qt.ItemDataRole.UserRole
ROW_PX = 26

Numbers = Mapping[str, tuple[tuple[float, ...], ...]]
"""Per input or output of the model one list of numbers per row, as the engine sends them."""


@dataclass(frozen=True, slots=True)
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
    if not source.features or not source.targets or any(c is None or c.kind != "number" for c in columns):
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


def _side_by_side(columns: Numbers) -> list[tuple[float, ...]]:
    """Per row the numbers of all inputs (or outputs), one after the other."""
    return [tuple(value for part in row for value in part) for row in zip(*columns.values(), strict=False)]


class _Cell(QStyledItemDelegate):
    """A label, with the prediction beside it: a tick where it is right."""

    def paint(self, painter: QPainter, option, index) -> None:
        colours = theme.current()
        label = index.data(Qt.ItemDataRole.DisplayRole)
        prediction = index.data(_PREDICTION)
        area = option.rect
        painter.save()
        painter.setFont(theme.mono_font(12))
        if prediction is None:
            painter.setPen(QColor(colours.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, label)
        else:
            is_right = (prediction > _RIGHT) == (float(label) > _RIGHT)
            painter.setPen(QColor(colours.text))
            painter.drawText(area.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, label)
            if is_right:
                side = 14
                where = QRectF(area.right() - 12 - side, area.center().y() - side / 2, side, side)
                icons.paint(painter, "check", where, colours.accent)
            else:
                painter.setPen(QColor("#8A6A00" if not colours.is_dark else colours.validation))
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(area.adjusted(0, 0, -8, 0), flags, f"{prediction:.2f}")
        painter.restore()

    # Qt

    def sizeHint(self, option, index) -> QSize:
        return QSize(40, ROW_PX)


class RowTable(QWidget):
    """The table beside the drawing. ``show_source`` tells whether there is anything to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Rows | None = None
        self._title = QLabel(self.tr("The table"))
        theme.set_role(self._title, "name")
        self._score = QLabel()
        theme.set_role(self._score, "secondary")
        self._table = QTableWidget()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table.setShowGrid(False)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setItemDelegate(_Cell(self._table))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._score)

    @property
    def are_all_right(self) -> bool:
        """Whether every label of every row is predicted on its right side."""
        return self._rows is not None and bool(self._cells()) and all(self._cells())

    def show_source(self, source: DataSource, folder: Path | None) -> bool:
        """Show the rows of a small table; False where the data is no such table."""
        rows = distinct_rows(source, folder)
        if rows == self._rows:
            return rows is not None
        self._rows = rows
        if rows is None:
            return False
        names = (*rows.features, *rows.targets)
        self._table.setColumnCount(len(names))
        self._table.setRowCount(len(rows.values))
        self._table.setHorizontalHeaderLabels([name.replace("_", " ") for name in names])
        for row, (values, labels) in enumerate(zip(rows.values, rows.labels, strict=True)):
            for column, value in enumerate((*values, *labels)):
                item = QTableWidgetItem(f"{value:g}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self._table.setItem(row, column, item)
        for column in range(len(names)):
            is_label = column >= len(rows.features)
            mode = QHeaderView.ResizeMode.Stretch if is_label else QHeaderView.ResizeMode.Fixed
            self._table.horizontalHeader().setSectionResizeMode(column, mode)
            self._table.setColumnWidth(column, 30)
            self._table.horizontalHeaderItem(column).setToolTip(names[column])
        self._score.setText(self.tr("{0} rows; the last {1} columns are to be learned").format(
            len(rows.values), len(rows.targets)))  # fmt: skip
        return True

    def show_predictions(self, inputs: Numbers, outputs: Numbers) -> None:
        """Show what the network says about each row; rows that are not in the table are passed over."""
        rows = self._rows
        if rows is None:
            return
        places = {values: row for row, values in enumerate(rows.values)}
        for values, said in zip(_side_by_side(inputs), _side_by_side(outputs), strict=False):
            row = places.get(values)
            if row is None or len(said) != len(rows.targets):
                continue
            for column, value in enumerate(said):
                self._table.item(row, len(rows.features) + column).setData(_PREDICTION, value)
        cells = self._cells()
        self._score.setText(self.tr("{0} of {1} right").format(sum(cells), len(cells)))

    def _cells(self) -> list[bool]:
        rows = self._rows
        if rows is None:
            return []
        cells = []
        for row, labels in enumerate(rows.labels):
            for column, label in enumerate(labels):
                prediction = self._table.item(row, len(rows.features) + column).data(_PREDICTION)
                cells.append(prediction is not None and (prediction > _RIGHT) == (label > _RIGHT))
        return cells
