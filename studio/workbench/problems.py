"""Everything that is wrong with a project: what the rules say, what its data says, what Keras says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studio import data
from studio.catalog import Catalog
from studio.core import rules
from studio.core.problem import Problem
from studio.core.project import Project
from studio.workbench.inference import InferenceState
from studio.workbench.picked_files import weights_problems
from studio.workbench.stored_weights import start_problems

_GRAVITY = {"error": 0, "warning": 1, "hint": 2}


def all_problems(
    project: Project, catalog: Catalog, inference: InferenceState, folder: Path | None
) -> tuple[Problem, ...]:
    """The problems of a project whose file stands in ``folder``, the gravest first. Its data file is read."""
    shapes = {
        call: answer.outputs[0][0] for call, answer in inference.answers.items() if answer.outputs and "/" not in call
    }
    found = rules.problems(project, catalog, shapes) + weights_problems(project) + start_problems(project)
    if project.data.kind != "none":
        found += data.check(project.data, folder)
    return merged(found, inference.problems(project))


def _about(problem: Problem) -> tuple[str | None, str | None]:
    """A node, or a part of the training plan."""
    return (problem.node, None if problem.node is not None else problem.parameter)


def merged(found: Iterable[Problem], keras: Iterable[Problem]) -> tuple[Problem, ...]:
    """Rules' and Keras's problems in one list, the gravest first.

    Where a rule already says what is wrong with a node, Keras's words about the same node are left out: they are about
    the same thing, or appear once the first is mended.
    """
    found = list(found)
    told = {_about(problem) for problem in found if problem.severity == "error"}
    found += [problem for problem in keras if _about(problem) not in told]
    return tuple(sorted(found, key=lambda problem: _GRAVITY[problem.severity]))
