"""Activations of scripts and files: layers, functions of libraries, and what each of them means in a drawing."""

from __future__ import annotations

from typing import Any

import pytest

from studio.catalog.values import KerasObject, Value
from studio.codegen import STYLES, flat_calls, generate
from studio.core import rules
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing import NeedsRunning, from_config
from studio.importing.script import edited, read_script
from studio.importing.script.layers import exact_activation
from tests.importing.test_configs import A, functional, layer
from tests.support.catalog import CATALOG
from tests.support.graphs import node

BEGIN = """
import functools
import math
from functools import partial
import jax
import keras
import numpy as np
import tensorflow as tf
from keras import activations, layers, ops
"""


def read(activation: str, layer: str = "layers.Dense(3, activation={})") -> Project:
    text = f"{BEGIN}\nrow = keras.Input((4,))\nmodel = keras.Model(row, {layer.format(activation)}(row))\n"
    return read_script(text, CATALOG).project


def value(project: Project) -> Value:
    (found,) = [each for each in project.main.nodes.values() if each.type not in ("Input", "Output")]
    problems = rules.problems(project, with_snippets(CATALOG, project))
    assert [each.message for each in problems if each.severity == "error"] == []
    return found.params.get("activation")


LAYERS: dict[str, KerasObject] = {
    "layers.LeakyReLU(negative_slope=0.1)": KerasObject("LeakyReLU", {"negative_slope": 0.1}),
    "tf.keras.layers.LeakyReLU(alpha=.1)": KerasObject("LeakyReLU", {"negative_slope": 0.1}),
    "layers.PReLU(shared_axes=[1])": KerasObject("PReLU", {"shared_axes": (1,)}),
    "layers.ReLU(6.)": KerasObject("ReLU", {"max_value": 6.0}),
    "tf.keras.layers.ThresholdedReLU(theta=0.5)": KerasObject("ReLU", {"threshold": 0.5}),
    "layers.Activation(layers.ELU(0.5))": KerasObject("Activation", {"activation": KerasObject("ELU", {"alpha": 0.5})}),
    "layers.BatchNormalization()": KerasObject("BatchNormalization"),
    "partial(tf.nn.leaky_relu, alpha=0.1)": KerasObject("LeakyReLU", {"negative_slope": 0.1}),
    "functools.partial(ops.leaky_relu, negative_slope=0.1)": KerasObject("LeakyReLU", {"negative_slope": 0.1}),
    "partial(activations.elu, alpha=2.0)": KerasObject("ELU", {"alpha": 2.0}),
    "partial(tf.keras.activations.relu, max_value=6)": KerasObject("ReLU", {"max_value": 6}),
    "partial(keras.activations.softmax, axis=1)": KerasObject("Softmax", {"axis": 1}),
    "keras.activations.get(layers.LeakyReLU())": KerasObject("LeakyReLU"),
}


