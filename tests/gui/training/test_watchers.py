"""Callbacks: three with switches and the rest in a list, each with all its parameters, and all of them train."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from studio.catalog.values import KerasObject, Value
from studio.codegen import generate
from studio.core import edits, rules
from studio.core.plan import monitored
from studio.core.project import DataSource
from studio.core.snippets import with_snippets
from studio.gui.training.watchers import Watcher
from studio.workbench.examples import example
from studio.workbench.templates import first_of
from tests.codegen.exported import histories, write
from tests.gui.training.conftest import Plan, undone
from tests.support.catalog import CATALOG

CALLBACKS = sorted(CATALOG.objects("callback"))
NEEDED_PACKAGES = {"OrbaxCheckpoint": "orbax", "TensorBoard": "tensorboard"}


def watcher(plan: Plan, name: str) -> Watcher:
    return plan.panel.watchers.watchers[name]


def field(plan: Plan, name: str, parameter: str) -> Any:
    form = watcher(plan, name).settings.form
    assert form is not None
    row = form.row(parameter)
    assert row is not None
    return row.editor.field


def test_callbacks_are_switched_and_filled_in(plan: Plan) -> None:
    before = plan.session.project
    early = watcher(plan, "EarlyStopping")
    assert not early.settings.isVisible()
    plan.click(early.switch)
    assert plan.training.callbacks == (KerasObject("EarlyStopping", {"patience": 5, "restore_best_weights": True}),)
    plan.type(field(plan, "EarlyStopping", "patience"), "12")
    plan.choose(field(plan, "EarlyStopping", "monitor"), "loss")
    plan.choose(field(plan, "EarlyStopping", "restore_best_weights"), "no")
    (callback,) = plan.training.callbacks
    assert callback.params == {"patience": 12, "monitor": "loss"}
    undone(plan, before, steps=4)
    assert not early.switch.isChecked()
    assert not early.settings.isVisible()


@pytest.mark.parametrize("type", CALLBACKS)
def test_every_callback_has_all_its_parameters(plan: Plan, type: str) -> None:
    others = plan.panel.watchers.others
    plan.add(others, type)
    settings = watcher(plan, type).settings if type in plan.panel.watchers.watchers else others.items[0]
    if settings.fold.isVisible():
        plan.click(settings.fold)
    spec = CATALOG.object("callback", type)
    assert spec is not None
    assert settings.form is not None
    assert all(settings.form.row(parameter.name) is not None for parameter in spec.parameters)
    (callback,) = plan.training.callbacks
    assert callback.type == type
    assert plan.session.catalog.why_not_object("callback", callback) is None


def test_callbacks_are_added_and_removed(plan: Plan) -> None:
    before = plan.session.project
    others = plan.panel.watchers.others
    plan.add(others, "CSVLogger")
    plan.click(watcher(plan, "EarlyStopping").switch)
    plan.add(others, "TerminateOnNaN")
    plan.add(others, "EarlyStopping")
    assert [item.fold.text() for item in others.items] == ["CSVLogger", "TerminateOnNaN", "EarlyStopping"]
    types = [callback.type for callback in plan.training.callbacks]
    assert types == ["CSVLogger", "EarlyStopping", "TerminateOnNaN", "EarlyStopping"]
    plan.click(others.items[0].fold)
    plan.type(others.items[0].form.rows["filename"].editor.field, "steps.csv")
    assert plan.training.callbacks[0] == KerasObject("CSVLogger", {"filename": "steps.csv"})
    plan.click(others.items[1].remove)
    assert [callback.type for callback in plan.training.callbacks] == ["CSVLogger", "EarlyStopping", "EarlyStopping"]
    assert others.items[0].fold.isChecked()
    plan.click(watcher(plan, "EarlyStopping").switch)  # the second one takes its place
    assert [callback.type for callback in plan.training.callbacks] == ["CSVLogger", "EarlyStopping"]
    while plan.steps:
        plan.session.undo()
    assert plan.session.project is before
    assert not others.items


def test_callbacks_keep_their_order_and_leave_one_another_alone(plan: Plan) -> None:
    for name in ("ReduceLROnPlateau", "ModelCheckpoint"):
        plan.click(watcher(plan, name).switch)
    plan.type(field(plan, "ReduceLROnPlateau", "factor"), "0.25")
    assert [callback.type for callback in plan.training.callbacks] == ["ReduceLROnPlateau", "ModelCheckpoint"]
    assert plan.training.callbacks[0].params["factor"] == 0.25
    for text in ("2", "1"):
        plan.type(field(plan, "ReduceLROnPlateau", "factor"), text)
        assert plan.training.callbacks[0].params["factor"] == 0.25
        assert field(plan, "ReduceLROnPlateau", "factor").property("invalid") is True
    plan.click(watcher(plan, "ReduceLROnPlateau").switch)
    assert [callback.type for callback in plan.training.callbacks] == ["ModelCheckpoint"]


def test_what_is_watched_is_chosen_from_what_the_model_reports(plan: Plan) -> None:
    plan.click(watcher(plan, "EarlyStopping").switch)
    monitor = field(plan, "EarlyStopping", "monitor")
    assert [monitor.itemText(index) for index in range(monitor.count())] == list(monitored(plan.session.project))
    plan.add(plan.judge.metrics, "AUC")
    monitor = field(plan, "EarlyStopping", "monitor")
    assert monitor.findText("val_auc") >= 0


def test_without_validation_rows_the_loss_is_watched(plan: Plan) -> None:
    data: DataSource = plan.session.project.data
    without = replace(data, split=replace(data.split, validation=0.0))
    plan.session.apply(lambda project: edits.set_data(project, without), "No validation")
    plan.click(watcher(plan, "EarlyStopping").switch)
    plan.add(plan.panel.watchers.others, "OrbaxCheckpoint")
    assert [callback.params["monitor"] for callback in plan.training.callbacks] == ["loss", "loss"]
    monitor = field(plan, "EarlyStopping", "monitor")
    assert all(not monitor.itemText(index).startswith("val_") for index in range(monitor.count()))


@pytest.mark.parametrize("place", ["/tmp/best.keras", "../best.keras", "~/best.keras", "C:\\best.keras"])
def test_a_file_stays_in_the_folder_of_the_run(plan: Plan, place: str) -> None:
    plan.click(watcher(plan, "ModelCheckpoint").switch)
    before = plan.training.callbacks
    path = field(plan, "ModelCheckpoint", "filepath")
    path.setFocus()
    path.selectAll()
    path.insert(place)  # as from the clipboard
    path.textEdited.emit(place)
    assert plan.training.callbacks == before
    row = watcher(plan, "ModelCheckpoint").settings.form.rows["filepath"]
    assert "run's folder" in row.message.text()
    assert row.message.isVisible()
    plan.type(path, "kept/best.keras")
    assert plan.training.callbacks[0].params["filepath"] == "kept/best.keras"
    assert not row.message.isVisible()


def test_the_name_of_a_checkpoint_goes_with_what_is_in_it(plan: Plan) -> None:
    plan.click(watcher(plan, "ModelCheckpoint").switch)
    before = plan.session.project
    plan.choose(field(plan, "ModelCheckpoint", "save_weights_only"), "yes")
    assert plan.training.callbacks[0].params["filepath"] == "best.weights.h5"
    assert plan.steps == 2
    plan.type(field(plan, "ModelCheckpoint", "filepath"), "best.keras")
    assert plan.training.callbacks[0].params["filepath"] == "best.weights.h5"
    assert "ends in .weights.h5" in watcher(plan, "ModelCheckpoint").settings.form.rows["filepath"].message.text()
    plan.choose(field(plan, "ModelCheckpoint", "save_weights_only"), "no")
    assert plan.session.project.training == before.training


@pytest.mark.keras
def test_the_export_trains_with_every_callback(tmp_path: Path) -> None:
    found = example("xor")
    assert found is not None
    project = found.project()
    paths = {}
    for type in CALLBACKS:
        package = NEEDED_PACKAGES.get(type)
        if package is not None and find_spec(package) is None:
            continue
        others: dict[str, Value] = {"monitor": "loss"} if type in ("EarlyStopping", "ModelCheckpoint") else {}
        drawn = project
        for parameter in CATALOG.objects("callback")[type].parameters:
            if parameter.kind == "code":
                template = first_of("function", type, parameter.name)
                others[parameter.name] = KerasObject(f"own_{parameter.name}")
                source = template.source.replace(template.name, f"own_{parameter.name}")
                drawn = edits.add_snippet(drawn, "function", f"own_{parameter.name}", source)
        callback = KerasObject(type, CATALOG.initial_object_params("callback", type) | others)
        optimizer = KerasObject("Adam", {"use_ema": True})
        drawn = edits.set_training(drawn, replace(project.training, callbacks=(callback,), optimizer=optimizer))
        catalog = with_snippets(CATALOG, drawn)
        assert not [problem for problem in rules.problems(drawn, catalog) if problem.severity == "error"]
        source = generate(drawn, catalog)
        assert f"keras.callbacks.{type}(" in source.text
        paths[type] = write(tmp_path, type, source, epochs=1)
    learned = histories(*paths.values(), eagerly=True)
    assert all(len(learned[type]["loss"]) == 1 for type in paths)
    assert len(paths) >= len(CALLBACKS) - len(NEEDED_PACKAGES)
    assert (tmp_path / "best.keras").exists()
    assert (tmp_path / "training.csv").exists()
