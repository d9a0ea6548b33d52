"""Trainers with fake engines, panels on the screen and what a person does with them; runs and curves made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.codegen import GeneratedSource
from studio.core import edits
from studio.core.project import Project, TrainingPlan
from studio.gui import theme
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.session import Session
from studio.gui.session.checker import Checker
from studio.gui.training.curve_plot import CurvePlot
from studio.gui.training.object_list import ObjectList
from studio.gui.training.panel import TrainingPanel
from studio.gui.training.plan import PlanPanel
from studio.workbench import examples
from tests.support.catalog import CATALOG
from tests.support.engines import fake_engine

SCRIPT = "EPOCHS = 4\n"
LEFT = Qt.MouseButton.LeftButton
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

    def train(
        self, text: str = SCRIPT, *, epochs: int = 4, start_paused: bool = False, plan: TrainingPlan | None = None
    ) -> Run:
        """Begin a run, as the window does."""
        project = replace(Project(), training=plan or TrainingPlan(epochs=epochs))
        source = GeneratedSource(text, (), (), "", ())
        return self.trainer.train(project, source, None, start_paused=start_paused)

    def end(self, run: Run) -> Run:
        """Wait for the end of a run."""
        self.qtbot.waitUntil(lambda: not run.is_alive)
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


class Plan:
    """The panel and what a person does with it."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot = qtbot
        self.session = session
        seeds = iter([4711, 4712])
        self.panel = PlanPanel(session, new_seed=lambda: next(seeds))
        qtbot.addWidget(self.panel)
        self.panel.resize(400, 1200)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    @property
    def training(self) -> Any:
        return self.session.project.training

    @property
    def judge(self) -> Any:
        return next(iter(self.panel.judges.values()))

    @property
    def chosen(self) -> Any:
        (chosen,) = self.training.outputs.values()
        return chosen

    @property
    def steps(self) -> int:
        return len(self.session.document.history.past)

    def type(self, field: QLineEdit, text: str) -> None:
        """Click into a field and type over what stands there."""
        assert field.isVisible()
        self.qtbot.mouseClick(field, LEFT)
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)

    def pick(self, combo: QComboBox, text: str) -> None:
        """Choose an entry of a combo box with keys."""
        index = next(number for number in range(combo.count()) if combo.itemData(number) == text)
        combo.setFocus()
        while combo.currentIndex() != index:
            key = Qt.Key.Key_Down if combo.currentIndex() < index else Qt.Key.Key_Up
            before = combo.currentIndex()
            self.qtbot.keyClick(combo, key)
            assert combo.currentIndex() != before

    def choose(self, combo: QComboBox, text: str) -> None:
        """Choose an entry of a combo box by what it says."""
        place = combo.findText(text)
        assert place >= 0, [combo.itemText(number) for number in range(combo.count())]
        self._choose(combo, place)

    def add(self, objects: ObjectList, name: str) -> None:
        """Choose one more object from a list, with the keyboard."""
        adding = objects.adding
        place = adding.findData(name)
        assert place >= 0
        self._choose(adding, place)

    def _choose(self, combo: QComboBox, place: int) -> None:
        assert combo.isVisible()
        combo.setFocus()
        combo.showPopup()
        popup = combo.view()
        popup.setCurrentIndex(combo.model().index(place, 0))
        self.qtbot.keyClick(popup, Qt.Key.Key_Return)
        QApplication.processEvents()  # new code makes parts of the form anew, which are shown a moment later

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        place = widget.rect().center()
        place.setX(min(place.x(), 8))  # a check box hears clicks on its mark and its words only
        self.qtbot.mouseClick(widget, LEFT, pos=place)


@pytest.fixture
def plan(qtbot: QtBot, qapp: QApplication) -> Iterator[Plan]:
    theme.apply(qapp, "light")
    example = examples.example("two_branches")
    assert example is not None
    project = example.project()
    # the example chooses some things itself; start from what the data says
    bare = edits.set_training(project, type(project.training)())
    session = Session(CATALOG, bare, checker=Checker(engine=fake_engine("checker")))
    yield Plan(qtbot, session)
    session.close()


def undone(plan: Plan, before: object, steps: int = 1) -> None:
    """What was done is that many steps, and undo shows what was there before."""
    assert plan.steps == steps
    for _ in range(steps):
        plan.session.undo()
    assert plan.session.project is before


@pytest.fixture
def plot(qtbot: QtBot, qapp: QApplication) -> CurvePlot:
    theme.apply(qapp, "light")
    made = CurvePlot("loss")
    qtbot.addWidget(made)
    made.resize(560, 240)
    made.show()
    qtbot.waitExposed(made)
    return made
