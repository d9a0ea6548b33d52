"""Trainers with fake engines, a panel on the screen, and runs made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.codegen import GeneratedSource
from studio.core.project import Project, TrainingPlan
from studio.gui import theme
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.training.panel import TrainingPanel
from tests.support.engines import fake_engine

SCRIPT = "EPOCHS = 4\n"
SLOW = ("--batch-seconds", "0.05")


class Bench:
    """A trainer, its panel on the screen, and short words for what tests do with them."""

    def __init__(self, qtbot: QtBot, folder: Path, *options: str, force_after_ms: int = 3000) -> None:
        self.qtbot = qtbot
        self.trainer = Trainer(folder, engine=fake_engine("trainer", *options), force_after_ms=force_after_ms)
        self.panel = TrainingPanel(self.trainer)
        qtbot.addWidget(self.panel)
        self.panel.resize(760, 300)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    def train(self, text: str = SCRIPT, *, epochs: int = 4, start_paused: bool = False) -> Run:
        """Begin a run, as the window does."""
        project = replace(Project(), training=TrainingPlan(epochs=epochs))
        source = GeneratedSource(text, (), (), "", ())
        return self.trainer.train(project, source, None, start_paused=start_paused)

    def end(self, run: Run) -> Run:
        """Wait for the end of a run."""
        self.qtbot.waitUntil(lambda: not run.is_alive, timeout=20_000)
        return run


@pytest.fixture
def make_bench(qtbot: QtBot, qapp, tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    theme.apply(qapp, "light")
    made: list[Bench] = []

    def make(*options: str, force_after_ms: int = 3000) -> Bench:
        made.append(Bench(qtbot, tmp_path, *options, force_after_ms=force_after_ms))
        return made[-1]

    yield make
    for bench in made:
        bench.trainer.close()


def curve_run(number: int = 1, *, epochs: int = 10, steps: int = 10, done: int = 10, height: float = 1.0) -> Run:
    """A run that has done some epochs: a falling loss with validation a little above."""
    run = Run(number, Project(), "", Path("run"))
    run.started(7, epochs, steps)
    run.set_state("running")
    for epoch in range(1, done + 1):
        batches = range((epoch - 1) * steps + 1, epoch * steps + 1)
        run.add_points(list(batches), {"loss": [height * math.exp(-step / steps / 3) for step in batches]})
        loss = height * math.exp(-epoch / 3)
        run.add_epoch(epoch, epoch * steps, {"loss": loss, "val_loss": loss * 1.2}, 0.001)
    return run
