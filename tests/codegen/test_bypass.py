"""Bypassed nodes in the code: not there, but for a comment that belongs to them."""

from __future__ import annotations

import pytest

from studio.codegen import STYLES, flat_calls, generate
from studio.core import edits
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

CHAIN = "x:Input(shape=(4,)) -> a:Dense(units=4) -> b:Dense(units=3) -> c:Dense(units=2) -> y:Output"


def bypassed(text: str, *names: str) -> Project:
    project = graph(text)
    return edits.set_bypassed(project, [node_id(project, name) for name in names], True)


@pytest.mark.parametrize("style", STYLES)
def test_a_comment_stands_in_their_place(style: str) -> None:
    project = bypassed(CHAIN, "b")
    source = generate(project, CATALOG, style=STYLES[style])
    assert "# b (Dense) is bypassed." in source.text
    assert "Dense(3" not in source.text
    (span,) = source.lines_of(node_id(project, "b"))
    assert "is bypassed" in source.text.splitlines()[span.first_line - 1]
    assert not [problem for problem in source.problems if problem.code == "left_out"]


@pytest.mark.parametrize("style", STYLES)
def test_the_last_layer_too(style: str) -> None:
    source = generate(bypassed(CHAIN, "b", "c"), CATALOG, style=STYLES[style])
    assert "# b (Dense) is bypassed." in source.text
    assert "# c (Dense) is bypassed." in source.text


def test_a_bypassed_block_is_no_function() -> None:
    project = graph(CHAIN)
    project = edits.make_block(project, CATALOG, [node_id(project, "a"), node_id(project, "b")], "part")
    use = next(key for key, node in project.main.nodes.items() if node.block)
    assert "def part(" in generate(project, CATALOG).text
    text = generate(edits.set_bypassed(project, [use], True), CATALOG).text
    assert "def part(" not in text
    assert "# part (block) is bypassed." in text


def test_the_engine_hears_that_the_tensor_is_handed_on() -> None:
    project = bypassed("x:Input(shape=(4,)) -> a:Dense(units=4) -> m:Add -> y:Output; x -> m", "m")
    calls = {call.id: call for call in flat_calls(project, CATALOG)}
    merge = calls[node_id(project, "m")]
    assert (merge.kind, merge.expression) == ("output", "")
    assert merge.inputs == (("inputs", ((node_id(project, "a"), 0),)),)


def test_the_layer_that_others_share_is_made_by_the_first_of_them() -> None:
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=4) -> y:Output")
    a = node_id(project, "a")
    project = edits.share(project, a, 0, 0)
    other = next(key for key, node in project.main.nodes.items() if node.shares)
    calls = {call.id: call for call in flat_calls(edits.set_bypassed(project, [a], True), CATALOG)}
    assert calls[other].shares is None
    assert "Dense(4)" in calls[other].expression
