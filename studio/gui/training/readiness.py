"""Whether a project can be trained now, and if not, why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from studio.core.problem import Problem
from studio.gui.runs.trainer import Trainer
from studio.gui.session import Session
from studio.workbench.own_code import CONSENT, unread

LONGEST_WAIT_MS = 3_000
"""Training that is asked for while the engine is still judging waits so long for what it says."""


class StartOfRuns(QObject):
    """Begins runs. A reason against one counts when the engine has spoken about the drawing as it is now."""

    def __init__(self, session: Session, trainer: Trainer, refuse: Callable[[str], object], parent: QObject) -> None:
        """``refuse`` hears the reason why nothing is trained."""
        super().__init__(parent)
        self._session = session
        self._trainer = trainer
        self._refuse = refuse
        self._start_paused: bool | None = None
        self._look = QTimer(self, singleShot=True, interval=0)  # by then what has just come is judged
        self._look.timeout.connect(self._look_again)
        self._limit = QTimer(self, singleShot=True, interval=LONGEST_WAIT_MS)
        self._limit.timeout.connect(self._finish)
        session.judged.connect(self._judged)
        session.engine_state_changed.connect(self._judged)
        session.loaded.connect(self._forget)

    def begin(self, *, start_paused: bool) -> None:
        """Begin a run now, or as soon as it is known whether one can be trained."""
        self._start_paused = start_paused
        if self._session.is_judging and why_not_train(self._session):
            self._limit.start()
        else:
            self._finish()

    def _judged(self) -> None:
        if self._start_paused is not None:
            self._look.start()

    def _look_again(self) -> None:
        if not (self._session.is_judging and why_not_train(self._session)):
            self._finish()

    def _finish(self) -> None:
        start_paused = self._start_paused
        self._forget()
        if start_paused is not None and not self._trainer.is_busy:
            reason = begin_run(self._session, self._trainer, start_paused=start_paused)
            if reason:
                self._refuse(reason)

    def _forget(self) -> None:
        self._start_paused = None
        self._limit.stop()
        self._look.stop()


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
