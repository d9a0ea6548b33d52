"""Runs in a real trainer: what it tells, how it obeys, how it ends."""

from __future__ import annotations

import csv
import itertools
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio import protocol
from studio.codegen import generate
from studio.core import edits
from studio.core.project import ClassWeights, TrainingPlan, WeightsFile
from studio.protocol import EpochEnded, Points, Predictions, RunEnded, RunStarted, RunState, Train
from studio.workbench.examples import example
from studio.workbench.launch import engine_environment
from tests.codegen.exported import write
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.engine_client import EngineClient
from tests.support.scripts import training_script

pytestmark = pytest.mark.keras

_runs = itertools.count(1)


def start(trainer: EngineClient, folder: Path, script: str, *, watch_rows: int = 0, start_paused: bool = False) -> str:
    """Write the script, ask for its run, give the run's name."""
    run = f"r{next(_runs)}"
    path = folder / "model.py"
    path.write_text(script, encoding="utf-8")
    trainer.messages.clear()
    trainer.send(Train(run, str(path), str(folder), watch_rows, start_paused))
    return run


def end_of(trainer: EngineClient, run: str) -> RunEnded:
    return trainer.wait_for(RunEnded, lambda ended: ended.run == run)


def test_a_run_tells_every_batch_and_every_epoch(trainer: EngineClient, tmp_path: Path) -> None:
    run = start(trainer, tmp_path, training_script(epochs=3), watch_rows=5)
    ended = end_of(trainer, run)
    assert (ended.outcome, ended.message) == ("finished", "Finished after 3 epochs.")
    (started,) = trainer.of(RunStarted)
    assert started == RunStarted(run, 58, 3, 7, ("loss", "accuracy"))
    steps = [step for points in trainer.of(Points) for step in points.steps]
    assert steps == list(range(1, 22))
    losses = [loss for points in trainer.of(Points) for loss in points.values["loss"]]
    epochs = trainer.of(EpochEnded)
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]
    assert [epoch.step for epoch in epochs] == [7, 14, 21]
    assert not any(epoch.is_partial for epoch in epochs)
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} == epochs[0].logs.keys()
    weights = [16] * 6 + [4]  # the last batch holds what is left of 100 rows
    mean = sum(loss * weight for loss, weight in zip(losses[:7], weights, strict=True)) / 100
    assert math.isclose(mean, epochs[0].logs["loss"], rel_tol=1e-5)
    assert epochs[0].learning_rate == pytest.approx(0.001)
    predictions = trainer.of(Predictions)
    assert predictions[0].step == 0
    assert len(predictions[0].inputs["input_0"]) == 5
    assert predictions[-1].step == 21
    (rows,) = predictions[-1].outputs.values()
    assert [len(row) for row in rows] == [2] * 5
    assert predictions[-1].outputs != predictions[0].outputs


def test_inputs_that_go_in_by_name_or_as_a_list_are_told_alike(trainer: EngineClient, tmp_path: Path) -> None:
    told = []
    for name in ("twins", "listed"):
        source = generate(PROJECTS[name](), CATALOG)
        path = write(tmp_path, name, source, epochs=1)
        run = start(trainer, tmp_path, path.read_text(encoding="utf-8"), watch_rows=3)
        ended = end_of(trainer, run)
        assert ended.outcome == "finished", ended.message
        told.append(trainer.of(Predictions)[0])
    by_name, in_order = told
    assert list(by_name.inputs) == ["sepal", "petal"]
    assert list(in_order.inputs) == ["input_0", "input_1"]
    assert list(by_name.inputs.values()) == list(in_order.inputs.values())
    assert by_name.inputs["sepal"][0][0] > by_name.inputs["petal"][0][0]
    assert list(by_name.outputs) == list(in_order.outputs)


def test_rows_of_text_are_watched(trainer: EngineClient, tmp_path: Path) -> None:
    """A row that is a single text has no numbers to tell; what the model says about it is told all the same."""
    drawn = example("moods")
    assert drawn is not None
    project = edits.set_training(drawn.project(), replace(drawn.project().training, epochs=1))
    text = generate(project, CATALOG).text.replace("samples=2000", "samples=100")
    run = start(trainer, tmp_path, text, watch_rows=3)
    ended = end_of(trainer, run)
    assert ended.outcome == "finished", ended.message + ended.details
    told = trainer.of(Predictions)[-1]
    assert told.inputs == {}
    (rows,) = told.outputs.values()
    assert [len(row) for row in rows] == [1] * 3


