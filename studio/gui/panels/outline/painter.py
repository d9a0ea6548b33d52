"""Paints one row of the outline: fold mark, strip of the family, name, type, shape, sign of a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.core.project import BLOCK
from studio.gui import icons, theme
from studio.gui.canvas import areas, marks
from studio.gui.panels.outline.rows import Entry, Told

if TYPE_CHECKING:
    from studio.gui.session import Session

ENTRY_ROLE: Final = Qt.ItemDataRole.UserRole + 1
TOLD_ROLE: Final = Qt.ItemDataRole.UserRole + 2
ROW_PX: Final = 28
_INDENT_PX: Final = 16
_FOLD_PX: Final = 18
_TEXT_AT: Final = 14
Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """One row at a time; the editor for a name lies over the name."""

    def __init__(self, parent: QWidget, session: Session, is_open: Callable[[Entry], bool]) -> None:
        super().__init__(parent)
        self._session = session
        self._is_open = is_open

    def fold_place(self, area: QRectF, entry: Entry) -> QRectF:
        """Where the triangle of a block is."""
        width = _FOLD_PX if self._session.project.blocks else 0
        return QRectF(area.left() + 4 + entry.depth * _INDENT_PX, area.top(), width, area.height())

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW_PX)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is None:
            return
        left = int(self.fold_place(QRectF(option.rect), entry).right()) + _TEXT_AT - 6
        editor.setGeometry(left, option.rect.top(), option.rect.right() - left - 8, option.rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, told = index.data(ENTRY_ROLE), index.data(TOLD_ROLE)
        if entry is None or told is None:  # its node is gone; the row goes with the next turn of the loop
            return
        now, area = theme.current(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(now.accent_background))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(now.hover))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(now.accent), 1.0))
            painter.setBrush(marks.NO_BRUSH)
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        fold = self.fold_place(area, entry)
        if told.is_block:
            self._paint_fold(painter, fold.center(), self._is_open(entry))
        painter.setPen(marks.NO_PEN)
        painter.setBrush(self._strip_colour(entry))
        painter.drawPath(marks.rounded(QRectF(fold.right() + 2, area.top() + 7, 4, area.height() - 14), 2))
        self._paint_words(painter, area.adjusted(fold.right() - area.left() + _TEXT_AT, 0, -12, 0), told)
        painter.restore()

    def _strip_colour(self, entry: Entry) -> QColor:
        graph = self._session.project.graph(entry.graph)
        if entry.is_note:
            return areas.colour_of(theme.current(), graph.notes[entry.node].colour)
        node = graph.nodes[entry.node]
        spec = self._session.catalog.layer(node.type)
        family = "core" if node.type == BLOCK else spec.family if spec is not None else "unknown"
        return QColor(theme.family_colour(family))

    def _paint_fold(self, painter: QPainter, centre: QPointF, is_open: bool) -> None:
        corners = [QPointF(-4, -2), QPointF(4, -2), QPointF(0, 4)] if is_open else [
            QPointF(-2, -4), QPointF(-2, 4), QPointF(4, 0)
        ]  # fmt: skip
        painter.setPen(marks.NO_PEN)
        painter.setBrush(QColor(theme.current().secondary))
        painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))

    def _paint_words(self, painter: QPainter, room: QRectF, told: Told) -> None:
        now = theme.current()
        middle = int(Qt.AlignmentFlag.AlignVCenter.value)
        if told.problem is not None:
            sign = QRectF(room.right() - 14, room.center().y() - 7, 14, 14)
            icons.paint(painter, told.problem.severity, sign, icons.sign_colour(told.problem.severity))
            room = room.adjusted(0, 0, -20, 0)
        name_font, small, mono = theme.ui_font(13, QFont.Weight.Medium), theme.ui_font(12), theme.mono_font(11)
        name_width = QFontMetricsF(name_font).horizontalAdvance(told.name)
        shape_width = QFontMetricsF(mono).horizontalAdvance(told.shape)
        if name_width + shape_width + 24 <= room.width():
            painter.setFont(mono)
            painter.setPen(QColor(now.secondary))
            painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignRight.value), told.shape)
            room = room.adjusted(0, 0, -shape_width - 12, 0)
        painter.setFont(name_font)
        painter.setPen(QColor(now.text))
        shown = QFontMetricsF(name_font).elidedText(told.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, middle, shown)
        rest = room.adjusted(min(name_width, room.width()) + 8, 0, 0, 0)
        words = next(
            (text for text in ways_to_say(told) if QFontMetricsF(small).horizontalAdvance(text) <= rest.width()), ""
        )
        painter.setFont(small)
        painter.setPen(QColor(now.secondary))
        painter.drawText(rest, middle, words)


def ways_to_say(told: Told) -> tuple[str, ...]:
    """Kind and marks of a node, and less where there is no room: cut words help nobody, the tool tip has them all."""
    return " · ".join((told.kind, *told.marks)), " · ".join(told.marks) or told.kind.split(" · ")[0]
