"""Every network of the gallery is as drawn, has no problem, and learns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import catalog, data, storage
from studio.assets import resource
from studio.cli import run
from studio.codegen import generate
from studio.core import rules
from studio.workbench.examples import FIRST, Example, examples
from studio.workbench.runs import place_data
from tests.examples import drawings
from tests.support.thorough import IS_THOROUGH, sample

CATALOG = catalog.load()

MANNER = "as_graphs" if IS_THOROUGH else "eagerly"
"""TensorFlow makes no graphs of the networks every day: other tests train in graphs, and nineteen of them take long."""

ONE_STEP = """
import importlib.util, json, sys, traceback
import keras

told = {}
for path in sys.argv[2:]:
    spec = importlib.util.spec_from_file_location("exported", path)
    exported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exported)
    keras.utils.clear_session()
    keras.utils.set_random_seed(exported.SEED)
    data = exported.load_data()
    model = exported.build_model()
    exported.compile_model(model)
    if hasattr(exported, "adapt_layers"):
        exported.adapt_layers(model, data)
    (x, y), _, _ = data
    batches = exported.Batches(x, y, exported.BATCH_SIZE, exported.SEED)
    batches.on_epoch_begin()
    model.run_eagerly = sys.argv[1] == "eagerly"
    loss = model.train_on_batch(*batches[0], return_dict=True)["loss"]
    told[path] = {"loss": float(loss), "parameters": model.count_params()}
print(json.dumps(told))
"""


@pytest.mark.parametrize("entry", examples(), ids=lambda entry: entry.name)
def test_it_is_drawn_without_a_problem(entry: Example) -> None:
    project = entry.project()
    assert rules.problems(project, CATALOG) == ()
    assert generate(project, CATALOG).problems == ()
    assert [problem.message for problem in data.check(project.data) if problem.severity != "hint"] == []
    assert storage.dumps(project) == entry.path.read_text(encoding="utf-8")


def test_the_files_are_what_the_drawings_say() -> None:
    told = "run: python -m tests.examples.drawings"
    for name in drawings.GALLERY:
        written = resource("examples", f"{name}.studio").read_text(encoding="utf-8")
        assert storage.dumps(drawings.drawn(name)) == written, told
    assert resource("examples", "index.toml").read_text(encoding="utf-8") == drawings.index(), told
    assert len(list(resource("examples").glob("*.studio"))) == len(drawings.GALLERY)


def test_the_first_start_has_its_example() -> None:
    assert examples()[0].name == FIRST


def test_no_two_nodes_stand_on_each_other() -> None:
    for entry in examples():
        for graph in entry.project().graphs().values():
            places = [(node.x, node.y) for node in graph.nodes.values()]
            assert len(set(places)) == len(places)


@pytest.mark.keras
def test_every_network_builds_as_checked_and_trains_one_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--json", *(str(entry.path) for entry in examples())]) == 0
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    scripts: dict[str, Path] = {}
    for entry in examples():
        project = entry.project()
        place_data(project, None, tmp_path)
        scripts[entry.name] = tmp_path / f"{entry.name}.py"
        scripts[entry.name].write_text(generate(project, CATALOG).text, encoding="utf-8")
    driver = tmp_path / "driver.py"
    driver.write_text(ONE_STEP)
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-P", driver, MANNER, *scripts.values()],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    told = json.loads(result.stdout.splitlines()[-1])
    for entry, report in zip(examples(), reports, strict=True):
        outcome = told[str(scripts[entry.name])]
        assert outcome["parameters"] == report["total_parameters"], entry.name
        assert outcome["loss"] == outcome["loss"], f"{entry.name}: the loss is no number"


GOOD = {"moods": 0.95, "word_order": 0.95}
"""What text examples reach on rows that they have not seen, in half of their epochs; guessing reaches 0.5."""


@pytest.mark.keras
@pytest.mark.parametrize("name", sample([*GOOD], 1))
def test_text_is_learned(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"{name}.studio"
    file.write_bytes(resource("examples", f"{name}.studio").read_bytes())
    assert run(["train", "--json", "--epochs", "6", str(file)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    reached = [each["metrics"]["val_accuracy"] for each in told if each["event"] == "epoch"]
    assert max(reached) >= GOOD[name]
