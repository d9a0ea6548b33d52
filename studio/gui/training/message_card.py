"""How a run ended, in a sentence, with the details one click away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.runs.run import Run

BAD_OUTCOMES = ("failed", "diverged", "lost")
MOST_DETAILS = 2000
"""Characters; what matters stands at the end of a traceback."""


class MessageCard(QFrame):
    """Hidden while there is nothing to say. A run that simply finished says so in the head, not here."""

    line_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        theme.set_role(self, "problem_card")
        self.message = plain.label("", wraps=True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.line_button = self._link(self.tr("Show the line"))
        self.line_button.clicked.connect(self._ask_line)
        self.details_button = self._link(self.tr("Details"))
        self.details_button.setCheckable(True)
        self.details = plain.label("", "mono", wraps=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.hide()
        self.details_button.toggled.connect(self.details.setVisible)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.message, 1)
        row.addWidget(self.line_button)
        row.addWidget(self.details_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 5, 8, 5)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.details)
        self.hide()

    def show_run(self, run: Run | None) -> None:
        """Say how this run ended, if that needs saying."""
        is_bad = run is not None and run.outcome in BAD_OUTCOMES
        text = run.message if run is not None and run.outcome != "finished" else ""
        if run is not self._run:
            self._run = run
            self.details_button.setChecked(False)
        self.setVisible(bool(text))
        if run is None or not text:
            return
        theme.set_role(self, "problem_card" if is_bad else "tip_card")
        self.message.setText(text)
        self.line_button.setVisible(run.failed_line > 0)
        self.details_button.setVisible(bool(run.details))
        self.details.setText(run.details[-MOST_DETAILS:])

    def _link(self, text: str) -> QPushButton:
        button = QPushButton(text)
        theme.set_role(button, "link")
        return button

    def _ask_line(self) -> None:
        if self._run is not None:
            self.line_requested.emit(self._run.failed_line)
