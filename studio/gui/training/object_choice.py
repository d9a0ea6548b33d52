"""A choice among the objects of one kind that can be searched by typing, by names of older books as well.

At the end of it new code of one's own is offered, which begins from a template.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from studio.catalog import Catalog
from studio.catalog.old_names import Found
from studio.catalog.spec import ObjectKind
from studio.catalog.values import Value
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import ChoiceField, is_undo
from studio.workbench.templates import Template, found_templates

ROWS = 12
NEW = "+"
"""Before the name of a template, in the data of an entry: no class is called so."""


class ObjectChoice(ChoiceField):
    """Typing opens a list of what the text may mean; Enter takes the first, and what nobody takes is forgotten.

    ``taken`` tells that one was taken; ``take_params`` then has what must be set so that it does what an old name did.
    ``template_wanted`` brings the template with which code of one's own shall begin; what is chosen stays until then.
    ``note`` is a label for the form, which says what became of an old name.
    """

    taken = Signal()
    template_wanted = Signal(object)

    def __init__(self, catalog: Catalog, kind: ObjectKind) -> None:
        super().__init__()
        self._catalog, self._kind = catalog, kind
        self._found: list[Found | Template] = []
        self._last = -1
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
        popup.installEventFilter(self)
        self.line.setCompleter(self.list)
        self.line.textEdited.connect(self._search)
        self.line.installEventFilter(self)
        self.activated.connect(self._activated)
        self.currentIndexChanged.connect(self._index_changed)

    @property
    def line(self) -> QLineEdit:
        """Where a person types."""
        line = self.lineEdit()
        assert line is not None
        return line

    def offer(self, catalog: Catalog) -> None:
        """Search this catalog from now on."""
        self._catalog = catalog

    def search(self, text: str) -> None:
        """Open the list for a text, as if it were typed here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.setText(text)
        self.line.setModified(True)
        self._search(text)
        self.list.complete()

    def take_params(self) -> dict[str, Value]:
        """What must be set of the one taken last; asked once."""
        params, self._params = self._params, {}
        return params

    # Searching

    def _search(self, text: str) -> None:
        objects = self._catalog.find_objects(self._kind, text)
        self._found = _with_templates(objects, self._kind, text)
        self._rows.setStringList([self._row(found) for found in self._found] or [self.tr("nothing of that name")])
        self._tell(objects[0].says if objects and text.strip() else "")

    def offer_templates(self) -> None:
        """Add an entry for each template of this kind."""
        for template in found_templates(self._kind, ""):
            self.addItem(self._row(template), f"{NEW}{template.name}")

    def _row(self, found: Found | Template) -> str:
        if isinstance(found, Template):
            return self.tr("New: {0}").format(found.title)
        if found.type and found.called != found.type:
            return self.tr("{0}, was {1}").format(found.type, found.called)
        return found.called if found.type else self.tr("{0}: gone").format(found.called)

    def _tell(self, says: str) -> None:
        self.note.setText(says)
        self.note.setVisible(bool(says) and self.note.parent() is not None)
        if says:
            QTimer.singleShot(0, self, self._place_list)  # The form gives the note its place first.

    def _place_list(self) -> None:
        """The list stands below what is said of an old name, so that both can be read."""
        popup, note = self.list.popup(), self.note
        if popup is None or not (popup.isVisible() and note.isVisible()):
            return
        below = max(note.mapToGlobal(note.rect().bottomLeft()).y(), self.mapToGlobal(self.rect().bottomLeft()).y()) + 4
        if popup.y() != below and below + popup.height() <= self.screen().availableGeometry().bottom():
            popup.move(popup.x(), below)

    def _row_taken(self, row: str) -> None:
        self._take(next((found for found in self._found if self._row(found) == row), None))

    def _take(self, found: Found | Template | None) -> None:
        if isinstance(found, Template):
            self._tell("")
            self.forget_typed()
            QTimer.singleShot(0, self, self.forget_typed)
            self.template_wanted.emit(found)
            return
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

    def _index_changed(self, index: int) -> None:
        self.line.setCursorPosition(0)
        if self._template_at(index) is None:
            self._last = index

    def _template_at(self, index: int) -> Template | None:
        data = self.itemData(index)
        if not isinstance(data, str) or not data.startswith(NEW):
            return None
        return next(each for each in found_templates(self._kind, "") if each.name == data.removeprefix(NEW))

    def _activated(self, index: int) -> None:
        self._tell("")
        template = self._template_at(index)
        if template is None:
            self.taken.emit()
        else:
            self.setCurrentIndex(self._last)
            self.template_wanted.emit(template)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        if watched is self.line and is_click and self.isEnabled() and not self.line.isModified():
            self.line.selectAll()
            self._search("")
            self.list.complete()
        if event.type() in (QEvent.Type.Move, QEvent.Type.Show) and watched is not self.line:
            self._place_list()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_undo(event):
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


def _with_templates(objects: list[Found], kind: ObjectKind, text: str) -> list[Found | Template]:
    """Objects, and templates where their names are meant: before an old name of which nothing else is left."""
    if not text.strip() or text.strip().lower() == "new":
        return [*(objects if not text.strip() else ()), *found_templates(kind, "")]
    templates = found_templates(kind, text)
    gone = [found for found in objects if not found.type]
    if templates and gone == objects[: len(gone)]:
        objects = objects[len(gone) :]
    first = objects[: 0 if gone else 1]
    return [*first, *templates, *objects[len(first) :]]
