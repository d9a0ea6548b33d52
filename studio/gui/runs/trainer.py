"""The trainer: runs a project's exported code in an engine of its own and tells how it goes."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio import protocol
from studio.core.project import Project
from studio.gui.runs.finder import RunFinder
from studio.gui.runs.run import Run
from studio.gui.session.engine_process import EngineProcess
from studio.gui.session.restarts import Restarts
from studio.workbench.runs import prepare_run, record_end

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource

log = logging.getLogger(__name__)

FORCE_AFTER_MS = 3_000
"""A polite stop that takes longer offers to kill the engine (design.md, section 6)."""
WATCHED_ROWS = 64
"""Tables with at most so many different rows show what the model says about each of them while it learns."""


class Trainer(QObject):
    """Owns the training engine and the list of runs. One run at a time.

    ``state`` is "off", "warming" (Keras is loading), "ready", "waiting" (a run was asked for and will begin as soon as
    the engine can), "running", "paused" or "stopping". ``can_force_stop`` becomes true when a stop takes too long.
    """

    state_changed = Signal(str)
    run_added = Signal(object)
    run_changed = Signal(object)
    points_added = Signal(object)
    predictions_changed = Signal(object)
    run_ended = Signal(object)
    runs_found = Signal(object)
    runs_told = Signal(str)
    runs_forgotten = Signal()
    engine_died = Signal(str)
    measuring = Signal(int, int)
    """So many calls of a network are measured, of so many."""
    measured = Signal(object, object)
    """What was measured (``protocol.Measured``), and the run that learned it; None where it was asked for alone."""

    def __init__(
        self,
        scratch: Path,
        parent: QObject | None = None,
        engine: EngineProcess | None = None,
        force_after_ms: int = FORCE_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self.runs: list[Run] = []
        self.state = "off"
        self.can_force_stop = False
        self.measures_runs = False
        """Whether the network is measured at the end of each run."""
        self._measure_key = ""
        self._measures = 0
        self.scratch = scratch
        self._engine = engine or EngineProcess("trainer", self)
        self._engine.received.connect(self._take)
        self._engine.died.connect(self._engine_died)
        self._restarts = Restarts(self._engine)
        self._restarts.due.connect(self._start)
        self._restarts.ended.connect(self._ended_as_asked)
        self._finder = RunFinder(self)
        self._finder.found.connect(self._runs_found)
        self._finder.told.connect(self.runs_told)
        self._run: Run | None = None
        self._untaken: protocol.Train | None = None
        """The wish for the run, until an engine has it in hand: one that dies before is no loss. It may be dead
        already when the wish is sent, since its end is told a moment later."""
        self._is_forced = False
        self._force = QTimer(self, singleShot=True, interval=force_after_ms)
        self._force.timeout.connect(self._allow_force)

    @property
    def engine(self) -> EngineProcess:
        """The process in which runs happen."""
        return self._engine

    @property
    def current(self) -> Run | None:
        """The run that is alive, or None."""
        return self._run

    @property
    def is_busy(self) -> bool:
        """Whether a run is alive."""
        return self._run is not None

    def start(self) -> None:
        """Start the engine and warm it up, so that the first run begins at once."""
        self._restarts.start()

    def restart(self) -> None:
        """End the engine, where it is alive, and start a new one. A run that is alive is lost."""
        self._restarts.restart()

    def _start(self) -> None:
        is_new = not self._engine.is_alive
        self._engine.start()
        if is_new or self.state == "off":
            self._engine.send(protocol.Warm(id=0))
            if self._run is None:
                self._set_state("warming")
        if is_new:
            self._hand_over()

    def _hand_over(self) -> None:
        """Give the run that no engine has in hand to this one. One that is about to end is waited for."""
        if self._run is None or self._untaken is None or self._engine.is_ending:
            return
        if self.state == "stopping":
            self._end(self._run, "warming", "stopped", self.tr("Stopped before the first batch."))
        else:
            self._engine.send(self._untaken)

    def train(
        self, project: Project, source: GeneratedSource, project_path: Path | None, *, start_paused: bool = False
    ) -> Run:
        """Begin a run with exactly the bytes of ``source``. OSError where the run folder cannot be written."""
        if self._run is not None:
            raise RuntimeError("a run is alive already")
        self.stop_measuring()
        folder = prepare_run(project, source, project_path, self.scratch)
        self.start()
        run = Run(folder.number, project, source.text, folder.path)
        self.runs.append(run)
        self._run = run
        self._untaken = protocol.Train(
            run=run.key,
            script=str(folder.script),
            folder=str(folder.path),
            watch_rows=WATCHED_ROWS,
            start_paused=start_paused,
            measures=self.measures_runs,
        )
        self._hand_over()
        self.run_added.emit(run)
        self._set_state("waiting")
        return run

    @property
    def is_measuring(self) -> bool:
        """Whether an answer to ``measure`` is awaited."""
        return bool(self._measure_key)

    def measure(self, script: Path) -> None:
        """Measure the network that a script builds; ``measured`` tells what came of it. Not while a run is alive."""
        if self._run is not None:
            raise RuntimeError("a run is alive")
        self.start()
        self._measures += 1
        self._measure_key = f"measure-{self._measures}"
        self._engine.send(protocol.Measure(self._measure_key, str(script)))

    def stop_measuring(self) -> None:
        """Measure no more; ``measured`` tells that, too."""
        if self._measure_key:
            self._engine.send(protocol.Stop(run=self._measure_key))
            self._end_measuring(protocol.Measured(self._measure_key, problem=self.tr("Stopped.")))

    def _end_measuring(self, told: protocol.Measured) -> None:
        self._measure_key = ""
        self.measured.emit(told, None)

    def forget_runs(self) -> None:
        """Another project is open: its runs begin anew. A run that is alive is stopped; folders stay on the disk."""
        self.stop()
        self._finder.forget()
        self.runs = [run for run in self.runs if run.is_alive]
        self.runs_forgotten.emit()

    def find_runs(self, project_path: Path | None) -> None:
        """Read what earlier sessions left beside this project. ``runs_found`` gives the runs, the oldest first, and
        ``runs_told`` a sentence about those that cannot be shown."""
        if project_path is not None:
            self._finder.find(project_path)

    def _runs_found(self, found: tuple[Run, ...]) -> None:
        here = {run.folder for run in self.runs}  # a run may have begun while they were read
        news = tuple(run for run in found if run.folder not in here)
        self.runs[:0] = news
        if news:
            self.runs_found.emit(news)

    def pause(self) -> None:
        """Hold after the batch that is being done."""
        self._tell(protocol.Pause)

    def resume(self) -> None:
        """Go on after a pause."""
        self._tell(protocol.Resume)

    def step(self) -> None:
        """Do one batch, then hold."""
        self._tell(protocol.Step)

    def stop(self) -> None:
        """End the run after the batch that is being done; force is offered when that takes more than 3 s."""
        if self._run is None or self.state == "stopping":
            return
        self._tell(protocol.Stop)
        self._run.state = "stopping"
        self._set_state("stopping")
        self._force.start()
        self.run_changed.emit(self._run)

    def stop_or_force(self) -> None:
        """Stop politely; asked again after that took too long, by force."""
        if self.can_force_stop:
            self.force_stop()
        else:
            self.stop()

    def force_stop(self) -> None:
        """Kill the engine and start a new one; what the run has shown so far stays."""
        self._is_forced = True
        self._engine.kill()

    def set_learning_rate(self, value: float) -> None:
        """Use another learning rate from the next batch on. What the engine really uses comes with the next epoch."""
        if self._run is not None:
            self._run.learning_rate = value
            self._engine.send(protocol.SetLearningRate(run=self._run.key, value=value))

    def close(self) -> None:
        """End the engine for good; a run that is alive ends with it."""
        self._finder.forget()
        if self._run is not None:
            self._note_end(self._run, "stopped", self.tr("Stopped when the window was closed."))
        self._force.stop()
        self._restarts.cancel()
        self._engine.close()

    def _tell(self, message: type[protocol.Pause | protocol.Resume | protocol.Step | protocol.Stop]) -> None:
        if self._run is not None:
            self._engine.send(message(run=self._run.key))

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            if state != "stopping":
                self._force.stop()
                self.can_force_stop = False
            self.state_changed.emit(state)

    def _allow_force(self) -> None:
        self.can_force_stop = True
        self.state_changed.emit(self.state)

    def _ended_as_asked(self) -> None:
        if self._untaken is None:
            self._forget_engine("lost", self.tr("The engine was started again, and this run is lost. Train again."))

    def _engine_died(self, sentence: str) -> None:
        if self._is_forced:
            self._is_forced = False
            self._forget_engine("stopped", self.tr("Stopped by force. What was learned in this run is lost."))
            self._restarts.soon()
            return
        if self._restarts.note_death():
            if self._untaken is None:
                self._forget_engine("lost", sentence)
        else:
            sentence += " " + self.tr("It ended several times in a row and is started again with the next run.")
            self._forget_engine("lost", sentence)
        self.engine_died.emit(sentence)

    def _forget_engine(self, outcome: str, message: str) -> None:
        """The engine is gone, and with it the run that it did, or what it measured."""
        if self._measure_key:
            self._end_measuring(protocol.Measured(self._measure_key, problem=message))
        if self._run is not None:
            self._end(self._run, "off", outcome, message)
        else:
            self._set_state("off")

    def _end(self, run: Run, state: str, outcome: str, message: str, line: int = 0, details: str = "") -> None:
        run.ended(outcome, message, line, details)
        self._run = self._untaken = None
        self._note_end(run, outcome, message)
        self._set_state(state)
        self.run_changed.emit(run)
        self.run_ended.emit(run)

    def _note_end(self, run: Run, outcome: str, message: str) -> None:
        try:
            record_end(run.folder, outcome, message, run.parameters)
        except OSError as error:
            log.warning("how run %s ended could not be written: %s", run.number, error)

    def _take(self, message: object) -> None:
        match message:
            case protocol.Warmed():
                if self._run is None:
                    self._set_state("ready")
            case protocol.Failed():
                log.error("the trainer: %s %s", message.message, message.details)
                if self._run is None and self.state == "warming":
                    self._set_state("ready")
            case protocol.Measuring() if message.run == self._measure_key:
                self.measuring.emit(message.done, message.whole)
            case protocol.Measured() if message.run == self._measure_key:
                self._end_measuring(message)
            case _:
                run = self._run
                if run is not None and getattr(message, "run", None) == run.key:
                    self._untaken = None
                    self._take_for(run, message)

    def _take_for(self, run: Run, message: object) -> None:
        match message:
            case protocol.RunStarted():
                run.started(message.parameters, message.epochs, message.steps_per_epoch)
                if self.state == "waiting":
                    run.state = "running"
                    self._set_state("running")
                self.run_changed.emit(run)
            case protocol.Points():
                run.add_points(message.steps, message.values)
                self.points_added.emit(run)
            case protocol.EpochEnded():
                run.add_epoch(message.epoch, message.step, message.logs, message.learning_rate)
                self.points_added.emit(run)
                self.run_changed.emit(run)
            case protocol.Predictions():
                run.predictions = message.outputs
                run.watched_inputs = message.inputs or run.watched_inputs
                self.predictions_changed.emit(run)
            case protocol.Measured():
                self.measured.emit(message, run)
            case protocol.RunState():
                if self.state != "stopping":
                    run.set_state(message.state)
                    self._set_state(message.state)
                    self.run_changed.emit(run)
            case protocol.RunEnded():
                self._end(run, "ready", message.outcome, message.message, message.line, message.details)
