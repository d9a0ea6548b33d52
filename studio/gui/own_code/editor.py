"""A small editor for Python: colours, line numbers, and the indentation that a person expects."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from studio.gui import theme
from studio.gui.panels.code.colours import stretches
from studio.gui.panels.code.typing_python import INDENT, take_key
from studio.gui.panels.code.view import FONT_PX, GUTTER_PX

_TRIPLE: Final = '"""'


class CodeEditor(QPlainTextEdit):
    """``typed`` brings the text after each change by hand. Tab and Shift+Tab move lines, Enter keeps the indentation.

    Ctrl+Z takes back typing here; with nothing left to take back, it is the window's undo.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_showing = False
        self._bad_line = 0
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "code")
        self.document().setDocumentMargin(4)
        self._colours = _Colours(self)
        self._gutter = _Numbers(self)
        self.setViewportMargins(GUTTER_PX, 0, 0, 0)
        self.textChanged.connect(self._changed)
        self.updateRequest.connect(self._follow)
        theme.notifier.changed.connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, *, is_other: bool = False) -> None:
        """Show a text. Where it is another version of the same text, the cursor stays, and typing can be taken back."""
        if text == self.toPlainText() and not is_other:
            return
        self._is_showing = True
        if is_other:
            self.setPlainText(text)
        else:
            place = self.textCursor().position()
            cursor = QTextCursor(self.document())
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)
            cursor.setPosition(min(place, len(text)))
            self.setTextCursor(cursor)
        self._is_showing = False

    def mark_line(self, line: int) -> None:
        """Mark the line (from 1) that has a mistake; 0 marks none."""
        if line != self._bad_line:
            self._bad_line = line
            self.viewport().update()
            self._gutter.update()

    @property
    def bad_line(self) -> int:
        """The line that is marked, 0 where none is."""
        return self._bad_line

    def go_to(self, line: int) -> None:
        """Put the cursor at the beginning of a line (from 1)."""
        block = self.document().findBlockByNumber(max(0, line - 1))
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()

    def _changed(self) -> None:
        if not self._is_showing:
            self.typed.emit(self.toPlainText())

    # Painting

    def _restyle(self) -> None:
        now = theme.current()
        self.setFont(theme.mono_font(FONT_PX))
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * INDENT)
        self.setStyleSheet(
            f'QPlainTextEdit {{ font-family: "JetBrains Mono"; font-size: {FONT_PX}px; background: {now.surface};'
            f" color: {now.text}; border: 1px solid transparent; border-radius: 0; padding: 0; }}"
            f" QPlainTextEdit:focus {{ border-color: {now.accent}; }}"
        )
        self._colours.restyle()
        self._gutter.update()

    def _follow(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), GUTTER_PX, rect.height())

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        """Paint line numbers into the strip at the left."""
        now = theme.current()
        painter.fillRect(area, QColor(now.surface))
        painter.setFont(theme.mono_font(FONT_PX))
        current = self.textCursor().blockNumber() + 1
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            line = block.blockNumber() + 1
            is_bad = line == self._bad_line
            painter.setPen(QColor(now.problem if is_bad else now.text if line == current else now.secondary))
            rect = QRect(0, round(top), GUTTER_PX - 16, round(height))
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight, str(line))
            top += height
            block = block.next()

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            document = self.document()
            if (event.matches(undo) and not document.isUndoAvailable()) or (
                event.matches(redo) and not document.isRedoAvailable()
            ):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
        document = self.document()
        if (event.matches(undo) and not document.isUndoAvailable()) or (
            event.matches(redo) and not document.isRedoAvailable()
        ):
            event.ignore()
        elif self.isReadOnly() or not take_key(self, event):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()  # files are for the window, which opens them
        else:
            super().dragEnterEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bad_line:
            painter = QPainter(self.viewport())
            block = self.document().findBlockByNumber(self._bad_line - 1)
            if block.isValid():
                rect = self.blockBoundingGeometry(block).translated(self.contentOffset())
                band = QRect(0, round(rect.top()), self.viewport().width(), round(rect.height()))
                painter.fillRect(band, QColor(theme.current().problem_background))
            painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._gutter.setGeometry(area.left(), area.top(), GUTTER_PX, area.height())


class _Colours(QSyntaxHighlighter):
    """The colours of the code panel, line by line as they change. A piece of own code is short."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor.document())
        self._formats: dict[str, QTextCharFormat] = {}

    def restyle(self) -> None:
        """Take the colours of now."""
        now = theme.current()
        for part in ("keyword", "string", "number", "comment", "definition"):
            found = QTextCharFormat()
            found.setForeground(QColor(getattr(now, f"code_{part}")))
            self._formats[part] = found
        self.rehighlight()

    # Qt

    def highlightBlock(self, text: str) -> None:
        is_inside = self.previousBlockState() == 1
        for start, length, part in stretches(text, is_inside=is_inside):
            if part in self._formats:
                self.setFormat(start, length, self._formats[part])
        is_odd = text.count(_TRIPLE) % 2 == 1
        self.setCurrentBlockState(int(is_inside != is_odd))


class _Numbers(QWidget):
    """The strip with the line numbers; a click puts the cursor into the line."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._editor.paint_numbers(painter, event.rect())
        painter.end()

    def mousePressEvent(self, event: object) -> None:
        place = event.position().toPoint()  # type: ignore[attr-defined]
        self._editor.setTextCursor(self._editor.cursorForPosition(QPoint(0, place.y())))
        self._editor.setFocus()
