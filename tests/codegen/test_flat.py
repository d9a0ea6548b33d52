"""The flat calls from which shapes are inferred."""

from __future__ import annotations

from studio.codegen import flat_calls
from studio.core import edits
from tests.codegen.projects import CATALOG, PROJECTS, draw
from tests.support.graphs import node_id


def told(name: str) -> dict[str, tuple[str, str]]:
    return {call.id: (call.kind, call.expression) for call in flat_calls(PROJECTS[name](), CATALOG)}


def test_blocks_are_expanded_with_their_parameters() -> None:
    project = PROJECTS["residual_blocks"]()
    first, third = node_id(project, "first"), node_id(project, "third")
    inside = node_id(project, "a", "b1")
    found = told("residual_blocks")
    assert found[f"{first}/{inside}"] == ("layer", 'layers.Dense(16, activation="relu")')
    assert found[f"{third}/{inside}"] == ("layer", 'layers.Dense(8, activation="relu")')
    calls = {call.id: call for call in flat_calls(project, CATALOG)}
    entry, end = node_id(project, "x", "b1"), node_id(project, "y", "b1")
    assert calls[f"{first}/{entry}"].inputs == (("inputs", ((node_id(project, "dense"), 0),)),)
    assert calls[node_id(project, "scores")].inputs == (("inputs", ((f"{third}/{end}", 0),)),)


def test_a_shared_layer_names_its_origin() -> None:
    project = PROJECTS["twins"]()
    calls = {call.id: call for call in flat_calls(project, CATALOG)}
    again = calls[node_id(project, "encoder_again")]
    assert again.shares == node_id(project, "encoder")
    assert again.expression == calls[again.shares].expression


def test_every_call_comes_after_what_it_takes() -> None:
    for make in PROJECTS.values():
        seen: set[str] = set()
        for call in flat_calls(make(), CATALOG):
            assert {source for _, sources in call.inputs for source, _ in sources} <= seen
            seen.add(call.id)


def test_an_edit_of_one_node_makes_one_new_call() -> None:
    chain = " -> ".join(["i:Input(shape=(4,))", *[f"a{number}:Dense(units=4)" for number in range(200)], "o:Output"])
    project = draw("Chain", chain)
    before = {id(call) for call in flat_calls(project, CATALOG) if call.kind == "layer"}
    edited = edits.set_param(project, node_id(project, "a100"), "units", 5)
    after = [call for call in flat_calls(edited, CATALOG) if call.kind == "layer"]
    assert [call.expression for call in after if id(call) not in before] == ["layers.Dense(5)"]


def test_a_missing_value_is_left_for_keras_to_miss() -> None:
    project = draw("", "i:Input(shape=(4,)) -> a:Dense")
    project = edits.reset_param(project, node_id(project, "a"), "units")
    assert [call.expression for call in flat_calls(project, CATALOG)] == ["keras.Input(shape=(4,))", "layers.Dense()"]
