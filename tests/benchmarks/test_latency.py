"""From the end of a batch to its point on the screen: at most 300 ms is wanted (50 ms to collect, 200 ms to redraw).

The fake engine sends as the loss the time at which the batch ended, on the clock that this process reads, and collects
points for 50 ms as the real one does. What is measured is the time from then until the plot has painted the point.
Printed, not asserted against the clock: ``pytest tests/benchmarks/test_latency.py --benchmark-only -s``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.codegen import GeneratedSource
from studio.core.project import Project, TrainingPlan
from studio.gui import theme
from studio.gui.runs.trainer import Trainer
from studio.gui.training.panel import TrainingPanel
from tests.support.engines import fake_engine

EPOCHS = 20_000
WANTED_MS = 300


class Painted(QObject):
    """Notes when a plot has painted, and which values its raw line held then."""

    def __init__(self, plot: Any) -> None:
        super().__init__()
        self.waits_ms: list[float] = []
        self._plot = plot
        self._seen = len(next(iter(plot._lines.values())).training_curve.batches)

    def note(self) -> None:
        lines = next(iter(self._plot._lines.values()))
        series = lines.training_curve.batches
        now = time.monotonic()
        fresh = series.y[self._seen : lines.raw.count]
        self.waits_ms += [1000 * (now - float(ended)) for ended in fresh]
        self._seen += len(fresh)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            watched.installEventFilter(self)
            self.note()
            return True
        return False


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[tuple[Trainer, TrainingPanel]]:
    theme.apply(qapp, "light")
    trainer = Trainer(tmp_path, engine=fake_engine("trainer", "--stamps", "--batch-seconds", "0.003"))
    made = TrainingPanel(trainer)
    qtbot.addWidget(made)
    made.resize(760, 300)
    made.show()
    qtbot.waitExposed(made)
    yield trainer, made
    trainer.close()


@pytest.mark.benchmark(group="latency")
def test_batch_end_to_point_on_the_screen(benchmark: Any, qtbot: QtBot, panel: tuple[Trainer, TrainingPanel]) -> None:
    trainer, shown = panel
    project = replace(Project(), training=TrainingPlan(epochs=EPOCHS))
    run = trainer.train(project, GeneratedSource(f"EPOCHS = {EPOCHS}\n", (), (), "", ()), None)
    qtbot.waitUntil(lambda: bool(shown.plots.plots) and run.step > 10)
    plot = shown.plots.plots["loss"]
    painted = Painted(plot)
    plot._layer.installEventFilter(painted)

    def watch() -> None:
        until = len(painted.waits_ms) + 400
        qtbot.waitUntil(lambda: len(painted.waits_ms) >= until)

    benchmark.pedantic(watch, rounds=2)
    waits = np.array(painted.waits_ms)
    trainer.stop()
    qtbot.waitUntil(lambda: not run.is_alive)
    print(
        f"\nbatch end -> point painted, {len(waits)} points: median {np.median(waits):.0f} ms,"
        f" 95 % {np.percentile(waits, 95):.0f} ms, most {waits.max():.0f} ms (wanted: {WANTED_MS} ms)"
    )
    assert len(waits) >= 800
    assert waits.min() > 0
