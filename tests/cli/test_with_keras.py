"""check and train with the real engine; what a run measures is what the exported file measures, digit for digit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio import storage
from studio.cli import run
from studio.core import edits
from studio.workbench.earlier_runs import list_runs
from tests.codegen.test_every_step import frames
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.keras

PLAIN_PYTHON = """
import json, keras, sys
import {module} as exported
keras.utils.set_random_seed(exported.SEED)
data = exported.load_data()
model = exported.build_model()
exported.compile_model(model)
if hasattr(exported, "adapt_layers"):
    exported.adapt_layers(model, data)
json.dump(exported.train(model, data).history, open("history.json", "w"))
"""


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_check_tells_shapes_parameters_and_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, blocks, broken, bad = (tmp_path / f"{name}.studio" for name in ("good", "blocks", "broken", "bad"))
    run(["new", str(good), "--example", "book_mlp"])
    run(["new", str(blocks), "--example", "residual"])
    run(["new", str(broken), "--example", "small_cnn"])
    broken.write_text(broken.read_text().replace('"kernel_size": 3', '"kernel_size": 40', 1))
    bad.write_text("{")
    capsys.readouterr()

    assert run(["check", "--json", str(good), str(broken), str(blocks), str(bad)]) == 2
    book, cnn, residual, nothing = lines(capsys.readouterr().out)

    assert book["file"] == str(good)
    assert book["nodes"]["dense"] == {
        "type": "Dense",
        "outputs": [{"shape": [None, 10], "dtype": "float32"}],
        "parameters": 40,
    }
    assert book["total_parameters"] == book["trainable_parameters"] == 107
    assert book["problems"] == []

    (error,) = [problem for problem in cnn["problems"] if problem["severity"] == "error"]
    assert error["node"] == "conv2d"
    assert error["message"].startswith("conv2d: ")
    waiting = {problem["node"] for problem in cnn["problems"] if problem["code"] == "blocked"}
    assert "flatten" in waiting
    assert cnn["nodes"]["conv2d"]["outputs"] == []
    assert cnn["nodes"]["rescaling"]["outputs"][0]["shape"] == [None, 28, 28, 1]

    assert residual["nodes"]["residual_1/conv2d"]["outputs"][0]["shape"] == [None, 14, 14, 16]
    assert residual["nodes"]["residual_2/conv2d"]["outputs"][0]["shape"] == [None, 7, 7, 16]
    assert residual["total_parameters"] == 9738

    assert nothing["nodes"] == {}
    assert nothing["problems"][0]["code"] == "file"


def test_check_tells_of_a_layer_and_of_the_output_that_is_called_like_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = graph("x:Input(shape=(2,)) -> price:Dense(units=1) -> y:Output")
    storage.save(edits.rename(project, node_id(project, "y"), "price"), tmp_path / "net.studio")
    run(["check", "--json", str(tmp_path / "net.studio")])
    (told,) = lines(capsys.readouterr().out)
    assert [(name, each["type"]) for name, each in told["nodes"].items()] == [
        ("x", "Input"), ("price", "Dense"), ("price (Output)", "Output"),
    ]  # fmt: skip


def test_check_tells_the_shapes_of_one_step_and_of_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    storage.save(frames(), tmp_path / "frames.studio")
    run(["check", "--json", str(tmp_path / "frames.studio")])
    (told,) = lines(capsys.readouterr().out)
    shapes = {name: each["outputs"][0]["shape"] for name, each in told["nodes"].items()}
    assert told["nodes"]["look"] == {
        "type": "TimeDistributed", "outputs": [{"shape": [None, 5, 2], "dtype": "float32"}], "parameters": 112,
    }  # fmt: skip
    assert (shapes["film"], shapes["look/input"], shapes["look/g"]) == ([None, 5, 8, 8, 3], [None, 8, 8, 3], [None, 2])
    assert told["total_parameters"] == 224


def test_a_project_with_errors_gives_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.studio"
    run(["new", str(empty)])
    assert run(["check", str(empty)]) == 1
    assert "error: output needs an input" in capsys.readouterr().out


def test_a_run_and_the_exported_file_agree_digit_for_digit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wine.studio"
    run(["new", str(path), "--example", "wine_regularized"])
    assert run(["train", str(path), "--epochs", "3", "--json"]) == 0
    started, *epochs, ended = lines(capsys.readouterr().out)
    assert (started["event"], started["epochs"], started["run"]) == ("started", 3, 1)
    assert [event["epoch"] for event in epochs] == [1, 2, 3]
    assert (ended["event"], ended["outcome"]) == ("ended", "finished")

    (record,) = list_runs(path).runs
    assert record.outcome == "finished"
    assert len(record.metrics["val_loss"]) == 3
    assert (record.path / "project.studio").is_file()

    # In an environment without our package: plain Python in the run's folder.
    script = record.path / "plain.py"
    script.write_text(PLAIN_PYTHON.format(module="model"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "plain.py"], cwd=record.path, env=environment, capture_output=True, check=True)
    history = json.loads((record.path / "history.json").read_text())
    assert {name: tuple(values) for name, values in history.items()} == dict(record.metrics)


def test_a_diverging_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sine.studio"
    run(["new", str(path), "--example", "sine"])
    path.write_text(path.read_text().replace('"learning_rate": 0.005', '"learning_rate": 1e30'))
    assert run(["train", str(path)]) == 1
    told = capsys.readouterr()
    assert "Diverged." in told.out
    assert len(told.err.splitlines()) == 1
    (record,) = list_runs(path).runs
    assert record.outcome == "diverged"
