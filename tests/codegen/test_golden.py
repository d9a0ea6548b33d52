"""The code of some drawings, word for word: Python that a person would be proud of."""

from __future__ import annotations

import ast

import pytest

from studio.codegen import generate
from tests.codegen.accepting import GOLDEN, assert_accepted
from tests.codegen.projects import CATALOG, PROJECTS


@pytest.mark.parametrize("name", PROJECTS)
def test_the_code_is_the_accepted_one(name: str, request: pytest.FixtureRequest) -> None:
    assert_accepted(f"{name}.py", generate(PROJECTS[name](), CATALOG).text, request)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.py")} == set(PROJECTS)


@pytest.mark.parametrize("name", PROJECTS)
def test_the_file_has_the_promised_functions(name: str) -> None:
    tree = ast.parse(generate(PROJECTS[name](), CATALOG).text)
    defined = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    assert {"load_data", "build_model", "compile_model", "train", "main"} <= defined
