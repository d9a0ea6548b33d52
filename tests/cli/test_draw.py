"""``draw`` makes a figure in a process of its own; mistakes are one line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest

from studio import catalog, storage
from studio.cli import draw, run
from studio.core import edits
from studio.core.project import Project
from studio.protocol import Answer
from studio.workbench import figures
from studio.workbench.figures import LOOKS, Order
from tests.importing.running import CLASSES
from tests.importing.running import script as script_to_run
from tests.support.graphs import graph


def copy(name: str, folder: Path) -> Path:
    path = folder / f"{name}.studio"
    assert run(["new", str(path), "--example", name]) == 0
    return path


def texts(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")]


def test_the_layers_alone_need_no_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = copy("two_branches", tmp_path), tmp_path / "figure.svg"
    before = path.read_bytes()
    assert run(["draw", str(path), "-o", str(out), "--show", "none", "--theme", "paper", "--tidy"]) == 0
    assert capsys.readouterr() == ("", "")
    assert {node.name for node in storage.load(path).main.nodes.values()} <= set(texts(out))
    assert path.read_bytes() == before


def test_a_part_of_the_drawing(tmp_path: Path) -> None:
    path, out = copy("two_branches", tmp_path), tmp_path / "figure.svg"
    command = ["draw", str(path), "-o", str(out), "--show", "none", "--theme", "paper"]
    assert run([*command, "--only", "b1_l1, b1_l2"]) == 0
    assert {"b1_l1", "b1_l2"} == {text for text in texts(out) if text.startswith(("b", "m", "c"))}
    assert len(list(ElementTree.parse(out).iter("{http://www.w3.org/2000/svg}polygon"))) == 1


def test_a_model_of_keras_is_drawn_without_importing_it_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script, out = tmp_path / "net.py", tmp_path / "figure.svg"
    script.write_text(SCRIPT, encoding="utf-8")
    assert run(["draw", str(script), "-o", str(out), "--show", "none", "--theme", "paper"]) == 0
    assert {"pixels", "hidden", "digit"} <= set(texts(out))
    assert run(["draw", str(script), "-o", str(out), "--show", "none", "--theme", "paper", "--model", "small"]) == 0
    assert "hidden" not in texts(out)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["figure.svg", "net.py"]
    assert capsys.readouterr() == ("", "")
    script.write_text("import keras\nmodel = keras.models.load_model(input())\n", encoding="utf-8")
    assert run(["draw", str(script), "-o", str(out)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("layer-studio: net.py was not drawn: ")
    assert "With --run the script is run to see its model." in told
    assert told.count("\n") == 1
    assert run(["draw", str(script), "-o", str(out), "--never-run-code"]) == 2
    assert "not run because of --never-run-code" in capsys.readouterr().err
    assert run(["draw", str(tmp_path / "gone.keras"), "-o", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


SCRIPT = """\
import keras
from keras import layers
pixels = keras.Input((8,), name="pixels")
small = keras.Model(pixels, layers.Dense(2, name="few")(pixels), name="small")
net = keras.Model(pixels, layers.Dense(10, name="digit")(layers.Dense(32, name="hidden")(pixels)), name="net")
"""


@pytest.mark.keras
def test_a_script_is_run_where_the_person_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = script_to_run(tmp_path, CLASSES), tmp_path / "figure.svg"
    command = ["draw", str(source), "-o", str(out), "--theme", "paper", "--run"]
    assert run([*command, "--show", "none", "--model", "inner"]) == 0
    assert {"row", "Scaled", "output"} <= set(texts(out))
    assert "  | hello" in capsys.readouterr().err
    out.unlink()
    assert run([*command, "--model", "nobody"]) == 2
    assert "net.py was not drawn: The script makes no model called nobody" in capsys.readouterr().err.splitlines()[-1]
    assert not out.exists()


@pytest.mark.keras
def test_what_is_inside_of_a_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = graph("i:Input(shape=(4,)) -> a:Dense(units=7) -> b:Dense(units=5) -> o:Output")
    project = edits.make_block(project, catalog.load(), {"n2", "n3"}, "pair")
    path, out = tmp_path / "blocks.studio", tmp_path / "figure.svg"
    storage.save(project, path)
    assert run(["draw", str(path), "-o", str(out), "--block", "pair"]) == 0
    assert {"a", "b", "(None, 7)", "(None, 5)"} <= set(texts(out))
    assert run(["draw", str(path), "-o", str(out), "--block", "pear"]) == 2
    assert capsys.readouterr().err == "layer-studio: There is no block called 'pear'; what there is: pair.\n"


@pytest.mark.keras
def test_a_straight_network_cannot_be_folded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = copy("two_branches", tmp_path), tmp_path / "figure.svg"
    assert run(["draw", str(path), "-o", str(out), "--show", "none", "--fold", "--theme", "plot_model"]) == 2
    assert "nothing to fold" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "arguments", "line"),
    [
        ("figure.jpg", [], "figure.jpg should end with .svg, .pdf or .png."),
        ("no/figure.svg", ["--show", "none"], "figure.svg was not written to"),
        ("figure.png", ["--show", "none", "--dpi", "90000"], "Take at most"),
        ("figure.svg", ["--show", "shapes,weights"], "'weights' cannot be shown; what can is shapes,"),
        ("figure.svg", ["--only", "hiden"], "There is no layer called 'hiden'; is 'hidden' meant?"),
        ("figure.svg", ["--only", " ,"], "--only names no layer."),
        ("figure.svg", ["--block", "tower"], "There is no block called 'tower'."),
        ("figure.svg", ["--theme", "pink"], "invalid choice: 'pink'"),
    ],
)
def test_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str], line: str
) -> None:
    path = copy("xor", tmp_path)
    assert run(["draw", str(path), "-o", str(tmp_path / name), *arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith("layer-studio: ")
    assert line in told
    assert len(told.splitlines()) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["xor.studio"]


def test_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["draw", str(tmp_path / "gone.studio"), "-o", str(tmp_path / "x.svg")]) == 2
    assert "gone.studio cannot be opened" in capsys.readouterr().err
    storage.save(Project(), tmp_path / "empty.studio")
    assert run(["draw", str(tmp_path / "empty.studio"), "-o", str(tmp_path / "x.svg")]) == 2
    assert "There is nothing to draw: empty.studio has no layers." in capsys.readouterr().err


def test_a_drawing_process_that_crashes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy("xor", tmp_path)
    crash = [sys.executable, "-c", "import sys; sys.exit('boom')"]
    monkeypatch.setattr(draw, "drawing_command", lambda out: crash)
    assert run(["draw", str(path), "-o", str(tmp_path / "x.svg"), "--show", "none"]) == 2
    told = capsys.readouterr().err
    assert told == "layer-studio: x.svg was not drawn: the program that draws ended by itself (boom).\n"


def test_an_order_arrives_as_it_was_sent() -> None:
    project = graph("a:Input(shape=(3,)) -> b:Dense(units=2)")
    order = Order(project, {"n2": Answer((((None, 2), "float32"),), 8, 8)}, LOOKS["dark"], "main")
    assert Order.decode(order.encode()) == order


def test_the_style_names_are_those_of_the_looks() -> None:
    assert get_args(figures.Style) == tuple(LOOKS)


@pytest.mark.keras
def test_shapes_come_from_keras_as_far_as_it_has_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = copy("small_cnn", tmp_path), tmp_path / "figure.svg"
    path.write_text(path.read_text().replace('"kernel_size": 3', '"kernel_size": 40', 1))
    assert run(["draw", str(path), "-o", str(out), "--show", "shapes,parameters"]) == 0
    assert "(None, 28, 28, 1)" in texts(out)
    assert "(None, 10)" not in texts(out)
    assert "drawn with shapes missing: " in capsys.readouterr().err
