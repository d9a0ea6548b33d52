"""One training run as the window knows it: its code, its curves and how it ended."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.project import Project
from studio.gui.runs.series import MovingAverage, Series
from studio.workbench.earlier_runs import RunRecord

VALIDATION_PREFIX = "val_"


@dataclass
class Curve:
    """One quantity of a run: values per batch, their moving average, and values per epoch.

    x is measured in epochs: 1.5 is the middle of the second epoch.
    """

    batches: Series = field(default_factory=Series)
    smoothed: Series = field(default_factory=Series)
    epochs: Series = field(default_factory=Series)
    _average: MovingAverage = field(default_factory=MovingAverage)

    def add_batches(self, x: Sequence[float], values: Sequence[float]) -> None:
        """Append values per batch."""
        self.batches.extend(x, values)
        self.smoothed.extend(x, self._average.extend(values))


class Run:
    """A run from the moment it is asked for. Widgets read it; only the trainer changes it.

    ``state`` is "waiting", "running", "paused", "stopping" or "ended"; ``outcome`` is "" until it ended, then
    "finished", "stopped", "failed", "diverged" or "lost", and stays "" where an earlier session noted no end.
    ``number`` is that of its folder; ``project`` is what was trained, ``source_text`` its code.
    """

    def __init__(
        self,
        number: int,
        project: Project,
        source_text: str,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.number = number
        self.project = project
        self.source_text = source_text
        self.folder = folder
        self.state = "waiting"
        self.outcome = ""
        self.message = ""
        self.failed_line = 0
        self.details = ""
        self.parameters = 0
        self.epochs = project.training.epochs
        self.steps_per_epoch = 0
        self.epoch = 0
        self.step = 0
        rate = project.training.optimizer.params.get("learning_rate")
        self.learning_rate = float(rate) if isinstance(rate, int | float) else math.nan
        self.curves: dict[str, Curve] = {}
        self.watched_inputs: Mapping[str, tuple[tuple[float, ...], ...]] = {}
        self.predictions: Mapping[str, tuple[tuple[float, ...], ...]] = {}
        self._clock = clock
        self._started: float | None = None
        self._ended: float | None = None
        self._paused_at: float | None = None
        self._paused_seconds = 0.0

    @property
    def key(self) -> str:
        """The name by which the engine knows the run."""
        return str(self.folder)  # two runs may have one number: the first save puts the next run into another folder

    @property
    def is_alive(self) -> bool:
        """Whether the run was asked for and has not ended."""
        return self.state != "ended"

    @property
    def metric_names(self) -> tuple[str, ...]:
        """The quantities that have a curve, validation left out: "loss" first."""
        names = [name for name in self.curves if not name.startswith(VALIDATION_PREFIX)]
        return tuple(sorted(names, key=lambda name: (name != "loss", names.index(name))))

    @property
    def progress(self) -> float:
        """How much of the planned batches is done, from 0 to 1."""
        total = self.epochs * self.steps_per_epoch
        return min(1.0, self.step / total) if total else 0.0

    @property
    def seconds(self) -> float:
        """How long it has trained, pauses left out."""
        if self._started is None:
            return 0.0
        now = self._clock() if self._ended is None else self._ended
        pause = now - self._paused_at if self._paused_at is not None else 0.0
        return now - self._started - self._paused_seconds - pause

    @property
    def seconds_left(self) -> float:
        """An estimate from the pace so far; NaN while there is none."""
        done = self.progress
        return self.seconds * (1 - done) / done if done > 0 else math.nan

    def last(self, name: str) -> float:
        """The latest value of a quantity per epoch, else per batch, else NaN."""
        curve = self.curves.get(name)
        if curve is None:
            return math.nan
        series = curve.epochs if len(curve.epochs) else curve.batches
        return float(series.y[-1]) if len(series) else math.nan

    @property
    def headline(self) -> tuple[str, float]:
        """The one figure by which runs are compared: validation accuracy where there is one, else what is nearest."""
        for ending in ("accuracy", "mean_absolute_error", "mae", "loss"):
            for prefix in (VALIDATION_PREFIX, ""):
                for name in self.curves:
                    if name.startswith(VALIDATION_PREFIX) == bool(prefix) and name.endswith(ending):
                        return name, self.last(name)
        return "", math.nan

    # What the trainer tells

    def started(self, parameters: int, epochs: int, steps_per_epoch: int) -> None:
        """The first batch begins."""
        self.parameters = parameters
        self.epochs = epochs or self.epochs
        self.steps_per_epoch = steps_per_epoch
        self._started = self._clock()

    def set_state(self, state: str) -> None:
        """It runs, or holds."""
        self.state = state
        now = self._clock()
        if state == "paused" and self._paused_at is None:
            self._paused_at = now
        elif state != "paused" and self._paused_at is not None:
            self._paused_seconds += now - self._paused_at
            self._paused_at = None

    def add_points(self, steps: Sequence[int], values: Mapping[str, Sequence[float]]) -> None:
        """Values of some batches."""
        per_epoch = self.steps_per_epoch or 1
        x = [step / per_epoch for step in steps]
        for name, numbers in values.items():
            self.curves.setdefault(name, Curve()).add_batches(x, numbers)
        if steps:
            self.step = max(self.step, steps[-1])

    def add_epoch(self, epoch: int, step: int, logs: Mapping[str, float], learning_rate: float) -> None:
        """An epoch ended."""
        self.epoch = epoch
        self.step = max(self.step, step)
        self.learning_rate = learning_rate
        x = step / self.steps_per_epoch if step and self.steps_per_epoch else float(epoch)
        for name, value in logs.items():
            if name != "learning_rate":
                self.curves.setdefault(name, Curve()).epochs.extend([x], [value])

    def ended(self, outcome: str, message: str, line: int = 0, details: str = "") -> None:
        """The run is over."""
        self.set_state("ended")
        self.outcome = outcome
        self.message = message
        self.failed_line = line
        self.details = details
        self._ended = self._clock()

    # What an earlier session left

    def was(self, record: RunRecord) -> None:
        """It happened earlier, and this is what is known of it: a value per epoch, and how it ended."""
        self.parameters = record.parameters
        whole = next((epoch for epoch in record.epochs if epoch.step and not epoch.is_partial), None)
        self.steps_per_epoch = whole.step // whole.epoch if whole is not None else 0
        for epoch in record.epochs:
            self.add_epoch(epoch.epoch, epoch.step, epoch.logs, epoch.learning_rate)
        self._started, self._ended = 0.0, sum(epoch.seconds for epoch in record.epochs)
        self.state, self.outcome, self.message = "ended", record.outcome, record.message
