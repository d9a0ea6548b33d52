"""The rows of the outline as a list of Qt; a name, and the text of a note, is edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from studio.core import edits, rules
from studio.core.compare import note_title
from studio.gui.panels import plain
from studio.gui.panels.outline.painter import ENTRY_ROLE, TOLD_ROLE, Index
from studio.gui.panels.outline.rows import Entry, is_there, sources_of, told

if TYPE_CHECKING:
    from studio.gui.session import Session


class OutlineModel(QAbstractListModel):
    """What is said about a node is looked up when its row is seen: most rows never are."""

    refused = Signal(str)
    """Why a name was not taken."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> bool:
        """Show these rows; tells whether they are others than before."""
        if list(entries) == self.entries:
            if self.entries:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.entries) - 1, 0))
            return False
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()
        return True

    def row_of(self, graph: str, node: str) -> int:
        """The first row of a node, or -1."""
        return next((row for row, e in enumerate(self.entries) if (e.graph, e.node) == (graph, node)), -1)

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        project = self._session.project
        if not is_there(project, entry):  # it goes with the next turn of the loop
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                if entry.is_note:
                    text = project.graph(entry.graph).notes[entry.node].text
                    return text if role == Qt.ItemDataRole.EditRole else note_title(text)
                return project.graph(entry.graph).nodes[entry.node].name
            case _ if role == ENTRY_ROLE:
                return entry
            case _ if role == TOLD_ROLE:
                return told(self._session, entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return told(self._session, entry).sentence(sources_of(self._session, entry))
            case Qt.ItemDataRole.ToolTipRole if entry.is_note:
                return plain.tool_tip(project.graph(entry.graph).notes[entry.node].text[:2_000])
            case Qt.ItemDataRole.ToolTipRole:
                found = told(self._session, entry)
                return plain.tool_tip(found.problem.message if found.problem else f"{found.name}: {found.kind}")
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry, name = self.entries[index.row()], str(value).strip()
        if entry.is_note:
            return self._session.apply(
                lambda project: edits.change_note(project, entry.node, text=name, graph=entry.graph),
                self.tr("Write a note"),
            )
        problem = rules.why_not_rename(self._session.project, entry.node, name, graph=entry.graph)
        if problem is not None:
            self.refused.emit(problem.message)
            return False
        return self._session.apply(
            lambda project: edits.rename(project, entry.node, name, graph=entry.graph), self.tr("Rename")
        )
