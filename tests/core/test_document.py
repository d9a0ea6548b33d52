"""Document, history and gesture: steps, merging, selection, saved point, listeners."""

from __future__ import annotations

import pytest

from studio.core import edits
from studio.core.change import Change
from studio.core.document import Document
from studio.core.edits import Edit
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id


def title(text: str) -> Edit:
    return lambda project: edits.set_title(project, text)


def broken(project: Project) -> Project:
    raise RuntimeError("no")


def test_a_step_can_be_taken_back_and_done_again() -> None:
    document = Document()
    start = document.project
    assert document.apply(title("one"), "Rename project")
    assert (document.undo_name, document.redo_name) == ("Rename project", None)
    assert document.undo()
    assert document.project is start
    assert (document.undo_name, document.redo_name) == (None, "Rename project")
    assert document.redo()
    assert document.project.title == "one"
    assert not document.redo()


def test_what_is_typed_and_taken_back_is_no_step() -> None:
    document = Document()
    start = document.project
    document.apply(title("one"), "Rename project", merge_key="title")
    document.apply(title("Untitled"), "Rename project", merge_key="title")
    assert document.project is start
    assert not document.can_undo
    assert not document.can_redo
    document.apply(title("one"), "Rename project", merge_key="title")
    document.end_merge()
    document.apply(title("Untitled"), "Rename project", merge_key="title")
    assert len(document.history.past) == 2


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    document = Document()
    assert not document.apply(title("Untitled"), "Rename project")
    assert not document.can_undo


def test_typing_in_one_field_is_one_step() -> None:
    document = Document()
    start = document.project
    for text in ("a", "ab", "abc"):
        document.apply(title(text), "Rename project", merge_key="title")
    assert document.project.title == "abc"
    document.undo()
    assert document.project is start


@pytest.mark.parametrize("between", ["save", "leave", "undo", "other"])
def test_typing_is_two_steps_where_something_came_between(between: str) -> None:
    document = Document()
    document.apply(title("a"), "Rename project", merge_key="title")
    if between == "save":
        document.mark_saved()
    elif between == "leave":
        document.end_merge()
    elif between == "undo":
        document.apply(title("x"), "Rename project")
        document.undo()
    else:
        document.apply(lambda project: edits.set_direction(project, "right"), "Turn")
    document.apply(title("ab"), "Rename project", merge_key="title")
    document.undo()
    assert document.project.title == "a"


def test_a_new_step_forgets_what_could_be_redone() -> None:
    document = Document()
    document.apply(title("one"), "One")
    document.undo()
    document.apply(title("two"), "Two")
    assert not document.can_redo


def test_undo_gives_back_the_selection() -> None:
    project = graph("x:Input -> a:Dense -> y:Output")
    document = Document(project)
    a = node_id(project, "a")
    document.select([a])
    document.apply(lambda project: edits.delete(project, CATALOG, [a]), "Delete")
    assert document.selection == frozenset()
    document.undo()
    assert document.selection == {a}
    document.apply(lambda project: edits.add_node(project, "Dense"), "Add", selection=[f"n{project.next_id}"])
    assert document.selection == {f"n{project.next_id}"}
    document.undo()
    document.redo()
    assert document.selection == {f"n{project.next_id}"}


def test_the_saved_point_is_a_project_not_a_flag() -> None:
    document = Document()
    seen = [document.is_saved]
    document.apply(title("one"), "One")
    seen.append(document.is_saved)
    document.mark_saved()
    document.apply(title("two"), "Two")
    document.undo()
    seen.append(document.is_saved)
    document.load(Project(title="restored"), is_saved=False)
    seen.append(document.is_saved)
    assert seen == [True, False, True, False]


def test_loading_tells_the_difference_and_starts_a_new_history() -> None:
    document = Document()
    document.apply(title("one"), "One")
    heard: list[Change] = []
    document.subscribe(lambda old, new, change: heard.append(change))
    document.load(graph("x:Input -> a:Dense"))
    assert heard[0].of("main").added_nodes == {"n1", "n2"}
    assert not document.can_undo


def test_listeners_can_leave() -> None:
    document = Document()
    heard: list[str] = []
    leave = document.subscribe(lambda old, new, change: heard.append(new.title))
    document.apply(title("one"), "One")
    leave()
    leave()
    document.apply(title("two"), "Two")
    assert heard == ["one"]


def test_an_edit_of_a_listener_is_told_after_all_have_heard_the_first() -> None:
    document = Document()
    heard: list[tuple[str, str]] = []

    def answer(old: Project, new: Project, change: Change) -> None:
        if new.title == "one":
            document.apply(title("two"), "Two")
        heard.append(("answer", new.title))

    document.subscribe(answer)
    document.subscribe(lambda old, new, change: heard.append(("other", new.title)))
    document.apply(title("one"), "One")
    assert heard == [("answer", "one"), ("other", "one"), ("answer", "two"), ("other", "two")]


def test_a_listener_that_fails_does_not_keep_others_from_hearing() -> None:
    document = Document()
    heard: list[str] = []

    def fail(old: Project, new: Project, change: Change) -> None:
        raise RuntimeError("no")

    leave = document.subscribe(fail)
    document.subscribe(lambda old, new, change: heard.append(new.title))
    with pytest.raises(RuntimeError, match="no"):
        document.apply(title("one"), "One")
    leave()
    document.apply(title("two"), "Two")
    assert heard == ["one", "two"]


def test_an_edit_that_fails_changes_nothing() -> None:
    document = Document()
    start = document.project
    with pytest.raises(RuntimeError):
        document.apply(broken, "Break")
    assert document.project is start
    assert not document.can_undo


def test_travel_is_as_many_undos_or_redos_told_as_one_change() -> None:
    document = Document()
    seen = [document.project]
    for number in range(5):
        document.apply(lambda project, number=number: edits.set_title(project, f"t{number}"), f"step {number}")
        seen.append(document.project)
    heard: list[Project] = []
    document.subscribe(lambda old, new, change: heard.append(new))
    for place in (2, 5, 0, 3):
        assert document.travel(place)
        assert document.project is seen[place]
        assert len(document.history.past) == place
        assert heard[-1] is seen[place]
    assert len(heard) == 4
    assert not document.travel(3)
    assert document.travel(99)
    assert document.project is seen[5]
    assert document.travel(-1)
    assert document.project is seen[0]
