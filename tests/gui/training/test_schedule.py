"""A schedule in place of the learning rate: chosen, filled in, drawn as Keras computes it, trained by the export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from studio.catalog.values import KerasObject, Value
from studio.codegen import generate
from studio.core import edits
from studio.gui.training.schedule_curve import learning_rates, planned_steps
from studio.workbench.examples import example
from tests.codegen.exported import histories, write
from tests.gui.training.conftest import Plan, undone
from tests.support.catalog import CATALOG

SCHEDULES = sorted(CATALOG.objects("schedule"))
OTHERS: dict[str, dict[str, Value]] = {
    "CosineDecay": {"alpha": 0.1, "warmup_target": 0.02, "warmup_steps": 30},
    "CosineDecayRestarts": {"first_decay_steps": 40, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.05},
    "ExponentialDecay": {"decay_steps": 30, "staircase": True},
    "InverseTimeDecay": {"decay_steps": 30, "staircase": True},
    "PiecewiseConstantDecay": {"boundaries": (20, 70), "values": (0.1, 0.01, 0.5)},
    "PolynomialDecay": {"decay_steps": 70, "power": 2.0, "cycle": True},
}


def rate(plan: Plan) -> Any:
    return plan.training.optimizer.params.get("learning_rate")


def test_a_schedule_takes_the_place_of_the_learning_rate(plan: Plan) -> None:
    steps = plan.panel.steps
    plan.type(steps.learning_rate, "0.02")
    plan.qtbot.keyClick(steps.learning_rate, Qt.Key.Key_Tab)
    before = plan.session.project
    assert not steps.picture.isVisible()
    plan.pick(steps.schedule, "CosineDecay")
    assert rate(plan) == KerasObject(
        "CosineDecay", {"initial_learning_rate": 0.02, "decay_steps": planned_steps(before)}
    )
    assert not steps.learning_rate.isEnabled()
    assert "CosineDecay" in steps.learning_rate.toolTip()
    assert steps.learning_rate.text() == ""
    assert steps.picture.isVisible()
    assert steps.picture.rates[0] == 0.02
    assert steps.picture.rates[-1] == pytest.approx(0)
    plan.pick(steps.schedule, "")
    assert rate(plan) == 0.02
    assert steps.learning_rate.isEnabled()
    assert steps.learning_rate.text() == "0.02"
    plan.session.undo()
    plan.session.undo()
    assert plan.session.project is before


def test_a_schedule_has_all_its_parameters(plan: Plan) -> None:
    steps = plan.panel.steps
    plan.pick(steps.schedule, "CosineDecay")
    before, count = plan.session.project, plan.steps
    form = steps.schedule_settings.form
    spec = CATALOG.object("schedule", "CosineDecay")
    assert form is not None
    assert spec is not None
    assert set(form.rows) == {parameter.name for parameter in spec.parameters}
    plan.type(form.rows["alpha"].editor.field, "0.5")
    assert rate(plan).params["alpha"] == 0.5
    assert steps.picture.rates[-1] == pytest.approx(0.0005)
    assert plan.steps == count + 1
    plan.type(form.rows["decay_steps"].editor.field, "-4")
    assert rate(plan).params["decay_steps"] > 0
    assert not form.rows["decay_steps"].message.isHidden()
    plan.session.undo()
    assert plan.session.project is before


def test_pieces_have_one_value_more_than_boundaries(plan: Plan) -> None:
    steps = plan.panel.steps
    plan.pick(steps.schedule, "PiecewiseConstantDecay")
    rows = steps.schedule_settings.form.rows
    plan.type(rows["boundaries"].editor.field, "10, 20")
    assert rate(plan).params == {"boundaries": (10, 20), "values": (0.001, 0.0001, 0.0001)}
    plan.type(rows["values"].editor.field, "0.1, 0.01")
    assert rate(plan).params["values"] == (0.001, 0.0001, 0.0001)
    assert "3 values" in rows["values"].message.text()
    plan.type(rows["boundaries"].editor.field, "10")
    assert rate(plan).params["boundaries"] == (10, 20)
    assert "(10,)" in rows["boundaries"].message.text()
    plan.type(rows["boundaries"].editor.field, "10, 20")
    assert rows["boundaries"].message.isHidden()
    plan.type(rows["values"].editor.field, "0.1, 0.01, 0.5")
    assert rate(plan).params["values"] == (0.1, 0.01, 0.5)
    assert rows["values"].message.isHidden()
    assert {round(value, 6) for value in steps.picture.rates} == {0.1, 0.01, 0.5}


def test_another_optimizer_keeps_the_schedule(plan: Plan) -> None:
    plan.pick(plan.panel.steps.schedule, "ExponentialDecay")
    schedule = rate(plan)
    plan.pick(plan.panel.steps.optimizer, "SGD")
    assert rate(plan) is schedule


def test_one_step_of_undo(plan: Plan) -> None:
    before = plan.session.project
    plan.pick(plan.panel.steps.schedule, "CosineDecay")  # the second entry: one key away
    undone(plan, before)
    assert plan.panel.steps.schedule.currentData() == ""


def parameters(type: str, others: dict[str, Value]) -> dict[str, Value]:
    return CATALOG.initial_object_params("schedule", type) | others


def defaults(type: str) -> dict[str, Any]:
    spec = CATALOG.object("schedule", type)
    assert spec is not None
    return {each.name: each.default for each in spec.parameters if not each.is_required}


def test_nothing_is_drawn_of_what_is_not_known() -> None:
    assert learning_rates("Unheard", {}, [0, 1]) is None
    assert learning_rates("CosineDecay", {"initial_learning_rate": "much"}, [0, 1]) is None
    assert learning_rates("PiecewiseConstantDecay", {"boundaries": (1,), "values": (1.0,)}, [0]) is None


@pytest.mark.keras
@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("type", SCHEDULES)
def test_the_curve_is_that_of_keras(type: str, others: bool) -> None:
    import keras

    params = parameters(type, OTHERS[type] if others else {"decay_steps": 60} if "decay_steps" in OTHERS[type] else {})
    steps = [0, 1, 5, 19, 20, 21, 29, 31, 45, 69, 71, 99, 130, 250]
    schedule = getattr(keras.optimizers.schedules, type)(
        **{name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}
    )
    drawn = learning_rates(type, defaults(type) | params, steps)
    assert drawn == pytest.approx([float(schedule(step)) for step in steps], rel=2e-3, abs=1e-7)


@pytest.mark.keras
def test_the_export_trains_with_every_schedule(tmp_path: Path) -> None:
    found = example("xor")
    assert found is not None
    project = found.project()
    paths = {}
    for type in SCHEDULES:
        optimizer = KerasObject("SGD", {"learning_rate": KerasObject(type, parameters(type, OTHERS[type]))})
        drawn = edits.set_training(project, replace(project.training, optimizer=optimizer))
        source = generate(drawn, CATALOG)
        assert f"learning_rate=keras.optimizers.schedules.{type}(" in "".join(source.text.split())
        assert not [problem for problem in source.problems if problem.severity == "error"]
        paths[type] = write(tmp_path, type, source, epochs=1)
    learned = histories(*paths.values(), eagerly=True)
    assert all(len(learned[type]["loss"]) == 1 for type in SCHEDULES)