def test_a_run_leaves_its_metrics_and_weights(trainer: EngineClient, tmp_path: Path) -> None:
    end_of(trainer, start(trainer, tmp_path, training_script(epochs=2)))
    with open(tmp_path / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["val_loss"]) for row in rows] == [epoch.logs["val_loss"] for epoch in trainer.of(EpochEnded)]
    assert {path.name for path in tmp_path.iterdir()} == {"metrics.csv", "model.py", "model.weights.h5"}


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_run_starts_from_the_weights_of_a_saved_model(trainer: EngineClient, tmp_path: Path, ending: str) -> None:
    """What was learned before is there at the first step, and a layer that is new begins anew."""
    project = PROJECTS["truth_table"]()
    (tmp_path / "learn").mkdir()
    (tmp_path / "go_on").mkdir()
    saving = "\n\ndef train(model, data, callbacks=(), plain=train):\n    history = plain(model, data, callbacks)\n"
    saving += f"    model.save({str(tmp_path / f'saved.{ending}')!r})\n    return history\n"
    learned = end_of(
        trainer, start(trainer, tmp_path / "learn", generate(project, CATALOG).text + saving, watch_rows=4)
    )
    assert learned.outcome == "finished", learned.details
    said = trainer.of(Predictions)[-1].outputs
    file = WeightsFile(str(tmp_path / f"saved.{ending}"), "?")
    text = generate(edits.set_training(project, replace(project.training, starts_from=file, epochs=1)), CATALOG).text
    went_on = end_of(trainer, start(trainer, tmp_path / "go_on", text, watch_rows=4))
    assert went_on.outcome == "finished", went_on.details
    assert trainer.of(Predictions)[0].outputs == said
    assert trainer.of(Predictions)[0].step == 0


def test_the_same_script_run_by_plain_python_gives_the_same_losses(trainer: EngineClient, tmp_path: Path) -> None:
    end_of(trainer, start(trainer, tmp_path, training_script(epochs=3), watch_rows=4))
    plain = subprocess.run(
        [sys.executable, str(tmp_path / "model.py")],
        capture_output=True,
        text=True,
        check=True,
        env=engine_environment(tmp_path),
        cwd=tmp_path,
    )
    assert plain.stdout.strip() == repr([epoch.logs["loss"] for epoch in trainer.of(EpochEnded)])


def test_pause_holds_step_does_one_batch_and_stop_ends(trainer: EngineClient, tmp_path: Path) -> None:
    run = start(trainer, tmp_path, training_script(epochs=5000), start_paused=True, watch_rows=2)
    trainer.wait_for(RunState, lambda state: state.state == "paused")
    assert not trainer.of(Points)
    for step in (1, 2):
        trainer.send(protocol.Step(run))
        points = trainer.wait_for(Points)
        assert points.steps == (step,)
        trainer.wait_for(RunState, lambda state: state.state == "paused")
    trainer.send(protocol.Resume(run))
    trainer.wait_for(EpochEnded, lambda epoch: epoch.epoch == 2)
    trainer.send(protocol.Pause(run))
    trainer.wait_for(RunState, lambda state: state.state == "paused")
    trainer.send(protocol.Stop(run))
    ended = end_of(trainer, run)
    assert ended.outcome == "stopped"
    assert "batches" in ended.message
    assert (tmp_path / "model.weights.h5").exists()


