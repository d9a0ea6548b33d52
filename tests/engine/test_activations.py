"""Layers that stand as activations of others: Keras is asked where they can, what they learn and what they give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.catalog.values import KerasObject, Value
from tests.engine.test_checker import Drawing, call, source
from tests.support.catalog import CATALOG
from tests.support.every_layer import fitted
from tests.support.keras_models import built

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

TAKING = [
    (spec.type, parameter.name)
    for spec in [*CATALOG.layers.values(), *CATALOG.cells.values()]
    for parameter in spec.parameters
    if parameter.kind == "activation" and parameter.takes_layer
]


def owner_of(type: str, name: str, activation: KerasObject) -> tuple[str, dict[str, Value]]:
    """A layer of this type with the activation; a cell stands inside of an RNN."""
    params = {**CATALOG.initial_params(type), name: activation}
    return ("RNN", {"cell": KerasObject(type, params)}) if type in CATALOG.cells else (type, params)


def test_keras_takes_a_layer_in_the_place_of_every_activation() -> None:
    of_layers = [
        (spec.type, parameter.name)
        for spec in [*CATALOG.layers.values(), *CATALOG.cells.values()]
        for parameter in spec.parameters
        if parameter.kind == "activation" and not spec.type.startswith("applications.")
    ]
    assert of_layers == TAKING
    assert len(TAKING) == 29


@pytest.mark.parametrize(("type", "name"), TAKING)
def test_what_an_activation_learns_is_counted_and_comes_back_from_a_file(type: str, name: str, tmp_path: Path) -> None:
    import keras
    import numpy as np

    plain = fitted(*owner_of(type, name, KerasObject("LeakyReLU", {"negative_slope": 0.5})))
    drawn = fitted(*owner_of(type, name, KerasObject("PReLU")))
    assert (drawn.answer.problem, drawn.answer.outputs) == ("", plain.answer.outputs)
    model = built(drawn.project)
    shape = [4, *model.input_shape[1:]]
    rows = np.random.default_rng(0).normal(size=shape).astype("float32")
    model(rows)  # Keras makes the weights only now
    assert drawn.answer.parameters == model.count_params() > plain.answer.parameters
    assert drawn.answer.trainable_parameters == drawn.answer.parameters
    for weight in model.weights:
        weight.assign(weight + 0.25)
    expected = np.asarray(model(rows))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(np.asarray(again(rows)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("activation", "sentence"),
    [
        ("layers.Flatten()", "An activation must give the shape that it takes, but the layer that stands as activation"
         " here turns 8 × 4 into a row of 32 numbers."),
        ("layers.Dense(3)", "An activation must give the shape that it takes, but the layer that stands as activation"
         " here turns 8 × 4 into 8 × 3."),
        ("layers.Add()", "Keras refuses this layer: A merge layer should be called on a list of inputs."),
    ],
)  # fmt: skip
def test_what_is_no_activation_is_told_before_the_first_batch(activation: str, sentence: str) -> None:
    drawing = Drawing(source("n1", "(8, 2)"), call("n2", f"layers.Dense(4, activation={activation})", "n1"))
    assert drawing.answers["n2"].problem.startswith(sentence)


@pytest.mark.parametrize(
    ("expression", "learned"),
    [
        ("layers.TimeDistributed(layers.Dense(4, activation=layers.PReLU()))", 2 * 4 + 4 + 4),
        ("layers.Dense(4, activation=layers.Activation(layers.PReLU(shared_axes=(1,))))", 2 * 4 + 4 + 4),
        ("layers.Dense(4, activation=layers.Dense(4, activation=layers.PReLU()))", 2 * 4 + 4 + 4 * 4 + 4 + 8 * 4),
        ("layers.Bidirectional(layers.SimpleRNN(3, activation=layers.PReLU()))", 2 * (2 * 3 + 3 * 3 + 3 + 3)),
        ("layers.Dense(4, activation=layers.Dropout(0.5))", 2 * 4 + 4),
    ],
)
def test_activations_inside_of_other_layers_are_counted_too(expression: str, learned: int) -> None:
    answer = Drawing(source("n1", "(8, 2)"), call("n2", expression, "n1")).answers["n2"]
    assert (answer.problem, answer.parameters) == ("", learned)


def test_a_layer_that_is_called_with_several_tensors_is_asked_with_all_of_them() -> None:
    drawing = Drawing(
        source("n1", "(8, 2)"), source("n2", "(3,)"),
        call("n3", "layers.SimpleRNN(3, activation=layers.PReLU())", "n1"),
    )  # fmt: skip
    alone: Any = drawing.answers["n3"]
    given = (("sequence", (("n1", 0),)), ("initial_state", (("n2", 0),)))
    from studio.protocol import Call

    drawing.set(Call("n3", "layer", "layers.SimpleRNN(3, activation=layers.PReLU())", given))
    assert drawing.answers["n3"] == alone
