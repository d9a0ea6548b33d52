"""The rows of a source as a table: fetched in pieces as one scrolls, each with the part that it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from studio import data
from studio.gui import theme
from studio.gui.data.facts import Facts
from studio.gui.panels.plain import tool_tip

PIECE = 200
ROW_PX = 26
VISIBLE_ROWS = 10
SHEET = """
QHeaderView::section { padding: 0 11px; }
QHeaderView:horizontal { border-bottom: 1px solid palette(mid); }
QHeaderView::section:vertical { border: none; font-weight: 400; }
"""
Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """Part and cells of every row. Column 0 is the part."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._facts: Facts | None = None
        self._folder: Path | None = None
        self._names: tuple[str, ...] = ()
        self._pieces: dict[int, data.Table] = {}

    def show_facts(self, facts: Facts | None, folder: Path | None) -> None:
        """Show the rows of a readable source, or none."""
        self.beginResetModel()
        self._facts = facts if facts is not None and facts.is_readable else None
        self._folder = folder
        self._pieces = {}
        self._names = self._piece(0).columns if self._facts else ()
        self.endResetModel()

    def _piece(self, row: int) -> data.Table:
        number = row // PIECE
        if number not in self._pieces:
            assert self._facts is not None
            try:
                piece = data.preview(self._facts.source, self._folder, number * PIECE, PIECE)
            except data.DataError:  # the file went away while its rows were on the screen
                piece = data.Table((), (), ())
            self._pieces[number] = piece
        return self._pieces[number]

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._facts.parts) if self._facts and not parent.isValid() else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._names) + 1 if self._facts and not parent.isValid() else 0

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                numbers = self._piece(section).numbers
                return str(numbers[section % PIECE]) if section % PIECE < len(numbers) else ""
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.tr("part") if section == 0 else self._names[section - 1]
        if role == Qt.ItemDataRole.ToolTipRole and section:
            return tool_tip(self._names[section - 1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | self._side(section))
        if role == Qt.ItemDataRole.ForegroundRole and section and self._facts:
            used = (*self._facts.source.features, *self._facts.source.targets)
            return QColor(theme.current().text if self._names[section - 1] in used else theme.current().secondary)
        return None

    def _side(self, section: int) -> Qt.AlignmentFlag:
        column = self._facts.source.column(self._names[section - 1]) if section and self._facts else None
        is_number = column is not None and column.kind == "number"
        return Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._facts is None:
            return None
        row, column = index.row(), index.column()
        part = int(self._facts.parts[row])
        if role == Qt.ItemDataRole.DisplayRole:
            if column == 0:
                words = (self.tr("training"), self.tr("validation"), self.tr("test"))
                return words[part] if part >= 0 else self.tr("left out")
            rows = self._piece(row).rows
            return rows[row % PIECE][column - 1] if row % PIECE < len(rows) else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | self._side(column))
        if role == Qt.ItemDataRole.FontRole:
            return theme.mono_font(12) if column and self._side(column) == Qt.AlignmentFlag.AlignRight else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme.current().secondary) if column == 0 or part < 0 else None
        if role == Qt.ItemDataRole.BackgroundRole and column and not self.data(index):
            return QColor(theme.current().problem_background)
        return None


class RowsTable(QTableView):
    """The view: quiet, no selection, row numbers as a spreadsheet has them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(self)
        self.setModel(self.rows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # arrows go through the cells, Tab leads on
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setStyleSheet(SHEET)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        self.horizontalHeader().setHighlightSections(False)
        self.setMinimumHeight(ROW_PX * (VISIBLE_ROWS + 1) + 18)
        self.setAccessibleName(self.tr("Rows"))
        theme.notifier.changed.connect(self.viewport().update)

    def show_facts(self, facts: Facts | None, folder: Path | None) -> None:
        """Show the rows; columns are as wide as their names and first cells need."""
        names = self.rows._names
        self.rows.show_facts(facts, folder)
        if self.rows._names != names or names:
            self._fit_columns()

    def _fit_columns(self) -> None:
        metrics = self.fontMetrics()
        for column in range(min(self.rows.columnCount(), 200)):
            texts = [str(self.rows.headerData(column, Qt.Orientation.Horizontal) or "")]
            texts += [
                str(self.rows.data(self.rows.index(row, column)) or "") for row in range(min(self.rows.rowCount(), 12))
            ]
            width = max(metrics.horizontalAdvance(text) for text in texts)
            self.setColumnWidth(column, min(max(width + 28, 56), 420) if column else 96)
