"""What is remembered between edits never shows: code after edits is the code of the same project made anew."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from studio.codegen import STYLES, flat_calls, generate
from studio.codegen.ir import Assign
from studio.codegen.lower import lower
from studio.core import edits
from studio.core.project import BLOCK, Project
from studio.storage import dumps, loads
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.graphs import node_id
from tests.support.strategies import Step, perform, projects, sequences


def assert_as_anew(project: Project) -> None:
    anew = loads(dumps(project))
    assert generate(project, CATALOG) == generate(anew, CATALOG)
    assert flat_calls(project, CATALOG) == flat_calls(anew, CATALOG)


@settings(max_examples=150)
@given(projects, sequences)
def test_after_every_edit(project: Project, performed: list[Step]) -> None:
    generate(project, CATALOG)
    for step in performed:
        project = perform(project, step)
        assert_as_anew(project)


@settings(max_examples=40)
@given(projects)
def test_the_text_of_a_statement_is_that_of_its_parts(project: Project) -> None:
    """Most statements are written without their parts; these are made where a line is too long, or for a loop."""
    assert_texts_of_parts(project)


@pytest.mark.parametrize("name", PROJECTS)
def test_the_text_of_a_statement_is_that_of_its_parts_in_examples(name: str) -> None:
    assert_texts_of_parts(PROJECTS[name]())


def assert_texts_of_parts(project: Project) -> None:
    for style in STYLES.values():
        for function in lower(project, CATALOG, style).module.functions:
            for statement in function.body:
                if isinstance(statement, Assign):
                    assert statement.text == f"{', '.join(statement.targets)} = {statement.value.text}"


def test_a_parameter_that_brings_ports() -> None:
    project = PROJECTS["sunspots"]()
    lstm = node_id(project, "lstm")
    before = generate(project, CATALOG).text
    without = edits.set_param(project, lstm, "return_state", False)
    assert_as_anew(without)
    assert generate(without, CATALOG).text != before
    assert generate(edits.set_param(without, lstm, "return_state", True), CATALOG).text == before


def test_two_nodes_that_swap_their_names() -> None:
    project = PROJECTS["two_branches"]()
    for name, other in (("b1_l1", "spare"), ("b2_l1", "b1_l1"), ("spare", "b2_l1")):
        project = edits.rename(project, node_id(project, name), other)
        assert_as_anew(project)


def test_a_block_that_is_bypassed_and_used_again() -> None:
    project = PROJECTS["residual_blocks"]()
    uses = [node.id for node in project.main.nodes.values() if node.type == BLOCK]
    for is_bypassed in (True, False):
        flat_calls(project, CATALOG)
        project = edits.set_bypassed(project, uses[-1:], is_bypassed)
        assert_as_anew(project)
