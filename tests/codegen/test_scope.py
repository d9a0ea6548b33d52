"""The model only, or one block: the same lines as in the script, and they stand by themselves."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from studio.catalog.values import KerasObject
from studio.codegen import STYLES, Style, generate, generate_block, generate_model
from studio.core import edits
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.graphs import node_id


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("name", PROJECTS)
def test_the_model_reads_as_in_the_script(name: str, style: Style) -> None:
    project = PROJECTS[name]()
    script = generate(project, CATALOG, style=style)
    source = generate_model(project, CATALOG, style=style)
    functions = source.text[source.text.index("def ") :]
    assert functions.rstrip() in script.text
    assert functions.rstrip().count("def build_model") == 1
    assert source.data_files == ()
    assert {span.node for span in source.spans} == {span.node for span in script.spans}
    assert "main" not in source.text


def test_a_block_stands_by_itself() -> None:
    project = PROJECTS["residual_blocks"]()
    source = generate_block(project, CATALOG, "b1")
    assert source.text.startswith(
        '"""Residual blocks (drawn with Layer Studio)."""\n\nfrom keras import layers\n\n\ndef re'
    )
    assert [each.name for each in ast.parse(source.text).body if isinstance(each, ast.FunctionDef)] == ["residual"]
    text = source.text[source.text.index("def ") :].rstrip()
    assert text in generate(project, CATALOG).text
    inside = node_id(project, "a", "b1")
    assert source.lines_of(inside)


def test_a_block_imports_what_it_says() -> None:
    project = PROJECTS["residual_blocks"]()
    inside = node_id(project, "a", "b1")
    value = KerasObject("HeNormal", {"seed": 1})
    project = edits.set_param(project, inside, "kernel_initializer", value, graph="b1")
    for style in STYLES.values():
        text = generate_block(project, CATALOG, "b1", style=style).text
        found = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "-"], input=text, text=True,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert found.returncode == 0, text + found.stdout


def test_a_block_that_is_not_finished_or_not_there_is_told() -> None:
    project = PROJECTS["residual_blocks"]()
    assert [problem.code for problem in generate_block(project, CATALOG, "b7").problems] == ["left_out"]
    edge = next(iter(project.graph("b1").edges))
    cut = edits.disconnect(project, list(project.graph("b1").edges), graph="b1")
    assert edge not in cut.graph("b1").edges
    assert "The block residual is not finished, so it has no code yet." in {
        problem.message for problem in generate_block(cut, CATALOG, "b1").problems
    }
    ast.parse(generate_block(cut, CATALOG, "b1").text)
