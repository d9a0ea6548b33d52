"""The outline itself: search field, rows, and what keys and clicks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from studio.core import edits
from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.panels.outline.dropping import offers
from studio.gui.panels.outline.list import OutlineList
from studio.gui.panels.outline.model import OutlineModel
from studio.gui.panels.outline.painter import ENTRY_ROLE
from studio.gui.panels.outline.rows import Entry, entries, is_found, runs

if TYPE_CHECKING:
    from studio.gui.session import Session

FOLLOW_MS: Final = 60
"""How long the rows wait for what else changes: slower than typing, faster than the eye minds."""


class OutlinePanel(QWidget):
    """All layers and notes as a list that is searched, and edited by keys."""

    node_activated = Signal(str)
    """A node of the open graph that a person wants to see; it is selected already."""
    layer_wanted = Signal()
    """A layer shall be added after the selected one."""
    told = Signal(str)
    menu_wanted = Signal(QPoint)
    """The menu of what is selected, at a point of the screen."""

    def __init__(
        self, session: Session, act: Callable[[QKeyEvent], bool] = lambda _: False, parent: QWidget | None = None
    ) -> None:
        """``act`` does what a key means in the drawing and tells whether it means anything there."""
        super().__init__(parent)
        theme.set_role(self, "panel")
        self.session = session
        self._act = act
        self._unfolded: set[str] = set()
        self._is_taking = False
        self.search_field = QLineEdit()
        self.search_field.setPlaceholderText(self.tr("Name, units=10, type:conv"))
        self.search_field.setAccessibleName(self.tr("Find in the drawing"))
        self.search_field.setClearButtonEnabled(True)
        self.model = OutlineModel(session, self)
        self.list = OutlineList(self, session, self.is_open)
        self.list.setModel(self.model)
        self.list.setAccessibleName(self.tr("Outline of the drawing"))
        self.nothing = plain.label("", "secondary", wraps=True)
        self.nothing.setContentsMargins(4, 4, 4, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 0, 0)
        layout.setSpacing(8)
        field = QVBoxLayout()
        field.setContentsMargins(0, 0, 12, 0)
        field.addWidget(self.search_field)
        field.addWidget(self.nothing)
        layout.addLayout(field)
        layout.addWidget(self.list, 1)
        self._follow_soon = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow_soon.timeout.connect(self._follow)
        for signal in (session.project_changed, session.answers_changed, session.problems_changed):
            signal.connect(self._follow_soon.start)
        session.graph_opened.connect(self._follow_soon.start)
        session.selection_changed.connect(self._show_selection)
        theme.notifier.changed.connect(self.list.viewport().update)
        self.search_field.textChanged.connect(self._searched)
        self.search_field.installEventFilter(self)
        self.model.refused.connect(self.told)
        self.list.selectionModel().selectionChanged.connect(self._selected)
        self.list.fold_requested.connect(self.toggle)
        self.list.go_requested.connect(self._go)
        self.list.delete_requested.connect(self._delete)
        self.list.layer_wanted.connect(self.layer_wanted)
        self.list.menu_wanted.connect(self.menu_wanted)
        self.list.dropped.connect(self._dropped)
        self.list.drawing_key.connect(self._key_of_the_drawing)
        self._follow()

    def focus_search(self) -> None:
        """Put the cursor into the search field and select what stands there."""
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def is_open(self, entry: Entry) -> bool:
        """Whether the inside of a block is shown."""
        return entry.path in self._unfolded or bool(self._query())

    def toggle(self, entry: Entry, is_open: bool) -> None:
        """Show or hide the inside of a block."""
        (self._unfolded.add if is_open else self._unfolded.discard)(entry.path)
        self._follow()

    def _query(self) -> str:
        return self.search_field.text().strip()

    def _searched(self, _: str) -> None:
        self._follow()
        if self._query() and self.model.entries:
            self.list.setCurrentIndex(self.model.index(0, 0))

    def _follow(self) -> None:
        """Bring the rows up to date, if anybody sees them."""
        if not self.isVisible():
            return
        project, query = self.session.project, self._query()
        found = list(entries(project, None if query else self._unfolded))
        if query:
            found = [entry for entry in found if is_found(self.session, entry, query)]
        self._is_taking = True
        if self.model.show(found):
            self._show_selection()
        self._is_taking = False
        words = self._why_nothing(query) if query else self.tr("The drawing is empty.")
        self.nothing.setText(words)
        self.nothing.setVisible(not found)

    def _why_nothing(self, query: str) -> str:
        return self.tr(
            "Nothing fits “{0}”. Look for a part of a name, a type or a note, for a parameter as units=10, a shape as "
            "28,28, or the words problem, bypassed, shared, folded or bookmarked. With name:, type:, shape:, problem: "
            "or note: before a word it is looked for there alone."
        ).format(query)

    # Selection: the same as on the canvas

    def _show_selection(self) -> None:
        if not self.isVisible() or (self._is_taking and self.list.hasFocus()):
            return
        chosen, key = self.session.chosen, self.session.graph_key
        rows = [row for row, entry in enumerate(self.model.entries) if entry.graph == key and entry.node in chosen]
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.select(self.model.index(first, 0), self.model.index(last, 0))
        taking, self._is_taking = self._is_taking, True
        self.list.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(rows) == 1 and not self.list.hasFocus():
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.list.selectionModel().setCurrentIndex(self.model.index(rows[0], 0), flag)
            self.list.scrollTo(self.model.index(rows[0], 0))
        self._is_taking = taking

    def _selected(self) -> None:
        if self._is_taking:
            return
        rows = [cast(Entry, index.data(ENTRY_ROLE)) for index in self.list.selectionModel().selectedIndexes()]
        rows = [entry for entry in rows if entry is not None]
        current = cast("Entry | None", self.list.currentIndex().data(ENTRY_ROLE))
        if not rows or current is None:
            return
        self._is_taking = True
        self.session.open_graph(current.graph, current.use)
        self.session.set_selection({entry.node for entry in rows if entry.graph == current.graph})
        self._is_taking = False

    def _go(self, entry: Entry) -> None:
        self.session.open_graph(entry.graph, entry.use)
        self.session.set_selection({entry.node})
        self.node_activated.emit(entry.node)

    def _key_of_the_drawing(self, event: QKeyEvent) -> None:
        if self._act(event):
            self._follow()
            self._show_selection()
            chosen = self.list.selectionModel().selectedIndexes()
            if len(chosen) == 1:
                flag = QItemSelectionModel.SelectionFlag.NoUpdate
                self.list.selectionModel().setCurrentIndex(chosen[0], flag)

    def _delete(self) -> None:
        session, key, chosen = self.session, self.session.graph_key, self.session.chosen
        row = self.list.currentIndex().row()
        words = self.tr("Delete {0} things") if session.selected_notes else self.tr("Delete {0} layers")
        name = self.tr("Delete") if len(chosen) == 1 else words.format(len(chosen))
        if session.apply(lambda project: edits.delete(project, session.catalog, chosen, graph=key), name, selection=()):
            self._follow()
            self.list.setCurrentIndex(self.model.index(min(row, len(self.model.entries) - 1), 0))

    def _dropped(self, target: Entry, place: QPoint) -> None:
        """Ask what the rows mean that were let go over another one."""
        found = offers(self.session, self.session.chosen, target)
        if not found:
            self.told.emit(self.tr("These rows mean nothing together: drop a layer on a layer or a block."))
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for offer in found:
            text = f"{offer.text}: {offer.why_not}" if offer.why_not else offer.text
            action = menu.addAction(text.replace("&", "&&"))
            action.setEnabled(not offer.why_not)
            action.triggered.connect(lambda *_, offer=offer: self._do(offer.do))
        menu.popup(place)

    def _do(self, do: Callable[[], object]) -> None:
        do()
        self._follow()
        self._show_selection()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()
        self._show_selection()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search_field and event.type() == QEvent.Type.KeyPress:
            key = cast(QKeyEvent, event).key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.list.currentIndex().isValid() and self.model.entries:
                    self.list.setCurrentIndex(self.model.index(0, 0))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                entry = self.list.currentIndex().data(ENTRY_ROLE)
                if entry is not None:
                    self._go(entry)
                return True
            if key == Qt.Key.Key_Escape and self.search_field.text():
                self.search_field.clear()
                return True
        return super().eventFilter(watched, event)
