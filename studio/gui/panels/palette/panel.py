"""The palette: find a layer, drag it onto the canvas or add it with Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QDragEnterEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from studio.core.change import Change
from studio.core.project import Project
from studio.gui import old_names, theme
from studio.gui.panels import plain
from studio.gui.panels.palette.kept_menu import KeptMenu
from studio.gui.panels.palette.painter import RowPainter, drag_picture
from studio.gui.panels.palette.rows import (
    ROW_ROLE,
    PaletteModel,
    Row,
    all_rows,
    block_rows,
    found_rows,
    kept_row,
)

if TYPE_CHECKING:
    from studio.gui.session import Session

ENOUGH = 48
"""Common layers of which the first picture shows the headings: more than a screen of 1,200 px can show."""


class PalettePanel(QWidget):
    """All layers of Keras and the blocks of the project, with a search field above."""

    layer_requested = Signal(str)
    """A layer type, or "block:b3", that shall be added at the middle of the canvas."""
    place_requested = Signal(str, str)
    """A place elsewhere, and the text that was searched (``gui.old_names``)."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, fills_later: bool = False) -> None:
        """``fills_later``: the families below the fold come after the first picture of the window."""
        super().__init__(parent)
        self.session = session
        self._is_whole = not fills_later
        self._unfolded: set[str] = set()
        theme.set_role(self, "panel")
        self.setMinimumWidth(160)
        self.search_field = SearchField(self)
        self.search_field.setPlaceholderText(self.tr("Find a layer"))
        self.search_field.setAccessibleName(self.tr("Find a layer"))
        self.model = PaletteModel(self)
        self.note = plain.label("", "secondary", wraps=True, parent=self)
        self.note.hide()
        self.list = PaletteList(self)
        self.list.setModel(self.model)
        self.list.setAccessibleName(self.tr("Layers"))
        self.kept_menu = KeptMenu(session, self)
        self.kept_menu.add_requested.connect(self.layer_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 0, 0)
        layout.setSpacing(6)
        field_row = QVBoxLayout()
        field_row.setContentsMargins(0, 0, 12, 0)
        field_row.addWidget(self.search_field)
        field_row.addWidget(self.note)
        layout.addLayout(field_row)
        layout.addWidget(self.list)
        self.search_field.textChanged.connect(self._search)
        self.search_field.installEventFilter(self)
        self.list.activated_wish.connect(self._activate)
        theme.notifier.changed.connect(self.list.viewport().update)
        session.project_changed.connect(self._project_changed)
        session.library.changed.connect(self._fill)
        self.list.menu_requested.connect(self.kept_menu.open)
        self._fill()

    def focus_search(self) -> None:
        """Put the cursor into the search field and select what stands there."""
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def fill_rest(self) -> None:
        """Show all families."""
        if not self._is_whole:
            self._is_whole = True
            self._fill()

    def refresh(self) -> None:
        """Read the catalog again, after the engine brought facts of another Keras."""
        self._fill()

    def _fill(self) -> None:
        text = self.search_field.text().strip()
        blocks = block_rows(self.session.project)
        if text:
            nothing = self.tr("No layer is called “{text}”.").format(text=text)
            kept = [kept_row(each, self.tr("library")) for each in self.session.library.shelf.found(text)]
            told = self.session.catalog.told_beside_layers(text)
            rows = found_rows(self.session.catalog, blocks, kept, text, nothing, told)
        else:
            told = None
            rows = all_rows(
                self.session.catalog,
                blocks,
                [kept_row(each) for each in self.session.library.shelf.blocks],
                self._unfolded,
                blocks_heading=self.tr("Blocks"),
                kept_heading=self.tr("My library"),
                more=self.tr("{count} more"),
                fewer=self.tr("Show fewer"),
                enough=0 if self._is_whole else ENOUGH,
            )
        self.note.setText(old_names.sentence(told) if told is not None else "")
        self.note.setVisible(told is not None)
        self.model.show(rows)

    def _search(self, text: str) -> None:
        self._fill()
        self.list.scrollToTop()
        if text.strip():
            self.list.go(0, +1)

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if old.blocks is not new.blocks and block_rows(old) != block_rows(new):
            self._fill()

    def _activate(self, row: Row) -> None:
        if row.kind == "layer":
            self.layer_requested.emit(row.wish)
        elif row.kind == "place":
            self.place_requested.emit(row.wish, self.search_field.text().strip())
        elif row.kind == "more":
            bar = self.list.verticalScrollBar()
            place = bar.value()
            self._unfolded.symmetric_difference_update({row.wish})
            self._fill()
            bar.setValue(place)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search_field and event.type() == QEvent.Type.KeyPress:
            key = cast(QKeyEvent, event).key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.go(self.list.currentIndex().row() + step, step)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                row = self.list.currentIndex().data(ROW_ROLE)
                if row is not None and row.kind in ("layer", "place"):
                    self._activate(row)
                return True
            if key == Qt.Key.Key_Escape and self.search_field.text():
                self.search_field.clear()
                return True
        return super().eventFilter(watched, event)


class SearchField(QLineEdit):
    """A search field that shows, at its right end, the key that leads to it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self._hint: QLabel = plain.label("A", "secondary", parent=self)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(lambda text: self._hint.setVisible(not text))

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()  # files are for the window, which opens them
        else:
            super().dragEnterEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._hint.sizeHint()
        self._hint.setGeometry(self.width() - size.width() - 11, (self.height() - size.height()) // 2, *size.toTuple())


class PaletteList(QListView):
    """The rows. A press and a pull drags a layer; a double click or Enter adds it; a click unfolds "more"."""

    activated_wish = Signal(object)
    menu_requested = Signal(object, QPoint)
    """What can be done with this row is wanted as a menu at a point of the screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(RowPainter(self))
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there, so that the cards do not change their width when a family unfolds.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setSingleStep(14)

    def go(self, start: int, step: int) -> None:
        """Make the first layer at or after row ``start`` current, looking in the direction of ``step``."""
        rows = cast(PaletteModel, self.model()).rows
        number = max(0, start)
        while 0 <= number < len(rows):
            if rows[number].kind in ("layer", "place"):
                self.setCurrentIndex(self.model().index(number, 0))
                return
            number += step

    def _row_at(self, point: QPoint) -> Row | None:
        return cast("Row | None", self.indexAt(point).data(ROW_ROLE))

    # Qt

    def startDrag(self, actions: Qt.DropAction) -> None:
        index = self.currentIndex()
        row = index.data(ROW_ROLE)
        if row is None or row.kind != "layer":
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        picture = drag_picture(row, self)
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(12, 17))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        row = self._row_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and row is not None and row.kind in ("more", "place"):
            self.activated_wish.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        row = self._row_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and row is not None and row.kind == "layer":
            self.activated_wish.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ROW_ROLE)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.activated_wish.emit(row)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_mouse else self.currentIndex()
        place = event.globalPos() if is_mouse else self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        if index.data(ROW_ROLE) is not None:
            self.menu_requested.emit(index.data(ROW_ROLE), place)
