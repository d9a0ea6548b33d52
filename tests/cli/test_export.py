"""Export writes the code and its data, refuses what would not train, and goes on after a bad file."""

from __future__ import annotations

import ast
import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio import catalog, storage
from studio.cli import run
from studio.codegen import generate
from studio.workbench.examples import example
from studio.workbench.notebook_picture import picture_of
from tests.support.graphs import graph


def copy(name: str, folder: Path, file: str = "") -> Path:
    path = folder / (file or f"{name}.studio")
    assert run(["new", str(path), "--example", name]) == 0
    return path


def code_of(name: str) -> str:
    found = example(name)
    assert found is not None
    return generate(found.project(), catalog.load()).text


def test_one_file_goes_beside_the_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("two_branches", tmp_path)
    assert run(["export", str(path)]) == 0
    assert (tmp_path / "two_branches.py").read_text(encoding="utf-8") == code_of("two_branches")
    assert (tmp_path / "breast_cancer.csv").is_file()
    assert capsys.readouterr().out.split() == [str(tmp_path / "two_branches.py"), str(tmp_path / "breast_cancer.csv")]


def test_a_name_may_be_given(tmp_path: Path) -> None:
    path = copy("xor", tmp_path)
    assert run(["export", str(path), "-o", str(tmp_path / "gate.py")]) == 0
    ast.parse((tmp_path / "gate.py").read_text(encoding="utf-8"))


def test_several_files_go_into_a_folder_and_a_bad_one_stops_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = copy("xor", tmp_path), tmp_path / "bad.studio"
    bad.write_text("{")
    assert run(["export", str(bad), str(good), str(copy("sine", tmp_path)), "-o", str(tmp_path / "out")]) == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["sine.py", "xor.py"]
    assert "bad.studio cannot be opened." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["code.py", "keras.py", "numpy.py"])
def test_a_name_that_would_shadow_a_module_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = copy("xor", tmp_path)
    assert run(["export", str(path), "-o", str(tmp_path / name)]) == 2
    assert "would stand in the way of the Python module" in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_a_project_called_like_a_module_gets_another_name(tmp_path: Path) -> None:
    path = copy("xor", tmp_path, "random.studio")
    assert run(["export", str(path)]) == 0
    assert (tmp_path / "random_model.py").is_file()


