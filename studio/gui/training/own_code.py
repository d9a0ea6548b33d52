"""Code of the person's own in the training plan: it begins from a template, and is opened where it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.edits import Edit
from studio.core.project import OutputPlan, Project, TrainingPlan
from studio.core.snippets import named
from studio.workbench.templates import Template

if TYPE_CHECKING:
    from studio.gui.session import Session


def begin(session: Session, template: Template, use: Callable[[TrainingPlan, KerasObject], TrainingPlan]) -> None:
    """Add the code of a template, put it into the plan and open its editor, in one step of undo.

    ``use`` gives the plan with the new object in its place.
    """

    def edit_for(code: str) -> Edit:
        def edit(project: Project) -> Project:
            return edits.set_training(project, use(project.training, KerasObject(code)))

        return edit

    session.new_code(template.kind, template.name, template.source, edit_for)


def for_output(
    output: str, use: Callable[[OutputPlan, KerasObject], OutputPlan]
) -> Callable[[TrainingPlan, KerasObject], TrainingPlan]:
    """A change of the plan of one Output as a change of the whole plan."""

    def used(training: TrainingPlan, code: KerasObject) -> TrainingPlan:
        own = use(training.outputs.get(output, OutputPlan()), code)
        return replace(training, outputs={**training.outputs, output: own})

    return used


def show(session: Session, name: str) -> None:
    """Open the editor with the code of this name."""
    snippet = named(session.project).get(name)
    if snippet is not None:
        session.code_wanted.emit(snippet.id)
