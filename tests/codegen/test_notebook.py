"""Notebooks: valid, the same bytes each time, and they learn what the script learns."""

from __future__ import annotations

import ast
import base64
import json
import re
import subprocess
import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.codegen import STYLES, Style, generate
from studio.codegen.embedded import function_text
from studio.codegen.notebook import notebook
from studio.core import edits
from studio.core.project import UNMARKED, Project, Split, WeightsFile
from studio.importing.script import notebook_text, read_script
from studio.workbench.examples import example, examples
from tests.codegen.accepting import assert_accepted
from tests.codegen.projects import CATALOG, PROJECTS

GOLDEN = ("two_branches", "small_cnn", "penguins", "truth_table")
EXAMPLES = [entry.name for entry in examples()]


PICTURE = b"\x89PNG\r\n\x1a\n and more"


def drawn(name: str) -> Project:
    entry = example(name)
    assert entry is not None
    return entry.project()


def cells(project: Project, style: Style = STYLES["default"], picture: bytes | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook(project, CATALOG, style=style, picture=picture).text)["cells"]
    return found


def code(project: Project, style: Style = STYLES["default"]) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(project, style) if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_notebook_is_the_accepted_one(name: str, request: pytest.FixtureRequest) -> None:
    assert_accepted(f"notebook/{name}.ipynb", notebook(PROJECTS[name](), CATALOG).text, request)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_has_its_accepted_notebook(name: str, request: pytest.FixtureRequest) -> None:
    assert_accepted(f"notebook/examples/{name}.ipynb", notebook(drawn(name), CATALOG).text, request)


def test_no_golden_file_is_left_over() -> None:
    folder = Path(__file__).with_name("golden") / "notebook"
    assert {path.stem for path in folder.glob("*.ipynb")} == set(GOLDEN)
    assert {path.stem for path in (folder / "examples").glob("*.ipynb")} == set(EXAMPLES)


def test_the_weights_from_which_it_starts_are_looked_for_where_it_runs() -> None:
    project = PROJECTS["truth_table"]()
    file = WeightsFile("/somewhere/models/large.keras", "1-2")
    project = replace(project, training=replace(project.training, starts_from=file))
    setup, *_ = code(project)
    assert 'WEIGHTS = find_data("large.keras", "/somewhere/models")' in setup
    assert "from pathlib import Path\n" in setup
    assert function_text("find.py", "find_data") in setup  # type: ignore[operator]
    told = "".join(["".join(cell["source"]) for cell in cells(project) if cell["id"] == "about-data"])
    assert r"weights in the file large\.keras. It was not written beside this notebook" in told
    text = notebook(project, CATALOG).text
    again = read_script(notebook_text(text.encode()), CATALOG).project
    assert again.training.starts_from == replace(file, mark=UNMARKED)
    assert "tell here where the file is" in generate(project, CATALOG).text


