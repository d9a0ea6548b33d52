"""The list of runs: pick the one to look at, tick others to lay them over."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.gui import theme
from studio.gui.runs.run import Run
from studio.gui.training.curve_plot import format_value

_RUN = Qt.ItemDataRole.UserRole
ROW_HEIGHT_PX = 32


class _RunDelegate(QStyledItemDelegate):
    """A run as a row: mark, name, its figure at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        run: Run = index.data(_RUN)
        colours = theme.current()
        is_picked = bool(option.state & option.state.__class__.State_Selected)
        area = option.rect.adjusted(0, 2, 0, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_background if is_picked else colours.canvas))
        painter.drawRoundedRect(area, 6, 6)
        painter.setBrush(QColor(colours.training if is_picked else colours.faint))
        centre = area.left() + 14
        painter.drawEllipse(centre - 4, area.center().y() - 3, 8, 8)
        painter.setPen(QColor(colours.text))
        painter.setFont(theme.ui_font(13))
        words = area.adjusted(28, 0, -76, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.tr("run {0}").format(run.number))
        value = run.headline[1]
        painter.setFont(theme.mono_font(12))
        painter.setPen(QColor(colours.problem if run.outcome in ("failed", "diverged", "lost") else colours.secondary))
        text = {
            "failed": self.tr("failed"),
            "diverged": self.tr("diverged"),
            "lost": self.tr("lost"),
        }.get(run.outcome, "" if math.isnan(value) else format_value(value))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area.adjusted(0, 0, -12, 0), flags, text)
        painter.restore()

    # Qt

    def sizeHint(self, option, index) -> QSize:
        return QSize(120, ROW_HEIGHT_PX)


class RunList(QListWidget):
    """Runs, the newest on top. The current row is shown in colour; other selected rows are laid over it, pale."""

    picked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RunDelegate(self))
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setToolTip(self.tr("Click a run to see its curves; hold Ctrl to compare several."))
        self.setAccessibleName(self.tr("Runs"))
        self.itemSelectionChanged.connect(self.picked)

    def add(self, run: Run) -> None:
        """Put a new run on top and pick it; the runs that were picked stay to compare with."""
        item = QListWidgetItem()
        item.setData(_RUN, run)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr("run {0}").format(run.number))
        self.insertItem(0, item)
        self.clearSelection()
        self.setCurrentItem(item)

    def refresh(self) -> None:
        """Show the newest figures."""
        self.viewport().update()

    @property
    def current_run(self) -> Run | None:
        """The run that is shown in colour."""
        item = self.currentItem()
        return item.data(_RUN) if item is not None else None

    @property
    def picked_runs(self) -> tuple[Run, ...]:
        """All runs to draw, oldest first."""
        return tuple(sorted((item.data(_RUN) for item in self.selectedItems()), key=lambda run: run.number))
