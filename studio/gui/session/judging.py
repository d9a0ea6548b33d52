"""What is wrong with a project, from everybody who may say so: our rules, the data, the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studio.catalog import Catalog
from studio.core import rules
from studio.core.problem import Problem
from studio.core.project import Project
from studio.protocol import Answer
from studio.workbench.picked_files import weights_problems
from studio.workbench.problems import merged
from studio.workbench.stored_weights import start_problems


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
