"""The history: every step by its name, the ones that were taken back in grey; a click goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio.core.history import Step
from studio.gui import theme
from studio.gui.panels import plain, step_words

if TYPE_CHECKING:
    from studio.gui.session import Session

MOST_ROWS = 200
"""Older steps are undone by Ctrl+Z; nobody looks for them by name."""


class HistoryPanel(QWidget):
    """The start and all steps, the oldest at the top. The current row is where the project is."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "panel")
        self.session = session
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Steps that were done"))
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 0, 0)
        layout.addWidget(self.list)
        self._first = 0
        self._is_filling = False
        self._follow_soon = QTimer(self, singleShot=True, interval=0)
        self._follow_soon.timeout.connect(self._follow)
        session.history_changed.connect(self._follow_soon.start)
        theme.notifier.changed.connect(self._follow_soon.start)
        self.list.currentRowChanged.connect(self._go)
        self._follow()

    def _follow(self) -> None:
        if not self.isVisible():
            return
        history = self.session.document.history
        steps = (*history.past, *reversed(history.future))
        done = len(history.past)
        self._first = max(0, min(done, len(steps) - MOST_ROWS // 2) - MOST_ROWS // 2)
        rows = [_words(step) for step in steps[self._first : self._first + MOST_ROWS]]
        self._is_filling = True
        self.list.clear()
        start = self.tr("At the start") if not self._first else self.tr("... {0} steps before").format(self._first)
        for number, name in enumerate((start, *rows)):
            item = QListWidgetItem(name)
            item.setToolTip(plain.tool_tip(name))  # a long one is cut at the border
            if self._first + number > done:
                item.setForeground(QColor(theme.current().secondary))
                font = item.font()
                font.setItalic(True)
                item.setFont(font)
                item.setToolTip(plain.tool_tip(f"{name}\n{self.tr('Taken back; a click does it again.')}"))
            self.list.addItem(item)
        self.list.setCurrentRow(done - self._first)
        self._is_filling = False

    def _go(self, row: int) -> None:
        if row >= 0 and not self._is_filling:
            self.session.travel(self._first + row)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()


def _words(step: Step) -> str:
    """The name of a step, and of which layers: "Bypass · stem"."""
    about = step_words.about(step)
    return f"{step.name} · {about}" if about else step.name
