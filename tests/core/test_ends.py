"""The order of Inputs and Outputs: of a list of inputs, and of the ports of a block."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.core import bindings, edits
from studio.core.ports import ports_of
from studio.core.project import Column, DataSource, OutputPlan, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, graph, node, node_id
from tests.support.soundness import assert_sound
from tests.support.strategies import projects
from tests.support.structure import structure

TWO = "a:Input(shape=(3,)); b:Input(shape=(4,)); c:Input(shape=(5,)); a & b & c -> m:Concatenate -> y:Output"


def names(project: Project, key: str = "main") -> list[str]:
    first = next(id for id, each in project.graph(key).nodes.items() if each.type == "Input")
    return [project.graph(key).nodes[id].name for id in edits.ends_like(project, first, graph=key)]


def test_an_input_goes_to_another_place_and_keeps_all_that_it_has() -> None:
    project = graph(TWO)
    project = edits.make_frame(project, [node_id(project, "c")], "side")
    after = edits.move_end(project, node_id(project, "c"), 0)
    assert_sound(after)
    assert names(after) == ["c", "a", "b"]
    assert edges(after) == ["a -> m", "b -> m", "c -> m", "m -> y"]  # the merge keeps its order
    assert structure(after) == structure(project)
    assert next(iter(after.main.frames.values())).nodes == (node_id(after, "c"),)
    assert (node(after, "c").x, node(after, "c").y) == (node(project, "c").x, node(project, "c").y)


def test_ports_of_a_block_follow() -> None:
    project = graph(TWO)
    block = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "m")], "part")
    first = edits.ends_like(project, node_id(project, "input", block), graph=block)[0]
    after = edits.move_end(project, first, 2, graph=block)
    assert [port.name for port in ports_of(after, CATALOG, node(after, "part"))[0]] == ["input_1", "input_2", "input"]
    assert sorted(edges(after)) == sorted(edges(project))
    assert structure(after) == structure(project)


def test_columns_and_losses_stay_with_their_nodes() -> None:
    project = graph("a:Input; b:Input; a & b -> m:Concatenate -> y:Output; m -> z:Output")
    columns = tuple(Column(name) for name in ("p", "q", "r", "s"))
    project = edits.set_data(
        project, DataSource("file", "x.csv", columns=columns, features=("p", "q"), targets=("r", "s"))
    )
    project = edits.bind(project, node_id(project, "a"), ["p"])
    project = edits.set_output_plan(project, node_id(project, "z"), OutputPlan(weight=2.0))
    after = edits.move_end(edits.move_end(project, node_id(project, "b"), 0), node_id(project, "z"), 0)
    assert_sound(after)
    for name in "abyz":
        was = bindings.resolve(project).get(node_id(project, name))
        now = bindings.resolve(after).get(node_id(after, name))
        assert (was.columns if was else ()) == (now.columns if now else ()), name
    assert after.training.outputs == {node_id(after, "z"): OutputPlan(weight=2.0)}


def test_what_has_no_such_place_changes_nothing() -> None:
    project = graph(TWO)
    assert edits.move_end(project, node_id(project, "a"), 0) is project
    assert edits.move_end(project, node_id(project, "a"), 3) is project
    assert edits.move_end(project, node_id(project, "m"), 0) is project
    assert edits.ends_like(project, "n99") == ()


@given(projects, st.integers(0, 40), st.integers(0, 3))
def test_any_order_means_the_same_network(project: Project, which: int, place: int) -> None:
    for key, drawn in project.graphs().items():
        nodes = [*drawn.nodes]
        if nodes:
            after = edits.move_end(project, nodes[which % len(nodes)], place, graph=key)
            assert_sound(after)
            assert structure(after) == structure(project)
