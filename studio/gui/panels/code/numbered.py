"""Text with the numbers of its lines at the left, in the look of code: what is read as well as what is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from studio.gui import theme

GUTTER_PX: Final = 50
FONT_PX: Final = 13
_AFTER_NUMBER_PX: Final = 16


class NumberedText(QPlainTextEdit):
    """Draws the strip with the numbers. How one line is marked there, and what a click on it does, is a subclass's.

    A subclass calls ``restyle`` when it has all that it is made of; it follows the theme from then on.
    """

    def __init__(self, parent: QWidget | None = None, *, margin_px: int) -> None:
        super().__init__(parent)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "code")
        self.document().setDocumentMargin(margin_px)
        self.gutter = _Gutter(self)
        self.setViewportMargins(GUTTER_PX, 0, 0, 0)
        self.updateRequest.connect(self._follow_scroll)
        theme.notifier.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Take fonts and colours of now."""
        now = theme.current()
        self.setFont(theme.mono_font(FONT_PX))
        # The application's sheet would give the general font and a frame; a sheet of its own is the one way past it.
        self.setStyleSheet(
            f'QPlainTextEdit {{ font-family: "JetBrains Mono"; font-size: {FONT_PX}px; background: {now.surface};'
            f" color: {now.text}; border: 1px solid transparent; border-radius: 0; padding: 0; }}"
            f" QPlainTextEdit:focus {{ border-color: {now.accent}; }}"
        )
        self.update_lines()

    def update_lines(self) -> None:
        """Paint the lines and their numbers again: others are marked."""
        self.viewport().update()
        self.gutter.update()

    def seen_lines(self, area: QRect) -> Iterator[tuple[int, QRect]]:
        """The lines (from 1) that can be seen down to the end of ``area``, and their places, as wide as the text."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            yield block.blockNumber() + 1, QRect(0, round(top), self.viewport().width(), round(height))
            top += height
            block = block.next()

    def paint_gutter(self, painter: QPainter, area: QRect) -> None:
        """Paint line numbers, and what marks lines, into the strip at the left."""
        painter.fillRect(area, QColor(theme.current().surface))
        painter.setFont(theme.mono_font(FONT_PX))
        for line, place in self.seen_lines(area):
            place.setWidth(GUTTER_PX)
            painter.setPen(QColor(self.mark_number(painter, line, place)))
            painter.drawText(place.adjusted(0, 0, -_AFTER_NUMBER_PX, 0), Qt.AlignmentFlag.AlignRight, str(line))

    def mark_number(self, painter: QPainter, line: int, place: QRect) -> str:
        """Paint what lies behind the number of a line; returns the colour of the number."""
        raise NotImplementedError

    def press_number(self, point: QPoint) -> None:
        """A person pressed the number beside this point of the viewport."""
        raise NotImplementedError

    def _follow_scroll(self, rect: QRect, dy: int) -> None:
        if dy:
            self.gutter.scroll(0, dy)
        else:
            self.gutter.update(0, rect.y(), GUTTER_PX, rect.height())

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()  # files are for the window, which opens them
        else:
            super().dragEnterEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self.gutter.setGeometry(area.left(), area.top(), GUTTER_PX, area.height())


class _Gutter(QWidget):
    """The strip with the line numbers."""

    def __init__(self, text: NumberedText) -> None:
        super().__init__(text)
        self._text = text

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(GUTTER_PX, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._text.paint_gutter(painter, event.rect())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._text.press_number(QPoint(0, event.position().toPoint().y()))


def formats() -> dict[str, QTextCharFormat]:
    """How each part of Python (``colours.Part``) looks now."""
    now = theme.current()
    found = {}
    for part in ("keyword", "string", "number", "comment", "definition"):
        found[part] = QTextCharFormat()
        found[part].setForeground(QColor(getattr(now, f"code_{part}")))
    return found