@pytest.mark.parametrize("compiling", ["steps_per_execution=3", "steps_per_execution=3, run_eagerly=True"])
def test_several_batches_in_one_go_are_told_and_obeyed_once(
    trainer: EngineClient, tmp_path: Path, compiling: str
) -> None:
    end_of(trainer, start(trainer, tmp_path, training_script(epochs=2, compiling=compiling)))
    steps = [step for points in trainer.of(Points) for step in points.steps]
    assert steps == [3, 6, 7, 10, 13, 14]  # 7 batches an epoch
    losses = [loss for points in trainer.of(Points) for loss in points.values["loss"]]
    weights = [48, 48, 4]
    epochs = trainer.of(EpochEnded)
    for epoch, told in zip(epochs, (losses[:3], losses[3:]), strict=True):
        mean = sum(loss * weight for loss, weight in zip(told, weights, strict=True)) / 100
        assert math.isclose(mean, epoch.logs["loss"], rel_tol=1e-4)
        assert not epoch.is_partial
    assert [epoch.step for epoch in epochs] == [7, 14]

    run = start(trainer, tmp_path, training_script(epochs=5000, compiling=compiling), start_paused=True)
    trainer.wait_for(RunState, lambda state: state.state == "paused")
    for step in (3, 6, 7, 10):
        trainer.send(protocol.Step(run))
        assert trainer.wait_for(Points).steps == (step,)
        trainer.wait_for(RunState, lambda state: state.state == "paused")
    trainer.send(protocol.Stop(run))
    ended = end_of(trainer, run)
    assert (ended.outcome, ended.message) == ("stopped", "Stopped in epoch 2, after 10 batches.")
    assert trainer.of(EpochEnded)[-1].is_partial


@pytest.mark.parametrize(("weights", "is_blind"), [((1.0, 0.0), True), ("balanced", False)])
def test_a_class_without_weight_is_not_learned(
    trainer: EngineClient, tmp_path: Path, weights: ClassWeights, is_blind: bool
) -> None:
    project = PROJECTS["skips"]()
    plan = TrainingPlan(epochs=8, class_weights=weights, steps_per_execution=4, batch_size=8)
    source = generate(edits.set_training(project, plan), CATALOG)
    ended = end_of(trainer, start(trainer, tmp_path, source.text))
    assert (ended.outcome, ended.message) == ("finished", "Finished after 8 epochs.")
    accuracy = trainer.of(EpochEnded)[-1].logs["val_accuracy"]
    assert accuracy < 0.6 if is_blind else accuracy > 0.7


def test_stop_does_not_wait_for_the_validation(trainer: EngineClient, tmp_path: Path) -> None:
    run = start(trainer, tmp_path, training_script(epochs=100, rows=200_000, batch_size=64))
    trainer.wait_for(Points)
    trainer.send(protocol.Stop(run))
    assert end_of(trainer, run).outcome == "stopped"
    (epoch,) = trainer.of(EpochEnded)
    assert epoch.is_partial
    assert "val_loss" not in epoch.logs


def test_stop_before_the_first_batch(trainer: EngineClient, tmp_path: Path) -> None:
    run = start(trainer, tmp_path, training_script(epochs=5000))
    trainer.send(protocol.Stop(run))
    assert end_of(trainer, run).outcome == "stopped"


def test_the_learning_rate_follows_the_window(trainer: EngineClient, tmp_path: Path) -> None:
    run = start(trainer, tmp_path, training_script(epochs=5000))
    trainer.wait_for(EpochEnded)
    trainer.send(protocol.SetLearningRate(run, 0.25))
    trainer.wait_for(EpochEnded, lambda epoch: epoch.learning_rate == 0.25)
    trainer.send(protocol.Stop(run))
    end_of(trainer, run)


def test_a_learning_rate_with_a_schedule_cannot_be_set(trainer: EngineClient, tmp_path: Path) -> None:
    schedule = "keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9))"
    run = start(trainer, tmp_path, training_script(epochs=5000, optimizer=schedule))
    trainer.wait_for(EpochEnded)
    trainer.send(protocol.SetLearningRate(run, 0.25))
    assert "schedule" in trainer.wait_for(protocol.Failed).message
    trainer.send(protocol.Stop(run))
    end_of(trainer, run)


def test_a_diverging_loss_stops_and_says_where_and_what_to_try(trainer: EngineClient, tmp_path: Path) -> None:
    script = training_script(epochs=50, optimizer="keras.optimizers.SGD(1e30)", data="x[0] = 1680.0")
    ended = end_of(trainer, start(trainer, tmp_path, script))
    assert ended.outcome == "diverged"
    assert "at step" in ended.message
    assert "Try a learning rate of 1e+29" in ended.message
    assert "Normalization" in ended.message
    assert not math.isfinite(trainer.of(Points)[-1].values["loss"][-1])


