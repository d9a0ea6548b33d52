"""Parameters of blocks: promoted, renamed, removed, with all uses following; and what training may change."""

from __future__ import annotations

from hypothesis import given

from studio.catalog.values import ParameterRef
from studio.codegen import flat_calls, generate
from studio.core import edits, rules
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node, node_id
from tests.support.soundness import assert_sound
from tests.support.strategies import ACTIONS, Step, perform, projects, sequences

OF_BLOCKS = {"freeze", "promote", "rename parameter", "remove parameter", "default", "make block", "use block"}


def made() -> tuple[Project, str]:
    """x -> part -> part_1 -> y, where part is two Dense layers."""
    project = graph("x:Input(shape=(3,)) -> a:Dense(units=3) -> b:Dense(units=4) -> y:Output")
    block = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "a"), node_id(project, "b")], "part")
    return graph("part -> y", project=edits.disconnect(project, [*project.main.edges][-1:])), block


def promoted() -> tuple[Project, str]:
    project, block = made()
    project = edits.promote(project, CATALOG, node_id(project, "a", block), "units", graph=block)
    assert_sound(project)
    return project, block


def expressions(project: Project) -> list[str]:
    return [call.expression for call in flat_calls(project, CATALOG) if call.kind == "layer"]


def test_a_value_becomes_a_parameter_and_each_use_has_its_own() -> None:
    project, block = promoted()
    assert [(each.name, each.default) for each in project.blocks[block].parameters] == [("units", 3)]
    assert node(project, "a", block).params["units"] == ParameterRef("units")
    assert expressions(project)[0] == "layers.Dense(3)" or "Dense(3)" in expressions(project)[0]
    project = edits.set_param(project, node_id(project, "part"), "units", 7)
    assert "Dense(7)" in expressions(project)[0]
    assert "def part(input_, units=3):" in generate(project, CATALOG).text.replace("inputs", "input_")
    (parameter,) = edits.parameters_of(project, CATALOG, block)
    assert (parameter.name, parameter.kind, parameter.default) == ("units", "int", 3)
    assert CATALOG.why_not_value(parameter, "many") is not None


def test_what_a_block_inside_takes_becomes_a_parameter_of_the_outer_one() -> None:
    project, _ = promoted()
    outer = f"b{project.next_id}"
    project = edits.make_block(project, CATALOG, [node_id(project, "part")], "tower")
    use = node_id(project, "part", outer)
    project = edits.set_param(project, use, "units", 6, graph=outer)
    project = edits.promote(project, CATALOG, use, "units", graph=outer)
    assert_sound(project)
    assert [(each.name, each.default) for each in project.blocks[outer].parameters] == [("units", 6)]
    assert node(project, "part", outer).params["units"] == ParameterRef("units")
    assert edits.promote(project, CATALOG, use, "units", graph=outer) is project
    assert edits.promote(project, CATALOG, use, "nothing", graph=outer) is project
    (parameter,) = edits.parameters_of(project, CATALOG, outer)
    assert (parameter.kind, parameter.default) == ("int", 6)
    project = edits.set_param(project, node_id(project, "tower"), "units", 9)
    assert "Dense(9)" in expressions(project)[0]
    assert "units=6" in generate(project, CATALOG).text


def test_renamed_and_removed_it_is_so_everywhere() -> None:
    project, block = promoted()
    project = edits.set_param(project, node_id(project, "part"), "units", 7)
    renamed = edits.rename_parameter(project, block, "units", "width")
    assert_sound(renamed)
    assert node(renamed, "part").params == {"width": 7}
    assert node(renamed, "a", block).params["units"] == ParameterRef("width")
    assert edits.rename_parameter(renamed, block, "width", "not a name") is renamed
    assert edits.rename_parameter(renamed, block, "width", "for") is renamed
    removed = edits.remove_parameter(renamed, block, "width")
    assert_sound(removed)
    assert node(removed, "part").params == {}
    assert node(removed, "a", block).params["units"] == 3
    assert not rules.problems(removed, CATALOG) or all(
        p.code != "unknown_reference" for p in rules.problems(removed, CATALOG)
    )


def test_a_frozen_use_of_a_block_is_frozen_alone() -> None:
    project, block = made()
    project = edits.add_node(project, "block", block=block)
    other = node_id(project, "part_1")
    project = graph("part_1 -> z:Output", project=project)
    project = graph("x -> part_1", project=project)
    frozen = edits.set_frozen(project, CATALOG, [node_id(project, "part")], True)
    assert_sound(frozen)
    told = {call.id: call.expression for call in flat_calls(frozen, CATALOG) if call.kind == "layer"}
    mine = [text for key, text in told.items() if key.startswith(node_id(project, "part") + "/")]
    theirs = [text for key, text in told.items() if key.startswith(other + "/")]
    assert mine
    assert all("trainable=False" in text for text in mine)
    assert theirs
    assert not any("trainable=False" in text for text in theirs)
    assert "trainable=trainable" in generate(frozen, CATALOG).text
    again = edits.set_frozen(frozen, CATALOG, [node_id(project, "part")], False)
    assert not any("trainable=False" in text for text in expressions(again))


def test_layers_are_frozen_with_those_that_share_them() -> None:
    project = graph("x:Input(shape=(3,)) -> a:Dense(units=3) -> y:Output")
    project = edits.share(project, node_id(project, "a"), 0, 0)
    frozen = edits.set_frozen(project, CATALOG, [node_id(project, "a_1")], True)
    assert edits.is_frozen(node(frozen, "a"))
    assert edits.is_frozen(node(frozen, "a_1"))
    assert edits.set_frozen(frozen, CATALOG, [node_id(project, "y")], True) is frozen
    assert edits.set_frozen(frozen, CATALOG, [node_id(project, "a")], False) == project


@given(projects, sequences)
def test_no_sequence_of_such_edits_leaves_an_unsound_project(project: Project, performed: list[Step]) -> None:
    kinds = sorted(OF_BLOCKS & ACTIONS.keys())
    for number, step in enumerate(performed):
        project = perform(
            project, Step(kinds[number % len(kinds)] if number % 2 else step.kind, step.a, step.b, step.c)
        )
        assert_sound(project)
        for block in project.blocks:
            names = [parameter.name for parameter in edits.parameters_of(project, CATALOG, block)]
            assert len(names) == len(set(names))
    flat_calls(project, CATALOG)
    compile(generate(project, CATALOG).text, "model.py", "exec")
