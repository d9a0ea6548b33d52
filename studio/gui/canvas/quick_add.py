"""The search over the canvas: type a few letters, press Enter. It finds layers to add, or layers to connect with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.canvas import marks
from studio.gui.canvas.offers import Found, Words
from studio.gui.panels import plain

_FOUND = int(Qt.ItemDataRole.UserRole)
_ROOT = QModelIndex()
WIDTH = 400
_ROWS = 8
_ROW_HEIGHT = 28


class QuickAdd(QFrame):
    """A search field with what fits. It lies over the canvas, takes the keyboard, and goes when left."""

    chosen = Signal(str)
    """The key of what was picked."""
    place_chosen = Signal(str, str)
    """The key of a place elsewhere in the program, and what was typed."""
    closed = Signal()

    def __init__(
        self,
        parent: QWidget,
        search: Callable[[str], Iterable[Found]],
        words: Words,
        tell: Callable[[str], str] = lambda text: "",
    ) -> None:
        """``tell`` says what a text means that is none of the rows, "" where it is nothing else."""
        super().__init__(parent)
        self.setObjectName("quick_add")
        self._search = search
        self._tell = tell
        self._is_done = False
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(words.placeholder)
        self.field.setAccessibleName(words.placeholder)
        self.list = QListView(self)
        self._rows = _Rows(self)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(words.rows)
        self.note = plain.label("", "secondary", wraps=True, parent=self)
        self.nothing = QLabel(words.nothing, self)
        theme.set_role(self.nothing, "secondary")
        for widget in (self.field, self.note, self.list, self.nothing):
            column.addWidget(widget)
        self.field.textChanged.connect(self._fill)
        self.list.clicked.connect(lambda index: self._take(self._rows.found[index.row()]))
        self.field.installEventFilter(self)
        self._fill("")

    def open_at(self, x: int, y: int) -> None:
        """Show with the text focused, near a point of the parent but whole inside it."""
        self._place(x - 24, y - 20)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self, left: int, top: int) -> None:
        """Whole inside the parent, as near to a point as that allows."""
        self.adjustSize()
        room = self.parentWidget().rect() if self.parentWidget() is not None else self.rect()  # type: ignore[union-attr]
        left = max(8, min(left, room.width() - self.width() - 8))
        self.move(left, max(8, min(top, room.height() - self.height() - 8)))

    def close_search(self) -> None:
        """Go away without adding anything."""
        if not self._is_done:
            self._is_done = True
            self.hide()
            self.deleteLater()
            self.closed.emit()

    @property
    def found(self) -> Sequence[Found]:
        """What is in the list, from the first row on."""
        return self._rows.found

    @property
    def current(self) -> Found | None:
        """What Enter takes."""
        row = self.list.currentIndex().row()
        return self._rows.found[row] if row >= 0 else None

    def refresh(self) -> None:
        """More is known about what was found. What Enter would take stays the same, unless it is refused now."""
        current = self.current
        self._fill(self.field.text())
        if current is not None:
            place = next((row for row, found in enumerate(self.found) if found.key == current.key), 0)
            self._go_to(place if place < _ROWS or not self.found[place].is_refused else 0)

    def _fill(self, text: str) -> None:
        self._rows.show(list(self._search(text.strip())))
        self._go_to(0)
        is_empty = not self.found
        says = self._tell(text.strip())
        self.note.setText(says)
        self.note.setVisible(bool(says))
        self.nothing.setVisible(is_empty and not says)
        self.list.setVisible(not is_empty)
        self.setFixedWidth(WIDTH)
        self.list.setFixedHeight(_ROWS * _ROW_HEIGHT + 2)
        self._place(self.x(), self.y())  # What is said of an old name makes it taller.

    def _go_to(self, row: int) -> None:
        self.list.setCurrentIndex(self._rows.index(max(0, min(row, len(self.found) - 1))))

    def _take(self, found: Found | None) -> None:
        if found is not None and not self._is_done:
            self.close_search()
            if found.is_place:
                self.place_chosen.emit(found.key, self.field.text().strip())
            else:
                self.chosen.emit(found.key)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            key = event.key()  # type: ignore[attr-defined]
            row = self.list.currentIndex().row()
            match key:
                case Qt.Key.Key_Escape:
                    self.close_search()
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._take(self.current)
                case Qt.Key.Key_Down:
                    self._go_to(row + 1)
                case Qt.Key.Key_Up:
                    self._go_to(row - 1)
                case Qt.Key.Key_PageDown:
                    self._go_to(row + _ROWS)
                case Qt.Key.Key_PageUp:
                    self._go_to(row - _ROWS)
                case _:
                    return False
            return True
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self.close_search()
        return False

    def paintEvent(self, event: object) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.edge), 1))
        painter.setBrush(QColor(colours.surface))
        painter.drawPath(marks.rounded(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8))


class _Rows(QAbstractListModel):
    """The rows as they were found; what stands in a row is made when it is seen. There are hundreds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: Sequence[Found] = ()

    def show(self, found: Sequence[Found]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    # Qt

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        found = self.found[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return found.title
            case Qt.ItemDataRole.UserRole:
                return found
            case Qt.ItemDataRole.AccessibleTextRole:
                return found.spoken
            case Qt.ItemDataRole.ToolTipRole:
                return plain.tool_tip(found.note) if found.is_refused else None
        return None


class _Row(QStyledItemDelegate):
    """A stripe in the family's colour, the name, and what is said about it."""

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 24, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours, found = theme.current(), index.data(_FOUND)
        place, state = QRectF(option.rect), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(marks.NO_PEN)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colours.accent_background))
            painter.drawPath(marks.rounded(place.adjusted(0, 1, 0, -1), 4))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(colours.hover))
            painter.drawPath(marks.rounded(place.adjusted(0, 1, 0, -1), 4))
        painter.setBrush(QColor(theme.family_colour(found.family)))
        painter.drawPath(marks.rounded(QRectF(place.left() + 6, place.top() + 6, 4, place.height() - 12), 2))
        name_font, small = theme.ui_font(13, QFont.Weight.Medium), theme.ui_font(12)
        painter.setFont(name_font)
        painter.setPen(QColor(colours.secondary if found.is_refused else colours.text))
        text = place.adjusted(18, 0, -8, 0)
        name_width = QFontMetricsF(name_font).horizontalAdvance(found.title)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), found.title)
        if found.shape and not found.is_refused:
            text = _paint_shape(painter, text, name_width, found.shape)
        rest = text.adjusted(name_width + 12, 0, 0, 0)
        if rest.width() > 70:
            painter.setFont(small)
            painter.setPen(QColor(colours.secondary))
            told = QFontMetricsF(small).elidedText(found.note, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), told)
        painter.restore()


def _paint_shape(painter: QPainter, text: QRectF, name_width: float, shape: str) -> QRectF:
    """The shape at the right end, where there is room beside the name; what is left for the note."""
    font = theme.mono_font(11)
    width = QFontMetricsF(font).horizontalAdvance(shape)
    if name_width + 12 + width > text.width():
        return text
    painter.setFont(font)
    painter.setPen(QColor(theme.current().secondary))
    painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), shape)
    return text.adjusted(0, 0, -width - 10, 0)
