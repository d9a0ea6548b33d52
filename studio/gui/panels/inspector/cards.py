"""Cards of the inspector: a problem with its fixes, and "Try it"."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.core.problem import Problem
from studio.gui import icons, theme
from studio.gui.own_code.remedies import Remedy, remedies
from studio.gui.panels import plain

if TYPE_CHECKING:
    from studio.gui.session import Session

MOST_PROBLEMS = 4
"""Cards for one node; the problems panel has all."""

MOST_FIXES = 2
"""Buttons on one card."""


class ProblemCard(QFrame):
    """What is wrong in one sentence, buttons that mend it, and Keras's own words on demand."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.problem: Problem | None = None
        self._sign = QLabel(self)
        self._sentence = plain.label("", wraps=True, parent=self)
        self.details = plain.label("", "mono", wraps=True, parent=self)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details_button = QPushButton(self.tr("Details"), self)
        self.details_button.setCheckable(True)
        theme.set_role(self.details_button, "fold")
        self.details_button.toggled.connect(self.details.setVisible)
        self._fixes: tuple[Remedy, ...] = ()
        self._buttons = [QPushButton(self) for _ in range(MOST_FIXES)]
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self._sentence, 1)
        # One below the other: two with names of layers in them are wider than the panel, and all else would be cut off.
        row = QVBoxLayout()
        row.setSpacing(8)
        row.setContentsMargins(26, 0, 0, 0)
        for number, button in enumerate(self._buttons):
            button.clicked.connect(partial(self._do, number))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self.details_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addLayout(row)
        layout.addWidget(self.details)

    @property
    def fix_buttons(self) -> list[QPushButton]:
        """The buttons that mend the problem."""
        return self._buttons[: len(self._fixes)]

    def show_problem(self, problem: Problem) -> None:
        """Show this problem, in the colours of now."""
        theme.set_role(self, "problem_card" if problem.severity == "error" else "tip_card")
        icons.attach(self._sign, problem.severity)
        self._sign.setAccessibleName(problem.severity)
        self._sentence.setText(problem.message)
        self._fixes = remedies(self.session, problem)[:MOST_FIXES]
        for number, button in enumerate(self._buttons):
            button.setText(self._fixes[number].label if number < len(self._fixes) else "")
            button.setVisible(number < len(self._fixes))
        if problem != self.problem:
            self.details_button.setChecked(False)
        self.problem = problem
        self.details_button.setVisible(bool(problem.details))
        self.details.setText(problem.details)
        self.details.setVisible(self.details_button.isChecked())
        self.show()

    def _do(self, number: int, _checked: bool = False) -> None:
        self._fixes[number].do()


class ProblemCards(QWidget):
    """The cards of one node. They are kept and shown again: making one takes as long as half a frame."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self._all: list[ProblemCard] = []
        self._shown: tuple[Problem, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.hide()

    @property
    def cards(self) -> list[ProblemCard]:
        """The cards that are shown."""
        return self._all[: len(self._shown)]

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Show these problems, or the first of them where they are many."""
        self._shown = problems[:MOST_PROBLEMS]
        while len(self._all) < len(self._shown):
            card = ProblemCard(self.session, self)
            self._layout.addWidget(card)
            self._all.append(card)
        for card, problem in zip(self._all, self._shown, strict=False):
            card.show_problem(problem)
        for card in self._all[len(self._shown) :]:
            card.hide()
        self.setVisible(bool(self._shown))


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
