"""What compile and fit are told beyond optimizer, loss and metrics, and that it is read back from the text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.codegen.embedded import function_text
from studio.core import edits
from studio.core.project import OutputPlan, Project
from studio.importing.script import edited
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.graphs import node_id


def planned(**changes: object) -> Project:
    project = PROJECTS["two_branches"]()
    return replace(project, training=replace(project.training, **changes))  # type: ignore[arg-type]


def test_what_is_as_usual_is_not_told() -> None:
    text = generate(planned(), CATALOG).text
    assert not any(name in text for name in ("jit_compile", "steps_per_execution", "run_eagerly", "weight", "policy"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"jit_compile": True}, "jit_compile=True,"),
        ({"jit_compile": False}, "jit_compile=False,"),
        ({"steps_per_execution": 16}, "steps_per_execution=16,"),
        ({"run_eagerly": True}, "run_eagerly=True,"),
        ({"dtype_policy": "mixed_bfloat16"}, 'keras.config.set_dtype_policy("mixed_bfloat16")'),
        ({"class_weights": "balanced"}, "class_weight=balanced_weights(y),"),
        ({"class_weights": (1.0, 2.5)}, "class_weight={0: 1.0, 1: 2.5},"),
    ],
)
def test_a_choice_is_told_and_read_back(changes: dict[str, object], told: str) -> None:
    usual, project = planned(), planned(**changes)
    source = generate(usual, CATALOG)
    text = generate(project, CATALOG).text
    assert told in text.split("def build_model")[1].split("def main")[0]
    typed = edited(usual, source.text, usual, source.spans, text, CATALOG)
    assert typed.complaints == ()
    assert typed.project == project
    back = edited(project, text, project, generate(project, CATALOG).spans, source.text, CATALOG)
    assert back.project == usual


def test_weighted_metrics_are_told_for_each_output_and_read_back() -> None:
    usual = PROJECTS["penguins"]()  # two outputs
    species = node_id(usual, "species")
    weighted = (KerasObject("SparseCategoricalAccuracy", {"name": "accuracy"}), KerasObject("F1Score"))
    plan = replace(usual.training.outputs.get(species, OutputPlan()), weighted_metrics=weighted)
    project = edits.set_output_plan(usual, species, plan)
    text = generate(project, CATALOG).text
    told = text.split("weighted_metrics=")[1].split("def ")[0]
    assert '"species": [' in told
    assert "F1Score()" in told
    back = edited(project, text, project, generate(project, CATALOG).spans, generate(usual, CATALOG).text, CATALOG)
    assert back.project == usual
    typed = edited(usual, generate(usual, CATALOG).text, usual, generate(usual, CATALOG).spans, text, CATALOG)
    assert typed.complaints == ()
    assert typed.project == project


def test_weights_that_cannot_be_are_left_out() -> None:
    project = PROJECTS["penguins"]()  # two outputs
    project = replace(project, training=replace(project.training, class_weights="balanced"))
    assert "weights" not in generate(project, CATALOG).text.split("def train")[1].split("def main")[0]


@pytest.mark.parametrize("targets", [[0, 0, 0, 1], [[0.0], [0.0], [1.0], [0.0]], [[1, 0], [1, 0], [0, 1], [1, 0]]])
def test_balanced_weights_give_each_class_the_same_sum(targets: object) -> None:
    namespace: dict[str, Any] = {"np": np}
    exec(function_text("weights.py", "balanced_weights") or "", namespace)
    weights = namespace["balanced_weights"](np.array(targets))
    assert weights == {0: pytest.approx(4 / 6), 1: 2.0}
    assert all(type(key) is int and type(weight) is float for key, weight in weights.items())


def test_weights_typed_into_the_code_win_and_the_function_for_them_may_stay() -> None:
    project = planned(class_weights="balanced")
    source = generate(project, CATALOG)
    typed = source.text.replace("class_weight=balanced_weights(y)", "class_weight={1: 3}")
    found = edited(project, source.text, project, source.spans, typed, CATALOG)
    assert found.complaints == ()
    assert found.project == planned(class_weights=(1.0, 3.0))
    other = source.text.replace("counts)\n    return dict", "counts) + 1\n    return dict")
    assert other != source.text
    found = edited(project, source.text, project, source.spans, other, CATALOG)
    assert "writes this part itself" in found.complaints[0].reason
