"""Measures how long layers take and how large their gradients are, when the drawing shall show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from studio.core.meaning import Meaning
from studio.core.project import Project
from studio.gui.canvas.heat import MEASURED
from studio.gui.canvas.reading import Told

if TYPE_CHECKING:
    from studio.gui.canvas.reading import Reading
    from studio.gui.runs.run import Run
    from studio.gui.runs.trainer import Trainer
    from studio.gui.session import Session
    from studio.protocol import Measured
    from studio.workbench.measuring import Measurement

_TELL_AGAIN_MS: Final = 15_000
"""How old it is, is told in minutes."""


class MeasuringHeat(QObject):
    """Asks the trainer, keeps what it said, and tells how old it is and whether it still holds for the drawing."""

    def __init__(
        self,
        session: Session,
        trainer: Trainer,
        reading: Reading,
        parent: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._session, self._trainer, self._reading, self._clock = session, trainer, reading, clock
        self._meaning = Meaning()
        self._found: Measurement | None = None
        self._found_for: Project | None = None
        self._found_at = 0.0
        self._learned_by = 0
        self._asked_for: Project | None = None
        self._trained: dict[str, Project] = {}
        self._progress = ""
        self._problem = ""
        self._tell_again = QTimer(self, interval=_TELL_AGAIN_MS)
        self._tell_again.timeout.connect(self._tell)
        reading.measure_chosen.connect(self._chosen)
        reading.measure_wanted.connect(self._pressed)
        trainer.run_added.connect(self._run_added)
        trainer.measuring.connect(self._measuring)
        trainer.measured.connect(self._measured)
        trainer.state_changed.connect(lambda _: self._tell())
        session.source_changed.connect(self._tell)
        session.judged.connect(self._tell)
        session.loaded.connect(self._forget)

    @property
    def _meant(self) -> Project:
        """What is drawn; the same object as long as nodes only move."""
        return self._meaning.of(self._session.project)

    def why_not(self) -> str:
        """Why nothing can be measured now, in one sentence; "" where it can."""
        # Imported here: nothing of training is needed to show a window.
        from studio.gui.training.readiness import why_not_train

        if self._trainer.is_busy:
            return self.tr("A training goes on; it is measured at its end.")
        return why_not_train(self._session)

    def begin(self) -> None:
        """Measure the network as it is drawn now, before any training."""
        from studio.gui.training.readiness import may_run_code
        from studio.workbench.measuring import prepare

        self._problem = self.why_not()
        if not self._problem and not may_run_code(self._session):
            self._problem = self.tr("The code of the project may not run.")
        if not self._problem:
            session = self._session
            try:
                script = prepare(session.project, session.current_source(), session.path, self._trainer.scratch)
            except OSError as error:
                self._problem = self.tr("It cannot be written: {0}.").format(error.strerror or error)
            else:
                self._asked_for = self._meant
                self._progress = self.tr("Preparing...")
                self._trainer.measure(script)
        self._tell()

    def _chosen(self) -> None:
        is_measured = self._reading.measure in MEASURED
        self._trainer.measures_runs = is_measured
        if not is_measured:
            self._tell_again.stop()
            self._trainer.stop_measuring()
            return
        self._tell_again.start()
        if self._found is None and not self._trainer.is_measuring and not self.why_not():
            self.begin()
        else:
            self._problem = ""
            self._tell()

    def _pressed(self) -> None:
        if self._trainer.is_measuring:
            self._trainer.stop_measuring()
        else:
            self.begin()

    def _run_added(self, run: Run) -> None:
        self._trained = {run.key: self._meant}

    def _measuring(self, done: int, whole: int) -> None:
        self._progress = self.tr("Measuring {0} of {1}...").format(done + 1, whole)
        self._tell()

    def _measured(self, told: Measured, run: Run | None) -> None:
        from studio.workbench.measuring import read

        project = self._asked_for if run is None else self._trained.get(run.key)
        self._progress = ""
        if run is None:
            self._asked_for = None
        if told.problem:
            self._problem = told.problem
        elif project is not None:
            found = read(project, self._session.catalog, told)
            if found is None:
                self._problem = self.tr("The measured network could not be matched with the drawing.")
            else:
                self._found, self._found_for, self._found_at = found, project, self._clock()
                self._learned_by = run.number if run is not None else 0
                self._problem = ""
                self._reading.show_calls(found.milliseconds, found.gradients)
        self._tell()

    def _forget(self) -> None:
        """Another project is open."""
        self._meaning = Meaning()
        self._found = self._found_for = None
        self._problem = ""
        self._trainer.stop_measuring()
        self._reading.show_calls({}, {})
        self._tell()

    def _tell(self) -> None:
        if self._reading.measure not in MEASURED:
            return
        rows = self._found.rows if self._found is not None else 0
        if self._trainer.is_measuring:
            self._reading.tell(Told(self._progress, self.tr("Stop"), rows=rows))
            return
        why_not = self.why_not()
        if self._found is None:
            line, button = self._problem or why_not or self.tr("Not measured yet."), self.tr("Measure")
        else:
            line, button = self._problem or self._age(), self.tr("Again")
        is_old = self._found is not None and self._found_for is not self._meant
        self._reading.tell(Told(line, button, why_not, is_old, rows))

    def _age(self) -> str:
        assert self._found is not None
        minutes = int((self._clock() - self._found_at) / 60)
        ago = self.tr("just now") if minutes < 1 else self.tr("%n min ago", "", minutes)
        if self._found_for is not self._meant:
            return self.tr("Out of date: measured {0}").format(ago)
        if self._learned_by:
            return self.tr("Measured {0}, after run {1}").format(ago, self._learned_by)
        return self.tr("Measured {0}, before training").format(ago)
