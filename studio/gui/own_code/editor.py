"""A small editor for Python: colours, line numbers, and the indentation that a person expects."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.panels.code.colours import stretches
from studio.gui.panels.code.numbered import NumberedText, formats
from studio.gui.panels.code.typing_python import INDENT, take_key

_TRIPLE: Final = '"""'


class CodeEditor(NumberedText):
    """``typed`` brings the text after each change by hand. Tab and Shift+Tab move lines, Enter keeps the indentation.

    Ctrl+Z takes back typing here; with nothing left to take back, it is the window's undo.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=4)
        self._is_showing = False
        self._bad_line = 0
        self._colours = _Colours(self)
        self.textChanged.connect(self._changed)
        self.restyle()

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
            self.update_lines()

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

    def restyle(self) -> None:
        super().restyle()
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * INDENT)
        self._colours.restyle()

    def mark_number(self, painter: QPainter, line: int, place: QRect) -> str:
        now = theme.current()
        if line == self._bad_line:
            return now.problem
        return now.text if line == self.textCursor().blockNumber() + 1 else now.secondary

    def press_number(self, point: QPoint) -> None:
        self.setTextCursor(self.cursorForPosition(point))
        self.setFocus()

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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bad_line:
            painter = QPainter(self.viewport())
            for line, place in self.seen_lines(event.rect()):
                if line == self._bad_line:
                    painter.fillRect(place, QColor(theme.current().problem_background))
            painter.end()
        super().paintEvent(event)


class _Colours(QSyntaxHighlighter):
    """The colours of the code panel, line by line as they change. A piece of own code is short."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor.document())
        self._formats: dict[str, QTextCharFormat] = {}

    def restyle(self) -> None:
        """Take the colours of now."""
        self._formats = formats()
        self.rehighlight()

    # Qt

    def highlightBlock(self, text: str) -> None:
        is_inside = self.previousBlockState() == 1
        for start, length, part in stretches(text, is_inside=is_inside):
            if part in self._formats:
                self.setFormat(start, length, self._formats[part])
        is_odd = text.count(_TRIPLE) % 2 == 1
        self.setCurrentBlockState(int(is_inside != is_odd))
