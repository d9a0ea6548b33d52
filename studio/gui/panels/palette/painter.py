"""Paints the rows of the palette: quiet cards with a strip of the family's colour."""

from __future__ import annotations

from typing import Final, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.core.project import BLOCK
from studio.gui import icons, theme
from studio.gui.panels.palette.rows import ROW_ROLE, Index, Row

HEIGHTS_PX: Final = {"heading": 26, "layer": 29, "more": 26, "nothing": 56, "place": 29}
GAP_PX: Final = 4  # below each card
STRIP_PX: Final = 4


class RowPainter(QStyledItemDelegate):
    """One row of the palette at a time."""

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, HEIGHTS_PX[cast(Row, index.data(ROW_ROLE)).kind])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = cast(Row, index.data(ROW_ROLE))
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = theme.current()
        if row.kind == "layer":
            fill = now.accent_background if is_selected else now.hover if is_hovered else now.canvas
            paint_card(painter, rect.adjusted(0, 0, 0, -GAP_PX), row, fill)
        elif row.kind in ("more", "place"):
            painter.setFont(theme.ui_font(12))
            painter.setPen(QColor(now.accent_hover if is_hovered else now.accent))
            if is_selected:
                painter.save()
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(now.accent_background))
                painter.drawRoundedRect(rect.adjusted(0, 0, 0, -GAP_PX), 4, 4)
                painter.restore()
            area = rect.adjusted(14, 0, -4, -GAP_PX)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.text)
        elif row.kind == "heading":
            font = theme.ui_font(11, QFont.Weight.DemiBold)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.3)
            painter.setFont(font)
            painter.setPen(QColor(now.secondary))
            area = rect.adjusted(4, 0, -4, -5)
            painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, row.text.upper())
        else:
            painter.setFont(theme.ui_font(12))
            painter.setPen(QColor(now.secondary))
            flags = int(Qt.TextFlag.TextWordWrap.value) | int(Qt.AlignmentFlag.AlignTop.value)
            painter.drawText(rect.adjusted(4, 8, -4, 0), flags, row.text)
        painter.restore()


def paint_card(painter: QPainter, rect: QRectF, row: Row, fill: str) -> None:
    """The card of a layer or a block into ``rect``."""
    now = theme.current()
    path = QPainterPath()
    path.addRoundedRect(rect, 5, 5)
    painter.fillPath(path, QColor(fill))
    painter.save()
    painter.setClipPath(path)
    strip = now.text if row.family == BLOCK else theme.family_colour(row.family)
    painter.fillRect(QRectF(rect.left(), rect.top(), STRIP_PX, rect.height()), QColor(strip))
    painter.restore()
    left = rect.left() + 14
    if row.family == BLOCK:
        icons.paint(painter, "block", QRectF(left, rect.center().y() - 7, 14, 14), now.secondary)
        left += 20
    painter.setFont(theme.ui_font(13))
    painter.setPen(QColor(now.text))
    area = QRectF(left, rect.top(), rect.right() - 8 - left, rect.height())
    if row.sign:
        painter.setFont(theme.mono_font(12))
        painter.setPen(QColor(now.secondary))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.sign)
        area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(row.sign) - 8)
        painter.setFont(theme.ui_font(13))
        painter.setPen(QColor(now.text))
    text = painter.fontMetrics().elidedText(row.text, Qt.TextElideMode.ElideMiddle, int(area.width()))
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def drag_picture(row: Row, widget: QWidget) -> QPixmap:
    """What hangs at the pointer while a row is dragged: the card, lifted."""
    ratio = widget.devicePixelRatioF()
    size = QSize(168, 34)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    card = QRectF(QPointF(2, 2), QPointF(size.width() - 2, size.height() - 2))
    now = theme.current()
    paint_card(painter, card, row, now.node)
    painter.setPen(QPen(QColor(now.accent), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(card, 5, 5)
    painter.end()
    return picture
