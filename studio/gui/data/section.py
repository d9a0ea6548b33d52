"""The parts that sections of the panel are made of: headings, message cards, two columns that become one."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels.plain import label

HEAD_PX = 26
"""So high is a heading with a button beside it, and so high are all: headings side by side stand level."""


class Section(QWidget):
    """A heading with a quiet remark beside it, and what belongs under it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = label(title, "name")
        self.heading.setMinimumHeight(HEAD_PX)
        self.remark = label("", "secondary")
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.heading)
        self.head.addWidget(self.remark, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self.body.addLayout(self.head)

    def add(self, widget: QWidget) -> None:
        """Put a widget under what is there."""
        self.body.addWidget(widget)

    def add_action(self, text: str) -> QPushButton:
        """A blue word at the right of the heading."""
        button = QPushButton(text)
        theme.set_role(button, "link")
        self.head.addWidget(button)
        return button


class Card(QFrame):
    """A sentence on a quiet coloured ground, with a button where something can be done about it."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, role)
        self.text: QLabel = label("", "problem" if role == "problem_card" else "", wraps=True)
        self.button = QPushButton()
        theme.set_role(self.button, "link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(12)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.button)
        self.say("")

    def say(self, text: str, action: str = "") -> None:
        """Show this sentence; an empty one hides the card."""
        self.text.setText(text)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.setVisible(bool(text))


class TwoColumns(QWidget):
    """Two widgets side by side where there is room, one above the other where there is not."""

    def __init__(self, left: QWidget, right: QWidget, wide_px: int, right_px: int) -> None:
        super().__init__()
        self._wide_px, self._right_px = wide_px, right_px
        self._right = right
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(32)
        self._layout.addWidget(left, 1)
        self._layout.addWidget(right)
        # A minimum of its own, however long the names in it are: one that depends on what stands side by side would
        # make the scroll area around it turn from one arrangement to the other until the stack is full.
        right.setMinimumWidth(1)
        left.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def is_wide(self) -> bool:
        """Whether the two stand side by side."""
        return self._layout.direction() == QBoxLayout.Direction.LeftToRight

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= self._wide_px
        if is_wide == self.is_wide:
            return
        sides, stack = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(sides if is_wide else stack)
        self._right.setMaximumWidth(self._right_px if is_wide else 16_777_215)
        self._right.setMinimumWidth(self._right_px if is_wide else 1)
