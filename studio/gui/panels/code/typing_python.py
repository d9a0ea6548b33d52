"""The keys that a person expects of an editor for Python: Enter keeps the indentation, Tab and Shift+Tab move lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

INDENT: Final = 4
_NO_OTHER_ENTER: Final = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
"""Qt would break the line at Shift+Enter without beginning another: lines would be counted wrongly."""
_ENDS_A_BLOCK: Final = ("return", "raise", "pass", "break", "continue")


def take_key(editor: QPlainTextEdit, event: QKeyEvent) -> bool:
    """Do what the key means in Python; whether it meant anything other than in any text."""
    key, held = event.key(), event.modifiers()
    if key == Qt.Key.Key_Tab and held == Qt.KeyboardModifier.NoModifier:
        _indent(editor, +1)
    elif key == Qt.Key.Key_Backtab:
        _indent(editor, -1)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held & ~_NO_OTHER_ENTER:
        _new_line(editor)
    else:
        return key == Qt.Key.Key_Backspace and held == Qt.KeyboardModifier.NoModifier and _back(editor)
    return True


def _indent(editor: QPlainTextEdit, step: int) -> None:
    cursor = editor.textCursor()
    if step > 0 and not cursor.hasSelection():
        cursor.insertText(" " * (INDENT - cursor.positionInBlock() % INDENT))
        return
    document = editor.document()
    first = document.findBlock(cursor.selectionStart())
    last = document.findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - 1))
    cursor.beginEditBlock()
    block = first
    while block.isValid() and block.blockNumber() <= last.blockNumber():
        text = block.text()
        at = QTextCursor(block)
        if step > 0 and text.strip():
            at.insertText(" " * INDENT)
        elif step < 0:
            spaces = len(text) - len(text.lstrip(" "))
            for _ in range(min(INDENT, spaces)):
                at.deleteChar()
        block = block.next()
    cursor.endEditBlock()


def _new_line(editor: QPlainTextEdit) -> None:
    cursor = editor.textCursor()
    before = cursor.block().text()[: cursor.positionInBlock()]
    indent = before[: len(before) - len(before.lstrip(" "))]
    if before.rstrip().endswith(":"):
        indent += " " * INDENT
    elif before.strip().partition(" ")[0] in _ENDS_A_BLOCK:
        indent = indent[INDENT:]
    cursor.insertText(f"\n{indent}")
    editor.ensureCursorVisible()


def _back(editor: QPlainTextEdit) -> bool:
    """Backspace in the indentation takes a whole step."""
    cursor = editor.textCursor()
    before = cursor.block().text()[: cursor.positionInBlock()]
    if cursor.hasSelection() or not before or before.strip(" "):
        return False
    for _ in range((len(before) - 1) % INDENT + 1):
        cursor.deletePreviousChar()
    return True
