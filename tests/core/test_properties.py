"""What holds of every sequence of edits: soundness, undo and redo, and that a change tells all."""

from __future__ import annotations

from copy import copy
from functools import partial

from hypothesis import given

from studio.core import rules
from studio.core.bindings import resolve
from studio.core.change import Change, diff
from studio.core.document import Document
from studio.core.fixes import fixes
from studio.core.plan import monitored, resolved
from studio.core.project import Graph, Project
from studio.core.topology import order
from tests.support.catalog import CATALOG
from tests.support.soundness import assert_sound
from tests.support.strategies import Step, after, perform, projects, sequences, steps


@given(projects, steps)
def test_every_edit_leaves_a_sound_project(project: Project, step: Step) -> None:
    assert_sound(project)
    before = repr(project)
    assert_sound(perform(project, step))
    assert repr(project) == before, "the old project was changed"


@given(sequences)
def test_undo_gives_back_the_identical_start_and_redo_the_identical_end(performed: list[Step]) -> None:
    start = after([Step("add", 0, 0, 1), Step("grow", 0, 0, 1), Step("grow", 0, 3, 1)])
    document = Document(start)
    for step in performed:
        document.apply(partial(perform, step=step), step.kind)
    end = document.project
    while document.undo():
        pass
    assert document.project is start
    while document.redo():
        pass
    assert document.project is end


@given(projects, sequences)
def test_a_change_names_exactly_what_is_different(old: Project, performed: list[Step]) -> None:
    new = after(performed, old)
    change = diff(old, new)
    for key in old.graphs() | new.graphs():
        before, later = old.graphs().get(key, Graph()), new.graphs().get(key, Graph())
        found = change.of(key)
        for one, other, added, removed, updated in (
            (before.nodes, later.nodes, found.added_nodes, found.removed_nodes, found.updated_nodes),
            (before.edges, later.edges, found.added_edges, found.removed_edges, found.updated_edges),
        ):
            assert added == other.keys() - one.keys()
            assert removed == one.keys() - other.keys()
            assert updated == {part for part in one.keys() & other.keys() if one[part] != other[part]}
        assert found.frames_changed == (before.frames != later.frames)
        assert found.notes_changed == (before.notes != later.notes)
    assert change.data_changed == (old.data != new.data)
    assert change.training_changed == (old.training != new.training)
    assert change.title_changed == (old.title != new.title)


@given(sequences)
def test_listeners_hear_every_change_and_can_follow(performed: list[Step]) -> None:
    document = Document()
    heard: list[Project] = [document.project]
    nodes: set[str] = set()

    def follow(old: Project, new: Project, change: Change) -> None:
        assert old is heard[-1]
        heard.append(new)
        nodes.difference_update(change.of("main").removed_nodes)
        nodes.update(change.of("main").added_nodes)

    document.subscribe(follow)
    for number, step in enumerate(performed):
        document.apply(partial(perform, step=step), step.kind, merge_key=step.kind)
        if number % 4 == 3:
            document.undo()
    assert heard[-1] is document.project
    assert nodes == document.project.main.nodes.keys()


@given(projects)
def test_rules_and_plans_have_an_answer_for_every_project(project: Project) -> None:
    found = rules.problems(project, CATALOG)
    assert all(problem.message.endswith(".") for problem in found)
    for problem in found:
        for fix in fixes(project, CATALOG, problem):
            repaired = fix.edit(project)
            assert_sound(repaired)
            assert repaired is not project
    assert resolved(project).keys() == {key for key, node in project.main.nodes.items() if node.type == "Output"}
    assert "loss" in monitored(project)
    assert resolve(project).keys() <= project.main.nodes.keys()


@given(projects, sequences)
def test_problems_followed_from_edit_to_edit_are_those_of_a_fresh_look(project: Project, performed: list[Step]) -> None:
    rules.problems(project, CATALOG)
    for step in performed:
        project = perform(project, step)
        # What was found before is remembered by the catalog, as the object that it is.
        assert rules.problems(project, CATALOG) == rules.problems(project, copy(CATALOG))


@given(projects)
def test_the_order_has_every_node_after_those_that_it_takes(project: Project) -> None:
    for graph in project.graphs().values():
        places = {node: place for place, node in enumerate(order(graph))}
        assert places.keys() == graph.nodes.keys()
        assert all(places[edge.source.node] < places[edge.target.node] for edge in graph.edges.values())
