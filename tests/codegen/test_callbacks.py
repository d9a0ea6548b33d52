"""All callbacks that Keras can run alone, each with settings of its own, in one exported file that trains."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio import data
from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.core import edits, rules
from studio.core.project import Project
from studio.importing.script import edited
from tests.codegen.projects import CATALOG, PROJECTS, draw
from tests.support.graphs import node_id
from tests.support.packages import missing

pytestmark = [
    pytest.mark.keras,
    # Keras 3.15 asks NumPy 2 for arrays in the way of NumPy 1 when it saves weights.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

CALLBACKS = (
    KerasObject("EarlyStopping", {
        "monitor": "val_loss", "min_delta": 0.01, "patience": 2, "mode": "min", "baseline": 5.0,
        "restore_best_weights": True, "start_from_epoch": 1, "verbose": 1,
    }),
    KerasObject("ReduceLROnPlateau", {
        "monitor": "loss", "factor": 0.5, "patience": 1, "mode": "min", "min_delta": 100.0, "cooldown": 1,
        "min_lr": 0.004, "verbose": 1,
    }),
    KerasObject("ModelCheckpoint", {
        "filepath": "kept/{epoch:02d}.weights.h5", "monitor": "val_loss", "save_best_only": True,
        "save_weights_only": True, "mode": "min", "initial_value_threshold": 50.0, "verbose": 1,
    }),
    KerasObject("ModelCheckpoint", {"filepath": "whole.keras", "save_freq": 5}),
    KerasObject("CSVLogger", {"filename": "numbers.csv", "separator": ";", "append": True}),
    KerasObject("BackupAndRestore", {
        "backup_dir": "state", "save_freq": 4, "double_checkpoint": True, "delete_checkpoint": False,
    }),
    KerasObject("TerminateOnNaN", {"raise_error": True}),
    KerasObject("SwapEMAWeights", {"swap_on_epoch": True}),
)  # fmt: skip

ELSEWHERE = {
    "LambdaCallback": "tests/engine/test_templates.py runs it: it takes code of one's own.",
    "LearningRateScheduler": "It takes a function, as LambdaCallback does.",
    "OrbaxCheckpoint": "It needs the package orbax-checkpoint: tried below where that is.",
    "TensorBoard": "It needs the package tensorboard.",
}


def watched(*callbacks: KerasObject) -> Project:
    project = draw(
        "Watched",
        "point:Input -> hidden:Dense(units=8, activation='relu') -> p:Dense(activation='sigmoid') -> y:Output",
    )
    project = edits.set_param(project, node_id(project, "p"), "units", 1)
    project = edits.set_data(project, data.choose("made", "moons"))
    plan = replace(
        project.training,
        callbacks=callbacks,
        epochs=3,
        optimizer=KerasObject("Adam", {"use_ema": True, "ema_momentum": 0.9, "learning_rate": 0.01}),
    )
    return edits.set_training(project, plan)


def trained(project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The history of what the exported file trains in a folder."""
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": str(folder / "exported.py")}
    exec(compile(generate(project, CATALOG).text, "exported.py", "exec"), namespace)
    monkeypatch.chdir(folder)
    rows, model = namespace["load_data"](), namespace["build_model"]()
    namespace["compile_model"](model)
    return namespace["train"](model, rows).history


def test_every_callback_trains_with_other_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    callbacks = list(CALLBACKS)
    if importlib.util.find_spec("tensorboard") is not None:
        callbacks.append(KerasObject("TensorBoard", {"log_dir": "board", "update_freq": 2, "write_graph": False}))
    assert {each.type for each in CALLBACKS} | set(ELSEWHERE) == set(CATALOG.objects("callback"))
    project = watched(*callbacks)
    assert [problem.message for problem in rules.problems(project, CATALOG) if problem.severity == "error"] == []
    history = trained(project, tmp_path, monkeypatch)
    assert len(history["loss"]) == 3
    assert history["learning_rate"][-1] == pytest.approx(0.005)
    lines = (tmp_path / "numbers.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert lines[0].split(";")[0] == "epoch"
    assert list((tmp_path / "kept").glob("0?.weights.h5"))
    assert (tmp_path / "whole.keras").is_file()
    assert list((tmp_path / "state").rglob("*.weights.h5"))


@pytest.mark.leaves_running  # Orbax keeps threads for the next checkpoint.
@pytest.mark.skipif(bool(missing({"": "OrbaxCheckpoint"})), reason="orbax-checkpoint is not there")
def test_orbax_keeps_the_last_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(watched(KerasObject("OrbaxCheckpoint", {"directory": "points", "max_to_keep": 2})), tmp_path, monkeypatch)
    assert len([each for each in (tmp_path / "points").iterdir() if each.name.isdigit()]) == 2


def test_a_folder_that_must_be_told_from_the_root_is_told_so_and_read_back_plain() -> None:
    usual = PROJECTS["two_branches"]()
    callback = KerasObject("OrbaxCheckpoint", {"directory": "checkpoints", "save_best_only": True})
    project = edits.set_training(usual, replace(usual.training, callbacks=(callback,)))
    source, now = generate(usual, CATALOG), generate(project, CATALOG)
    assert 'directory=os.path.abspath("checkpoints")' in now.text
    assert "import os\n" in now.text
    assert "import os" not in source.text
    other = now.text.replace('abspath("checkpoints")', 'abspath("kept")')
    typed = edited(project, now.text, project, now.spans, other, CATALOG)
    assert typed.complaints == ()
    (read,) = typed.project.training.callbacks
    assert read == KerasObject("OrbaxCheckpoint", {"directory": "kept", "save_best_only": True})
