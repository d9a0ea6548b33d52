"""A choice among the objects of one kind that can be searched by typing, by names of older books as well."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from studio.catalog import Catalog
from studio.catalog.old_names import Found
from studio.catalog.spec import ObjectKind
from studio.catalog.values import Value
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import ChoiceField

ROWS = 12


class ObjectChoice(ChoiceField):
    """Typing opens a list of what the text may mean; Enter takes the first, and what nobody takes is forgotten.

    ``activated`` tells that one was taken, as with any combo box; ``take_params`` then has what must be set so that it
    does what an old name did. ``note`` is a label for the form, which says what became of an old name.
    """

    searched = Signal(str)

    def __init__(self, catalog: Catalog, kind: ObjectKind) -> None:
        super().__init__()
        self._catalog, self._kind = catalog, kind
        self._found: list[Found] = []
        self._params: dict[str, Value] = {}
        self.note = plain.label("", "secondary", wraps=True)
        self.note.hide()
        self.setEditable(True)
        self.line.setTextMargins(-2, 0, 0, 0)  # so that the text begins where that of other fields does
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]
        self._rows = QStringListModel(self)
        self.list = QCompleter(self._rows, self)
        self.list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.list.setMaxVisibleItems(ROWS)
        self.list.activated.connect(self._row_taken)
        popup = self.list.popup()
        assert popup is not None
        popup.setStyleSheet("QListView { border: 1px solid palette(mid); padding: 2px; }")  # mid is the theme's border
        self.line.setCompleter(self.list)
        self.line.textEdited.connect(self._search)
        self.line.installEventFilter(self)
        self.activated.connect(self._taken)
        self.currentIndexChanged.connect(lambda _: self.line.setCursorPosition(0))

    @property
    def line(self) -> QLineEdit:
        """Where a person types."""
        line = self.lineEdit()
        assert line is not None
        return line

    def offer(self, catalog: Catalog) -> None:
        """Search this catalog from now on."""
        self._catalog = catalog

    def take_params(self) -> dict[str, Value]:
        """What must be set of the one taken last; asked once."""
        params, self._params = self._params, {}
        return params

    # Searching

    def _search(self, text: str) -> None:
        self._found = self._catalog.find_objects(self._kind, text)
        self._rows.setStringList([self._row(found) for found in self._found] or [self.tr("nothing of that name")])
        self._tell(self._found[0].says if self._found and text.strip() else "")
        self.searched.emit(text)

    def _row(self, found: Found) -> str:
        if found.type and found.called != found.type:
            return self.tr("{0}, was {1}").format(found.type, found.called)
        return found.called if found.type else self.tr("{0}: gone").format(found.called)

    def _tell(self, says: str) -> None:
        self.note.setText(says)
        self.note.setVisible(bool(says) and self.note.parent() is not None)

    def _row_taken(self, row: str) -> None:
        self._take(next((found for found in self._found if self._row(found) == row), None))

    def _take(self, found: Found | None) -> None:
        place = self.findData(found.type) if found is not None and found.type else -1
        if found is not None and place >= 0:
            self._params = dict(found.params)
            self.setCurrentIndex(place)
            self.activated.emit(place)
        if found is not None:
            self._tell(found.says)
        self.forget_typed()
        QTimer.singleShot(0, self, self.forget_typed)  # the line writes the row that was clicked into itself, after us

    def _close_list(self) -> None:
        popup = self.list.popup()
        if popup is not None:
            popup.hide()

    def forget_typed(self) -> None:
        """Show again what is chosen."""
        self._found = []
        self.line.setText(self._chosen_text())
        self.line.setModified(False)

    def _chosen_text(self) -> str:
        return self.itemText(self.currentIndex()) if self.currentIndex() >= 0 else ""

    def _taken(self) -> None:
        self._tell("")

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        if watched is self.line and is_click and self.isEnabled() and not self.line.isModified():
            self.line.selectAll()
            self._search("")
            self.list.complete()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_undo(event):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line.isModified():
            self._close_list()
            self._take(self._found[0] if self._found else None)
        elif event.key() == Qt.Key.Key_Escape and self.line.isModified():
            self._close_list()
            self._tell("")
            self.forget_typed()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.line.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason and self.line.isModified():
            self.forget_typed()
        super().focusOutEvent(event)


def _is_undo(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and (
        event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    )
