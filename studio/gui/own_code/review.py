"""The question whether code that was not written here may run: each piece in plain text, and three answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.project import Snippet
from studio.core.snippets import KINDS
from studio.gui import telling, theme
from studio.gui.own_code.editor import CodeEditor
from studio.gui.panels import plain
from studio.workbench.own_code import unread

if TYPE_CHECKING:
    from studio.gui.session import Session

Answer = Literal["no", "once", "always"]


class ReviewDialog(QDialog):
    """Shows ``snippets``, which came from ``origin``. Esc, Enter and closing mean no."""

    def __init__(self, snippets: Sequence[Snippet], origin: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        telling.install(self)
        self.setWindowTitle(self.tr("Code that was not written here"))
        self.resize(760, 560)
        self.answer: Answer = "no"
        self._snippets = list(snippets)
        self.heading = plain.label(self.tr("This project holds code. Read it before it runs."), "strong", wraps=True)
        self.origin = plain.label(self.tr("It came with {0}.").format(origin), "secondary", wraps=True)
        self.pieces = QListWidget()
        self.pieces.setAccessibleName(self.tr("Pieces of code"))
        for snippet in snippets:
            noun = KINDS[snippet.kind].noun if snippet.kind in KINDS else snippet.kind
            self.pieces.addItem(self.tr("{0}: {1}").format(snippet.name, noun))
        self.pieces.setMaximumHeight(min(5, len(snippets)) * 30 + 12)
        self.pieces.setVisible(len(snippets) > 1)
        self.name = plain.label("", "secondary")
        self.text = CodeEditor()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Code"))
        self.warning = plain.label(self.tr("This code can read and delete your files."), "problem", wraps=True)
        self.refuse = QPushButton(self.tr("Don't run"))
        self.once = QPushButton(self.tr("Run once"))
        self.always = QPushButton(self.tr("Always trust exactly this code"))
        for button in (self.once, self.always):
            button.setAutoDefault(False)
        self.refuse.setDefault(True)
        theme.set_role(self.refuse, "primary")
        self.refuse.clicked.connect(self.reject)
        self.once.clicked.connect(lambda: self._say("once"))
        self.always.clicked.connect(lambda: self._say("always"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.always)
        row.addWidget(self.once)
        row.addStretch(1)
        row.addWidget(self.refuse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (self.heading, self.origin, self.pieces, self.name):
            layout.addWidget(widget)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.warning)
        layout.addLayout(row)
        self.pieces.currentRowChanged.connect(self._show)
        self.pieces.setCurrentRow(0)
        self.refuse.setFocus()

    def _say(self, answer: Answer) -> None:
        self.answer = answer
        self.accept()

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._snippets):
            snippet = self._snippets[row]
            lines = len(snippet.source.splitlines())
            words = self.tr("{0}, 1 line") if lines == 1 else self.tr("{0}, {1} lines")
            self.name.setText(words.format(snippet.name, lines))
            self.text.show_text(snippet.source, is_other=True)


def review(session: Session, parent: QWidget | None = None) -> bool:
    """Ask about the code of the project that may not run yet; tells whether all of it may now."""
    waiting = unread(session.project, session.consent)
    if not waiting:
        return True
    if session.consent.never:
        return False
    origin = str(session.path) if session.path is not None else session.tr("the project “{0}”").format(
        session.project.title
    )  # fmt: skip
    dialog = ReviewDialog(waiting, origin, parent or _main_window())
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.exec()
    dialog.deleteLater()
    sources = [snippet.source for snippet in waiting]
    if dialog.answer == "always":
        session.consent.trust(sources)
    elif dialog.answer == "once":
        session.consent.allow_once(sources)
    session.consent_changed()
    return dialog.answer != "no"


def _main_window() -> QWidget | None:
    """The window to ask in. Not the active one: that may be a list or a dialog which is about to go."""
    return next((each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow)), None)