@pytest.mark.parametrize("text", LAYERS)
def test_a_layer_stands_as_the_activation_of_another(text: str) -> None:
    project = read(text)
    assert value(project) == LAYERS[text]
    assert project.snippets == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tf.nn.relu", "relu"), ("tf.nn.swish", "silu"), ("tf.math.tanh", "tanh"), ("tf.sigmoid", "sigmoid"),
        ("tf.exp", "exponential"), ("tf.identity", "linear"), ("ops.nn.relu", "relu"), ("ops.exp", "exponential"),
        ("tf.keras.backend.tanh", "tanh"), ("jax.nn.silu", "silu"), ('keras.activations.get("mish")', "mish"),
        ("keras.activations.get(None)", "linear"), ("activations.deserialize('relu6')", "relu6"),
        ("keras.activations.get(tf.nn.elu)", "elu"), ("partial(tf.nn.relu)", "relu"),
    ],
)  # fmt: skip
def test_a_function_of_a_library_is_the_one_of_keras_that_does_the_same(text: str, name: str) -> None:
    project = read(text)
    assert (value(project), project.snippets) == (name, {})


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ops.gelu", "def quick_gelu(inputs):\n    return keras.ops.gelu(inputs)\n"),
        ("ops.sin", "def sin(inputs):\n    return keras.ops.sin(inputs)\n"),
        ("tf.math.sin", "def sin(inputs):\n    return tf.math.sin(inputs)\n"),
        (
            "partial(tf.nn.gelu, approximate=True)",
            "def gelu(inputs):\n    return tf.nn.gelu(inputs, approximate=True)\n",
        ),
    ],
)
@pytest.mark.parametrize("layer", ["layers.Dense(3, activation={})", "layers.Dense(3, {})", "layers.Activation({})"])
def test_what_keras_has_otherwise_or_not_at_all_becomes_code_that_calls_it(text: str, source: str, layer: str) -> None:
    project = read(text, layer)
    (snippet,) = project.snippets.values()
    # Keras has an activation called gelu, so that the other one gets another name.
    assert snippet.source.replace("own_gelu", "gelu") == source
    assert value(project) == KerasObject(snippet.name)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("np.tanh", 'numpy.tanh is no activation that Keras has; if Keras\'s own is meant, write "tanh".'),
        ("jax.nn.gelu", 'jax.nn.gelu is no activation that Keras has; if Keras\'s own is meant, write "gelu".'),
        ("tf.keras.backend.hard_sigmoid", 'keras.backend.hard_sigmoid is no activation that Keras has; if'),
        ("abs", "abs is no activation that Keras has."),
        ("ops.add", "keras.ops.add is no activation that Keras has."),
        ("layers.LeakyReLU", "activation is the class LeakyReLU itself, and no layer of it; write LeakyReLU()."),
        ('activations.get("lrelu")', "lrelu is no activation that Keras knows."),
        ("partial(print, 3)", "An activation is a function with arguments given before (partial); write a def for it."),
    ],
)  # fmt: skip
def test_what_cannot_be_an_activation_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(NeedsRunning) as error:
        read(text)
    assert f": {sentence}" in str(error.value)


@pytest.mark.keras
def test_functions_of_the_same_name_do_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every function that comes in by the name of Keras's own, with a tensor alone."""
    import keras
    import numpy as np
    import tensorflow as tf

    rows = np.linspace(-4, 4, 40, dtype="float32").reshape(4, 10)
    modules = {"keras.ops": keras.ops, "keras.ops.nn": keras.ops.nn, "tensorflow.nn": tf.nn, "tensorflow.math": tf.math,
               "tensorflow": tf, "keras.backend": tf.keras.backend}  # fmt: skip
    compared = 0
    for path, module in modules.items():
        for name in dir(module):
            found = exact_activation(CATALOG, f"{path}.{name}")
            if found is None or not callable(getattr(module, name)):
                continue
            ours, theirs = getattr(keras.activations, found.type)(rows), getattr(module, name)(tf.constant(rows))
            np.testing.assert_allclose(
                np.asarray(ours), np.asarray(theirs), rtol=1e-5, atol=1e-6, err_msg=f"{path}.{name}"
            )
            compared += 1
    assert compared > 60


SCRIPT = (
    BEGIN
    + """
def stage(x, filters, activation):
    x = layers.Conv2D(filters, 3, padding="same", activation=activation)(x)
    return layers.MaxPooling2D()(x)

picture = keras.Input((16, 16, 3))
x = stage(picture, 8, layers.LeakyReLU(0.2))
x = stage(x, 16, layers.LeakyReLU(0.2))
x = stage(x, 32, "relu")
x = layers.SeparableConv2D(8, 2, activation=layers.PReLU(shared_axes=(1, 2)))(x)
x = layers.Reshape((1, 8))(x)
x = layers.Bidirectional(layers.LSTM(4, activation=layers.ReLU(6.0), recurrent_activation=layers.ELU()))(x)
model = keras.Model(picture, layers.Dense(2, activation=layers.Softmax())(x))
"""
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layers.LeakyReLU(alpha=0.1)", "layers.LeakyReLU(negative_slope=0.1)"),
        ("partial(tf.nn.leaky_relu, alpha=0.1)", "layers.LeakyReLU(negative_slope=0.1)"),
        ('activations.get("elu")', '"elu"'), ("tf.nn.elu", '"elu"'), ("ops.gelu", "quick_gelu"),
    ],
)  # fmt: skip
def test_an_activation_may_come_through_a_function_of_the_script(text: str, expected: str) -> None:
    text = f"""{BEGIN}
def block(x, units, activation):
    return layers.Dropout(0.5)(layers.Dense(units, activation=activation)(x))

row = keras.Input((4,))
model = keras.Model(row, block(block(row, 3, {text}), 5, "relu"))
"""
    project = read_script(text, CATALOG).project
    catalog = with_snippets(CATALOG, project)
    flat = [each.expression for each in flat_calls(project, catalog) if "Dense" in each.expression]
    assert flat == [f"layers.Dense(3, activation={expected})", 'layers.Dense(5, activation="relu")']