def test_what_would_not_train_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.studio"
    assert run(["new", str(path)]) == 0
    assert run(["export", str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("layer-studio: empty.studio was not exported: ")
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "empty.py").exists()


def test_a_notebook_where_the_name_ends_so(tmp_path: Path) -> None:
    path = copy("xor", tmp_path)
    assert run(["export", str(path), "-o", str(tmp_path / "xor.ipynb")]) == 0
    assert json.loads((tmp_path / "xor.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


def test_several_notebooks_in_one_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside their projects or in a folder; a bad file stops none, and the data sets lie with them."""
    files = [str(copy(name, tmp_path)) for name in ("xor", "two_branches")]
    (tmp_path / "bad.studio").write_text("{")
    assert run(["export", *files, str(tmp_path / "bad.studio"), "--notebook", "-o", str(tmp_path / "out")]) == 2
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["breast_cancer.csv", "two_branches.ipynb", "xor.ipynb"]
    for name in ("two_branches", "xor"):
        found = json.loads((tmp_path / "out" / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    assert run(["export", *files, "--notebook"]) == 0
    assert (tmp_path / "xor.ipynb").read_bytes() == (tmp_path / "out" / "xor.ipynb").read_bytes()
    capsys.readouterr()
    assert run(["export", files[0], "--notebook", "-o", str(tmp_path / "gate.py")]) == 2
    told = "layer-studio: gate.py should end with .ipynb, since a notebook is asked for.\n"
    assert capsys.readouterr().err == told
    assert run(["export", files[0], "--notebook", "--scope", "model"]) == 2
    assert "A notebook holds the whole script." in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("*.py")) == []


def test_another_style(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("xor", tmp_path)
    assert run(["export", str(path), "-o", str(tmp_path / "gate.py"), "--style", "book"]) == 0
    assert "import keras.layers as L" in (tmp_path / "gate.py").read_text(encoding="utf-8")
    assert run(["export", str(path), "--style", "baroque"]) == 2
    assert "baroque" in capsys.readouterr().err


def test_one_part_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("residual", tmp_path)
    assert run(["export", str(path), "--scope", "model"]) == 0
    assert run(["export", str(path), "--scope", "block:residual"]) == 0
    model, block = (tmp_path / f"residual_{part}.py" for part in ("model", "residual"))
    assert "def build_model" in model.read_text(encoding="utf-8")
    assert "def main" not in model.read_text(encoding="utf-8")
    assert "def build_model" not in block.read_text(encoding="utf-8")
    assert not list(tmp_path.glob("*.npz")), "the model alone reads no data"
    capsys.readouterr()
    assert run(["export", str(path), "--scope", "block:none"]) == 2
    assert "There is no block called none. There are: residual." in capsys.readouterr().err
    assert run(["export", str(path), "--scope", "half"]) == 2
    assert "say script, model or block:NAME" in capsys.readouterr().err
    assert run(["export", str(path), "--scope", "model", "-o", str(tmp_path / "a.ipynb")]) == 2
    assert "A notebook holds the whole script." in capsys.readouterr().err


def test_a_file_that_was_changed_since_is_not_written_over_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = copy("xor", tmp_path), tmp_path / "xor.py"
    assert run(["export", str(path)]) == 0
    assert run(["export", str(path), "--style", "book"]) == 0, "our own file may be renewed"
    target.write_text("mine = 1\n", encoding="utf-8")
    assert run(["export", str(path)]) == 2
    assert "--force writes over it" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine = 1\n"
    assert run(["export", str(path), "--force"]) == 0
    assert target.read_text(encoding="utf-8") == code_of("xor")


def test_data_of_the_same_name_is_not_written_over_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("two_branches", tmp_path)
    (tmp_path / "breast_cancer.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run(["export", str(path)]) == 2
    assert "breast_cancer.csv holds something else" in capsys.readouterr().err
    assert (tmp_path / "breast_cancer.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"
    assert not (tmp_path / "two_branches.py").exists()


def test_a_folder_that_may_not_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("xor", tmp_path)
    (tmp_path / "file").write_text("")
    assert run(["export", str(path), "-o", str(tmp_path / "file" / "x.py")]) == 2
    assert "x.py was not written to" in capsys.readouterr().err


def test_sequential_tells_where_it_had_to_be_the_functional_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    branched, chain = copy("two_branches", tmp_path), copy("xor", tmp_path)
    capsys.readouterr()
    assert run(["export", "--style", "sequential", str(branched), str(chain)]) == 0
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("layer-studio: two_branches.studio was written in the functional form, since ")
    assert told.endswith(" concatenate takes more than one tensor.")
    assert "keras.Sequential" in (tmp_path / "xor.py").read_text(encoding="utf-8")


def test_where_it_runs_may_be_said_for_one_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("spirals", tmp_path)
    before = path.read_bytes()
    assert run(["export", str(path), "--runs-on", "hosts"]) == 0
    assert "MultiWorkerMirroredStrategy" in (tmp_path / "spirals.py").read_text(encoding="utf-8")
    assert path.read_bytes() == before
    capsys.readouterr()
    assert run(["export", str(copy("moods", tmp_path)), "--runs-on", "jax"]) == 2
    assert "cannot run there: JAX has no text" in capsys.readouterr().err
    assert not (tmp_path / "moods.py").exists()


def test_what_is_left_to_the_person_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.studio"
    drawn = graph("in:Input(shape=(3,)) -> a:Dense(units=2) -> out:Output")
    path.write_text(storage.dumps(drawn), encoding="utf-8")
    assert run(["export", str(path)]) == 0
    assert capsys.readouterr().err == (
        "layer-studio: net.studio has no data, so load_data() in net.py is yours to write.\n"
    )


def test_two_projects_never_share_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = copy("xor", tmp_path / "a"), copy("sine", tmp_path / "b", "xor.studio")
    assert run(["export", str(first), str(second), "-o", str(tmp_path / "out")]) == 2
    assert "xor.py holds the code of" in capsys.readouterr().err
    assert (tmp_path / "out" / "xor.py").read_text(encoding="utf-8") == code_of("xor")
    assert run(["export", str(first), str(second), "-o", str(tmp_path / "both.py")]) == 2
    assert "both.py is one file. Several projects need a folder." in capsys.readouterr().err
    assert not (tmp_path / "both.py").exists()


def test_a_notebook_shows_the_drawing_and_tells_what_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = copy("spirals", tmp_path), tmp_path / "net.ipynb"
    capsys.readouterr()
    assert run(["export", str(path), "--runs-on", "hosts", "-o", str(out)]) == 0
    assert "A notebook runs on one computer, so net.ipynb trains on one device." in capsys.readouterr().err
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    (shown,) = [line for cell in cells for line in cell["source"] if line.startswith("[picture]:")]
    assert base64.b64decode(shown.partition(",")[2]).startswith(b"\x89PNG")


def test_a_drawing_that_could_not_be_read_in_a_notebook_is_left_out() -> None:
    wide = graph("in:Input(shape=(3,)) -> out:Output")
    nodes = dict(wide.main.nodes)
    key = next(iter(nodes))
    far = {**nodes, key: replace(nodes[key], x=60_000.0, y=9_000.0)}
    picture, reason = picture_of(replace(wide, main=replace(wide.main, nodes=far)))
    assert (picture, reason) == (
        None,
        "The drawing is too large to be read in a notebook, so there is no picture of it.",
    )
