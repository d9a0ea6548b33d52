"""What became of an export: a sentence with a sign, and how long ago the file was checked."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui import icons
from studio.gui.panels import plain
from studio.workbench.proof import Proof

AGE_EVERY_MS = 1_000


class Verdict(QWidget):
    """One row, empty until something is said. ``said`` comes whenever it may need another height."""

    said = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exported = ""
        self._proof: Proof | None = None
        self._proved_at = 0.0
        self._mark = plain.label()
        self._mark.setFixedWidth(20)
        self._sentence = plain.label("", "", wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._sentence, 1)
        self._age = QTimer(self)
        self._age.setInterval(AGE_EVERY_MS)
        self._age.timeout.connect(self._show_age)

    def text(self) -> str:
        """What is said."""
        return self._sentence.text()

    def say(self, icon: str, sentence: str) -> None:
        """Say something else; the sign is that of "check", "close" or "help", or none."""
        self._sentence.setText(sentence)
        self._mark.setAccessibleName({"check": self.tr("good"), "close": self.tr("bad")}.get(icon, ""))
        icons.attach(self._mark, icon, {"check": "accent", "close": "problem"}.get(icon, "warning"))
        self.said.emit()

    def tell_proof(self, exported: str, found: Proof) -> None:
        """Say what a check, which has just ended, found in what was exported, from now on with its age."""
        self._exported, self._proof, self._proved_at = exported, found, time.monotonic()
        self._age.start()
        self._show_age()

    def forget(self) -> None:
        """Say nothing any more."""
        self._proof = None
        self.rest()
        self._sentence.setToolTip("")
        self.say("", "")

    def rest(self) -> None:
        """Nobody looks any more."""
        self._age.stop()

    def _show_age(self) -> None:
        found = self._proof
        if found is None:
            return
        icon = {"agrees": "check", "not_checked": "help"}.get(found.outcome, "close")
        if found.outcome == "not_checked":
            self.say(icon, f"{self._exported} {found.sentence}")
            return
        self.say(icon, self.tr("{0} Checked {1}. {2}").format(self._exported, self._ago(), found.sentence))
        self._sentence.setToolTip(plain.tool_tip(found.details[-2000:]))

    def _ago(self) -> str:
        seconds = round(time.monotonic() - self._proved_at)
        if seconds < 1:
            return self.tr("just now")
        return self.tr("{0} s ago").format(seconds) if seconds < 120 else self.tr("{0} min ago").format(seconds // 60)
