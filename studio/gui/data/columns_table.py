"""The columns of a source: what each holds, and whether it is a feature, a target or not used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from studio import data
from studio.core.project import Column, DataSource
from studio.gui import theme
from studio.gui.data.column_cells import KindChoice, Tick
from studio.gui.panels.plain import tool_tip

NAME, KIND, FEATURE, TARGET, RANGE, GAPS = range(6)
ROW_PX = 28
RANGE_PX = 128
SHEET = "QHeaderView::section { padding: 0 11px; }"
"""Names stand exactly above their cells, which Qt indents by three pixels more."""
Index = QModelIndex | QPersistentModelIndex


class ColumnsModel(QAbstractTableModel):
    """One row per column. Ticking Feature or Target is a wish, told by a signal; the project answers."""

    use_wished = Signal(str, str)  # column, "feature" | "target" | ""
    kind_wished = Signal(str, str)  # column, kind

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = DataSource()
        self._faults: Mapping[str, str] = {}

    def show_source(self, source: DataSource, faults: Mapping[str, str]) -> None:
        """Show the columns of this source."""
        is_same = [column.name for column in source.columns] == [column.name for column in self._source.columns]
        if not is_same:
            self.beginResetModel()
        self._source, self._faults = source, faults
        if is_same:  # no reset: the current cell and the scroll position stay
            last = self.index(max(self.rowCount() - 1, 0), GAPS)
            if last.isValid():  # there may be no column at all
                self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.endResetModel()

    def column(self, row: int) -> Column:
        """The column that a row shows."""
        return self._source.columns[row]

    def kind_words(self, column: Column) -> str:
        """What a column holds, in words."""
        if column.kind == "image":
            return " × ".join(str(length) for length in column.shape) + " " + self.tr("pixels")
        if column.kind == "category":
            return self.tr("classes") + f" · {len(column.classes)}" if column.classes else self.tr("text")
        if column.kind == "text":
            return self.tr("text")
        if column.low is None:
            return self.tr("empty")
        return self.tr("sample weights") if column.name == self._source.sample_weights else self.tr("numbers")

    def can_use(self, row: int, place: int = FEATURE) -> bool:
        """Whether the network can be fed with this column, or learn it."""
        return data.is_usable(self._source, self.column(row).name, as_target=place == TARGET)

    def is_used(self, row: int, place: int) -> bool:
        """Whether a column is a feature (or a target)."""
        return self.column(row).name in (self._source.features if place == FEATURE else self._source.targets)

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._source.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                names = (self.tr("column"), self.tr("holds"), self.tr("feature"), self.tr("target"))
                return (*names, self.tr("range"), self.tr("gaps"))[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignVCenter | _SIDES[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() in (FEATURE, TARGET) and (
            self.can_use(index.row(), index.column()) or self.is_used(index.row(), index.column())
        ):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == KIND and len(data.possible_kinds(self.column(index.row()))) > 1:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, place = self.column(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(column, place)
        if role == Qt.ItemDataRole.EditRole and place == KIND:
            return column.kind
        if role == Qt.ItemDataRole.CheckStateRole and place in (FEATURE, TARGET):
            return Qt.CheckState.Checked if self.is_used(index.row(), place) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | _SIDES[place])
        if role == Qt.ItemDataRole.FontRole and place in (RANGE, GAPS):
            return theme.mono_font(12)
        if role == Qt.ItemDataRole.ForegroundRole:
            colours = theme.current()
            if place == GAPS and column.gaps:
                return QColor(colours.problem)
            is_quiet = place != NAME or not self.can_use(index.row())
            return QColor(colours.secondary if is_quiet else colours.text)
        if role == Qt.ItemDataRole.ToolTipRole:
            if place == TARGET and column.kind == "text":
                return tool_tip(self.tr("Free text cannot be a target: a loss compares numbers or classes."))
            return tool_tip(self._faults.get(column.name) or self._tip(column))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = self.column(index.row()).name
        if role == Qt.ItemDataRole.CheckStateRole and index.column() in (FEATURE, TARGET):
            is_wanted = Qt.CheckState(value) == Qt.CheckState.Checked
            word = "feature" if index.column() == FEATURE else "target"
            self.use_wished.emit(name, word if is_wanted else "")
            return True
        if role == Qt.ItemDataRole.EditRole and index.column() == KIND and value != self.column(index.row()).kind:
            self.kind_wished.emit(name, value)
            return True
        return False

    def _text(self, column: Column, place: int) -> str:
        if place == NAME:
            return column.name
        if place == KIND:
            return self.kind_words(column)
        if place == RANGE and column.kind == "category":
            return ", ".join(column.classes[:12])
        if place == RANGE and column.kind == "text" and column.low is not None and column.high is not None:
            low, high = _short(column.low), _short(column.high)
            return self.tr("{} words").format(low if low == high else f"{low} … {high}")
        if place == RANGE and column.low is not None and column.high is not None:
            return f"{_short(column.low)} … {_short(column.high)}"
        if place == GAPS:
            return f"{column.gaps:,}" if column.gaps else ""
        return ""

    def _tip(self, column: Column) -> str:
        return f"{column.name}: {', '.join(column.classes)}" if column.classes else column.name


_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_SIDES = (_LEFT, _LEFT, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignHCenter, _LEFT, _RIGHT)


class ColumnsTable(QTableView):
    """The view: ticks in the middle of their cells, a choice of kinds where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = ColumnsModel(self)
        self._name_px = 120
        self.setModel(self.columns)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # arrows go through the cells, Tab leads on
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(SHEET)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        for place, mode in ((NAME, header.ResizeMode.Fixed), (RANGE, header.ResizeMode.Stretch)):
            header.setSectionResizeMode(place, mode)
        for place, width in ((KIND, 104), (FEATURE, 66), (TARGET, 60), (GAPS, 52)):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(place, width)
        self.setItemDelegateForColumn(KIND, KindChoice(self))
        for place in (FEATURE, TARGET):
            self.setItemDelegateForColumn(place, Tick(self))
        self.setAccessibleName(self.tr("Columns"))
        theme.notifier.changed.connect(self.viewport().update)

    def show_source(self, source: DataSource, faults: Mapping[str, str]) -> None:
        """Show the columns; the table is as high as up to twelve of them need."""
        self.columns.show_source(source, faults)
        metrics = self.fontMetrics()
        names = [metrics.horizontalAdvance(column.name) for column in source.columns[:200]]
        self._name_px = min(max([*names, 56]) + 26, 248)
        self.setColumnHidden(GAPS, not any(column.gaps for column in source.columns))
        self._fit()
        rows = min(max(len(source.columns), 2), 12)
        self.setFixedHeight(ROW_PX * rows + self.horizontalHeader().sizeHint().height() + 2)

    def _fit(self) -> None:
        """Names give way before ranges can no longer be read."""
        fixed = sum(self.columnWidth(place) for place in (KIND, FEATURE, TARGET, GAPS))
        room = self.viewport().width() - fixed - RANGE_PX
        self.setColumnWidth(NAME, max(min(self._name_px, room), 72))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _short(value: float) -> str:
    """A bound of a range in at most four digits, large whole numbers in full."""
    return data.format_number(value if value == int(value) else float(f"{value:.4g}"))
