"""Whether a project can be trained now, and if not, why."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.problem import Problem
from studio.gui.runs.trainer import Trainer
from studio.gui.session import Session
from studio.workbench.own_code import CONSENT, unread


def why_not_train(session: Session) -> str:
    """The first reason why a project cannot be trained, in one sentence; "" where it can."""
    project = session.project
    if not project.main.nodes:
        return QCoreApplication.translate("Readiness", "Draw a network first.")
    if project.data.kind == "none":
        return QCoreApplication.translate("Readiness", "Choose some data first, in the Data workspace.")
    # What only waits for the person's consent is asked about when they train.
    errors = [problem for problem in session.problems if problem.severity == "error" and problem.code != CONSENT]
    if session.consent.never and unread(project, session.consent):
        return QCoreApplication.translate("Readiness", "Code of the project is not run, because of --never-run-code.")
    return _sentence(errors) if errors else ""


def begin_run(session: Session, trainer: Trainer, *, start_paused: bool) -> str:
    """Begin a run of what is drawn; returns why that could not be, in one sentence, or ""."""
    session.look_at_data()
    reason = why_not_train(session)
    if reason:
        return reason
    if not may_run_code(session):
        return QCoreApplication.translate("Readiness", "Nothing was trained: the code of the project may not run.")
    try:
        trainer.train(session.project, session.current_source(), session.path, start_paused=start_paused)
    except OSError as error:
        sentence = QCoreApplication.translate("Readiness", "The run folder cannot be written: {0}.")
        return sentence.format(error.strerror or error)
    return ""


def may_run_code(session: Session) -> bool:
    """Whether all code that training needs may run; asks where that is open."""
    if not unread(session.project, session.consent):
        return True
    from studio.gui.own_code.review import review

    return review(session)


def _sentence(errors: list[Problem]) -> str:
    first = errors[0].message
    if len(errors) == 1:
        return first
    more = QCoreApplication.translate("Readiness", "{0} (and {1} more problems)")
    return more.format(first, len(errors) - 1)