@pytest.mark.parametrize("style", STYLES)
def test_the_code_of_layers_as_activations_comes_back_word_for_word(style: str) -> None:
    project = read_script(SCRIPT, CATALOG).project
    text = generate(project, CATALOG, style=STYLES[style]).text
    assert "LeakyReLU(negative_slope=0.2)" in text
    assert generate(read_script(text, CATALOG).project, CATALOG, style=STYLES[style]).text == text


def test_an_edited_text_changes_the_activation() -> None:
    project = read("layers.PReLU()")
    source = generate(project, CATALOG)
    after = source.text.replace("layers.PReLU()", "layers.LeakyReLU(alpha=0.5)")
    found = edited(project, source.text, project, source.spans, after, CATALOG)
    assert found.complaints == ()
    assert value(found.project) == KerasObject("LeakyReLU", {"negative_slope": 0.5})


@pytest.mark.parametrize(
    "held", ["x = d(activation=act)(x)\nx = act(x)", "x = d(activation=act)(x)\nx = d(activation=act)(x)"]
)
@pytest.mark.parametrize(("made", "told"), [("LeakyReLU()", False), ("PReLU()", True)])
def test_only_what_learns_in_several_places_is_told(held: str, made: str, told: bool) -> None:
    text = f"{BEGIN}\nd = partial(layers.Dense, 4)\nact = layers.{made}\nx = row = keras.Input((4,))\n{held}\n"
    report = read_script(text + "model = keras.Model(row, x)", CATALOG).report
    assert any("Stands in several places" in each for each in report.replaced) == told


OLD: dict[str, Any] = {"name": "a", "trainable": True, "dtype": "float32"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"module": "keras.layers", "class_name": "PReLU", "config": {}, "build_config": {"input_shape": [None, 2]}},
         KerasObject("PReLU")),
        ({"class_name": "LeakyReLU", "config": {**OLD, "alpha": 0.1}},
         KerasObject("LeakyReLU", {"negative_slope": 0.1})),
        ({"class_name": "LeakyReLU", "config": {**OLD, "alpha": 0.10000000149011612}},
         KerasObject("LeakyReLU", {"negative_slope": 0.1})),
        ({"class_name": "LeakyReLU", "config": {**OLD, "alpha": 0.123456789}},
         KerasObject("LeakyReLU", {"negative_slope": 0.123456789})),
        ({"class_name": "ThresholdedReLU", "config": {**OLD, "theta": 0.5}}, KerasObject("ReLU", {"threshold": 0.5})),
        ({"class_name": "ReLU", "config": {**OLD, "max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0}},
         KerasObject("ReLU", {"max_value": 6.0})),
    ],
    ids=["Keras 3", "alpha of Keras 2", "rounded", "long", "a class of Keras 2", "defaults"],
)  # fmt: skip
def test_a_file_has_layers_as_activations(told: dict[str, Any], expected: KerasObject) -> None:
    model = functional(A, layer("Dense", "d", [[["a", 0, 0]]], units=2, activation=told), outputs=[["d", 0, 0]])
    found = from_config(model, CATALOG)
    assert node(found.project, "d").params["activation"] == expected
    assert (found.report.replaced, found.report.unknown) == ((), ())
