"""The runs of this session side by side: what was different, what came out, and the code that was run."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.panels.code.view import CodeView
from studio.gui.panels.plain import tool_tip
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.training.words import duration, format_value

_RUN = Qt.ItemDataRole.UserRole


class RunsPanel(QWidget):
    """A table with a row per run, and the code of the marked one, which may be made the drawing again."""

    restore_requested = Signal(object)
    folder_requested = Signal(object)

    def __init__(self, trainer: Trainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        title = QLabel(self.tr("Runs"))
        theme.set_role(title, "title")
        self._note = QLabel(
            self.tr("Every run is kept here with its code, so that you can see what made a difference.")
        )
        theme.set_role(self._note, "secondary")
        self._table = QTableWidget(0, 8)
        self._table.setHorizontalHeaderLabels(
            [
                self.tr("Run"), self.tr("Outcome"), self.tr("Epochs"), self.tr("Batch"), self.tr("Learning rate"),
                self.tr("Parameters"), self.tr("Figure"), self.tr("Time"),
            ]
        )  # fmt: skip
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(28)
        self._table.setShowGrid(False)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.itemSelectionChanged.connect(self._show_code)
        self._code = CodeView()
        self._code.setAccessibleName(self.tr("Code of the run"))
        self._code_title = QLabel(self.tr("Code of the run"))
        theme.set_role(self._code_title, "name")
        self._restore = QPushButton(self.tr("Make this the drawing"))
        self._restore.setToolTip(
            self.tr("Put back the network and the settings of this run, as one step that can be undone")
        )
        self._restore.clicked.connect(self._ask_restore)
        self._folder = QPushButton(self.tr("Open its folder"))
        self._folder.clicked.connect(self._ask_folder)
        row = QHBoxLayout()
        row.addWidget(self._code_title, 1)
        row.addWidget(self._folder)
        row.addWidget(self._restore)
        code = QWidget()
        code_layout = QVBoxLayout(code)
        code_layout.setContentsMargins(16, 0, 0, 0)
        code_layout.addLayout(row)
        code_layout.addWidget(self._code, 1)
        table = QWidget()
        table_layout = QVBoxLayout(table)
        table_layout.setContentsMargins(0, 0, 0, 0)
        table_layout.addWidget(title)
        table_layout.addWidget(self._note)
        table_layout.addWidget(self._table, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(table)
        splitter.addWidget(code)
        splitter.setSizes([820, 620])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 12)
        layout.addWidget(splitter)
        trainer.run_added.connect(self._add)
        trainer.run_changed.connect(self._update)
        self._show_code()

    @property
    def run(self) -> Run | None:
        """The run that is marked."""
        items = self._table.selectedItems()
        return items[0].data(_RUN) if items else None

    def _add(self, run: Run) -> None:
        self._table.insertRow(0)
        for column in range(self._table.columnCount()):
            item = QTableWidgetItem()
            item.setData(_RUN, run)
            if column > 1:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setFont(theme.mono_font(12))
            self._table.setItem(0, column, item)
        self._update(run)
        self._table.selectRow(0)

    def _update(self, run: Run) -> None:
        row = next((r for r in range(self._table.rowCount()) if self._table.item(r, 0).data(_RUN) is run), None)
        if row is None:
            return
        name, value = run.headline
        plan = run.project.training
        figure = "" if math.isnan(value) else f"{name.replace('_', ' ')} {format_value(value)}"
        rate = "" if math.isnan(run.learning_rate) else f"{run.learning_rate:.4g}"
        words = {
            "": self.tr("running"), "finished": self.tr("finished"), "stopped": self.tr("stopped"),
            "failed": self.tr("failed"), "diverged": self.tr("diverged"), "lost": self.tr("lost"),
        }  # fmt: skip
        texts = (
            self.tr("run {0}").format(run.number), words[run.outcome], f"{run.epoch} / {run.epochs}",
            str(plan.batch_size), rate, f"{run.parameters:,}", figure, duration(run.seconds),
        )  # fmt: skip
        for column, text in enumerate(texts):
            item = self._table.item(row, column)
            item.setText(text)
            item.setToolTip(tool_tip(run.message))

    def _show_code(self) -> None:
        run = self.run
        self._restore.setEnabled(run is not None)
        self._folder.setEnabled(run is not None)
        if run is None:
            self._code_title.setText(self.tr("The code of a run stands here as soon as there is one: press Train."))
            return
        self._code_title.setText(self.tr("Code of run {0}").format(run.number))
        self._code.show_text(run.source_text)

    def _ask_restore(self) -> None:
        if self.run is not None:
            self.restore_requested.emit(self.run)

    def _ask_folder(self) -> None:
        if self.run is not None:
            self.folder_requested.emit(self.run)
