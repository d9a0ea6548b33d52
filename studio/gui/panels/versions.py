"""The list of what is different from another version of the project; a row leads to its layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.compare import Difference
from studio.core.project import MAIN
from studio.gui import theme
from studio.gui.panels import plain

if TYPE_CHECKING:
    from studio.gui.session import Session
    from studio.gui.session.comparing import Comparing

MOST_ROWS = 500
SIGNS = {"added": "+", "removed": "−", "changed": "≠"}
_ROLE = int(Qt.ItemDataRole.UserRole)


class VersionsPanel(QWidget):
    """With what the project is compared, how much is different, and each difference in a row of its own."""

    node_wanted = Signal(str)
    """This node is selected now and shall be shown."""

    def __init__(self, session: Session, comparing: Comparing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "panel")
        self.session = session
        self.comparing = comparing
        self.heading = plain.label("", "strong", parent=self)
        self.with_save = self._button(self.tr("With the last save"))
        self.with_file = self._button(self.tr("With a file..."))
        self.stop = self._button(self.tr("Stop"))
        self.hint = plain.label("", "secondary", wraps=True, parent=self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.hint.setContentsMargins(20, 0, 20, 0)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("What is different"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setContentsMargins(20, 8, 16, 0)
        head.setSpacing(8)
        head.addWidget(self.heading, 1)
        for button in (self.with_save, self.with_file, self.stop):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        rows = QHBoxLayout()
        rows.setContentsMargins(14, 0, 4, 0)
        rows.addWidget(self.list)
        layout.addLayout(rows, 1)
        layout.addWidget(self.hint, 1)
        self.with_save.clicked.connect(comparing.with_last_save)
        self.with_file.clicked.connect(self.ask_file)
        self.stop.clicked.connect(comparing.stop)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        comparing.changed.connect(self.refresh)
        session.history_changed.connect(self._enable)
        self.refresh()

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        theme.set_role(button, "link")
        return button

    def ask_file(self) -> None:
        """Let the person choose the other version."""
        folder = str(self.session.folder or Path.home())
        kinds = self.tr("Layer Studio projects (*.studio *.bak)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Compare with another version"), folder, kinds)
        if path:
            self.comparing.with_file(Path(path))

    def refresh(self) -> None:
        """Show what is different now."""
        comparing, found = self.comparing, self.comparing.differences
        is_on = comparing.other is not None
        if comparing.is_waiting and not found:
            self.heading.setText(self.tr("Comparing..."))
            self.hint.setText("")
        elif not is_on:
            self.heading.setText(self.tr("Changes"))
            self.hint.setText(
                self.tr("Compare the project with its last save or with another file: what came, what went and what "
                        "changed is marked in the drawing and listed here.")
            )  # fmt: skip
        else:
            counts = {kind: sum(each.kind == kind for each in found) for kind in SIGNS}
            told = self.tr("Since {0}: {1} added, {2} removed, {3} changed")
            self.heading.setText(told.format(comparing.name, counts["added"], counts["removed"], counts["changed"]))
            self.hint.setText(self.tr("There is no difference."))
        row = self.list.currentRow()
        self.list.clear()
        for each in found[:MOST_ROWS]:
            self.list.addItem(self._item(each))
        if len(found) > MOST_ROWS:
            self.list.addItem(self.tr("... and {0} more").format(len(found) - MOST_ROWS))
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.setVisible(bool(found))
        self.hint.setVisible(not found)
        self._enable()

    def _item(self, each: Difference) -> QListWidgetItem:
        words = {"added": self.tr("added"), "removed": self.tr("removed"), "changed": self.tr("changed")}
        block = self.session.project.blocks.get(each.graph or MAIN)
        inside = self.tr("in {0}").format(block.name) if block is not None and each.node is not None else ""
        head = "   ".join(part for part in (each.name, each.type, inside) if part)
        text = f"{SIGNS[each.kind]}  {head}" + "".join(f"\n     {line}" for line in each.details)
        item = QListWidgetItem(text)
        item.setData(_ROLE, each)
        spoken = ", ".join(part for part in (words[each.kind], each.name, each.type, inside, *each.details) if part)
        item.setData(int(Qt.ItemDataRole.AccessibleTextRole), spoken)
        return item

    def _enable(self) -> None:
        reason = self.comparing.why_not_saved()
        self.with_save.setEnabled(not reason)
        self.with_save.setToolTip(plain.tool_tip(reason))
        self.stop.setVisible(self.comparing.other is not None or self.comparing.is_waiting)

    def _is_there(self, key: str, id: str) -> bool:
        graph = self.session.project.graph(key)
        return id in graph.nodes or id in graph.notes

    def _go(self, item: QListWidgetItem) -> None:
        each = item.data(_ROLE)
        if not isinstance(each, Difference) or each.graph is None:
            return
        project = self.session.project
        if each.graph != MAIN and each.graph not in project.blocks:
            return
        self.session.open_graph(each.graph)
        if each.node is not None and self._is_there(each.graph, each.node):
            self.session.set_selection([each.node])
            self.node_wanted.emit(each.node)
