"""Blocks: made of layers, used several times, taken apart again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.catalog.values import ParameterRef
from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import BlockParameter, Project
from tests.support.blocks import with_parameters
from tests.support.catalog import CATALOG
from tests.support.graphs import edge_id, edges, graph, node, node_id
from tests.support.soundness import assert_sound

DRAWING = """x:Input(shape=(3,)) -> a:Dense(units=3) -> b:Dense(units=3)
x & b -> sum:Add -> y:Output"""


def made(text: str = DRAWING, names: str = "ab") -> tuple[Project, str]:
    project = graph(text)
    block = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in names], "part")
    assert_sound(project)
    return project, block


def test_layers_become_a_block_and_one_use_of_it() -> None:
    project, block = made()
    assert edges(project) == ["x -> sum", "part -> sum", "sum -> y", "x -> part.input"]
    assert edges(project, block) == ["input -> a", "a -> b", "b -> output"]
    inputs, outputs = ports_of(project, CATALOG, node(project, "part"))
    assert ([port.name for port in inputs], [port.name for port in outputs]) == (["input"], ["output"])


def test_a_tensor_that_enters_twice_is_one_input() -> None:
    project = graph("x:Input -> a:Dense & b:Dense; z:Input; a & b & z -> c:Concatenate -> y:Output; b -> v:Output")
    block = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "abc"], "part")
    assert edges(project, block) == [
        "input -> a", "input -> b", "a -> c", "b -> c", "input_1 -> c", "c -> output", "b -> output_1",
    ]  # fmt: skip
    assert_sound(project)
    assert [len(side) for side in ports_of(project, CATALOG, node(project, "part"))] == [2, 2]


def test_a_frame_around_one_layer_goes_into_the_block_with_it() -> None:
    project = graph(DRAWING)
    project = edits.make_frame(project, [node_id(project, "a")], "first")
    block = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "a")], "part")
    assert_sound(project)
    assert project.main.frames == {}
    assert [frame.title for frame in project.blocks[block].graph.frames.values()] == ["first"]


def test_taking_a_block_apart_gives_the_drawing_back() -> None:
    project, _ = made()
    project = edits.unpack_block(project, CATALOG, node_id(project, "part"))
    assert_sound(project)
    assert sorted(edges(project)) == sorted(edges(graph(DRAWING)))
    assert [edge.rank for edge in project.main.edges.values() if edge.id == edge_id(project, "b", "sum")] == [1]


@pytest.mark.parametrize(
    ("names", "code"),
    [(["x", "a"], "ends_inside"), ([], "nothing"), (["a", "c"], "not_closed"), (["a", "b", "c"], None)],
)
def test_what_can_become_a_block(names: list[str], code: str | None) -> None:
    project = graph("x:Input -> a:Dense -> b:Dense -> c:Dense -> y:Output")
    ids = [node_id(project, name) for name in names]
    problem = rules.why_not_make_block(project, ids)
    assert (problem.code if problem else None) == code
    assert (edits.make_block(project, CATALOG, ids, "part") is project) is (code is not None)


def test_a_shared_layer_goes_into_a_block_as_a_whole() -> None:
    project = graph("x:Input -> a:Dense -> y:Output")
    project = edits.share(project, node_id(project, "a"), 0, 0)
    problem = rules.why_not_make_block(project, [node_id(project, "a")])
    assert problem is not None
    assert problem.message == "a_1 shares its layer with a; select both or none."


def test_a_block_is_not_used_inside_of_itself() -> None:
    project, block = made()
    assert edits.add_node(project, "block", block=block, graph=block) is project
    outer = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "part")], "outer")
    problem = rules.why_not_use_block(project, outer, graph=block)
    assert problem is not None
    assert problem.message == "outer is made with this block, so it cannot be used inside of it."
    assert rules.why_not_use_block(project, block, graph=outer) is None


def test_edges_follow_a_port_that_is_renamed() -> None:
    project, block = made()
    project = edits.rename(project, node_id(project, "input", block), "rows", graph=block)
    assert "x -> part.rows" in edges(project)
    assert_sound(project)


def test_edges_go_with_a_port_that_is_deleted() -> None:
    project, block = made()
    project = edits.delete(project, CATALOG, [node_id(project, "output", block)], graph=block)
    assert edges(project) == ["x -> sum", "sum -> y", "x -> part.input"]
    assert_sound(project)


def test_values_of_a_use_fill_in_when_it_is_taken_apart() -> None:
    project, block = made()
    project = with_parameters(project, block, [BlockParameter("width", 5)])
    project = edits.set_param(project, node_id(project, "a", block), "units", ParameterRef("width"), graph=block)
    project = edits.set_param(project, node_id(project, "part"), "width", 7)
    project = edits.unpack_block(project, CATALOG, node_id(project, "part"))
    assert node(project, "a").params == {"units": 7}


def test_a_block_inside_a_block_takes_the_outer_parameters_along() -> None:
    project, block = made()
    project = with_parameters(project, block, [BlockParameter("width", 5), BlockParameter("other", 1)])
    project = edits.set_param(project, node_id(project, "a", block), "units", ParameterRef("width"), graph=block)
    inner = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "a", block)], "inner", graph=block)
    assert project.blocks[inner].parameters == (BlockParameter("width", 5),)
    assert node(project, "inner", block).params == {"width": ParameterRef("width")}
    assert not [problem for problem in rules.problems(project, CATALOG) if problem.severity == "error"][1:]


def test_a_block_in_use_is_not_deleted() -> None:
    project, block = made()
    assert edits.delete_block(project, block) is project
    project = edits.delete(project, CATALOG, [node_id(project, "part")])
    assert edits.delete_block(project, block).blocks == {}


def test_a_block_is_renamed_to_a_free_name_only() -> None:
    project, block = made()
    assert edits.rename_block(project, block, "residual").blocks[block].name == "residual"
    assert edits.rename_block(project, block, "a/b") is project


def test_copied_uses_share_the_definition_and_travel_with_it() -> None:
    project, block = made()
    fragment = edits.copy(project, [node_id(project, "part")])
    assert edits.paste(project, fragment).blocks is project.blocks
    other = edits.paste(Project(), edits.Fragment.of_project(fragment.as_project()))
    assert_sound(other)
    (new,) = other.blocks
    assert edges(other, new) == edges(project, block)
    use = node(other, "part")
    assert use.block == new


def test_an_output_that_gets_nothing_leaves_no_gap_when_its_block_is_taken_apart() -> None:
    project, block = made(DRAWING.replace("x & b -> sum", "b & x -> sum"))
    project = edits.disconnect(project, [edge_id(project, "b", "output", block)], graph=block)
    project = edits.unpack_block(project, CATALOG, node_id(project, "part"))
    assert_sound(project)
    assert project.main.edges[edge_id(project, "x", "sum")].rank == 0


def test_a_layer_that_keras_names_has_no_name_of_its_use_until_it_is_renamed() -> None:
    project, block = made()
    a = node_id(project, "a", block)
    named = replace(project.blocks[block], names_layers=True, unnamed=frozenset({a}))
    project = replace(project, blocks={block: named})
    apart = edits.unpack_block(project, CATALOG, node_id(project, "part"))
    assert {"a", "part_b"} <= {each.name for each in apart.main.nodes.values()}
    renamed = edits.rename(project, a, "own", graph=block)
    assert not renamed.blocks[block].unnamed
    apart = edits.unpack_block(renamed, CATALOG, node_id(renamed, "part"))
    assert {"part_own", "part_b"} <= {each.name for each in apart.main.nodes.values()}
