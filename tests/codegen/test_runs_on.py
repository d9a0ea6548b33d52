"""Scripts for several devices and computers: they learn what one device learns, and are read back."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from studio.codegen import generate
from studio.codegen.notebook import notebook
from studio.core.project import UNMARKED, Project, RunsOn, WeightsFile
from studio.importing.script import edited, read_script
from tests.codegen.accepting import assert_accepted
from tests.codegen.exported import AS_SCRIPT, free_port, run_main, write
from tests.codegen.projects import CATALOG, with_words
from tests.codegen.test_same_losses import drawn

# Keras 3.15 asks NumPy 2 for arrays in the way of NumPy 1 when it saves weights.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACES = get_args(RunsOn)
SEVERAL = PLACES[1:]
EPOCHS = 2


def planned(name: str, runs_on: RunsOn) -> Project:
    project = drawn(name)
    return replace(project, training=replace(project.training, runs_on=runs_on))


def from_file(name: str, runs_on: RunsOn, folder: Path) -> Project:
    """An example that starts from the weights of a file, which is made where it is not there yet."""
    import keras

    path = folder / f"{name}.keras"
    project = planned(name, runs_on)
    if not path.exists():
        keras.backend.clear_session(free_memory=False)  # names are counted from a fresh start, as in the script
        keras.utils.set_random_seed(7)
        made = runpy.run_path(str(write(folder, f"{name}_made", generate(drawn(name), CATALOG))))
        made["build_model"]().save(path)
    return replace(project, training=replace(project.training, starts_from=WeightsFile(str(path), UNMARKED)))


@pytest.mark.parametrize("runs_on", SEVERAL)
def test_the_script_is_the_accepted_one(runs_on: RunsOn, request: pytest.FixtureRequest) -> None:
    assert_accepted(f"runs_on/{runs_on}.py", generate(planned("spirals", runs_on), CATALOG).text, request)


@pytest.mark.parametrize("command", [["check"], ["format", "--check", "--diff"]])
def test_ruff_would_change_nothing(command: list[str], tmp_path: Path) -> None:
    for runs_on in SEVERAL:
        for name in ("spirals", "penguins", "moods"):
            text = generate(planned(name, runs_on), CATALOG).text
            (tmp_path / f"{name}_{runs_on}.py").write_text(text, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("runs_on", SEVERAL)
def test_the_script_is_read_back_with_its_place(runs_on: RunsOn) -> None:
    project = planned("penguins", runs_on)
    source = generate(project, CATALOG)
    found = read_script(source.text, CATALOG)
    assert found.report.unknown == ()
    assert (found.project.training.runs_on, found.project.training.batch_size) == (runs_on, 16)
    typed = source.text.replace("BATCH_SIZE = 16", "BATCH_SIZE = 8")
    after = edited(project, source.text, project, source.spans, typed, CATALOG)
    assert after.complaints == ()
    assert after.project == replace(project, training=replace(project.training, batch_size=8))
    typed = source.text.replace("    model.save(", "    print(3)\n    model.save(")
    assert (
        "writes this part itself"
        in edited(project, source.text, project, source.spans, typed, CATALOG).complaints[0].reason
    )


def test_the_place_of_a_script_of_others_is_read() -> None:
    text = generate(drawn("spirals"), CATALOG).text.replace("drawn with Layer Studio", "mine")
    text = text.replace(
        "    model = build_model()", "    with tf.distribute.MirroredStrategy().scope():\n        model = build_model()"
    )
    assert read_script(text, CATALOG).project.training.runs_on == "host"


def test_what_a_script_calls_its_own_is_no_variable() -> None:
    project = drawn("spirals")
    project = replace(project, main=replace(project.main, nodes={
        key: replace(node, name="tf") if node.type == "Input" else node for key, node in project.main.nodes.items()
    }))  # fmt: skip
    assert "    tf = keras.Input" in generate(project, CATALOG).text
    plan = replace(project.training, runs_on="host")
    assert "    tf_1 = keras.Input" in generate(replace(project, training=plan), CATALOG).text


def test_a_notebook_makes_one_strategy_and_runs_on_one_computer() -> None:
    for runs_on in PLACES:
        cells = json.loads(notebook(planned("spirals", runs_on), CATALOG).text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        assert text.count("strategy = all_devices()") == (runs_on == "host")
        assert not any(word in text for word in ("MultiWorker", "jax", "import ray"))


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[float]]]:
    """What one device learns of spirals, anew and from a file, and of penguins, and two of penguins: in one process.

    TensorFlow knows one strategy in a process. Penguins start from a file, have a layer that measures the data, two
    outputs, and a last batch that does not divide evenly.
    """
    folder = tmp_path_factory.mktemp("places")
    paths = [write(folder, "spirals", generate(drawn("spirals"), CATALOG), EPOCHS)]
    for name, runs_on in (("penguins", "device"), ("two", "host")):
        project = from_file("penguins", runs_on, folder)  # type: ignore[arg-type]
        paths.append(write(folder, name, generate(project, CATALOG), EPOCHS))
    paths.append(write(folder, "started", generate(from_file("spirals", "device", folder), CATALOG), EPOCHS))
    paths.append(write(folder, "listed", generate(with_words(), CATALOG), EPOCHS))
    return run_main(paths, devices=2).told


@pytest.mark.keras
def test_two_devices_that_start_from_a_file_learn_what_one_learns(learned: dict[str, dict[str, list[float]]]) -> None:
    assert_alike(learned["two"], learned["penguins"], 2e-3)


@pytest.mark.keras
def test_a_network_that_starts_from_a_file_learns_otherwise(learned: dict[str, dict[str, list[float]]]) -> None:
    assert learned["started"]["loss"] != pytest.approx(learned["spirals"]["loss"], abs=1e-3)


@pytest.mark.keras
def test_two_devices_learn_from_a_list_of_numbers_and_texts(
    learned: dict[str, dict[str, list[float]]], tmp_path: Path
) -> None:
    project = with_words()
    project = replace(project, training=replace(project.training, runs_on="host"))
    path = write(tmp_path, "listed", generate(project, CATALOG), EPOCHS)
    assert_alike(run_main([path], devices=2).told["listed"], learned["listed"], 2e-3)


@pytest.mark.keras
def test_a_notebook_on_two_devices_learns_what_one_learns(
    learned: dict[str, dict[str, list[float]]], tmp_path: Path
) -> None:
    text = notebook(planned("spirals", "host"), CATALOG).text.replace("EPOCHS = 60", f"EPOCHS = {EPOCHS}")
    (tmp_path / "book.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "as_script.py").write_text(AS_SCRIPT.replace("NAME", "book"), encoding="utf-8")
    assert_alike(run_main([tmp_path / "as_script.py"], devices=2).told["as_script"], learned["spirals"], 1e-5)


@pytest.mark.keras
def test_two_processes_that_start_from_a_file_learn_what_one_learns_and_the_first_saves(
    learned: dict[str, dict[str, list[float]]], tmp_path: Path
) -> None:
    both = write(tmp_path, "both", generate(from_file("spirals", "hosts", tmp_path), CATALOG), EPOCHS)
    hosts = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    told = {"cluster": {"worker": hosts}, "task": {"type": "worker"}}
    started = []
    for index in range(2):
        told["task"]["index"] = index  # type: ignore[assignment]
        started.append(run_main([both], folder=tmp_path / str(index), more={"TF_CONFIG": json.dumps(told)}))
    for running in started:
        assert_alike(running.told["both"], learned["started"], 1e-5)
    assert (tmp_path / "0" / "model.keras").is_file()
    assert not (tmp_path / "1" / "model.keras").exists()


JAX = os.environ.get("LAYER_STUDIO_JAX_PYTHON", "")
RAY = os.environ.get("LAYER_STUDIO_RAY_PYTHON", "")


@pytest.mark.skipif(not JAX, reason="LAYER_STUDIO_JAX_PYTHON names no Python with jax and keras")
def test_jax_learns_alike_on_one_device_on_two_and_in_two_processes(tmp_path: Path) -> None:
    path = write(tmp_path, "many", generate(from_file("spirals", "jax", tmp_path), CATALOG), EPOCHS)
    told = [
        run_main([path], python=JAX, folder=tmp_path / f"d{count}", more={
            "KERAS_BACKEND": "jax", "XLA_FLAGS": f"--xla_force_host_platform_device_count={count}",
        }).told["many"]
        for count in (1, 2)
    ]  # fmt: skip
    assert_alike(told[1], told[0], 1e-5)
    address = f"127.0.0.1:{free_port()}"
    started = [
        run_main([path], python=JAX, folder=tmp_path / f"p{index}", more={
            "KERAS_BACKEND": "jax", "KERAS_DISTRIBUTION_JOB_ADDRESSES": address,
            "KERAS_DISTRIBUTION_NUM_PROCESSES": "2", "KERAS_DISTRIBUTION_PROCESS_ID": str(index),
        })
        for index in range(2)
    ]  # fmt: skip
    for running in started:
        assert_alike(running.told["many"], told[0], 1e-5)
    assert (tmp_path / "p0" / "model.keras").is_file()
    assert not (tmp_path / "p1" / "model.keras").exists()


@pytest.mark.skipif(not RAY, reason="LAYER_STUDIO_RAY_PYTHON names no Python with ray, tensorflow and keras")
def test_workers_of_ray_learn_what_one_process_learns(tmp_path: Path) -> None:
    one = write(tmp_path, "one", generate(from_file("spirals", "device", tmp_path), CATALOG), EPOCHS)
    path = write(tmp_path, "many", generate(from_file("spirals", "ray", tmp_path), CATALOG), EPOCHS)
    alone = run_main([one], folder=tmp_path / "alone").told["one"]
    found = subprocess.run([RAY, path.name], cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False)
    assert found.returncode == 0, found.stderr[-3000:]
    assert f"val_loss: {alone['val_loss'][-1]:.4f}" in found.stdout + found.stderr
    assert (tmp_path / "model.keras").is_file()


def assert_alike(found: dict[str, list[float]], wanted: dict[str, list[float]], tolerance: float) -> None:
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        assert found[name] == pytest.approx(values, abs=tolerance), name
