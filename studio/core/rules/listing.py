"""The list of everything that is wrong with a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.rules.parameters import parameter_problems
from studio.core.rules.structure import structure_problems

Shapes = Mapping[str, tuple[int | None, ...]]
"""The shape of the first output of each node of the main graph that Keras could infer, batch axis included."""

_GRAVITY = {"error": 0, "warning": 1, "hint": 2}


def problems(project: Project, catalog: Catalog, shapes: Shapes | None = None) -> tuple[Problem, ...]:
    """All problems that can be told without Keras, the gravest first; with ``shapes`` a few more."""
    return tuple(sorted(_problems(project, catalog, shapes or {}), key=lambda problem: _GRAVITY[problem.severity]))


def _problems(project: Project, catalog: Catalog, shapes: Shapes) -> Iterator[Problem]:
    for key, graph in project.graphs().items():
        yield from structure_problems(project, catalog, key)
        for node in graph.nodes.values():
            yield from parameter_problems(project, catalog, node, key)
