"""Text on the screen that stays text: names and messages may come from a stranger's file and are never markup."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QLabel, QWidget

from studio.gui import theme

SpinBox = TypeVar("SpinBox", bound=QAbstractSpinBox)
INSET_PX = 8


def inset(box: SpinBox) -> SpinBox:
    """The same box with its number as far from the border as text in other fields: Qt ignores the style sheet there."""
    box.lineEdit().setTextMargins(INSET_PX, 0, 0, 0)
    return box


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


def named(box: QComboBox, name: str) -> None:
    """Give a name to a combo box that has no label beside it; its parent must be there.

    On Linux a combo box is heard by its choice alone, and the name is that of its label: here one that is not shown.
    """
    box.setAccessibleName(name)
    unseen = label(name, parent=box.parentWidget())
    unseen.setBuddy(box)
    unseen.hide()
    box.destroyed.connect(unseen.deleteLater)  # a box in a cell of a table goes with every choice


def hairline(parent: QWidget | None = None) -> QFrame:
    """A thin horizontal line between two parts of a panel."""
    line = QFrame(parent)
    theme.set_role(line, "line")
    line.setFixedHeight(1)
    return line


def tool_tip(text: str) -> str:
    """``text`` for a tool tip. Qt guesses whether a tip is HTML; this leaves it nothing to guess."""
    from html import escape  # with a table of two thousand entities, which no first picture needs

    return f"<span>{escape(text)}</span>" if "<" in text else text
