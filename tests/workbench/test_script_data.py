"""Exported scripts come back with their data: the same file is written again, or the data are not taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio import data
from studio.codegen import STYLES, generate
from studio.core import edits
from studio.core.project import Split
from studio.workbench.examples import Example, examples
from studio.workbench.opening_models import import_model
from tests.codegen.projects import PROJECTS
from tests.support.catalog import CATALOG
from tests.support.graphs import graph


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.path.stem)
def test_the_gallery_comes_back_whole(example: Example, tmp_path: Path) -> None:
    project = example.project()
    style = list(STYLES.values())[len(project.title) % len(STYLES)]
    text = generate(project, CATALOG, style=style).text
    (tmp_path / "net.py").write_text(text, encoding="utf-8")
    found = import_model(tmp_path / "net.py", CATALOG)
    assert found.report.came_in.endswith("Its data came too.")
    assert replace(found.project.data, bindings={}) == replace(project.data, bindings={})
    assert generate(found.project, CATALOG, style=style).text == text


@pytest.mark.parametrize("name", ["twins", "listed"])
def test_several_inputs_come_back_each_with_its_columns(name: str, tmp_path: Path) -> None:
    text = generate(PROJECTS[name](), CATALOG).text
    (tmp_path / "net.py").write_text(text, encoding="utf-8")
    found = import_model(tmp_path / "net.py", CATALOG)
    assert found.report.came_in.endswith("Its data came too.")
    assert generate(found.project, CATALOG).text == text


def test_a_table_beside_the_script_and_another_split_come_back(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b,c\n" + "".join(f"{n},{n * 2},{n % 7}.5\n" for n in range(40)))
    source = data.choose("file", data.pick(tmp_path / "own.csv", tmp_path), folder=tmp_path)
    source = replace(source, split=Split(0.1, 0.3, seed=4, shuffle=False))
    drawn = graph("row:Input(shape=(2,)) -> Dense(units=1) -> out:Output")
    text = generate(edits.set_data(drawn, source), CATALOG).text
    (tmp_path / "net.py").write_text(text, encoding="utf-8")
    found = import_model(tmp_path / "net.py", CATALOG)
    assert (found.project.data.name, found.project.data.split.test) == ("own.csv", 0.3)
    assert generate(found.project, CATALOG).text == text
    (tmp_path / "own.csv").unlink()
    lost = import_model(tmp_path / "net.py", CATALOG)
    assert lost.project.data.kind == "none"
    assert "choose them again" in lost.report.sentences[-1]


def test_data_that_are_loaded_in_another_way_are_not_taken(tmp_path: Path) -> None:
    project = next(each for each in examples() if each.path.stem == "spirals").project()
    text = generate(project, CATALOG).text
    line = next(line for line in text.splitlines() if line.startswith("    x = "))
    (tmp_path / "net.py").write_text(text.replace(line, f"{line} * 2.0"), encoding="utf-8")
    found = import_model(tmp_path / "net.py", CATALOG)
    assert found.project.data.kind == "none"
    assert "choose them again" in found.report.sentences[-1]
