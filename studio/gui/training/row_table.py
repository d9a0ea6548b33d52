"""Every row of a small table with what the network says about it: amber numbers become ticks as it learns."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.core.project import DataSource
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.training.table_rows import Numbers, Rows, distinct_rows, side_by_side
from studio.gui.training.words import readable

RIGHT_FROM = 0.5
"""A label that is on or off counts as right on the right side of this."""
ROW_PX = 24
FEATURE_PX = 26
LABEL_PX = 56
"""A label and a prediction with two decimals beside it."""
HEADER_PADDING_PX = 10
SECTION_PADDING_PX = 4
HEADER_PX = 25
WRAPPED_HEADER_PX = 40
"""Two lines, where a name is wider than its column: "at least two" in a narrow panel."""
_PREDICTION = Qt.ItemDataRole.UserRole
_SHEET = """
QTableView { border: none; }
QHeaderView::section { padding: 0 4px; min-height: 24px; }
"""


class _Cell(QStyledItemDelegate):
    """A label, with the prediction beside it: a tick where it is right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = theme.current()
        label = index.data(Qt.ItemDataRole.DisplayRole)
        prediction = index.data(_PREDICTION)
        area = option.rect
        painter.save()
        painter.setFont(theme.mono_font(12))
        painter.setPen(QColor(colours.text))
        if prediction is None:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, label)
        else:
            middle = area.center().x()
            left = area.adjusted(0, 0, middle - area.right() - 10, 0)
            painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, label)
            if is_right(prediction, float(label)):
                side = 14
                where = QRectF(middle + 3, area.center().y() - side / 2 + 1, side, side)
                icons.paint(painter, "check", where, colours.accent)
            else:
                painter.setPen(QColor(readable(colours.validation)))
                right = area.adjusted(middle - area.left() - 1, 0, 8, 0)
                painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"{prediction:.2f}")
        painter.restore()

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(FEATURE_PX, ROW_PX)


def is_right(prediction: float, label: float) -> bool:
    """Whether a prediction is on the right side."""
    return (prediction > RIGHT_FROM) == (label > RIGHT_FROM)


def fitted(name: str, width: float, metrics: QFontMetricsF) -> tuple[str, bool]:
    """A name as it fits into ``width``: on one line, on two, else cut; and whether it takes two lines."""
    room = QRectF(0, 0, width, 2 * metrics.height() + 1)
    needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, name)
    if needed.height() > room.height() or needed.width() > width:
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, width), False
    return name, needed.height() > metrics.height() + 1


class RowTable(QWidget):
    """The table beside the drawing. ``show_source`` tells whether there is anything to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Rows | None = None
        self.score = plain.label("", "secondary", wraps=True)
        self.table = QTableWidget()
        self.table.setAccessibleName(self.tr("The table with what the network says"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setShowGrid(False)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setStyleSheet(_SHEET)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(FEATURE_PX)
        header.setTextElideMode(Qt.TextElideMode.ElideNone)  # what is elided is not wrapped
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        header.setHighlightSections(False)
        self.table.setItemDelegate(_Cell(self.table))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addWidget(plain.label(self.tr("The table"), "name"))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.score)

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
        self.table.setColumnCount(len(names))
        self.table.setRowCount(len(rows.values))
        for column, name in enumerate(names):
            item = QTableWidgetItem(name.replace("_", " "))
            item.setToolTip(plain.tool_tip(name))
            self.table.setHorizontalHeaderItem(column, item)
        for row, (values, labels) in enumerate(zip(rows.values, rows.labels, strict=True)):
            for column, value in enumerate((*values, *labels)):
                self.table.setItem(row, column, QTableWidgetItem(f"{value:g}"))
        self._share_width()
        self._say_rows()
        return True

    def show_predictions(self, inputs: Numbers, outputs: Numbers) -> None:
        """Show what the network says about each row; rows that are not in the table are passed over."""
        rows = self._rows
        if rows is None:
            return
        places = {values: row for row, values in enumerate(rows.values)}
        for values, said in zip(side_by_side(inputs), side_by_side(outputs), strict=False):
            row = places.get(values)
            if row is None or len(said) != len(rows.targets):
                continue
            for column, value in enumerate(said):
                self._item(row, len(rows.features) + column).setData(_PREDICTION, value)
        cells = self._cells()
        self.score.setText(self.tr("{0} of {1} right").format(sum(cells), len(cells)))

    def forget_predictions(self) -> None:
        """Show the labels alone, as before the first run: another network, or another project."""
        rows = self._rows
        if rows is None:
            return
        for row in range(len(rows.values)):
            for column in range(len(rows.targets)):
                self._item(row, len(rows.features) + column).setData(_PREDICTION, None)
        self._say_rows()

    def _say_rows(self) -> None:
        if self._rows is not None:
            words = self.tr("{0} rows, {1} labels to learn")
            self.score.setText(words.format(len(self._rows.values), len(self._rows.targets)))

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.table.item(row, column)
        assert item is not None, "every cell of the table is filled by show_source"
        return item

    def _cells(self) -> list[bool]:
        rows = self._rows
        if rows is None:
            return []
        cells = []
        for row, labels in enumerate(rows.labels):
            for column, label in enumerate(labels):
                prediction = self._item(row, len(rows.features) + column).data(_PREDICTION)
                cells.append(prediction is not None and is_right(prediction, label))
        return cells

    def _share_width(self) -> None:
        """Features get what they need; labels share the rest by the length of their names."""
        rows = self._rows
        if rows is None:
            return
        metrics = QFontMetricsF(theme.ui_font(12, QFont.Weight.Medium))  # as the sheet has it for headers
        wanted = [
            metrics.horizontalAdvance(name.replace("_", " ")) + HEADER_PADDING_PX
            for name in (*rows.features, *rows.targets)
        ]
        count = len(rows.features)
        available = self.table.viewport().width()
        widths = [min(max(FEATURE_PX, width), 2 * FEATURE_PX) for width in wanted[:count]]
        labels = [max(LABEL_PX, width) for width in wanted[count:]]
        spare = available - sum(widths) - sum(labels)
        if spare < 0:  # the longest names give way first
            room = max(available - sum(widths) - LABEL_PX * len(labels), 0)
            above = [width - LABEL_PX for width in labels]
            labels = [LABEL_PX + room * part / max(sum(above), 1) for part in above]
            spare = 0
        widths = [width + spare / len(wanted) for width in (*widths, *labels)]
        height = HEADER_PX
        for column, (width, name) in enumerate(zip(widths, (*rows.features, *rows.targets), strict=True)):
            self.table.setColumnWidth(column, int(width))
            item = self.table.horizontalHeaderItem(column)
            assert item is not None, "every column is named by show_source"
            shown, is_wrapped = fitted(name.replace("_", " "), int(width) - 2 * SECTION_PADDING_PX, metrics)
            item.setText(shown)
            height = WRAPPED_HEADER_PX if is_wrapped else height
        self.table.horizontalHeader().setFixedHeight(height)

    # Qt

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._share_width()
