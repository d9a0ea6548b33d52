"""The action search: type a few letters of what you want to do, press Enter.

A name of an older book, or of a loss or an optimizer, is no action; it says what it is and leads to where it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from studio.catalog import Catalog
from studio.catalog.old_names import Told
from studio.gui import old_names, theme
from studio.gui.action_rows import ActionRow
from studio.gui.actions import Actions, other_words_of, shown_keys, text_of
from studio.gui.panels import plain

WIDTH_PX = 720
GAP_PX = 24
ROWS = 12
ROW_PX = 30
TOP_PX = 56
_KEYS = Qt.ItemDataRole.UserRole
_ID = Qt.ItemDataRole.UserRole + 1
_WHY_NOT = Qt.ItemDataRole.UserRole + 2
_PLACE = Qt.ItemDataRole.UserRole + 3
_LAYER = Qt.ItemDataRole.UserRole + 4


def rank(query: str, text: str) -> int | None:
    """How well a text fits what was typed: 0 best, None not at all. Words may be typed in part and in any order."""
    query, text = query.casefold().strip(), text.casefold()
    if not query or text.startswith(query):
        return 0
    words = text.replace(":", " ").split()
    if all(any(word.startswith(part) for word in words) for part in query.split()):
        return 1
    if query in text:
        return 2
    letters = iter(text)
    return 3 if all(letter in letters for letter in query.replace(" ", "")) else None


def fit(query: str, row: ActionRow) -> int | None:
    """How well an action fits, by its text or by the other words for it."""
    found = rank(query, text_of(row))
    is_meant = (found is None or found > 2) and row.also and rank(query, other_words_of(row)) in (0, 1)
    return 2 if is_meant else found


class _Row(QStyledItemDelegate):
    def paint(self, painter: QPainter, option, index) -> None:
        colours = theme.current()
        why_not = index.data(_WHY_NOT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & option.state.__class__.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_background))
            painter.drawRoundedRect(option.rect.adjusted(4, 1, -4, -1), 6, 6)
        area = option.rect.adjusted(16, 0, -16, 0)
        painter.setPen(QColor(colours.secondary if why_not else colours.text))
        painter.setFont(theme.ui_font(13))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.drawText(area, left, text)
        room = area.width() - painter.fontMetrics().horizontalAdvance(text) - GAP_PX
        painter.setPen(QColor(colours.secondary))
        painter.setFont(theme.ui_font(12))
        note = painter.fontMetrics().elidedText(why_not or index.data(_KEYS), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, right, note)
        painter.restore()

    # Qt

    def sizeHint(self, option, index) -> QSize:
        return QSize(100, ROW_PX)


class ActionSearch(QFrame):
    """A list of all actions over the window. Esc closes it; an action that cannot be done now says why not."""

    chosen = Signal(str)
    place_chosen = Signal(str, str)  # a place and what was searched (``gui.old_names``)
    layer_chosen = Signal(str)

    def __init__(self, actions: Actions, window: QWidget, catalog: Callable[[], Catalog]) -> None:
        """``catalog`` is the one of now: it says what a text means that is no action."""
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        self._actions = actions
        self._catalog = catalog
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("What do you want to do?"))
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self.note = plain.label("", "secondary", wraps=True)
        self.note.setContentsMargins(8, 0, 8, 0)
        self._list = QListWidget()
        self._list.setItemDelegate(_Row(self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._field)
        layout.addWidget(self.note)
        layout.addWidget(self._list)
        self.setFrameShape(QFrame.Shape.StyledPanel)

    def open(self) -> None:
        """Show it under the top edge of the window, ready to type."""
        self._field.clear()
        self._fill("")
        self.resize(WIDTH_PX, ROWS * ROW_PX + 64)
        corner = self._window.mapToGlobal(self._window.rect().topLeft())
        self.move(corner.x() + (self._window.width() - WIDTH_PX) // 2, corner.y() + TOP_PX)
        self.show()
        self._field.setFocus()

    def _fill(self, query: str) -> None:
        self._list.clear()
        catalog = self._catalog()
        told = catalog.told_beside_layers(query)
        self.note.setText(old_names.sentence(told) if told is not None else "")
        self.note.setVisible(told is not None)
        if told is not None:
            self._offer(told)
        found = []
        for number, (row, action) in enumerate(self._actions):
            fits = fit(query, row)
            if fits is not None and row.id != "search_actions":
                found.append((fits, number, row, action))
        layer = catalog.called(query)
        meant = [layer.type] if layer is not None and (told is None or layer.type not in told.layers) else []
        for fits, _, row, action in sorted(found, key=lambda entry: entry[:2]):
            if fits:  # "add" begins many actions, and is a layer, too
                self._offer_layers(meant)
                meant = []
            item = QListWidgetItem(action.text().rstrip("."))
            item.setData(_ID, row.id)
            item.setData(_KEYS, shown_keys(row))
            item.setData(_WHY_NOT, "" if action.isEnabled() else action.toolTip())
            item.setToolTip("" if action.isEnabled() else action.toolTip())
            self._list.addItem(item)
        self._offer_layers(meant)
        self._list.setCurrentRow(0)

    def _offer(self, told: Told) -> None:
        """What an old name leads to: a place of the training plan, or layers that are added."""
        there = old_names.place(told)
        if there is not None:
            self._append(there.text, _PLACE, there.wish)
        self._offer_layers(told.layers)

    def _offer_layers(self, layers: Iterable[str]) -> None:
        for layer in layers:
            self._append(self.tr("Add {0}").format(layer), _LAYER, layer)

    def _append(self, text: str, role: int, wish: str) -> None:
        item = QListWidgetItem(text)
        item.setData(role, wish)
        item.setData(_KEYS, "")
        self._list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or item.data(_WHY_NOT):
            return
        self.hide()
        if item.data(_PLACE):
            self.place_chosen.emit(item.data(_PLACE), self._field.text().strip())
        elif item.data(_LAYER):
            self.layer_chosen.emit(item.data(_LAYER))
        else:
            self.chosen.emit(item.data(_ID))

    # Qt

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                count = max(1, self._list.count())
                self._list.setCurrentRow((self._list.currentRow() + step) % count)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)
