"""The rows of the outline as a list: keys, clicks, and rows that are dragged onto others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QWidget

from studio.core.project import BLOCK
from studio.gui import theme
from studio.gui.canvas import keys
from studio.gui.panels.outline.painter import ENTRY_ROLE, RowPainter
from studio.gui.panels.outline.rows import Entry

if TYPE_CHECKING:
    from studio.gui.session import Session

_Key = Qt.Key
_OWN_KEYS: Final = frozenset({
    _Key.Key_Up, _Key.Key_Down, _Key.Key_Left, _Key.Key_Right, _Key.Key_Home, _Key.Key_Escape, _Key.Key_F2,
    _Key.Key_Return, _Key.Key_Enter, _Key.Key_Delete, _Key.Key_Backspace, _Key.Key_A,
})  # fmt: skip


class OutlineList(QListView):
    """The rows. Left and Right fold blocks, Enter goes to a layer, F2 renames, Delete deletes, A adds one.

    All other keys of the drawing mean here what they mean there: connect, insert, duplicate, bypass, frame, walk. Rows
    that are dragged onto another row ask what that shall mean; Esc or a lost focus gives the drag up.
    """

    fold_requested = Signal(object, bool)
    go_requested = Signal(object)
    delete_requested = Signal()
    layer_wanted = Signal()
    drawing_key = Signal(object)
    menu_wanted = Signal(QPoint)
    """The menu of what is selected, at a point of the screen."""
    dropped = Signal(object, QPoint)
    """What is selected was let go over the row of this entry, at a point of the screen."""

    def __init__(self, parent: QWidget, session: Session, is_open: Callable[[Entry], bool]) -> None:
        super().__init__(parent)
        self._session = session
        self._painter = RowPainter(self, session, is_open)
        self._is_open = is_open
        self._pressed: QPoint | None = None
        self._over: Entry | None = None
        self._is_dragging = False
        self._keeps = False
        self.setItemDelegate(self._painter)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _entry(self) -> Entry | None:
        return cast("Entry | None", self.currentIndex().data(ENTRY_ROLE))

    def _is_block(self, entry: Entry) -> bool:
        node = self._session.project.graph(entry.graph).nodes.get(entry.node)
        return node is not None and node.type == BLOCK

    @staticmethod
    def _is_of_the_drawing(event: QKeyEvent) -> bool:
        """Whether a key is left to the drawing: rows are walked, selected, searched and edited by keys of their own."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_bare = modifiers in (keys.NONE, keys.SHIFT)
        return keys.is_ours(event) and not (is_bare and event.key() in _OWN_KEYS)

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_of_the_drawing(cast(QKeyEvent, event)):
            event.accept()
            return True
        return super().event(event)

    def _give_up(self) -> bool:
        """End a drag without anything; tells whether there was one."""
        was, self._is_dragging, self._pressed, self._over = self._is_dragging, False, None, None
        if was:
            self.viewport().unsetCursor()
            self.viewport().update()
        return was

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = QApplication.startDragDistance()
        if not self._is_dragging and (at - self._pressed).manhattanLength() >= far and self._session.chosen:
            self._is_dragging = True
            self.viewport().setCursor(Qt.CursorShape.DragMoveCursor)
        if self._is_dragging:
            self._over = cast("Entry | None", self.indexAt(at).data(ENTRY_ROLE))
            edge = 2 * self.fontMetrics().height()
            step = (at.y() > self.viewport().height() - edge) - (at.y() < edge)
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + 8 * step)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        entry, was = self._over, self._give_up()
        if was and entry is not None:
            self.dropped.emit(entry, event.globalPosition().toPoint())
        elif not was:
            index = self.indexAt(event.position().toPoint())
            if self._keeps and index.isValid():  # a click into a selection means this row alone
                self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            super().mouseReleaseEvent(event)
        self._keeps = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        if self._session.chosen:
            self.menu_wanted.emit(place)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._give_up()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_dragging and self._over is not None:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme.current().accent), 2.0))
            for row in range(self.model().rowCount()):
                index = self.model().index(row, 0)
                if index.data(ENTRY_ROLE) == self._over:
                    painter.drawRect(QRectF(self.visualRect(index)).adjusted(1, 1, -1, -1))
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        entry = cast("Entry | None", index.data(ENTRY_ROLE))
        if entry is not None and self._is_block(entry):
            place = self._painter.fold_place(QRectF(self.visualRect(index)), entry)
            if place.contains(event.position()):
                self.fold_requested.emit(entry, not self._is_open(entry))
                return
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_plain and event.button() == Qt.MouseButton.LeftButton and entry is not None:
            self._pressed = event.position().toPoint()
        self._keeps = is_plain and index.isValid() and self.selectionModel().isSelected(index)
        if self._keeps and len(self.selectionModel().selectedIndexes()) > 1:  # several rows are dragged together
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            return
        self._keeps = False
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        entry = cast("Entry | None", self.indexAt(event.position().toPoint()).data(ENTRY_ROLE))
        if entry is not None:
            self.go_requested.emit(entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry, key = self._entry(), event.key()
        if key == Qt.Key.Key_Escape and self._give_up():
            return
        if entry is not None and self._is_of_the_drawing(event):
            self.drawing_key.emit(event)
            return
        if entry is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        match key:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.go_requested.emit(entry)
            case Qt.Key.Key_Right | Qt.Key.Key_Left if self._is_block(entry):
                self.fold_requested.emit(entry, key == Qt.Key.Key_Right)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.delete_requested.emit()
            case Qt.Key.Key_A:
                self.layer_wanted.emit()
            case _:
                super().keyPressEvent(event)
