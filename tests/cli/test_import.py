"""``import`` writes a tidy project for each model, tells what came in, and goes on after a bad file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio import storage
from studio.cli import run
from tests.importing.running import CLASSES, script
from tests.support.structure import structure

MODEL = json.dumps({
    "class_name": "Sequential",
    "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "a"}},
        {"class_name": "Dense", "config": {"units": 3, "name": "d"}},
    ]},
})  # fmt: skip


def model(folder: Path, name: str) -> str:
    (folder / name).write_text(MODEL)
    return str(folder / name)


def test_one_model_becomes_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "net.studio"
    assert run(["import", model(tmp_path, "m.json"), "-o", str(out)]) == 0
    project = storage.load(out)
    assert [node.name for node in project.main.nodes.values()] == ["a", "d", "output"]
    assert len({node.y for node in project.main.nodes.values()}) == 3
    assert capsys.readouterr().out == f"{out}\n  A Sequential model came in: 1 layer.\n"


def test_several_models_go_into_a_folder_and_a_bad_one_stops_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.keras").write_text("PK")
    sources = [str(tmp_path / "bad.keras"), model(tmp_path, "m.json"), model(tmp_path, "m.h5"), model(tmp_path, "n")]
    assert run(["import", *sources, "-o", str(tmp_path / "out")]) == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["m.studio", "m_h5.studio", "n.studio"]
    error = capsys.readouterr().err
    assert "bad.keras was not imported: " in error
    assert len(error.splitlines()) == 1


def test_several_models_are_not_put_into_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder called net.studio was made, which nothing opens; where the file was there already, it said so twice."""
    out = tmp_path / "net.studio"
    for _ in range(2):
        assert run(["import", model(tmp_path, "m.json"), model(tmp_path, "m.h5"), "-o", str(out)]) == 2
        assert capsys.readouterr().err == "layer-studio: net.studio is one file. Several models need a folder.\n"
        if not out.exists():
            out.write_text("{}")


def test_a_project_is_not_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "net.studio").write_text("{}")
    assert run(["import", str(tmp_path / "net.studio"), "-o", str(tmp_path / "other.studio")]) == 2
    assert "net.studio is a project already" in capsys.readouterr().err


def test_a_model_is_not_chosen_where_there_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name was passed over in silence."""
    source, out = model(tmp_path, "m.json"), tmp_path / "net.studio"
    assert run(["import", source, "-o", str(out), "--model", "decoder"]) == 2
    assert "m.json was not imported: The file holds one model; --model chooses" in capsys.readouterr().err
    assert not out.exists()
    assert run(["import", source, "-o", str(out)]) == 0
    assert run(["draw", str(out), "-o", str(tmp_path / "a.svg"), "--model", "s"]) == 2
    assert "net.studio is a project; --model chooses" in capsys.readouterr().err


def test_nothing_is_overwritten_and_the_name_must_say_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.studio"
    out.write_text("mine")
    assert run(["import", model(tmp_path, "m.json"), "-o", str(out)]) == 2
    assert out.read_text() == "mine"
    assert run(["import", model(tmp_path, "m.json"), "-o", str(tmp_path / "net.txt")]) == 2
    assert run(["import", model(tmp_path, "m.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_script_is_read_and_one_of_its_models_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(__file__).parents[1] / "importing" / "scripts" / "autoencoder.py"
    out = tmp_path / "net.studio"
    assert run(["import", str(source), "-o", str(out), "--model", "decoder"]) == 0
    assert [node.type for node in storage.load(out).main.nodes.values()][1:3] == ["Reshape", "Conv2DTranspose"]
    assert run(["import", str(source), "-o", str(tmp_path / "other.studio"), "--model", "nobody"]) == 2
    assert capsys.readouterr().err.endswith("has no model called nobody; it has: encoder, decoder, autoencoder.\n")


def deep(folder: Path) -> str:
    """A model of six alike groups of layers, one after the other."""
    layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "a"}}]
    for number in range(1, 7):
        layers += [
            {"class_name": "Dense", "config": {"units": 4 * number, "name": f"group{number}_in"}},
            {"class_name": "LayerNormalization", "config": {"name": f"group{number}_norm"}},
            {"class_name": "ReLU", "config": {"name": f"group{number}_relu"}},
            {"class_name": "Dropout", "config": {"rate": 0.1, "name": f"group{number}_drop"}},
            {"class_name": "Dense", "config": {"units": 8, "name": f"group{number}_out"}},
        ]
    path = folder / "deep.json"
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "deep", "layers": layers}}))
    return str(path)


def test_repeated_parts_become_blocks_where_that_is_wished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flat, short = tmp_path / "flat.studio", tmp_path / "short.studio"
    assert run(["import", deep(tmp_path), "-o", str(flat)]) == 0
    assert run(["import", deep(tmp_path), "-o", str(short), "--find-parts"]) == 0
    assert "used 6 times, with units" in capsys.readouterr().out
    project = storage.load(short)
    assert [node.name for node in project.main.nodes.values() if node.type == "block"] == [
        f"group{number}" for number in range(1, 7)
    ]
    (block,) = project.blocks.values()
    assert len({node.y for node in block.graph.nodes.values()}) == len(block.graph.nodes)
    assert structure(project) == structure(storage.load(flat))


def test_an_export_with_parts_leaves_the_file_alone(tmp_path: Path) -> None:
    flat, code = tmp_path / "flat.studio", tmp_path / "flat.py"
    assert run(["import", deep(tmp_path), "-o", str(flat)]) == 0
    before = flat.read_bytes()
    assert run(["export", str(flat), "-o", str(code), "--find-parts"]) == 0
    assert "for number, units in [(2, 8), (3, 12), (4, 16), (5, 20)]:" in code.read_text()
    assert flat.read_bytes() == before


def test_a_script_that_must_run_is_not_run_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark = tmp_path / "it_ran"
    source = script(tmp_path, f"import keras, pathlib\npathlib.Path({str(mark)!r}).touch()\nkeras.Sequential(made())\n")
    for arguments, reason in (([], "--run"), (["--never-run-code"], "--never-run-code")):
        assert run(["import", str(source), "-o", str(tmp_path / "net.studio"), *arguments]) == 2
        error = capsys.readouterr().err
        assert "Line 3: made is not defined in the script." in error
        assert reason in error.splitlines()[-1]
    assert not mark.exists()
    assert not (tmp_path / "net.studio").exists()


@pytest.mark.keras
def test_a_script_is_run_where_the_person_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = script(tmp_path, CLASSES), tmp_path / "net.studio"
    assert run(["import", str(source), "-o", str(out), "--run", "--model", "inner"]) == 0
    assert [node.type for node in storage.load(out).main.nodes.values()] == ["Input", "Dense", "Scaled", "Output"]
    printed = capsys.readouterr()
    assert "  | hello" in printed.err
    assert "\x1b" not in printed.err
    assert "which was run but not trained: 2 layers." in printed.out


@pytest.mark.keras
def test_a_script_that_asks_for_shapes_is_read_without_being_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "import keras\nfrom keras import layers\ninputs = keras.Input((9, 3))\nx = layers.Conv1D(6, 3)(inputs)\n"
        "x = layers.Reshape((x.shape[1] * x.shape[2],))(x)\nmodel = keras.Model(inputs, x)\n"
    )
    out = tmp_path / "net.studio"
    assert run(["import", str(script(tmp_path, text)), "-o", str(out), "--never-run-code"]) == 0
    reshape = next(node for node in storage.load(out).main.nodes.values() if node.type == "Reshape")
    assert reshape.params == {"target_shape": (42,)}
