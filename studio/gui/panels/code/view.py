"""A read-only view of code with line numbers and marked lines, quick enough to follow every key stroke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.panels.code.colours import lines_inside_strings, stretches
from studio.gui.panels.code.numbered import NumberedText, formats
from studio.gui.panels.code.same_lines import same_ends, same_place
from studio.gui.panels.code.typing_python import take_key


class CodeView(NumberedText):
    """Shows lines of Python. Only lines that differ are replaced, and only lines that can be seen are coloured.

    A QSyntaxHighlighter is not used: it colours the whole document at once, 2,000 lines in some 80 ms.
    """

    line_clicked = Signal(int)
    """The line (from 1) that was clicked, not at the end of selecting text."""
    apply_requested = Signal()
    revert_requested = Signal()
    edited = Signal()
    left = Signal()
    """The keyboard has gone from the text, while it could be typed into, to something else in the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=0)
        self._lines: list[str] = [""]
        self._inside: frozenset[int] = frozenset()
        self._coloured: list[tuple[str, bool, str] | None] = [None]
        self._marked: frozenset[int] = frozenset()
        self._faulty: frozenset[int] = frozenset()
        self._reasons: dict[int, str] = {}
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.verticalScrollBar().valueChanged.connect(self.colour_visible)
        self.restyle()

    def set_editable(self, is_editable: bool) -> None:
        """Let the text be typed into, with an undo of its own."""
        self.setReadOnly(not is_editable)
        self.setUndoRedoEnabled(is_editable)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction if is_editable else flags)
        shape = Qt.CursorShape.IBeamCursor if is_editable else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        if is_editable:
            self.textChanged.connect(self._typed)
        else:
            self.textChanged.disconnect(self._typed)
            self.underline({})

    def underline(self, reasons: Mapping[int, str]) -> None:
        """Underline these lines (from 1) with a wave: something is wrong there. The tool tip of a line says what."""
        found = []
        wave = QTextCharFormat()
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wave.setUnderlineColor(QColor(theme.current().problem))
        self._reasons = dict(reasons)
        self._faulty = frozenset(reasons)
        for line in self._faulty:
            block = self.document().findBlockByNumber(line - 1)
            if block.isValid():
                selection = QTextEdit.ExtraSelection()
                cursor = QTextCursor(block)
                indent = len(block.text()) - len(block.text().lstrip())
                cursor.setPosition(block.position() + indent)
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                selection.cursor, selection.format = cursor, wave  # type: ignore[attr-defined]
                found.append(selection)
        self.setExtraSelections(found)
        self.gutter.update()

    @property
    def faulty(self) -> frozenset[int]:
        """The lines (from 1) that are underlined."""
        return self._faulty

    def _typed(self) -> None:
        self._lines = self.toPlainText().split("\n")
        self._inside = lines_inside_strings(self._lines)
        self._coloured = [None] * len(self._lines)
        self.colour_visible()
        self.edited.emit()

    def show_text(self, text: str) -> None:
        """Show this text and stay where the reader is."""
        new = text.split("\n")
        old = self._lines
        if new == old:
            return
        head, tail = same_ends(old, new)
        bar = self.verticalScrollBar()
        top = bar.value()
        self._replace(head, len(old) - tail, new[head : len(new) - tail])
        self._lines = new
        self._inside = lines_inside_strings(new)
        self._coloured[head : len(old) - tail] = [None] * (len(new) - tail - head)
        # Qt puts the line behind what is replaced together anew, and the one before it at the end: without colours.
        for beside in (head - 1, len(new) - tail):
            if 0 <= beside < len(new):
                self._coloured[beside] = None
        bar.setValue(same_place(old, new, head, tail, top))
        self.colour_visible()

    def _replace(self, first: int, end: int, lines: list[str]) -> None:
        """Put ``lines`` in the place of the lines ``first`` to before ``end`` of the document."""
        document = self.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        if end < document.blockCount():
            cursor.setPosition(document.findBlockByNumber(first).position())
            cursor.setPosition(document.findBlockByNumber(end).position(), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText("".join(f"{line}\n" for line in lines))
        elif first == 0:
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText("\n".join(lines))
        else:  # the last line has no line break of its own: take the one before the first
            block = document.findBlockByNumber(first - 1)
            cursor.setPosition(block.position() + block.length() - 1)
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText("".join(f"\n{line}" for line in lines))
        cursor.endEditBlock()

    @property
    def lines(self) -> list[str]:
        """What is shown, or was typed."""
        return self._lines

    def mark(self, lines: Iterable[int]) -> None:
        """Give these lines (from 1) the background of a selection."""
        marked = frozenset(lines)
        if marked == self._marked:
            return
        self._marked = marked
        self.update_lines()

    @property
    def marked(self) -> frozenset[int]:
        """The lines (from 1) that are marked."""
        return self._marked

    def reveal(self, first: int, last: int) -> None:
        """Scroll so that the lines ``first`` to ``last`` (from 1) are seen, if they are not."""
        bar = self.verticalScrollBar()
        page = max(1, bar.pageStep())
        top = bar.value()
        if first - 1 < top or last > top + page:
            bar.setValue(max(0, (first + last) // 2 - page // 2))

    def colour_visible(self) -> None:
        """Colour the lines that can be seen and have no colours yet."""
        block = self.firstVisibleBlock()
        name = self._theme_name  # not that in use: between two themes it is painted in the colours of before
        # Two lines more than fit: half a line at the bottom, and the one that a scroll step brings.
        last = block.blockNumber() + self.viewport().height() // max(1, self.fontMetrics().height()) + 2
        while block.isValid() and block.blockNumber() <= last:
            number = block.blockNumber()
            if number >= len(self._lines):
                return
            key = (self._lines[number], number in self._inside, name)
            if self._coloured[number] != key:
                self._coloured[number] = key
                block.layout().setFormats([self._range(*part) for part in stretches(key[0], is_inside=key[1])])
            block = block.next()

    def _range(self, start: int, length: int, part: str) -> QTextLayout.FormatRange:
        found = QTextLayout.FormatRange()
        found.start, found.length = start, length
        found.format = self._formats[part]
        return found

    def restyle(self) -> None:
        self._theme_name = theme.current().name
        self._formats = formats()
        super().restyle()
        self.colour_visible()

    def mark_number(self, painter: QPainter, line: int, place: QRect) -> str:
        now = theme.current()
        if line in self._marked:
            painter.fillRect(place, QColor(now.accent_background))
        if line in self._faulty:
            painter.fillRect(QRect(0, place.top(), 3, place.height()), QColor(now.problem))
        return now.text if line in self._marked else now.secondary

    def press_number(self, point: QPoint) -> None:
        self.click_at(point)

    # Qt

    def event(self, event: QEvent) -> bool:
        # While the text is typed into, Ctrl+Enter and Esc are its own: else Ctrl+Enter would start a training.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = _is_apply(event) or event.key() == Qt.Key.Key_Escape
            if is_ours and not self.isReadOnly():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.isReadOnly():
            if _is_apply(event):
                self.apply_requested.emit()
                return
            if event.key() == Qt.Key.Key_Escape:
                self.revert_requested.emit()
                return
            if take_key(self, event):
                return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        away = (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.MenuBarFocusReason,
        )
        if not self.isReadOnly() and event.reason() not in away:
            self.left.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = self.cursorForPosition(event.pos()).blockNumber() + 1
            QToolTip.showText(event.globalPos(), plain.tool_tip(self._reasons.get(line, "")), self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Not as "extra selections": those take 15 ms for a thousand lines, seen or not.
        painter = QPainter(self.viewport())
        colour = QColor(theme.current().accent_background)
        for line, place in self.seen_lines(event.rect()):
            if line in self._marked:
                painter.fillRect(place, colour)
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.colour_visible()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.click_at(event.position().toPoint())

    def click_at(self, point: QPoint) -> None:
        """Say which line lies at ``point`` of the viewport."""
        cursor = self.cursorForPosition(point)
        rect = self.cursorRect(cursor)
        if rect.top() <= point.y() <= rect.bottom() + 2:
            self.line_clicked.emit(cursor.blockNumber() + 1)


def _is_apply(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
