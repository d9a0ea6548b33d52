"""The clean process of a proof: nothing of ours in it, nothing written beside the file, and its end in words."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from studio.catalog.values import KerasObject
from studio.cli import run
from studio.codegen import generate
from studio.codegen.notebook import notebook
from studio.core import edits
from studio.core.project import OutputPlan, Project
from studio.workbench import proof
from studio.workbench.consent import Consent
from tests.codegen.exported import write
from tests.codegen.projects import CATALOG
from tests.codegen.test_same_losses import drawn


@pytest.mark.parametrize(
    ("code", "said", "outcome", "sentence"),
    [
        (1, "Traceback\n  File x\nValueError: no such thing\n", "failed", "does not run: ValueError: no such thing."),
        (1, "a\nModuleNotFoundError: No module named 'jax'\n", "not_checked", "needs jax, which is not installed"),
        (1, "keras.src.x.Y.ShapeError: bad\n\nArguments received\n  x=1", "failed", "keras.src.x.Y.ShapeError: bad."),
        (-9, "", "failed", "it was ended by signal 9."),
        (3, "\ud800", "failed", "it ended with code 3."),
    ],
)  # fmt: skip
def test_an_end_is_told_in_one_sentence(code: int, said: str, outcome: str, sentence: str) -> None:
    found = proof.why_failed(code, said)
    assert (found.outcome, sentence in found.sentence, "\n" in found.sentence) == (outcome, True, False)


def test_what_is_too_large_or_may_not_run_is_not_run() -> None:
    project = edits.add_snippet(Project(), "loss", "loss", "def loss(y, p):\n    return p\n")
    assert proof.why_not_prove(Project(), Consent(), 10) == ""
    assert "too large" in proof.why_not_prove(Project(), Consent(), 10**9)
    assert proof.why_not_prove(project, Consent(), 0) == ""  # nothing uses it


def test_keras_finds_the_settings_of_the_person_and_writes_none(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    home.mkdir()
    folder.mkdir()
    (home / "keras.json").write_text('{"floatx": "float64"}')
    made = proof.environment(folder, {"KERAS_HOME": str(home), "PATH": "x"})
    assert Path(made["KERAS_HOME"]) == folder / "keras"
    assert (folder / "keras" / "keras.json").read_text() == '{"floatx": "float64"}'
    assert (made["PATH"], made["CUDA_VISIBLE_DEVICES"]) == ("x", "-1")


@pytest.mark.keras
@pytest.mark.parametrize("kind", ["script", "notebook"])
def test_the_process_is_clean(kind: str, tmp_path: Path) -> None:
    beside, folder = tmp_path / "beside", tmp_path / "folder"
    beside.mkdir()
    folder.mkdir()
    project = drawn("penguins")
    file = write(beside, "penguins", generate(project, CATALOG))
    if kind == "notebook":
        file = beside / "penguins.ipynb"
        file.write_text(notebook(project, CATALOG).text, encoding="utf-8")
    (beside / "json.py").write_text("raise SystemExit('a stranger was imported')")
    before = {path: path.read_bytes() for path in beside.iterdir()}
    ended = subprocess.run(
        proof.command(file, folder), cwd=folder, env=proof.environment(folder), capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert {path: path.read_bytes() for path in beside.iterdir()} == before
    told = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert told["is_ours_imported"] is False
    assert told["parameters"] == 212


@pytest.mark.keras
def test_the_command_line_proves_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wine.studio"
    assert run(["new", str(path), "--example", "wine_regularized"]) == 0
    assert run(["export", str(path), "-o", str(tmp_path / "wine.ipynb"), "--prove"]) == 0
    assert "Run in a clean process: " in capsys.readouterr().out
    assert sorted(each.name for each in tmp_path.iterdir()) == ["wine.csv", "wine.ipynb", "wine.studio"]


def test_code_of_others_is_not_run_for_a_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from studio import storage

    project = edits.add_snippet(drawn("xor"), "loss", "odd_loss", "def odd_loss(y, p):\n    return (y - p) ** 2\n")
    output = next(node.id for node in project.main.nodes.values() if node.type == "Output")
    project = edits.set_output_plan(project, output, OutputPlan(loss=KerasObject("odd_loss")))
    storage.save(project, tmp_path / "odd.studio")
    assert run(["export", str(tmp_path / "odd.studio"), "--prove"]) == 2
    assert "odd_loss" in capsys.readouterr().err
    assert (tmp_path / "odd.py").is_file()
