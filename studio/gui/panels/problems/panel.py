"""The problems panel itself: header, list or "No problems.", and what clicks do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from studio.core.problem import Problem
from studio.gui import theme
from studio.gui.own_code.remedies import Remedy, remedies
from studio.gui.panels import plain
from studio.gui.panels.problems.rows import ProblemList, ProblemModel

if TYPE_CHECKING:
    from studio.gui.session import Session

MOST_ROWS: Final = 200
"""More than anybody reads; the header tells the whole number."""


class ProblemsPanel(QWidget):
    """Lists ``session.problems``, the worst first."""

    problem_activated = Signal(object)
    """A problem that a person wants to see; its node is selected already, the canvas may show it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        theme.set_role(self, "panel")
        self.title = plain.label(self.tr("Problems"), "strong")
        self.count = plain.label("", "secondary")
        self.model = ProblemModel(self)
        self.list = ProblemList(self, session.problems_changed, self.fix_label)
        self.list.setModel(self.model)
        self.list.setAccessibleName(self.tr("Problems"))
        self.nothing = plain.label(self.tr("No problems."), "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(20, 8, 20, 8)
        header = QHBoxLayout()
        header.setContentsMargins(20, 8, 16, 4)
        header.setSpacing(8)
        header.addWidget(self.title)
        header.addWidget(self.count)
        header.addStretch(1)
        self._pages = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addLayout(self._pages, 1)
        # Not before: a stack that stands nowhere yet shows its first page as a window, which takes the focus away.
        self._pages.addWidget(self.nothing)
        self._pages.addWidget(self.list)
        self.list.chosen.connect(self._choose)
        self.list.fix_wanted.connect(self.fix)
        theme.notifier.changed.connect(self.list.viewport().update)
        session.problems_changed.connect(self._problems_changed)
        self._problems_changed()

    def fix_of(self, problem: Problem) -> Remedy | None:
        """The first fix that is offered for this problem."""
        offered = remedies(self.session, problem)
        return offered[0] if offered else None

    def fix_label(self, problem: Problem) -> str:
        """The words on the button of that fix, "" where none is offered."""
        fix = self.fix_of(problem)
        return fix.label if fix is not None else ""

    def fix(self, problem: Problem) -> None:
        """Do the first fix that is offered for this problem."""
        offered = self.fix_of(problem)
        if offered is not None:
            offered.do()

    def go_to_next(self) -> Problem | None:
        """Show the next problem that has a place, beginning again after the last; tells which."""
        count, start = len(self.model.problems), self.list.currentIndex().row() + 1
        for row in (step % count for step in range(start, start + count)):
            problem = self.model.problems[row]
            if problem.node is not None:
                self.list.setCurrentIndex(self.model.index(row, 0))
                self._choose(problem)
                return problem
        return None

    def _problems_changed(self) -> None:
        problems = self.session.problems
        current = self.list.current_problem()
        self.model.show(
            [(problem, self._place(problem)) for problem in problems[:MOST_ROWS]],
        )
        if current in self.model.problems:
            self.list.setCurrentIndex(self.model.index(self.model.problems.index(current), 0))
        self.count.setText(str(len(problems)) if problems else "")
        self._pages.setCurrentWidget(self.list if problems else self.nothing)

    def _place(self, problem: Problem) -> str:
        """The name of the node that the problem is about."""
        for graph in self.session.project.graphs().values():
            if problem.node is not None and problem.node in graph.nodes:
                return graph.nodes[problem.node].name
        return ""

    def _choose(self, problem: Problem) -> None:
        graphs = self.session.project.graphs()
        for key, graph in graphs.items():
            edge = graph.edges.get(problem.edge or "")
            node = problem.node if problem.node in graph.nodes else edge.target.node if edge else None
            if node is not None:
                self.session.open_graph(key)
                self.session.set_selection({node})
                break
        self.problem_activated.emit(problem)