@pytest.mark.parametrize("picture", [None, PICTURE], ids=["plain", "with picture"])
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("name", PROJECTS)
def test_it_is_what_nbformat_4_5_wants(name: str, style: Style, picture: bytes | None) -> None:
    """The rules of nbformat.v4.5.schema.json that concern what is written here."""
    source = notebook(PROJECTS[name](), CATALOG, style=style, picture=picture)
    content = json.loads(source.text)
    assert content.keys() == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert content["metadata"]["kernelspec"].keys() >= {"name", "display_name"}
    assert "name" in content["metadata"]["language_info"]
    ids = [cell["id"] for cell in content["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in content["cells"]:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert isinstance(cell["metadata"], dict)
        assert all(isinstance(line, str) for line in cell["source"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
        more = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert cell.keys() - more == {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            assert cell["execution_count"] is None
            assert cell["outputs"] == []
            ast.parse("".join(cell["source"]))
    assert notebook(PROJECTS[name](), CATALOG, style=style, picture=picture) == source


def test_the_steps_are_there_in_order() -> None:
    ids = [cell["id"] for cell in cells(PROJECTS["penguins"]())]
    steps = [name for name in ids if not name.startswith("about-")]
    assert steps == [
        "title", "setup", "data", "model", "picture", "compile", "fit", "curves", "evaluate", "predict", "save",
    ]  # fmt: skip


def test_it_carries_the_picture() -> None:
    """In the text of the cell, as Colab wants it, and as PNG, which every reader of notebooks lets through."""
    (cell,) = [cell for cell in cells(PROJECTS["penguins"](), picture=PICTURE) if cell["id"] == "about-model"]
    *_, shown, _, data = "".join(cell["source"]).split("\n")
    assert shown == "![The network][picture]"
    assert base64.b64decode(data.removeprefix("[picture]: data:image/png;base64,"), validate=True) == PICTURE


@pytest.mark.parametrize(
    ("split", "says"),
    [
        (Split(0.0, 0.0), "All rows are for training."),
        (Split(0.2, 0.0), "Of all rows, 80 % are for training, 20 % for validation."),
        (Split(0.15, 0.125), "Of all rows, 72.5 % are for training, 15 % for validation and 12.5 % for test."),
    ],
)
def test_it_tells_how_the_rows_are_divided(split: Split, says: str) -> None:
    told = {cell["id"]: "".join(cell["source"]) for cell in cells(edits.set_split(PROJECTS["penguins"](), split))}
    assert says in told["about-data"]
    assert ("by heart" in told["about-curves"]) == (split.validation > 0)


def test_its_functions_are_those_of_the_script() -> None:
    for name, make in PROJECTS.items():
        for style in STYLES.values():
            script = ast.parse(generate(make(), CATALOG, style=style).text)
            wanted = {ast.unparse(each) for each in script.body if isinstance(each, ast.FunctionDef | ast.ClassDef)}
            found = {
                ast.unparse(each)
                for text in code(make(), style)
                for each in ast.parse(text).body
                if isinstance(each, ast.FunctionDef | ast.ClassDef)
            }
            found = {each for each in found if not each.startswith("def find_data(")}
            assert {each for each in wanted if not each.startswith("def main(")} == found, name


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "![x](http://x/y.png)", "$a$ `b` *c*", "a\n# b", "\ud800", ""]
)
def test_a_title_is_nothing_but_text(title: str) -> None:
    text = "".join(cells(replace(PROJECTS["truth_table"](), title=title))[0]["source"])
    first, rest = text.split("\n", 1)
    assert rest == "\nDrawn with Layer Studio. Run the cells from top to bottom."
    assert not re.search(r"(?<!\\)[<>\[\]`$*(]", first[2:])
    notebook(replace(PROJECTS["truth_table"](), title=title), CATALOG).text.encode("utf-8")


@pytest.mark.parametrize("command", [["check"], ["format", "--check", "--diff"]])
def test_ruff_would_change_nothing(command: list[str], tmp_path: Path) -> None:
    golden = [(name, PROJECTS[name]()) for name in GOLDEN]
    weighted = replace(golden[0][1].training, starts_from=WeightsFile("/a/b.keras", "1-2"))
    more = [*golden, ("weighted", replace(golden[0][1], training=weighted))]
    for name, project in more:
        (tmp_path / f"{name}.ipynb").write_text(notebook(project, CATALOG).text, encoding="utf-8")
    for name in EXAMPLES:
        (tmp_path / f"example_{name}.ipynb").write_text(notebook(drawn(name), CATALOG).text, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_data_is_found_wherever_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = function_text("find.py", "find_data") or ""
    assert text in code(PROJECTS["penguins"]())[0]
    assert "find_data" not in "".join(code(PROJECTS["truth_table"]()))
    scope: dict[str, Any] = {"Path": Path}
    exec(text.replace("/kaggle/input", str(tmp_path / "kaggle")), scope)
    find = scope["find_data"]
    here, inputs = tmp_path / "here", tmp_path / "kaggle" / "birds" / "deeper"
    here.mkdir()
    inputs.mkdir(parents=True)
    monkeypatch.chdir(here)
    with pytest.raises(FileNotFoundError, match=r"Put penguins\.csv into the folder of this notebook"):
        find("penguins.csv")
    colab, files = types.ModuleType("google.colab"), types.ModuleType("google.colab.files")
    files.upload = lambda: {"penguins (1).csv": b"x"}  # type: ignore[attr-defined]
    colab.files = files  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    assert find("penguins.csv") == Path("penguins (1).csv")
    (inputs / "penguins.csv").write_text("y")
    assert find("penguins.csv") == inputs / "penguins.csv"
    (here / "penguins.csv").write_text("z")
    assert find("penguins.csv") == Path("penguins.csv")
