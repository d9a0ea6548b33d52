"""The meaning of a project: what was only moved is the same as before, everything else is told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from studio.core import edits
from studio.core.meaning import Meaning
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id
from tests.support.strategies import Step, perform, projects, sequences

DRAWING = "x:Input(shape=(3,)) -> a:Dense(units=10) -> b:Dense(units=5) -> y:Output"


def without_places(project: Project) -> Project:
    """The project with all nodes at one place, unfolded and without frames and notes."""
    for key, drawn in project.graphs().items():
        project = edits.move(project, dict.fromkeys(drawn.nodes, (0.0, 0.0)), graph=key)
        project = edits.set_folded(project, drawn.nodes, False, graph=key)
        project = edits.leave_frame(project, drawn.nodes, graph=key)
        project = edits.delete(project, CATALOG, drawn.notes, graph=key)
        for edge in drawn.edges:
            project = edits.set_route(project, edge, [], graph=key)
    return replace(project, next_id=0, direction="down")


def test_a_move_means_nothing() -> None:
    meaning, project = Meaning(), graph(DRAWING)
    before = meaning.of(project)
    moved = edits.move(project, {node: (100.0 * k, 5.0) for k, node in enumerate(project.main.nodes)})
    assert meaning.of(moved) is before


def test_a_project_that_was_just_opened_means_itself() -> None:
    # What a thread derived of it while it was read is remembered by what it is.
    project = graph(DRAWING)
    meaning = Meaning()
    assert meaning.of(project) is project
    renamed = edits.rename(project, node_id(project, "a"), "other")
    assert meaning.of(renamed).blocks is meaning.of(project).blocks


def test_after_a_move_only_what_is_edited_is_another_object() -> None:
    meaning, project = Meaning(), graph(DRAWING)
    before = meaning.of(project)
    moved = edits.move(project, dict.fromkeys(project.main.nodes, (7.0, 7.0)))
    a = node_id(project, "a")
    after = meaning.of(edits.set_param(moved, a, "units", 11))
    assert after.main.nodes[a].params["units"] == 11
    assert all(after.main.nodes[key] is before.main.nodes[key] for key in before.main.nodes if key != a)
    assert after.main.edges is before.main.edges
    assert after.blocks is before.blocks


def test_undo_comes_back_to_the_very_object() -> None:
    # Else all is derived anew where little of the drawing was the same in between.
    meaning, project = Meaning(), graph(DRAWING)
    before = meaning.of(project)
    moved = edits.move(project, dict.fromkeys(project.main.nodes, (7.0, 7.0)))
    for _ in range(2):
        other = edits.delete(moved, CATALOG, [node_id(project, "a"), node_id(project, "b")])
        assert len(meaning.of(other).main.nodes) == 2
        assert meaning.of(project) is before


def test_a_note_is_a_comment_in_the_code() -> None:
    meaning, project = Meaning(), graph(DRAWING)
    before = meaning.of(project)
    noted = meaning.of(edits.set_note(project, node_id(project, "a"), "the first"))
    assert noted is not before
    assert noted.main.nodes[node_id(project, "a")].note == "the first"


def test_equal_numbers_of_another_kind_are_told() -> None:
    meaning, project = Meaning(), graph(DRAWING)
    meaning.of(project)
    a = node_id(project, "a")
    node = project.main.nodes[a]
    other = {**project.main.nodes, a: replace(node, params={"units": 10.0})}
    found = meaning.of(replace(project, main=replace(project.main, nodes=other)))
    assert type(found.main.nodes[a].params["units"]) is float


@given(projects, sequences)
def test_after_any_edits_the_meaning_is_the_project_but_for_places(project: Project, performed: list[Step]) -> None:
    meaning = Meaning()
    history = [project]
    for step in performed:
        project = perform(project, step)
        history.append(project)
    for shown in (*history, *reversed(history)):  # done one by one, and all taken back
        found = meaning.of(shown)
        assert without_places(found) == without_places(shown)
        assert list(found.main.nodes) == list(shown.main.nodes)
