"""The list of everything that is wrong with a project."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.remember import Remembered
from studio.core.rules.by_node import problems_by_node
from studio.core.rules.data import data_problems
from studio.core.rules.habits import habit_problems
from studio.core.rules.merging import merging_problems
from studio.core.rules.planning import plan_problems
from studio.core.rules.snippets import snippet_problems
from studio.core.rules.structure import structure_problems
from studio.core.rules.training import training_problems
from studio.core.rules.width import Shapes

_GRAVITY = {"error": 0, "warning": 1, "hint": 2}

_OF_DRAWINGS: Remembered[Catalog, Remembered[Project, tuple[Problem, ...]]] = Remembered(4)
"""By what the catalog and the project are: both never change."""


def problems(project: Project, catalog: Catalog, shapes: Shapes | None = None) -> tuple[Problem, ...]:
    """All problems that can be told without Keras, the gravest first; with ``shapes`` a few more."""
    return tuple(sorted(_problems(project, catalog, shapes or {}), key=lambda problem: _GRAVITY[problem.severity]))


def _problems(project: Project, catalog: Catalog, shapes: Shapes) -> Iterator[Problem]:
    # While Keras answers, the same drawing is asked about again and again.
    yield from _OF_DRAWINGS.get(catalog, lambda _: Remembered(4)).get(project, lambda _: _of_drawing(project, catalog))
    yield from training_problems(project, shapes)
    yield from plan_problems(project, catalog)
    if shapes:
        yield from merging_problems(project, shapes)


def _of_drawing(project: Project, catalog: Catalog) -> tuple[Problem, ...]:
    return tuple(_without_shapes(project, catalog))


def _without_shapes(project: Project, catalog: Catalog) -> Iterator[Problem]:
    for key in project.graphs():
        yield from structure_problems(project, key)
        found = tuple(problems_by_node(project, catalog, key))
        for place in (0, 1):
            for of_node in found:
                yield from of_node[place]
    yield from snippet_problems(project, catalog)
    yield from habit_problems(project, catalog)
    yield from data_problems(project)


def why_not_train(project: Project, catalog: Catalog, shapes: Shapes | None = None) -> Problem | None:
    """Why the network cannot be trained as it is (the gravest problem), or None."""
    found = problems(project, catalog, shapes)
    if found and found[0].severity == "error":
        return found[0]
    return next((problem for problem in found if problem.code == "no_data"), None)
