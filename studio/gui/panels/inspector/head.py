"""The head of the inspector: a name that can be written over, and what kind of thing it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import LineField

NAME_ROOM_PX = 20
"""Beside a name: the cursor behind it, and the distance to the kind."""


class Head(QWidget):
    """Name, kind, one sentence. ``named`` brings each text that is typed; ``refuse`` shows why it is no name."""

    named = Signal(str)
    left = Signal()

    def __init__(self, name_label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self.field = LineField(self)
        self.field.setAccessibleName(name_label)
        theme.set_role(self.field, "title")
        self.field.setTextMargins(-2, 0, 0, 0)  # takes back Qt's own: the name stands in line with what is below it
        self.kind = plain.label("", "quiet", parent=self)
        self.summary = plain.label("", "secondary", wraps=True, parent=self)
        self.message = plain.label("", "problem", wraps=True, parent=self)
        self.message.hide()
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(8)
        first.addWidget(self.field, 1)
        first.addWidget(self.kind)
        self._first = first
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addWidget(self.message)
        layout.addWidget(self.summary)
        self.field.typed.connect(self.named)
        self.field.left.connect(self.left)

    def show_name(self, name: str) -> None:
        """Show the name as it is now; a text that was refused stays until the name becomes another."""
        if name != self._name or self.message.isHidden():
            self._name = name
            if self.field.text().strip() != name:
                self.field.show_text(name)
            self.refuse("")
            self._fit()

    def show_kind(self, kind: str, summary: str) -> None:
        """Show what kind of thing it is and what that does."""
        self.kind.setText(kind)
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))
        self._fit()

    def refuse(self, reason: str) -> None:
        """Say why the text is no name; "" if it is one."""
        self.message.setText(reason)
        self.message.setVisible(bool(reason))
        self.field.mark_invalid(bool(reason))

    def _fit(self) -> None:
        """The kind stands beside the name, or below it where a long name needs the line."""
        needed = self.field.fontMetrics().horizontalAdvance(self._name) + NAME_ROOM_PX
        is_beside = needed + self.kind.sizeHint().width() <= self.width()
        layout = self.layout()
        if isinstance(layout, QVBoxLayout) and is_beside != (self._first.indexOf(self.kind) >= 0):
            if is_beside:
                self._first.addWidget(self.kind)
            else:
                layout.insertWidget(1, self.kind)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.field.text() != self._name:
            self.field.setText(self._name)
            self.refuse("")
            return
        super().keyPressEvent(event)
