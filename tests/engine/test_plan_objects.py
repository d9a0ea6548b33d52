"""The objects of a training plan are made by Keras itself, and what it refuses is told in its words."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.problem import Problem
from studio.core.project import OutputPlan, Project
from studio.engine.checker import Checker
from studio.protocol import Inferred
from studio.workbench.inference import InferenceState
from studio.workbench.problems import merged
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.keras

DRAWING = graph("x:Input(shape=(4,)) -> d:Dense(units=3, activation='softmax') -> y:Output")
OUTPUT = node_id(DRAWING, "y")


def planned(**changes: object) -> Project:
    return edits.set_training(DRAWING, replace(DRAWING.training, **changes))  # type: ignore[arg-type]


def judged(*, loss: KerasObject | None = None, **changes: object) -> Project:
    return edits.set_output_plan(DRAWING, OUTPUT, OutputPlan(loss, **changes))  # type: ignore[arg-type]


def told(*projects: Project) -> list[Problem]:
    """What the engine finds wrong with the last of these, one after the other."""
    state, checker = InferenceState(), Checker()
    for project in projects:
        update = state.update(project, CATALOG)
        assert update is not None
        checker.update(update)
        state.take(Inferred(update.id, update.revision, checker.infer()))
        assert checker.is_settled
    return list(state.problems(projects[-1]))


UNEVEN = KerasObject("PiecewiseConstantDecay", {"boundaries": (1, 2), "values": (0.1,)})


@pytest.mark.parametrize(
    ("project", "part", "words"),
    [
        (planned(optimizer=KerasObject("Adam", {"clipnorm": 1.0, "clipvalue": 1.0})), "optimizer", "Only one of clip"),
        (planned(optimizer=KerasObject("Lion", {"beta_1": 0.0})), "optimizer", "must be in the [0, 1] range"),
        (planned(optimizer=KerasObject("SGD", {"learning_rate": UNEVEN})), "optimizer", "should be 1 less than"),
        (judged(metrics=(KerasObject("AUC", {"num_thresholds": 1}),)), "metrics", "an integer > 1"),
        (judged(weighted_metrics=(KerasObject("AUC", {"num_thresholds": 1}),)), "weighted_metrics", "an integer > 1"),
        (
            judged(metrics=(KerasObject("IoU", {"num_classes": 2, "target_class_ids": (5,)}),)),
            "metrics",
            "class id 5 is out of range",
        ),
    ],
)
def test_what_keras_refuses_is_a_problem_of_its_place(project: Project, part: str, words: str) -> None:
    (problem,) = told(DRAWING, project)
    assert problem.severity == "error"
    assert problem.parameter == part
    assert problem.node == (None if part == "optimizer" else OUTPUT)
    assert problem.message.startswith("Keras refuses ")
    assert words in problem.message
    assert "ValueError" in problem.details
    assert merged([], [problem]) == (problem,)
    assert told(project, DRAWING) == []


def test_what_keras_makes_is_no_problem_and_takes_no_memory() -> None:
    before = psutil.Process().memory_info().rss
    many = KerasObject("MeanIoU", {"num_classes": 100_000})  # 10 billion numbers
    assert told(judged(metrics=(many,), loss=KerasObject("Huber", {"delta": 2.0}))) == []
    assert psutil.Process().memory_info().rss - before < 200 << 20
    for optimizer in CATALOG.objects("optimizer"):
        assert told(planned(optimizer=KerasObject(optimizer, {"global_clipnorm": 1.0}))) == []


def test_callbacks_are_made_where_they_can_write_nothing(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        callbacks = (
            KerasObject("BackupAndRestore", {"backup_dir": "backup"}),
            KerasObject("CSVLogger", {"filename": "a/b.csv"}),
            KerasObject("ModelCheckpoint", {"filepath": "../elsewhere.keras"}),
            KerasObject("ReduceLROnPlateau", {"factor": 0.5, "min_delta": 1.0}),
        )
        assert told(planned(callbacks=callbacks)) == []
        assert os.getcwd() == str(tmp_path)
    finally:
        os.chdir(here)
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "elsewhere.keras").exists()


def test_a_fault_of_our_own_finding_hides_only_what_is_about_the_same() -> None:
    of_keras = Problem("keras", "Keras refuses it.", parameter="optimizer")
    other = Problem("no_data", "There is no data.", parameter="data")
    mine = Problem("optimizer_value", "It cannot be.", parameter="optimizer")
    assert of_keras in merged([other], [of_keras])
    assert of_keras not in merged([mine], [of_keras])
