"""Several inputs and outputs by name: what the drawing says is what Keras is asked, in the check and in the export."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from studio.codegen import generate
from studio.core import edits, rules
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.every_layer import checked
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.keras

SEQUENCES = "a:Input(shape=(6, 8)); b:Input(shape=(4, 8)); c:Input(shape=(4, 8))"

DRAWINGS = {
    "attention takes query and value": (
        f"{SEQUENCES}; a -> layer:MultiHeadAttention -> y:Output; b -> layer.value",
        r"\(a, b\)",
    ),
    "and key": (
        f"{SEQUENCES}; a -> layer:MultiHeadAttention -> y:Output; b -> layer.value; c -> layer.key",
        r"\(a, b, key=c\)",
    ),
    "and a mask": (
        f"{SEQUENCES}; m:Input(shape=(6, 4), dtype='bool'); a -> layer:MultiHeadAttention -> y:Output;"
        "b -> layer.value; m -> layer.attention_mask",
        r"\(a, b, attention_mask=m\)",
    ),
    "of grouped queries": (
        f"{SEQUENCES}; a -> layer:GroupQueryAttention -> y:Output; b -> layer.value; c -> layer.key",
        r"\(a, b, key=c\)",
    ),
    "old attention takes a list": (
        f"{SEQUENCES}; a & b & c -> layer:Attention -> y:Output",
        r"\(\[a, b, c\]\)",
    ),
    "states begin where another ended": (
        f"{SEQUENCES}; a -> e:LSTM(units=5, return_state=True) -> z:Output; b -> layer:LSTM(units=5) -> y:Output;"
        "e.state_h -> layer.initial_state; e.state_c -> layer.initial_state",
        r"initial_state=\[\w+, \w+\]",
    ),
    "one state": (
        f"{SEQUENCES}; a -> e:GRU(units=5, return_state=True) -> z:Output; b -> layer:GRU(units=5) -> y:Output;"
        "e.state -> layer.initial_state",
        r"initial_state=",
    ),
    "both directions have states": (
        f"{SEQUENCES}; a -> e:Bidirectional(layer=LSTM(units=5, return_state=True)) -> z:Output;"
        "b -> layer:Bidirectional(layer=LSTM(units=5)) -> y:Output; e.forward_state_h -> layer.initial_state;"
        "e.forward_state_c -> layer.initial_state; e.backward_state_h -> layer.initial_state;"
        "e.backward_state_c -> layer.initial_state",
        r"initial_state=\[\w+, \w+, \w+, \w+\]",
    ),
    "directions that nothing joins": (
        f"{SEQUENCES}; a -> layer:Bidirectional(layer=GRU(units=5), merge_mode=None) -> y:Output;"
        "layer.backward_output -> z:Output",
        r"Bidirectional",
    ),
    "an RNN of stacked cells gives all states": (
        f"{SEQUENCES}; a -> layer:RNN(cell=StackedRNNCells(cells=(GRUCell(units=3), GRUCell(units=4))),"
        "return_state=True) -> y:Output; layer.state_1 -> z:Output",
        r"return_state=True",
    ),
    "an RNN of stacked LSTM cells": (
        f"{SEQUENCES}; a -> layer:RNN(cell=StackedRNNCells(cells=(LSTMCell(units=3), LSTMCell(units=4))),"
        "return_state=True) -> y:Output; layer.state_1_c -> z:Output",
        r"keras\.tree\.flatten",
    ),
    "stacked LSTM cells begin where others ended": (
        f"{SEQUENCES}; a -> e:RNN(cell=StackedRNNCells(cells=(LSTMCell(units=3), GRUCell(units=4))), return_state=True)"
        "-> z:Output; b -> layer:RNN(cell=StackedRNNCells(cells=(LSTMCell(units=3), GRUCell(units=4)))) -> y:Output;"
        "e.state_0_h -> layer.initial_state; e.state_0_c -> layer.initial_state; e.state_1 -> layer.initial_state",
        r"initial_state=",
    ),
    "attention scores come out, and no look ahead": (
        "a:Input(shape=(6, 8)); a -> layer:MultiHeadAttention(use_causal_mask=True, return_attention_scores=True)"
        " -> y:Output; a -> layer.value; layer.attention_scores -> z:Output",
        r"\(a, a, return_attention_scores=True, use_causal_mask=True\)",
    ),
    "scores of a list": (
        f"{SEQUENCES}; a & b -> layer:AdditiveAttention(return_attention_scores=True) -> y:Output;"
        "layer.attention_scores -> z:Output",
        r"\(\[a, b\], return_attention_scores=True\)",
    ),
    "a mask": (
        "a:Input(shape=(6, 8)); m:Input(shape=(6,), dtype='bool'); a -> layer:LSTM(units=5, mask=True) -> y:Output;"
        "m -> layer.mask",
        r"\(a, mask=m\)",
    ),
    "a mask beside states": (
        f"{SEQUENCES}; m:Input(shape=(4,), dtype='bool'); a -> e:GRU(units=5, return_state=True) -> z:Output;"
        "b -> layer:GRU(units=5, mask=True) -> y:Output; e.state -> layer.initial_state; m -> layer.mask",
        r"initial_state=.*, mask=m\)",
    ),
    "a port for a mask that stays free": (
        "a:Input(shape=(6, 8)); a -> layer:Softmax(mask=True) -> y:Output",
        r"\)\(a\)",
    ),
    "masks of a list": (
        f"{SEQUENCES}; m:Input(shape=(6,), dtype='bool'); n:Input(shape=(4,), dtype='bool');"
        "a & b -> layer:Attention(mask=True) -> y:Output; m -> layer.query_mask; n -> layer.value_mask",
        r"\(\[a, b\], mask=\[m, n\]\)",
    ),
    "one mask of a list": (
        f"{SEQUENCES}; n:Input(shape=(4,), dtype='bool'); a & b & c -> layer:AdditiveAttention(mask=True) -> y:Output;"
        "n -> layer.value_mask",
        r"\(\[a, b, c\], mask=\[None, n\]\)",
    ),
    "a mask for both directions": (
        "a:Input(shape=(6, 8)); m:Input(shape=(6,), dtype='bool');"
        "a -> layer:Bidirectional(layer=LSTM(units=3), mask=True) -> y:Output; m -> layer.mask",
        r"\(a, mask=m\)",
    ),
    "pictures in sequences have states too": (
        "a:Input(shape=(5, 8, 8, 2)); a -> e:ConvLSTM2D(filters=3, kernel_size=2, padding='same', return_state=True)"
        "-> z:Output; a -> layer:ConvLSTM2D(filters=3, kernel_size=2, padding='same') -> y:Output;"
        "e.state_h -> layer.initial_state; e.state_c -> layer.initial_state",
        r"initial_state=\[\w+, \w+\]",
    ),
    "weights of counted categories": (
        "n:Input(shape=(3,), dtype='int32'); w:Input(shape=(3,)); n -> layer:CategoryEncoding(num_tokens=5,"
        " output_mode='count') -> y:Output; w -> layer.count_weights",
        r"count_weights=w",
    ),
    "crossed features": (
        "n:Input(shape=(1,), dtype='int32'); m:Input(shape=(1,), dtype='int32'); n & m -> layer:HashedCrossing"
        " -> y:Output",
        r"\(\[n, m\]\)",
    ),
}


def built(project: Project) -> tuple[Any, str]:
    text = generate(project, CATALOG).text
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": "exported.py"}
    exec(compile(text, "exported.py", "exec"), namespace)
    return namespace["build_model"](), text


@pytest.mark.parametrize("name", DRAWINGS)
def test_ports(name: str) -> None:
    drawn, pattern = DRAWINGS[name]
    project = graph(drawn)
    answers = checked(project)
    assert {key: answer.problem for key, answer in answers.items() if answer.problem or answer.blocked_by} == {}
    assert not [problem for problem in rules.problems(project, CATALOG) if problem.severity == "error"
                and problem.code not in ("no_data", "no_target")]  # fmt: skip
    model, text = built(project)
    assert re.search(pattern, ast.unparse(ast.parse(text))), text
    layer = node_id(project, "layer")
    assert answers[layer].parameters == model.get_layer("layer").count_params()
    ends = sorted(
        (node.id for node in project.main.nodes.values() if node.type == "Output"), key=lambda key: int(key[1:])
    )
    by_name = model.output if isinstance(model.output, dict) else {project.main.nodes[ends[0]].name: model.output}
    for key in ends:
        tensor = by_name[project.main.nodes[key].name]
        assert answers[key].outputs == ((tuple(tensor.shape), tensor.dtype),)


def test_a_port_that_went_away_leaves_its_edge_and_a_problem() -> None:
    project = graph(DRAWINGS["states begin where another ended"][0])
    encoder = node_id(project, "e")
    without = edits.set_param(project, encoder, "return_state", False)
    assert without.main.edges == project.main.edges, "nothing is lost"
    found = [problem for problem in rules.problems(without, CATALOG) if problem.code == "missing_port"]
    assert {problem.node for problem in found} == {encoder}
    assert {without.main.edges[problem.edge].source.port for problem in found if problem.edge} == {"state_h", "state_c"}
    answers = checked(without)
    assert not answers[node_id(project, "z")].problem, "what does not need the port goes on"
    again = edits.set_param(without, encoder, "return_state", True)
    assert not [problem for problem in rules.problems(again, CATALOG) if problem.code == "missing_port"]
    assert not any(answer.problem for answer in checked(again).values())


def test_a_mask_that_is_switched_off_leaves_its_edge_and_a_problem() -> None:
    project = graph(DRAWINGS["a mask"][0])
    without = edits.set_param(project, node_id(project, "layer"), "mask", False)
    assert without.main.edges == project.main.edges, "nothing is lost"
    found = [problem for problem in rules.problems(without, CATALOG) if problem.code == "missing_port"]
    assert [without.main.edges[problem.edge].target.port for problem in found if problem.edge] == ["mask"]
    model, _ = built(without)
    assert [tensor.name for tensor in model.inputs] == ["a"]


def test_an_inner_layer_decides_about_ports_too() -> None:
    project = graph(DRAWINGS["both directions have states"][0])
    encoder = node_id(project, "e")
    inner = project.main.nodes[encoder].params["layer"]
    assert not isinstance(inner, str)
    without = edits.set_param(project, encoder, "layer", type(inner)("LSTM", {"units": 5}))  # type: ignore[call-arg, arg-type, misc]
    assert len([problem for problem in rules.problems(without, CATALOG) if problem.code == "missing_port"]) == 4
