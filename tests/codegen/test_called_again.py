"""A use of a block that is called again is a model in the code: one set of weights, whatever stands inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.codegen import STYLES, flat_calls, generate_model
from studio.core import edits, rules
from studio.core.project import Project
from tests.codegen.both_ways import assert_built_as_drawn, read_back
from tests.codegen.projects import CATALOG
from tests.support.graphs import graph, node, node_id


def towers() -> Project:
    """Two Inputs go through one encoder of two layers."""
    project = graph("a:Input(shape=(4,)) -> d:Dense(units=3) -> e:Dense(units=2) -> both:Concatenate -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "de"], "encoder")
    project = edits.share(project, node_id(project, "encoder"), 300, 0)
    return graph("b:Input(shape=(4,)) -> encoder_1 -> both", project=project)


def the_further_call_comes_first() -> Project:
    """What is drawn as the origin takes what the other use gives."""
    project = graph("a:Input(shape=(4,)) -> d:Dense(units=4) -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, "d")], "step")
    project = edits.share(project, node_id(project, "step"), 300, 0)
    project = edits.disconnect(project, [key for key, edge in project.main.edges.items()
                                         if edge.source.node == node_id(project, "a")])  # fmt: skip
    return graph("a -> step_1 -> step", project=project)


def several_ports() -> Project:
    """A block of two Inputs and two Outputs, with a parameter."""
    project = graph("a:Input(shape=(4,)) -> d:Dense(units=3) -> sum:Add -> r:ReLU -> all:Concatenate -> y:Output")
    project = graph("b:Input(shape=(3,)) -> sum; d -> z:Output", project=project)
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in ("d", "sum", "r")], "pair")
    (block,) = project.blocks
    project = edits.promote(project, CATALOG, node_id(project, "d", block), "units", graph=block)
    project = edits.share(project, node_id(project, "pair"), 300, 0)
    into, out_of = ports_of_block(project)
    project = graph(f"b2:Input(shape=(3,)) -> pair_1.{into[1]}", project=project)
    return graph(f"a -> pair_1.{into[0]}; pair_1.{out_of[0]} -> all; pair_1.{out_of[1]} -> w:Output", project=project)


def ports_of_block(project: Project) -> tuple[list[str], list[str]]:
    (block,) = project.blocks.values()
    nodes = block.graph.nodes.values()
    return [each.name for each in nodes if each.type == "Input"], [each.name for each in nodes if each.type == "Output"]


def inside_a_block() -> Project:
    """The block that holds two uses of one encoder is used twice itself, once with its own weights, once again."""
    project = graph("a:Input(shape=(4,)) -> d:Dense(units=4) -> f:ReLU -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, "d")], "inner")
    inner = node_id(project, "inner")
    project = edits.share(project, inner, 300, 0)
    project = edits.disconnect(project, [key for key, edge in project.main.edges.items()
                                         if edge.source.node == inner])  # fmt: skip
    project = graph("inner -> inner_1 -> f", project=project)
    chosen = [inner, node_id(project, "inner_1"), node_id(project, "f")]
    project = edits.make_block(project, CATALOG, chosen, "outer")
    project = edits.share(project, node_id(project, "outer"), 300, 0)
    project = edits.disconnect(project, [key for key, edge in project.main.edges.items()
                                         if edge.target.node == node_id(project, "y")])  # fmt: skip
    project = graph("outer -> outer_1 -> y", project=project)
    block = node(project, "outer").block
    project = edits.add_node(project, "block", name="third", block=block)
    return graph("a -> third -> z:Output", project=project)


DRAWN: tuple[Callable[[], Project], ...] = (towers, the_further_call_comes_first, several_ports, inside_a_block)


@pytest.mark.keras
@pytest.mark.parametrize("draw", DRAWN)
def test_the_file_builds_what_is_drawn(draw: Callable[[], Project], tmp_path: Path) -> None:
    assert_built_as_drawn(draw(), tmp_path)


@pytest.mark.parametrize("style", [each for each in STYLES.values() if each.name != "book"], ids=lambda each: each.name)
@pytest.mark.parametrize("draw", DRAWN)
def test_the_code_is_read_back_as_it_was_drawn(draw: Callable[[], Project], style) -> None:
    back = read_back(draw(), style)
    assert sum(each.shares is not None for each in flat_calls(back, CATALOG)) == sum(
        each.shares is not None for each in flat_calls(draw(), CATALOG)
    )


def test_weights_of_its_own_are_a_copy_and_taking_apart_leaves_the_others() -> None:
    project = towers()
    alone = edits.unshare(project, node_id(project, "encoder"))
    assert node(alone, "encoder").shares is None
    assert node(alone, "encoder_1").shares is None
    assert node(alone, "encoder_1").block == node(alone, "encoder").block
    assert "keras.Model(encoder" not in generate_model(alone, CATALOG).text
    third = edits.share(project, node_id(project, "encoder"), 0, 0)
    apart = edits.unpack_block(third, CATALOG, node_id(third, "encoder"))
    assert node(apart, "encoder_2").shares == node_id(apart, "encoder_1")
    assert node(apart, "encoder_1").shares is None
    assert "lost_share" not in {each.code for each in rules.problems(apart, CATALOG)}


def test_a_layer_that_learns_from_the_data_stands_in_no_block_that_is_called_again() -> None:
    project = towers()
    (block,) = project.blocks
    project = graph("n:Normalization", project=project, key=block)
    (found,) = (each for each in rules.problems(project, CATALOG) if each.code == "shared_learning")
    assert found.message.startswith("n learns from the data before training")
    assert found.node == node_id(project, "encoder_1")


@pytest.mark.keras
def test_a_further_call_must_have_the_shape_of_the_first() -> None:
    from studio.engine.checker import Checker
    from studio.workbench.consent import Consent
    from studio.workbench.inference import InferenceState
    from studio.workbench.own_code import Gate

    project = towers()
    project = edits.set_param(project, node_id(project, "b"), "shape", (5,))
    checker = Checker()
    checker.update(InferenceState(Gate(Consent())).update(project, CATALOG))
    answers = checker.infer()
    problems = {call: answer.problem for call, answer in answers.items() if answer.problem}
    (sentence,) = problems.values()
    assert (
        sentence
        == "The block was made for a row of 4 numbers where it is used first, and gets a row of 5 numbers here."
    )
