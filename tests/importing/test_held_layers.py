"""Layers that stand inside of others: cells, wrapped layers, and parameters of blocks that are layers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.catalog.values import KerasObject, ParameterRef
from studio.codegen import STYLES, flat_calls, generate
from studio.core.project import Project
from studio.importing.script import read_script
from tests.support.catalog import CATALOG

BEGIN = "import keras\nfrom keras import layers\ni = keras.Input((5, 4))\n"
PLACES = "Stands in several places"


def told(text: str) -> list[str]:
    report = read_script(BEGIN + text + "\nmodel = keras.Model(i, x)", CATALOG).report
    return [sentence for sentence in report.replaced if PLACES in sentence]


@pytest.mark.parametrize(
    "text",
    [
        "d = layers.Dense(4)\nx = layers.TimeDistributed(d)(i)\nx = layers.TimeDistributed(d)(x)",
        "d = layers.Dense(4)\nx = d(i)\nx = layers.TimeDistributed(d)(x)",
        "d = layers.Dense(4)\nx = layers.TimeDistributed(d)(i)\nx = d(x)",
        "cells = [layers.LSTMCell(4)] * 2\nx = layers.RNN(cells)(i)",
        "def f(x, cell):\n    return layers.RNN(cell, return_sequences=True)(x)\n"
        "cell = layers.LSTMCell(4)\nx = f(i, cell)\nx = f(x, cell)",
    ],
    ids=["twice inside", "called, then inside", "inside, then called", "twice in a list", "given to a block twice"],
)
def test_weights_that_a_drawing_does_not_share_are_told(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "x = layers.TimeDistributed(layers.Dense(4))(i)\nx = layers.TimeDistributed(layers.Dense(4))(x)",
        "d = layers.Dense(4)\nx = d(d(i))",
        "def f(x, cell):\n    return layers.RNN(cell, return_sequences=True)(x)\n"
        "x = f(i, layers.LSTMCell(4))\nx = f(x, layers.LSTMCell(4))",
    ],
    ids=["one each", "called twice", "a block's, one each"],
)
def test_what_a_drawing_can_say_is_not_told(text: str) -> None:
    assert told(text) == []


def chain() -> Project:
    """Two uses of a block whose parameter is the cell of its RNN, which only its default says."""
    text = "def f(x, cell):\n    return layers.RNN(cell, return_sequences=True)(x)\n"
    text += "x = f(i, layers.LSTMCell(4))\nx = f(x, layers.LSTMCell(4))\nmodel = keras.Model(i, x)"
    return read_script(BEGIN + text, CATALOG).project


def test_a_layer_for_a_block_is_a_parameter_of_it() -> None:
    project = chain()
    (block,) = project.blocks.values()
    assert [parameter.name for parameter in block.parameters] == ["cell"]
    (rnn,) = [node for node in block.graph.nodes.values() if node.type == "RNN"]
    assert rnn.params["cell"] == ParameterRef("cell")


@pytest.mark.parametrize("style", STYLES)
def test_each_use_of_a_block_makes_its_own_layer(style: str) -> None:
    """As a default of the function it would be made once, and all uses would have the same weights."""
    project = chain()
    source = generate(project, CATALOG, style=STYLES[style]).text
    assert source.count("LSTMCell(4)") == 2
    again = read_script(source, CATALOG).project
    assert [call.expression for call in flat_calls(again, CATALOG)] == [
        call.expression for call in flat_calls(project, CATALOG)
    ]
    assert generate(again, CATALOG, style=STYLES[style]).text == source


def test_a_default_that_is_a_layer_is_written_at_each_use() -> None:
    project = chain()
    ((key, block),) = project.blocks.items()
    default = KerasObject("LSTMCell", {"units": 4})
    block = replace(block, parameters=tuple(replace(each, default=default) for each in block.parameters))
    nodes = {key: replace(node, params={}) if node.block else node for key, node in project.main.nodes.items()}
    other = replace(project, blocks={key: block}, main=replace(project.main, nodes=nodes))
    assert generate(other, CATALOG).text == generate(project, CATALOG).text
