"""What a run tells of itself: progress, time left, the figure by which runs are compared."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from studio.catalog.values import KerasObject
from studio.core.project import Project, TrainingPlan
from studio.gui.runs.run import Run


@pytest.fixture
def now() -> list[float]:
    return [100.0]


@pytest.fixture
def run(now: list[float]) -> Run:
    made = Run(1, Project(), "", Path("run"), clock=lambda: now[0])
    made.started(parameters=7, epochs=4, steps_per_epoch=5)
    return made


def test_time_left_follows_the_pace(run: Run, now: list[float]) -> None:
    assert math.isnan(run.seconds_left)
    now[0] += 10
    run.add_points([5], {"loss": [1.0]})
    assert run.progress == pytest.approx(0.25)
    assert run.seconds_left == pytest.approx(30)


def test_a_pause_does_not_count_as_training(run: Run, now: list[float]) -> None:
    now[0] += 10
    run.add_points([10], {"loss": [1.0]})
    run.set_state("paused")
    now[0] += 1000
    assert run.seconds == pytest.approx(10)
    assert run.seconds_left == pytest.approx(10)
    run.set_state("running")
    now[0] += 2
    assert run.seconds == pytest.approx(12)
    run.set_state("paused")
    now[0] += 50
    run.ended("stopped", "")
    now[0] += 50
    assert run.seconds == pytest.approx(12)


def test_points_are_measured_in_epochs(run: Run) -> None:
    run.add_points([1, 2, 3], {"loss": [3.0, 2.0, 1.0]})
    run.add_epoch(1, 5, {"loss": 2.0, "val_loss": 2.5, "learning_rate": 0.1}, 0.1)
    assert run.curves["loss"].batches.x.tolist() == pytest.approx([0.2, 0.4, 0.6])
    assert run.curves["val_loss"].epochs.x.tolist() == [1.0]
    assert "learning_rate" not in run.curves
    assert run.learning_rate == 0.1


def test_the_loss_comes_first_and_validation_is_no_quantity_of_its_own(run: Run) -> None:
    run.add_points([1], {"accuracy": [0.5], "loss": [1.0], "mean_absolute_error": [0.3]})
    run.add_epoch(1, 5, {"val_accuracy": 0.4}, 0.1)
    assert run.metric_names == ("loss", "accuracy", "mean_absolute_error")


@pytest.mark.parametrize(
    ("logs", "figure"),
    [
        ({"loss": 1.0, "accuracy": 0.5, "val_loss": 2.0, "val_accuracy": 0.4}, ("val_accuracy", 0.4)),
        ({"loss": 1.0, "accuracy": 0.5}, ("accuracy", 0.5)),
        ({"loss": 1.0, "val_loss": 2.0, "val_binary_accuracy": 0.4}, ("val_binary_accuracy", 0.4)),
        ({"loss": 1.0, "mean_absolute_error": 0.5, "val_mean_absolute_error": 0.6}, ("val_mean_absolute_error", 0.6)),
        ({"loss": 1.0, "val_loss": 2.0}, ("val_loss", 2.0)),
        ({"loss": 1.0}, ("loss", 1.0)),
    ],
)  # fmt: skip
def test_the_figure_by_which_runs_are_compared(run: Run, logs: dict[str, float], figure: tuple[str, float]) -> None:
    run.add_epoch(1, 5, logs, 0.1)
    assert run.headline == figure


def test_it_begins_with_the_learning_rate_of_its_plan() -> None:
    plan = TrainingPlan(optimizer=KerasObject("SGD", {"learning_rate": 0.25}))
    assert Run(1, Project(training=plan), "", Path("run")).learning_rate == 0.25
    assert math.isnan(Run(1, Project(), "", Path("run")).learning_rate)


def test_a_run_without_values_has_no_figure(run: Run) -> None:
    assert run.headline[0] == ""
    assert math.isnan(run.last("loss"))
