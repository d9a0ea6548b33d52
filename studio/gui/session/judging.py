"""What is wrong with a project, from everybody who may say so: our rules, the data, the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from studio.catalog import Catalog
from studio.core import rules
from studio.core.problem import Problem
from studio.core.project import Project
from studio.protocol import Answer
from studio.workbench.picked_files import weights_problems
from studio.workbench.problems import merged
from studio.workbench.stored_weights import start_problems


class Judge(QObject):
    """Has the problems of a project looked for, soon after each other but once a turn of the loop, and tells of them.

    They are told in the turn after: finding hundreds of them and showing them together would miss a frame.
    ``judged`` comes after each look, ``changed`` before it if there are others than before.
    """

    changed = Signal()
    judged = Signal()

    def __init__(self, parent: QObject, find: Callable[[], tuple[Problem, ...]]) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()
        self._find = find
        self._told: tuple[Problem, ...] = self.problems
        self._by_node: dict[str, tuple[Problem, ...]] = {}
        self._look_soon = QTimer(self, singleShot=True)
        self._look_soon.timeout.connect(self.look)
        self._tell_soon = QTimer(self, singleShot=True, interval=0)
        self._tell_soon.timeout.connect(self._tell)

    @property
    def is_looking_soon(self) -> bool:
        """Whether a look is on its way."""
        return self._look_soon.isActive()

    @property
    def is_waiting(self) -> bool:
        """Whether a look, or telling of one, is on its way."""
        return self._look_soon.isActive() or self._tell_soon.isActive()

    def of(self, node: str) -> tuple[Problem, ...]:
        """The problems of one node, the worst first."""
        return self._by_node.get(node, ())

    def look_soon(self, after_ms: int = 0) -> None:
        """Look after so many milliseconds from now, whatever was wished before."""
        self._look_soon.start(after_ms)

    def look(self) -> None:
        """Look now; ``problems`` is true at once, the signals come in the next turn of the loop."""
        problems = self._find()
        if problems != self.problems:
            self.problems, self._by_node = problems, by_node(problems)
        self._tell_soon.start()

    def close(self) -> None:
        """Tell nothing any more."""
        self._look_soon.stop()
        self._tell_soon.stop()

    def _tell(self) -> None:
        told, self._told = self._told, self.problems
        if told is not self.problems:
            self.changed.emit()
        self.judged.emit()


def problems_of(
    project: Project,
    catalog: Catalog,
    answers: Mapping[str, Answer],
    of_data: Iterable[Problem],
    of_engine: Iterable[Problem],
) -> tuple[Problem, ...]:
    """All problems, the worst first; what two of them say of one node is told once."""
    shapes = {call: answer.outputs[0][0] for call, answer in answers.items() if answer.outputs and "/" not in call}
    found = (*rules.problems(project, catalog, shapes), *weights_problems(project), *start_problems(project), *of_data)
    return merged(found, of_engine)


def by_node(problems: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    """The problems of each node that has some."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.node is not None:
            found.setdefault(problem.node, []).append(problem)
    return {node: tuple(mine) for node, mine in found.items()}
