"""Repeated parts become blocks: a preview of what was found, and one step of undo."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.codegen import generate_model
from studio.core.parts import Found, Part, Stopped, find_parts
from studio.core.project import Project
from studio.core.topology import id_key
from studio.gui import telling, theme
from studio.gui.background import Background
from studio.gui.session import Session
from studio.layout import Cancelled
from studio.workbench.parts import with_parts
from studio.workbench.priming import primed

COUNT_AFTER_MS = 150
"""Lines are counted again when a person has stopped ticking and typing for as long."""

_MOST_PLACES = 6
"""Places that are listed by name; the others are counted."""


class PartsDialog(QDialog):
    """Looks for repeated parts beside the event loop, and shows them; Cancel ends the search at once."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        telling.install(self)
        self.setWindowTitle(self.tr("Find repeated parts"))
        self.resize(640, 160)
        self._session = session
        self._start = session.project
        self._cancel = threading.Event()
        self._search = Background(self)
        self._counting = Background(self)
        self._found: Found | None = None
        self._shown_names: dict[str, str] = {}
        self.message = QLabel(self.tr("Looking for repeated parts..."))
        self.message.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.table = QTableWidget(0, 4)
        self.table.setTabKeyNavigation(False)
        self.detail = QLabel()
        self.lines = QLabel()
        self._arrange()
        self._timer = QTimer(self, singleShot=True, interval=COUNT_AFTER_MS)
        self._timer.timeout.connect(self._count_lines)
        project, catalog, stopped = self._start, session.catalog, self._cancel.is_set
        self._search.ask(lambda: find_parts(project, catalog, stopped=stopped), self._show_found)

    def _arrange(self) -> None:
        self.table.setHorizontalHeaderLabels(
            [self.tr("Block"), self.tr("Times"), self.tr("Layers"), self.tr("Parameters")]
        )
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 210)
        for column in (1, 2):
            header.resizeSection(column, 64)
        self.table.hide()
        for label in (self.detail, self.lines, self.message):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        theme.set_role(self.detail, "quiet")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Apply | QDialogButtonBox.StandardButton.Cancel)
        self.apply_button = self.buttons.button(QDialogButtonBox.StandardButton.Apply)
        self.apply_button.setText(self.tr("Make blocks"))
        self.apply_button.setEnabled(False)
        self.apply_button.setToolTip(self.tr("The search is still going on."))
        theme.set_role(self.apply_button, "primary")
        self.apply_button.clicked.connect(self._apply)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.message)
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.detail)
        layout.addWidget(self.lines)
        layout.addStretch(0)
        layout.addWidget(self.buttons)
        self.table.itemChanged.connect(self._take_change)
        self.table.itemSelectionChanged.connect(self._show_detail)

    # What was found

    def _show_found(self, result: object) -> None:
        self.bar.hide()
        if not isinstance(result, Found):
            stopped = isinstance(result, Stopped)
            self.message.setText("" if stopped else self.tr("The search went wrong; the drawing stays as it is."))
            return
        self._found = result
        if not result.parts:
            text = self.tr("No part comes again often enough for a block. A part should be drawn three times or more.")
            self.message.setText(text)
            self.apply_button.setToolTip(self.tr("Nothing was found."))
            return
        self.message.setText(
            self.tr("These parts come again and again. Each becomes a block, and its places become uses of it.")
        )
        self.resize(640, 480)
        self._fill(result.parts)
        self.apply_button.setEnabled(True)
        self.apply_button.setToolTip("")
        self.table.show()
        self.table.selectRow(0)
        self.table.setFocus()
        self._count_lines()

    def _fill(self, parts: tuple[Part, ...]) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(len(parts))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, part in enumerate(parts):
            self._shown_names[part.block] = part.name
            name = QTableWidgetItem(part.name)
            name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable)
            name.setCheckState(Qt.CheckState.Checked)
            name.setToolTip(self.tr("Double click to rename"))
            self.table.setItem(row, 0, name)
            for column, text in enumerate((str(part.times), str(part.layers), ", ".join(part.parameters)), start=1):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(text)
                if column < 3:
                    item.setTextAlignment(right)
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)

    def _show_detail(self) -> None:
        row = self.table.currentRow()
        if self._found is None or not 0 <= row < len(self._found.parts):
            return
        part = self._found.parts[row]
        firsts = []
        for key, ids in part.places:
            nodes = self._start.graph(key).nodes
            firsts.append(min((nodes[id] for id in ids if id in nodes), key=lambda node: id_key(node.id)).name)
        more = len(firsts) - _MOST_PLACES
        text = self.tr("It starts at {0}").format(", ".join(firsts[:_MOST_PLACES]))
        text += self.tr(" and {0} more.").format(more) if more > 0 else "."
        if part.loses_names:
            text += " " + self.tr("Keras gives its layers new names, since theirs do not follow from one another.")
        elif part.keeps_names:
            text += " " + self.tr("Its layers keep their names.")
        self.detail.setText(text)

    # What is wanted

    def unwanted(self) -> list[str]:
        """The blocks that are not ticked."""
        parts = self._found.parts if self._found is not None else ()
        return [part.block for row, part in enumerate(parts) if self._item(row).checkState() != Qt.CheckState.Checked]

    def _item(self, row: int) -> QTableWidgetItem:
        item = self.table.item(row, 0)
        assert item is not None
        return item

    def _take_change(self, item: QTableWidgetItem) -> None:
        if self._found is None or item.column() != 0:
            return
        block = self._found.parts[item.row()].block
        name = item.text().strip()
        if name != self._shown_names[block]:
            why_not = self._found.why_not_name(block, name, self._shown_names)
            if why_not is None:
                self._shown_names[block] = name
            else:
                what = self.tr("Another block is called {0} already.") if why_not == "taken" else ""
                self.lines.setText(what.format(name) or self.tr("A block needs a name that can be shown."))
                item.setText(self._shown_names[block])
                return
        is_any = len(self.unwanted()) < len(self._found.parts)
        self.apply_button.setEnabled(is_any)
        self.apply_button.setToolTip("" if is_any else self.tr("Tick at least one part."))
        self._timer.start()

    def _count_lines(self) -> None:
        found, catalog = self._found, self._session.catalog
        if found is None:
            return
        unwanted, names = self.unwanted(), dict(self._shown_names)

        def work() -> tuple[int, int]:
            projects = (found.start, found.chosen(catalog, unwanted, names))
            before, after = (generate_model(project, catalog).text.count("\n") for project in projects)
            return before, after

        self._counting.ask(work, self._show_lines)

    def _show_lines(self, result: object) -> None:
        if isinstance(result, tuple):
            self.lines.setText(self.tr("The code of the network: {0:,} lines become {1:,}.").format(*result))

    # Doing it

    def _apply(self) -> None:
        found, catalog, stopped = self._found, self._session.catalog, self._cancel.is_set
        if found is None:
            return
        unwanted, names = self.unwanted(), dict(self._shown_names)
        self.bar.show()
        self.table.setEnabled(False)
        self.apply_button.setEnabled(False)
        self.apply_button.setToolTip(self.tr("The blocks are being made."))
        # Hundreds of layers are others then: what the window will ask about them is found out here, not in its turns.
        self._search.ask(lambda: primed(with_parts(found, catalog, unwanted, names, stopped), catalog), self._finish)

    def _finish(self, result: object) -> None:
        if isinstance(result, Project):
            self._session.apply(lambda project: result if project is self._start else project, self.windowTitle())
            self.accept()
        elif not isinstance(result, Cancelled):
            self.bar.hide()
            self.message.setText(self.tr("The blocks could not be made; the drawing stays as it is."))

    # Qt

    def done(self, code: int) -> None:
        self._cancel.set()
        self._search.forget()
        self._counting.forget()
        self._timer.stop()
        super().done(code)
