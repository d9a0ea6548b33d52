"""A script that cannot be read as it stands: shown before it runs, watched while it runs, and never trained."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.core.project import Snippet
from studio.gui import telling, theme
from studio.gui.background import Background
from studio.gui.own_code.review import ReviewDialog
from studio.gui.panels import plain
from studio.importing import ModelFileError
from studio.workbench.script_running import SECONDS, Ran, run_script

if TYPE_CHECKING:
    from studio.workbench.consent import Consent

MOST_SHOWN = 4_000
"""Characters of what a script prints that are shown while it runs: all of it anew ten times a second."""

_LINE = re.compile(r"Line (\d+):")


def may_run(text: str, path: Path, reason: str, consent: Consent, parent: QWidget) -> bool:
    """Whether the script may be run; the person reads it first, unless exactly this text is trusted."""
    if consent.never or consent.may_run(text):
        return not consent.never
    dialog = ReviewDialog([Snippet("", path.name, "script", text)], str(path), parent)
    dialog.setWindowTitle(dialog.tr("Run a script"))
    dialog.heading.setText(dialog.tr("{0} cannot be read without being run.").format(path.name))
    dialog.origin.setText(reason)
    dialog.warning.setText(
        dialog.tr("This code can read and delete your files. It is run to see its model, and not trained.")
    )
    if match := _LINE.match(reason):
        dialog.text.mark_line(int(match[1]))
        dialog.text.go_to(int(match[1]))
        dialog.refuse.setFocus()
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.exec()
    dialog.deleteLater()
    if dialog.answer == "always":
        consent.trust([text])
    elif dialog.answer == "once":
        consent.allow_once([text])
    return dialog.answer != "no"


class RunDialog(QDialog):
    """Runs ``text`` and shows what it prints. ``ran`` is what came of it, None where nothing did.

    Stopped, it goes when the script is gone; else whoever made it lets it go.
    """

    _printed = Signal(str)

    def __init__(self, text: str, path: Path, parent: QWidget | None = None, seconds: int = SECONDS) -> None:
        super().__init__(parent)
        telling.install(self)
        self.setWindowTitle(self.tr("Run a script"))
        self.resize(680, 420)
        self.ran: Ran | None = None
        self.is_over = False
        self._name = path.name
        self._seconds, self._passed = seconds, 0
        self._cancel = threading.Event()
        self._background = Background(self)
        self.heading = plain.label(self.tr("{0} is running.").format(path.name), "strong", wraps=True)
        self.told = plain.label("", "secondary", wraps=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.output = QPlainTextEdit()
        self.output.setReadOnly(True)
        self.output.setAccessibleName(self.tr("What the script prints"))
        self.output.setPlaceholderText(self.tr("What the script prints stands here."))
        self.output.setFont(theme.mono_font())
        self.button = QPushButton(self.tr("Stop"))
        self.button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (self.heading, self.told, self.bar):
            layout.addWidget(widget)
        layout.addWidget(self.output, 1)
        layout.addLayout(row)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._printed.connect(self._show)
        self._tell_time()
        self._clock.start()
        tell, cancelled = self._printed.emit, self._cancel.is_set
        self._background.ask(lambda: run_script(text, path, tell, cancelled, seconds), self._take)

    def _tick(self) -> None:
        self._passed += 1
        self._tell_time()

    def _tell_time(self) -> None:
        self.told.setText(
            self.tr("Training and saving are left out. {0} s; it is stopped after {1} s, when TensorFlow has started.")
            .format(self._passed, self._seconds)
        )  # fmt: skip

    def _show(self, printed: str) -> None:
        shown = [each if each.isprintable() or each in "\n\t" else "\N{MIDDLE DOT}" for each in printed[-MOST_SHOWN:]]
        self.output.setPlainText("".join(shown))
        self.output.moveCursor(QTextCursor.MoveOperation.End)

    def _take(self, result: object) -> None:
        self._clock.stop()
        self.is_over = True
        if self._cancel.is_set():
            self.deleteLater()
        elif isinstance(result, Ran):
            self.ran = result
            self.accept()
        elif isinstance(result, ModelFileError | OSError):
            reason = result.message if isinstance(result, ModelFileError) else result.strerror or str(result)
            self.heading.setText(self.tr("{0} was not opened.").format(self._name))
            theme.set_role(self.told, "problem")
            self.told.setText(reason)
            self.output.setPlaceholderText(self.tr("The script printed nothing."))
            self.bar.hide()
            self.button.setText(self.tr("Close"))
        elif isinstance(result, Exception):
            self.reject()
            raise result

    # Qt

    def reject(self) -> None:
        """Stop it. The script is gone within a moment, which is not waited for."""
        self._cancel.set()
        super().reject()
