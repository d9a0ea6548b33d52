"""The golden files really train, by plain Python, and always with the same numbers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio import data
from studio.assets import resource
from studio.codegen import generate
from studio.core import edits
from studio.core.plan import monitored
from studio.core.project import Project
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.graphs import node_id
from tests.support.thorough import IS_THOROUGH

pytestmark = pytest.mark.keras


def odd_names() -> Project:
    """Penguins with Outputs whose names TensorFlow does not take."""
    project = PROJECTS["penguins"]()
    for name, other in (("species", "größe (m)"), ("body_mass_g", "große (m)")):
        key = node_id(project, name)
        columns = (name,)
        project = edits.bind(edits.rename(project, key, other), key, columns)
    return project


TRAINABLE = {name: make for name, make in PROJECTS.items() if name != "half_drawn"} | {"odd_names": odd_names}

AGAIN = "two_branches_again"

AS_THEY_ARE = ("two_branches", AGAIN)
"""What is trained on all of its rows, in graphs. The others are trained on some rows and eagerly: making graphs of all
of them takes most of the time, and other tests do (``test_same_losses``, ``test_runs_on``)."""

DRIVER = """
import json, runpy, sys, numpy, keras
told = {}
as_they_are = sys.argv[1].split()
for path in sys.argv[2:]:
    keras.backend.clear_session()
    namespace = runpy.run_path(path)
    names = vars(type(sys)("x"))
    namespace["train"].__globals__["EPOCHS"] = 2
    keras.utils.set_random_seed(namespace["SEED"])
    data = namespace["load_data"]()
    model = namespace["build_model"]()
    namespace["compile_model"](model)
    if "adapt_layers" in namespace:
        namespace["adapt_layers"](model, data)
    if path not in as_they_are:
        model.run_eagerly = True
        rows = keras.tree.map_structure(lambda each: each if each is None else each[:70], data)
    else:
        rows = data
    orders = []
    class Watch(namespace["Batches"]):
        def on_epoch_begin(self):
            super().on_epoch_begin()
            orders.append(self.order.tolist())
    namespace["train"].__globals__["Batches"] = Watch
    history = namespace["train"](model, rows).history
    told[path] = {
        "history": {name: [float(value).hex() for value in values] for name, values in history.items()},
        "layers": [layer.name for layer in model.layers],
        "parameters": model.count_params(),
        "differ": orders[0] != orders[1],
        "sizes": [None if part is None else len(keras.tree.flatten(part)[0]) for part in data],
        "y": [None if part is None else keras.tree.map_structure(lambda a: a.tolist(), part[1]) for part in data],
    }
print("TOLD" + json.dumps(told))
"""


def run(folder: Path, *names: str) -> dict[str, Any]:
    """What plain Python tells about these files after two epochs; our packages are out of its reach."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    found = subprocess.run(
        [
            sys.executable, "-P", "-c", DRIVER,
            " ".join(f"{name}.py" for name in AS_THEY_ARE), *[f"{name}.py" for name in names],
        ],
        cwd=folder, capture_output=True, text=True, timeout=300, env=environment | {"KERAS_BACKEND": "tensorflow"},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3000:]
    told = json.loads(found.stdout.partition("TOLD")[2])
    return {Path(path).stem: value for path, value in told.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the exported files and their data, as Export would leave it."""
    made = tmp_path_factory.mktemp("exported")
    for name in (*TRAINABLE, AGAIN):
        source = generate(TRAINABLE[name.removesuffix("_again")](), CATALOG)
        (made / f"{name}.py").write_text(source.text, encoding="utf-8")
        for file in source.data_files:
            shutil.copyfile(resource("datasets", file), made / file)
    return made


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Any]:
    return run(folder, *TRAINABLE, AGAIN)


@pytest.mark.parametrize("name", TRAINABLE)
def test_it_trains(name: str, told: dict[str, Any]) -> None:
    losses = [float.fromhex(value) for value in told[name]["history"]["loss"]]
    assert len(losses) == 2
    assert all(loss == loss for loss in losses)


@pytest.mark.parametrize("name", TRAINABLE)
def test_each_epoch_has_an_order_of_its_own(name: str, told: dict[str, Any]) -> None:
    assert told[name]["differ"]


@pytest.mark.parametrize("name", TRAINABLE)
def test_the_history_has_the_names_that_can_be_watched(name: str, told: dict[str, Any]) -> None:
    assert told[name]["history"].keys() - {"learning_rate"} == set(monitored(TRAINABLE[name]()))


def test_accuracy_is_called_accuracy(told: dict[str, Any]) -> None:
    for name in ("truth_table", "small_cnn", "twins", "residual_blocks"):
        assert "accuracy" in told[name]["history"]
    assert {"species_accuracy", "val_body_mass_g_loss"} <= told["penguins"]["history"].keys()


@pytest.mark.parametrize("name", ["two_branches", "twins", "skips", "small_cnn", "truth_table", "sunspots"])
def test_layers_have_the_names_of_the_nodes(name: str, told: dict[str, Any]) -> None:
    nodes = PROJECTS[name]().main.nodes.values()
    wanted = {node.name for node in nodes if node.type != "Output" and node.shares is None}
    assert set(told[name]["layers"]) == wanted


@pytest.mark.parametrize("name", ["small_cnn", "penguins", "twins", "sunspots", "skips"])
def test_the_parts_are_those_of_the_preview(name: str, told: dict[str, Any]) -> None:
    parts = data.split_indices(PROJECTS[name]().data)
    assert [size or 0 for size in told[name]["sizes"]] == [len(part) for part in parts]


def test_the_classes_of_the_parts_are_those_of_the_preview(told: dict[str, Any]) -> None:
    source = PROJECTS["penguins"]().data
    species = source.column("species")
    assert species is not None
    for part, preview in (("train", 0), ("validation", 1)):
        counts = list(data.class_counts(source, "species", None, part).values())  # type: ignore[arg-type]
        labels = told["penguins"]["y"][preview]["species"]
        assert [labels.count(number) for number in range(3)] == counts


def test_two_runs_give_the_same_numbers_digit_for_digit(folder: Path, told: dict[str, Any]) -> None:
    again = run(folder, AGAIN) if IS_THOROUGH else told  # in a process of its own, or after all the others
    assert again[AGAIN]["history"] == told["two_branches"]["history"]


def test_the_file_runs_as_a_script(folder: Path) -> None:
    path = folder / "script.py"
    text = (folder / "sunspots.py").read_text(encoding="utf-8")
    path.write_text(text.replace("EPOCHS = 20", "EPOCHS = 1"), encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-P", path.name], cwd=folder, capture_output=True, text=True, timeout=300
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3000:]
    assert "mean_absolute_error" in found.stdout
    assert (folder / "model.keras").is_file()
