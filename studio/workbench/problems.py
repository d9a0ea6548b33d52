"""Everything that is wrong with a project: what the rules say, what its data says, what Keras says."""

from __future__ import annotations

from pathlib import Path

from studio import data
from studio.catalog import Catalog
from studio.core import rules
from studio.core.problem import Problem
from studio.core.project import Project
from studio.workbench.inference import InferenceState

_GRAVITY = {"error": 0, "warning": 1, "hint": 2}


def all_problems(
    project: Project, catalog: Catalog, inference: InferenceState, folder: Path | None
) -> tuple[Problem, ...]:
    """The problems of a project whose file stands in ``folder``, the gravest first. Its data file is read."""
    shapes = {
        call: answer.outputs[0][0] for call, answer in inference.answers.items() if answer.outputs and "/" not in call
    }
    found = rules.problems(project, catalog, shapes)
    if project.data.kind != "none":
        found += data.check(project.data, folder)
    told = {(problem.node, problem.message) for problem in found}
    found += tuple(p for p in inference.problems(project) if (p.node, p.message) not in told)
    return tuple(sorted(found, key=lambda problem: _GRAVITY[problem.severity]))