def test_a_loss_of_nan_because_of_gaps_says_so(trainer: EngineClient, tmp_path: Path) -> None:
    # Compiled, relu makes 0 of NaN: then a gap goes unnoticed.
    script = training_script(data="x[3, 1] = np.nan").replace("relu", "tanh")
    ended = end_of(trainer, start(trainer, tmp_path, script))
    assert ended.outcome == "diverged"
    assert "gaps" in ended.message


def test_early_stopping_is_told_in_words(trainer: EngineClient, tmp_path: Path) -> None:
    callback = 'keras.callbacks.EarlyStopping(monitor="loss", min_delta=1.0, patience=2)'
    ended = end_of(trainer, start(trainer, tmp_path, training_script(epochs=50, callbacks=callback)))
    assert ended.outcome == "finished"
    assert ended.message == "Finished early, after 3 epochs of 50: loss had not improved in the last 2 epochs."


@pytest.mark.parametrize(
    ("change", "line_holds", "sentence"),
    [
        ({"data": "y[0] = 5"}, "model.fit(", "class number 5, but the output has only 2 units"),
        (
            {"data": "x = x[:, :3]"},
            "model.fit(",
            "The network expects 4 numbers per sample, but the data have 3 numbers",
        ),
        ({"data": "y = np.eye(2)[y]"}, "model.fit(", "one-hot"),
        ({"data": "raise OSError(28, 'No space left on device')"}, "raise OSError", "The disk is full"),
        ({"data": "import no_such_module"}, "import no_such", "package no_such_module is not installed"),
        ({"data": "open('missing.csv')"}, "missing.csv", "The file missing.csv is missing."),
        ({"data": "1 / 0"}, "1 / 0", "division by zero"),
        ({"data": "raise SystemExit"}, "SystemExit", "ended itself"),
        ({"data": "if"}, "if\n", "not valid Python"),
        ({"last": "layers.Dense(10**12)"}, "", "parameters; training it takes about"),
        ({"last": "layers.Dense(-1)"}, "layers.Dense(-1)", "`units`"),
    ],
)
def test_an_error_is_a_sentence_and_a_line(
    trainer: EngineClient, tmp_path: Path, change: dict[str, str], line_holds: str, sentence: str
) -> None:
    script = training_script(**change)  # type: ignore[arg-type]
    ended = end_of(trainer, start(trainer, tmp_path, script))
    assert ended.outcome == "failed"
    assert sentence in ended.message
    assert "\n" not in ended.message
    if line_holds:
        assert line_holds in script.splitlines(keepends=True)[ended.line - 1]
        assert "Traceback" in ended.details


def test_a_failed_run_leaves_the_trainer_fit_for_the_next(trainer: EngineClient, tmp_path: Path) -> None:
    assert end_of(trainer, start(trainer, tmp_path, "import keras\nboom")).outcome == "failed"
    assert end_of(trainer, start(trainer, tmp_path, training_script())).outcome == "finished"


def test_a_folder_that_is_gone_is_an_outcome_too(trainer: EngineClient, tmp_path: Path) -> None:
    trainer.send(Train("gone", str(tmp_path / "no" / "model.py"), str(tmp_path / "no")))
    ended = end_of(trainer, "gone")
    assert (ended.outcome, ended.line) == ("failed", 0)
    assert "missing" in ended.message


def test_what_a_script_prints_does_not_disturb_the_conversation(trainer: EngineClient, tmp_path: Path) -> None:
    noise = "print('{'); import os, sys; os.write(1, b'noise'); sys.stdout.flush()"
    assert end_of(trainer, start(trainer, tmp_path, training_script(data=noise))).outcome == "finished"


def test_warming_up(trainer: EngineClient) -> None:
    trainer.send(protocol.Warm(5))
    assert trainer.wait_for(protocol.Warmed, lambda warmed: warmed.id == 5).seconds > 0


def test_a_point_is_not_held_back_by_a_slow_batch(trainer: EngineClient, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    # The batch lasts until the point was seen, or for longer than the point is waited for.
    waiting = (
        f"[__import__('time').sleep(0.05) for _ in range(2400) if not __import__('os').path.exists({str(seen)!r})]"
    )
    slow = f"keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batch == 5 and {waiting})"
    run = start(trainer, tmp_path, training_script(epochs=1, callbacks=slow))
    trainer.wait_for(Points, lambda points: points.steps[-1] == 6)
    seen.touch()
    assert end_of(trainer, run).outcome == "finished"
