"""Cards of the inspector: a problem with its fixes, and "Try it"."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.core.fixes import Fix, fixes
from studio.core.problem import Problem
from studio.gui import icons, theme
from studio.gui.panels import plain

if TYPE_CHECKING:
    from studio.gui.session import Session

MOST_PROBLEMS = 4
"""Cards for one node; the problems panel has all."""


class ProblemCard(QFrame):
    """What is wrong in one sentence, buttons that mend it, and Keras's own words on demand."""

    def __init__(self, session: Session, problem: Problem, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.problem = problem
        theme.set_role(self, "problem_card" if problem.severity == "error" else "tip_card")
        sign = QLabel(self)
        sign.setPixmap(icons.pixmap(problem.severity, 16))
        sign.setAccessibleName(problem.severity)
        sentence = plain.label(problem.message, wraps=True, parent=self)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(sentence, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(first)
        self.fix_buttons: list[QPushButton] = []
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.setContentsMargins(26, 0, 0, 0)
        for fix in fixes(session.project, session.catalog, problem)[:2]:
            button = QPushButton(fix.label, self)
            button.clicked.connect(partial(self._do, fix))
            buttons.addWidget(button)
            self.fix_buttons.append(button)
        self.details_button = QPushButton(self.tr("Details"), self)
        self.details_button.setCheckable(True)
        theme.set_role(self.details_button, "link")
        self.details_button.setVisible(bool(problem.details))
        buttons.addWidget(self.details_button)
        buttons.addStretch(1)
        if self.fix_buttons or problem.details:
            layout.addLayout(buttons)
        self.details = plain.label(problem.details, "mono", wraps=True, parent=self)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.hide()
        layout.addWidget(self.details)
        self.details_button.toggled.connect(self.details.setVisible)

    def _do(self, fix: Fix) -> None:
        self.session.apply(fix.edit, fix.label)


class ProblemCards(QWidget):
    """The cards of one node; made again only when its problems became others."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.cards: list[ProblemCard] = []
        self._shown: tuple[object, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.hide()

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Show these problems."""
        problems = problems[:MOST_PROBLEMS]
        wanted = (problems, theme.current().name)
        if wanted == self._shown:
            return
        self._shown = wanted
        for card in self.cards:
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [ProblemCard(self.session, problem, self) for problem in problems]
        for card in self.cards:
            self._layout.addWidget(card)
        self.setVisible(bool(problems))


class TipCard(QFrame):
    """An invitation to an experiment."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        theme.set_role(self, "tip_card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(4)
        layout.addWidget(plain.label(self.tr("Try it"), "accent", parent=self))
        self._text = plain.label("", wraps=True, parent=self)
        layout.addWidget(self._text)

    def show_text(self, text: str) -> None:
        """Show this text; without text the card is gone."""
        self._text.setText(text)
        self.setVisible(bool(text))
