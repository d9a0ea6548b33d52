"""Text on the screen that stays text: names and messages may come from a stranger's file and are never markup."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from studio.gui import theme


def label(text: str = "", role: str = "", *, wraps: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label that shows ``text`` as it is. ``role`` is a variant of the style sheet."""
    result = QLabel(parent)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setText(text)
    if role:
        theme.set_role(result, role)
    if wraps:
        result.setWordWrap(True)
        result.setMinimumWidth(1)  # otherwise the longest word decides how narrow the panel may be
    return result


def hairline(parent: QWidget | None = None) -> QFrame:
    """A thin horizontal line between two parts of a panel."""
    line = QFrame(parent)
    theme.set_role(line, "line")
    line.setFixedHeight(1)
    return line


def tool_tip(text: str) -> str:
    """``text`` for a tool tip. Qt guesses whether a tip is HTML; this leaves it nothing to guess."""
    return f"<span>{escape(text)}</span>" if "<" in text else text
