"""The runs of a project side by side, those of earlier sessions too: what was different, what came out, the code."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.panels.code.view import CodeView
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.training.message_card import BAD_OUTCOMES
from studio.gui.training.words import duration, format_value, quantity

_RUN = Qt.ItemDataRole.UserRole
_FIGURE = 7
_FIRST_NUMBER = 3
"""Columns from here on hold numbers, which align right."""
_SHEET = "QTableView { border-color: transparent; } QHeaderView::section { padding: 0 11px; }"
ROW_PX = 28
AT_ONCE = 5
"""Earlier runs that are put into the table in one turn of the loop."""


class RunsPanel(QWidget):
    """A table with a row per run, and the code of the marked one, which may be made the drawing again."""

    restore_requested = Signal(object)
    folder_requested = Signal(object)

    def __init__(self, trainer: Trainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[Run, list[QTableWidgetItem]] = {}
        self._waiting: deque[Run] = deque()
        self._add_more = QTimer(self, singleShot=True, interval=0)
        self._add_more.timeout.connect(self._add_waiting)
        self.table = QTableWidget(0, 9)
        self.code = CodeView()
        self.code.setAccessibleName(self.tr("Code of the run"))
        self._code_title = plain.label("", "name")
        self.restore_button = QPushButton(self.tr("Make this the drawing"))
        self.restore_button.setToolTip(
            self.tr("Put back the network and the settings of this run, as one step that can be undone")
        )
        self.restore_button.clicked.connect(self._ask_restore)
        self.folder_button = QPushButton(self.tr("Open its folder"))
        self.folder_button.setToolTip(self.tr("Code, numbers and weights of the run lie there"))
        self.folder_button.clicked.connect(self._ask_folder)
        self._build()
        trainer.run_added.connect(self._add)
        trainer.run_changed.connect(self._update)
        trainer.runs_found.connect(self._add_earlier)
        trainer.runs_forgotten.connect(self._forget)
        theme.notifier.changed.connect(self._recolour)
        self._add_earlier(trainer.runs)

    @property
    def run(self) -> Run | None:
        """The run that is marked."""
        items = self.table.selectedItems()
        return items[0].data(_RUN) if items else None

    def _build(self) -> None:
        self._make_table()
        table = QWidget()
        table_layout = QVBoxLayout(table)
        table_layout.setContentsMargins(0, 0, 16, 0)
        table_layout.setSpacing(8)
        table_layout.addWidget(plain.label(self.tr("Runs"), "name"))
        table_layout.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._code_title, 1)
        row.addWidget(self.folder_button)
        row.addWidget(self.restore_button)
        code = QWidget()
        code_layout = QVBoxLayout(code)
        code_layout.setContentsMargins(16, 0, 0, 0)
        code_layout.setSpacing(8)
        code_layout.addLayout(row)
        code_layout.addWidget(self.code, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(table)
        splitter.addWidget(code)
        splitter.setSizes([860, 640])
        empty = plain.label(
            self.tr("Every run is kept here with its code, so that you can see what made a difference. Press Train."),
            "secondary",
            wraps=True,
        )
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.addWidget(self._pages)

    def _make_table(self) -> None:
        table = self.table
        names = (
            self.tr("Run"), self.tr("Outcome"), self.tr("Optimizer"), self.tr("Learning rate"), self.tr("Epochs"),
            self.tr("Batch"), self.tr("Parameters"), self.tr("Result"), self.tr("Time"),
        )  # fmt: skip
        for column, name in enumerate(names):
            item = QTableWidgetItem(name)
            item.setTextAlignment(self._alignment(column))
            table.setHorizontalHeaderItem(column, item)
        table.setAccessibleName(self.tr("Runs"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setStyleSheet(_SHEET)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_FIGURE, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._show_code)

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column >= _FIRST_NUMBER else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    # Facts come in

    def _add(self, run: Run) -> None:
        self._insert(0, run)
        self.table.selectRow(0)

    def _add_earlier(self, runs: Sequence[Run]) -> None:
        """Runs that are older than all that are shown; the oldest comes first. A few in each turn of the loop."""
        self._waiting.extend(reversed(runs))
        self._add_waiting()

    def _add_waiting(self) -> None:
        for _ in range(min(AT_ONCE, len(self._waiting))):
            self._insert(self.table.rowCount(), self._waiting.popleft())
        if self.run is None and self._rows:
            self.table.selectRow(0)
        if self._waiting:
            self._add_more.start()

    def _insert(self, row: int, run: Run) -> None:
        self._pages.setCurrentIndex(1)
        self.table.insertRow(row)
        items = []
        for column in range(self.table.columnCount()):
            item = QTableWidgetItem()
            item.setData(_RUN, run)
            item.setTextAlignment(self._alignment(column))
            if column >= _FIRST_NUMBER and column != _FIGURE:
                item.setFont(theme.mono_font(12))
            items.append(item)
        self._rows[run] = items
        self._update(run)
        for column, item in enumerate(items):  # with its text, which the table would measure again else
            self.table.setItem(row, column, item)

    def _update(self, run: Run) -> None:
        items = self._rows.get(run)
        if items is None:
            return
        training = run.project.training
        name, value = run.headline
        result = "" if math.isnan(value) else f"{quantity(name)} {format_value(value)}"
        rate = "" if math.isnan(run.learning_rate) else f"{run.learning_rate:.4g}"
        texts = (
            self.tr("run {0}").format(run.number), self._outcome(run), training.optimizer.type, rate,
            f"{run.epoch} / {run.epochs}", str(training.batch_size), f"{run.parameters:,}" if run.parameters else "",
            result, duration(run.seconds),
        )  # fmt: skip
        for item, text in zip(items, texts, strict=True):
            item.setText(text)
            item.setToolTip(plain.tool_tip(run.message))
        self._colour(run, items[1])

    def _outcome(self, run: Run) -> str:
        words = {
            "finished": self.tr("finished"), "stopped": self.tr("stopped"), "failed": self.tr("failed"),
            "diverged": self.tr("diverged"), "lost": self.tr("lost"), "waiting": self.tr("waiting"),
            "running": self.tr("running"), "paused": self.tr("paused"), "stopping": self.tr("stopping"),
            "ended": self.tr("no end noted"),
        }  # fmt: skip
        return words[run.outcome or run.state]

    def _colour(self, run: Run, item: QTableWidgetItem) -> None:
        colours = theme.current()
        item.setForeground(QBrush(QColor(colours.problem if run.outcome in BAD_OUTCOMES else colours.text)))

    def _recolour(self) -> None:
        for items in self._rows.values():
            self._colour(items[1].data(_RUN), items[1])

    def _forget(self) -> None:
        self._waiting.clear()
        self._rows.clear()
        self.table.setRowCount(0)
        self._pages.setCurrentIndex(0)

    def _show_code(self) -> None:
        run = self.run
        self.restore_button.setEnabled(run is not None)
        self.folder_button.setEnabled(run is not None)
        if run is not None:
            self._code_title.setText(self.tr("Code of run {0}").format(run.number))
            self.code.show_text(run.source_text)

    # Wishes go out

    def _ask_restore(self) -> None:
        if self.run is not None:
            self.restore_requested.emit(self.run)

    def _ask_folder(self) -> None:
        if self.run is not None:
            self.folder_requested.emit(self.run)
