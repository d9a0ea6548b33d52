"""Edited code changes what it says otherwise than before, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from studio.codegen import STYLES, generate
from studio.core import edits
from studio.core.project import Project
from studio.importing.script import edited
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.graphs import graph, node_id
from tests.support.strategies import projects


def ids(project: Project) -> list[list[str]]:
    return [list(graph.nodes) for graph in project.graphs().values()]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_typed_comes_back_as_it_was_typed(name: str, style: str) -> None:
    project = PROJECTS[name]()
    source = generate(project, CATALOG, style=STYLES[style])
    same = edited(project, source.text, project, source.spans, source.text, CATALOG)
    assert same.complaints == ()
    assert same.project is project
    if '"relu"' in source.text:
        typed = source.text.replace('"relu"', '"tanh"', 1).replace("EPOCHS = ", "EPOCHS = 1")
        found = edited(project, source.text, project, source.spans, typed, CATALOG)
        assert found.complaints == ()
        assert generate(found.project, CATALOG, style=STYLES[style]).text == typed
        assert ids(found.project) == ids(project)


@given(projects)
@settings(max_examples=100, deadline=None)
def test_an_unchanged_text_changes_nothing(project: Project) -> None:
    source = generate(project, CATALOG)
    found = edited(project, source.text, project, source.spans, source.text, CATALOG)
    assert found.complaints or found.project is project


def test_frames_and_bypassed_nodes_outlive_an_edit_of_the_text() -> None:
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=4) -> b:Dense(units=3) -> y:Output")
    a, b = node_id(project, "a"), node_id(project, "b")
    project = edits.set_bypassed(edits.make_frame(project, [a, b], "Body"), [a], True)
    source = generate(project, CATALOG)
    text = source.text.replace("Dense(3", "Dense(5")
    found = edited(project, source.text, project, source.spans, text, CATALOG)
    assert not found.complaints
    assert found.project.main.nodes[b].params["units"] == 5
    assert found.project.main.frames == project.main.frames
    assert found.project.main.nodes[a].is_bypassed
    assert found.project.main.edges == project.main.edges
