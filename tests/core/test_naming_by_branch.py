"""Names of the book: b1_l2 is the second layer of the first branch, m1_l1 the merge."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from studio import catalog
from studio.core import edits
from studio.core.naming import is_valid_name
from studio.core.project import INPUT, OUTPUT, Graph, Project
from tests.support.graphs import graph
from tests.support.strategies import projects

CATALOG = catalog.load()


def named(text: str) -> dict[str, str]:
    """What each node of a drawing is called then, by the name that it had."""
    project = graph(text, catalog=CATALOG)
    renamed = edits.name_by_branch(project)
    return {node.name: renamed.main.nodes[key].name for key, node in project.main.nodes.items()}


def test_two_branches_of_the_book() -> None:
    found = named(
        """
        i:Input -> a:Dense(units=1) -> b:Dense(units=1) -> o:Output
        i -> c:Dense(units=1) -> d:Dense(units=1)
        b & d -> e:Concatenate -> f:Dense(units=1) -> p:Output
        """
    )
    assert found == {
        "i": "i", "o": "o", "p": "p", "a": "b1_l1", "b": "b1_l2", "c": "b2_l1", "d": "b2_l2", "e": "m1_l1",
        "f": "m1_l2",
    }  # fmt: skip


def test_several_merges_nested_branches_and_inputs() -> None:
    found = named(
        """
        i:Input -> a:Dense(units=1) -> b:Dense(units=1) & c:Dense(units=1)
        c -> d:Dense(units=1) & e:Dense(units=1)
        d & e -> f:Add
        b & f -> g:Add -> h:Dense(units=1) -> o:Output
        j:Input -> k:Dense(units=1)
        h & k -> l:Concatenate -> p:Output
        """
    )
    assert (found["a"], found["b"], found["c"], found["d"], found["e"]) == ("b1_l1", "b2_l1", "b3_l1", "b4_l1", "b5_l1")
    assert (found["k"], found["f"], found["g"], found["h"], found["l"]) == ("b6_l1", "m1_l1", "m2_l1", "m2_l2", "m3_l1")


def test_a_name_that_an_end_has_is_not_given_again() -> None:
    found = named("b1_l1:Input -> a:Dense(units=1) -> o:Output")
    assert (found["b1_l1"], found["a"]) == ("b1_l1", "b1_l1_1")


def without_names(drawn: Graph) -> Graph:
    return replace(drawn, nodes={key: replace(node, name="") for key, node in drawn.nodes.items()})


@given(projects)
def test_names_are_unique_valid_and_stable_and_nothing_else_changes(project: Project) -> None:
    for key, before in project.graphs().items():
        renamed = edits.name_by_branch(project, graph=key)
        drawn = renamed.graph(key)
        names = [node.name for node in drawn.nodes.values()]
        assert len(set(names)) == len(names)
        assert all(is_valid_name(name) for name in names)
        assert without_names(drawn) == without_names(before)
        ends = (INPUT, OUTPUT)
        assert all(drawn.nodes[each].name == node.name for each, node in before.nodes.items() if node.type in ends)
        assert edits.name_by_branch(renamed, graph=key) is renamed
