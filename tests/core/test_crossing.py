"""Layers that move into a block and out of it: ports follow the edges, the network stays what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalog.values import ParameterRef
from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import BLOCK, INPUT, OUTPUT, BlockParameter, Project
from studio.core.topology import order
from tests.support.blocks import with_parameters
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, graph, node, node_id
from tests.support.soundness import assert_sound
from tests.support.strategies import projects
from tests.support.structure import structure

DRAWING = "x:Input(shape=(3,)) -> a:Dense(units=3) -> b:Dense(units=4) -> c:Dense(units=5) -> y:Output"


def with_block(text: str, names: str, name: str = "part") -> tuple[Project, str]:
    project = graph(text)
    block = f"b{project.next_id}"
    return edits.make_block(project, CATALOG, [node_id(project, each) for each in names], name), block


def moved_in(project: Project, *names: str, into: str = "part") -> Project:
    return edits.move_into_block(project, [node_id(project, name) for name in names], node_id(project, into))


def moved_out(project: Project, block: str, *names: str) -> Project:
    return edits.move_out_of_block(project, [node_id(project, name, block) for name in names], graph=block)


@pytest.mark.parametrize(("name", "inside"), [
    ("c", ["input -> b", "b -> c", "c -> output"]), ("a", ["input -> a", "a -> b", "b -> output"]),
])  # fmt: skip
def test_what_stands_before_or_after_a_block_moves_in_and_out_again(name: str, inside: list[str]) -> None:
    project, block = with_block(DRAWING, "b")
    after = moved_in(project, name)
    assert_sound(after)
    assert structure(after) == structure(project)
    assert edges(after, block) == inside
    assert node_id(after, name, block) == node_id(project, name)
    back = moved_out(after, block, name)
    assert_sound(back)
    assert structure(back) == structure(project)
    assert {each.name for each in back.main.nodes.values()} == {each.name for each in project.main.nodes.values()}


def test_ports_appear_where_edges_cross_and_one_tensor_needs_one() -> None:
    project, block = with_block(
        "x:Input -> a:Dense -> b:Dense -> y:Output; x & a & b -> c:Add -> z:Output; c -> d:Dense -> v:Output", "b"
    )
    after = moved_in(project, "c")
    assert_sound(after)
    assert structure(after) == structure(project)
    inputs = [each.name for each in after.blocks[block].graph.nodes.values() if each.type == INPUT]
    outputs = [each.name for each in after.blocks[block].graph.nodes.values() if each.type == OUTPUT]
    assert (len(inputs), len(outputs)) == (2, 2)  # a came in already; c goes to two places by one port


def test_ranks_of_a_merge_stay() -> None:
    project, block = with_block("x:Input -> a:Dense & b:Dense & c:Dense; c & a & b -> m:Concatenate -> y:Output", "a")
    for after in (moved_in(project, "m"), moved_in(project, "m", "b", "c")):
        assert_sound(after)
        assert structure(after) == structure(project)
        again = moved_out(after, block, "m")
        assert_sound(again)
        assert structure(again) == structure(project)


def test_parameters_of_an_outer_block_go_in_and_values_of_the_use_come_out() -> None:
    project, outer = with_block(DRAWING, "abc", "outer")
    project = with_parameters(project, outer, [BlockParameter("width", 5)])
    project = edits.set_param(project, node_id(project, "a", outer), "units", ParameterRef("width"), graph=outer)
    inner = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "b", outer)], "inner", graph=outer)
    use = node_id(project, "inner", outer)
    after = edits.move_into_block(project, [node_id(project, "a", outer)], use, graph=outer)
    assert after.blocks[inner].parameters == (BlockParameter("width", 5),)
    assert node(after, "inner", outer).params == {"width": ParameterRef("width")}
    assert structure(after) == structure(project)
    back = edits.move_out_of_block(after, [node_id(after, "a", inner)], graph=inner)
    assert node(back, "a", outer).params == {"units": ParameterRef("width")}
    assert structure(back) == structure(project)


def test_frames_and_notes_go_along() -> None:
    project, block = with_block(DRAWING, "b")
    project = edits.add_note(project, "why")
    note = next(iter(project.main.notes))
    project = edits.make_frame(project, [node_id(project, "c"), note], "head")
    after = moved_in(project, "c")
    assert_sound(after)
    assert after.main.frames == {}
    (frame,) = after.blocks[block].graph.frames.values()
    assert (frame.title, frame.notes) == ("head", (note,))
    back = moved_out(after, block, "c")
    assert_sound(back)
    assert back.main.frames == project.main.frames
    assert back.main.notes.keys() == {note}


def test_nothing_lies_upon_another_afterwards() -> None:
    for direction in ("down", "right"):
        for name in "ac":
            project, block = with_block(DRAWING, "b")
            project = edits.set_direction(project, direction)
            after = moved_in(project, name)
            nodes = after.blocks[block].graph.nodes.values()
            assert len({(each.x, each.y) for each in nodes}) == len(nodes)
            place = {each.name: each.y if direction == "down" else each.x for each in nodes}
            assert (place[name] < place["b"]) is (name == "a")


@pytest.mark.parametrize(("text", "names", "move", "words"), [
    (DRAWING, "a", "c", "b lies between what is selected and part; move it into the block, too."),
    (DRAWING, "a", "x", "x is an Input, which stays outside of a block; select layers only."),
    (DRAWING, "a", "", "Select the layers that shall move into part first."),
])  # fmt: skip
def test_what_cannot_move_in_says_why(text: str, names: str, move: str, words: str) -> None:
    project, _ = with_block(text, names)
    ids = [node_id(project, name) for name in move]
    problem = rules.why_not_move_into(project, ids, node_id(project, "part"))
    assert problem is not None
    assert problem.message == words
    assert edits.move_into_block(project, ids, node_id(project, "part")) is project


def test_a_block_of_several_uses_stays_as_it_is() -> None:
    project, block = with_block(DRAWING, "ab")
    project = edits.add_node(project, BLOCK, block=block)
    problem = rules.why_not_move_into(project, [node_id(project, "c")], node_id(project, "part"))
    assert problem is not None
    assert problem.message == (
        "part is used 2 times, and all uses would change; give this use a block of its own first."
    )
    assert moved_in(project, "c") is project
    assert moved_out(project, block, "a") is project


def test_a_use_with_a_block_of_its_own_is_changed_alone() -> None:
    project, block = with_block("x:Input -> a:Dense -> b:Dense -> c:Dense -> y:Output", "ab")
    project = edits.add_node(project, BLOCK, name="again", block=block)
    project = edits.add_node(project, BLOCK, name="third", block=block)
    project = graph("part -> again -> third -> z:Output", project=project)
    own = edits.give_own_block(project, [node_id(project, "again")])
    assert_sound(own)
    assert structure(own) == structure(project)
    key = node(own, "again").block
    assert key == f"b{project.next_id}"
    assert own.blocks[key].name == "part_1"
    assert own.blocks[block] is project.blocks[block]
    assert edges(own, key) == edges(own, block)
    third = edits.give_own_block(own, [node_id(own, "third")])
    after = moved_out(moved_in(third, "c"), block, "c")
    assert structure(after) == structure(project)
    both = edits.give_own_block(project, [node_id(project, "again"), node_id(project, "third")])
    assert node(both, "again").block == node(both, "third").block == key
    problem = rules.why_not_own_block(both, [node_id(both, "part")])
    assert problem is not None
    assert problem.message == "Nothing else uses part; it can be changed alone already."
    assert edits.give_own_block(both, [node_id(both, "part")]) is both
    assert rules.why_not_own_block(both, [node_id(both, "part"), node_id(both, "again")]) is not None


def test_uses_that_share_weights_go_on_where_they_stay_together() -> None:
    project, _ = with_block("x:Input -> a:Dense -> b:Dense -> y:Output", "a")
    origin = node_id(project, "part")
    for place in range(3):
        project = edits.share(project, origin, 10.0 * place, 0.0)
    own = edits.give_own_block(project, [origin, node_id(project, "part_1")])
    assert_sound(own)
    assert node(own, "part_1").shares == origin
    assert node(own, "part").shares is None
    assert node(own, "part_2").shares is None
    assert node(own, "part_3").shares == node_id(own, "part_2")


def test_a_copy_of_a_block_has_its_ports_in_the_same_order_and_names_its_layers_alike() -> None:
    project, block = with_block("x:Input -> a:Dense -> c:Add -> y:Output; v:Input -> b:Dense -> c", "abc")
    inner = project.blocks[block]
    turned = replace(inner.graph, nodes=dict(reversed(inner.graph.nodes.items())))
    named = replace(inner, graph=turned, names_layers=True, unnamed=frozenset({node_id(project, "a", block)}))
    project = replace(project, blocks={block: named})
    project = edits.rename(project, node_id(project, "b", block), "part", graph=block)
    project = edits.add_node(project, BLOCK, name="again", block=block)
    own = edits.give_own_block(project, [node_id(project, "again")])
    key = node(own, "again").block or ""
    ports = [[port.name for port in side] for side in ports_of(own, CATALOG, node(own, "again"))]
    assert ports == [[port.name for port in side] for side in ports_of(project, CATALOG, node(project, "again"))]
    assert {each.name for each in own.blocks[key].graph.nodes.values()} == {
        *(each.name for each in inner.graph.nodes.values() if each.name != "b"), "part_1",
    }  # fmt: skip
    assert own.blocks[key].unnamed == {node_id(own, "a", key)}


def test_what_cannot_move_out_says_why() -> None:
    project, block = with_block("x:Input -> a:Dense -> b:Dense -> c:Dense -> y:Output", "abc")

    def why(names: str, key: str = block) -> str:
        problem = rules.why_not_move_out(project, [node_id(project, name, block) for name in names], graph=key)
        return problem.message if problem is not None else ""

    assert why("b") == "b lies between layers that would stay in part; it can leave only with one side."
    assert why("abc") == "Nothing would be left in part; take the block apart instead."
    assert why("a", "main") == "Go into a block first."
    port = rules.why_not_move_out(project, [node_id(project, "input", block)], graph=block)
    assert port is not None
    assert port.message == "input is a port of part and stays in it; select layers only."
    assert why("a") == why("bc") == ""


@given(projects, st.integers(0, 9), st.integers(1, 4), st.integers(0, 99))
def test_a_network_stays_what_it_is_whatever_moves(project: Project, first: int, count: int, which: int) -> None:
    """Some layers become a block, others move in, some move out; the drawing may be broken anywhere else."""
    layers = [id for id in order(project.main) if project.main.nodes[id].type not in (INPUT, OUTPUT)]
    project = edits.set_bypassed(project, layers, False)  # what is bypassed counts by its name outside of blocks only
    use = f"n{project.next_id + 1}"
    project = edits.make_block(project, CATALOG, layers[first : first + count], "part")
    if use not in project.main.nodes:
        return
    before, beside = structure(project), [id for id in layers if id in project.main.nodes]
    for some in ([beside[which % len(beside)]] if beside else [], beside[which % 5 :: 1 + which % 2]):
        after = edits.move_into_block(project, some, use)
        assert_sound(after)
        assert structure(after) == before
        key = after.main.nodes[use].block or ""
        inside = [*after.blocks[key].graph.nodes]
        for chosen in (some, [inside[which % len(inside)]], inside[which % 3 :: 2]):
            out = edits.move_out_of_block(after, chosen, graph=key)
            assert_sound(out)
            assert structure(out) == before
