"""The list of runs: pick the one to look at, tick others to lay them over."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui import theme
from studio.gui.runs.run import Run
from studio.gui.training.message_card import BAD_OUTCOMES
from studio.gui.training.words import format_value

_RUN = Qt.ItemDataRole.UserRole
ROW_HEIGHT_PX = 32
Index = QModelIndex | QPersistentModelIndex


class _RunDelegate(QStyledItemDelegate):
    """A run as a row: mark, name, its figure at the right."""

    def __init__(self, runs: RunList) -> None:
        super().__init__(runs)
        self._list = runs

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        run: Run = index.data(_RUN)
        colours = theme.current()
        is_picked = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        is_current = is_picked and run is self._list.current_run
        area = option.rect.adjusted(0, 2, 0, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        quiet = colours.hover if is_hovered else colours.canvas
        painter.setBrush(QColor(colours.accent_background if is_picked else quiet))
        painter.drawRoundedRect(area, 6, 6)
        # The one in full colour has a full dot.
        painter.setPen(QPen(QColor(colours.training if is_current else colours.secondary), 1.5))
        painter.setBrush(QColor(colours.training) if is_current else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(area.left() + 10.5, area.center().y() - 2.5, 7, 7))
        painter.setPen(QColor(colours.text))
        painter.setFont(theme.ui_font(13))
        name, figure = self._list.name_and_figure(run)
        painter.drawText(area.adjusted(28, 0, -76, 0), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.mono_font(12))
        painter.setPen(QColor(colours.problem if run.outcome in BAD_OUTCOMES else colours.secondary))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area.adjusted(0, 0, -12, 0), flags, figure)
        painter.restore()

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW_HEIGHT_PX)


class RunList(QListWidget):
    """Runs, the newest on top. The current row is shown in colour; other selected rows are laid over it, pale."""

    picked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RunDelegate(self))
        self.setMouseTracking(True)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setToolTip(self.tr("Click a run to see its curves; hold Ctrl to compare several."))
        self.setAccessibleName(self.tr("Runs"))
        self.itemSelectionChanged.connect(self.picked)

    def add(self, run: Run) -> None:
        """Put a new run on top and pick it; the runs that were picked stay to compare with."""
        item = QListWidgetItem()
        item.setData(_RUN, run)
        self.insertItem(0, item)
        self.clearSelection()
        self.setCurrentItem(item)

    def add_earlier(self, runs: Sequence[Run]) -> None:
        """Put runs that were made before all others below them, unpicked. The oldest comes first in ``runs``."""
        self.blockSignals(True)  # a first item would be made current
        for run in reversed(runs):
            item = QListWidgetItem()
            item.setData(_RUN, run)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self.in_words(run))
            self.addItem(item)
        self.blockSignals(False)

    def pick_newest(self) -> None:
        """Show the newest run, where none is shown."""
        if self.count() and self.current_run is None:
            self.setCurrentRow(0)

    def refresh(self) -> None:
        """Show the newest figures; a row is painted anew where it says something else."""
        for row in range(self.count()):
            item = self.item(row)
            words = self.in_words(item.data(_RUN))
            if words != item.data(Qt.ItemDataRole.AccessibleTextRole):
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def name_and_figure(self, run: Run) -> tuple[str, str]:
        """What stands at the left and at the right of a run's row."""
        words = {"failed": self.tr("failed"), "diverged": self.tr("diverged"), "lost": self.tr("lost")}
        value = run.headline[1]
        figure = words.get(run.outcome, "" if math.isnan(value) else format_value(value))
        return self.tr("run {0}").format(run.number), figure

    def in_words(self, run: Run) -> str:
        """A run's row for those who do not see it."""
        return ", ".join(filter(None, self.name_and_figure(run)))

    @property
    def current_run(self) -> Run | None:
        """The run that is shown in colour."""
        item = self.currentItem()
        return item.data(_RUN) if item is not None else None

    @property
    def picked_runs(self) -> tuple[Run, ...]:
        """All runs to draw, oldest first."""
        return tuple(sorted((item.data(_RUN) for item in self.selectedItems()), key=lambda run: run.number))
