"""Scripts of which a reading can be wrong without a word: the drawing gives what the script gives, by Keras itself.

Layers with weights have names in the scripts, by which both get the same weights.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from studio.core.project import Project
from studio.importing import NeedsRunning, from_config
from studio.importing.script import read_script
from tests.importing.python_habits import HABITS
from tests.support.catalog import CATALOG
from tests.support.keras_models import built

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]

BEGIN = """
import keras
from keras import layers, ops
"""

SHARED_WITH_A_SWITCH = """
i = keras.Input((5, 4))
heads = layers.MultiHeadAttention(2, 3, name="heads")
x = heads(i, i, use_causal_mask=True)
y = heads(x, i)
{}
model = keras.Model(i, [y, z])
"""
SWITCHES = {
    "the first call has it": SHARED_WITH_A_SWITCH.format("z = heads(y, i)"),
    "others have it, too": SHARED_WITH_A_SWITCH.format("z = heads(y, i, use_causal_mask=True)"),
    "the others have it": """
i = keras.Input((5, 4))
heads = layers.MultiHeadAttention(2, 3, name="heads")
x = heads(i, i)
model = keras.Model(i, heads(x, x, use_causal_mask=True))
""",
    "in a block": """
def twice(x, name):
    heads = layers.MultiHeadAttention(2, 3, name=f"{name}_heads")
    return heads(heads(x, x, use_causal_mask=True), x)
i = keras.Input((5, 4))
model = keras.Model(i, twice(twice(i, "a"), "b"))
""",
}
MODELS_IN_MODELS = {
    "three deep and beside": """
i = keras.Input((4,))
inner = keras.Model(i, layers.Dense(4, activation="tanh", name="dense")(i), name="inner")
def around(name):
    i = keras.Input((4,))
    a = inner(i)
    return keras.Model(i, layers.Add()([a, inner(a), i]), name=name)
one, two = around("one"), around("two")
i = keras.Input((4,))
outer = keras.Model(i, [one(two(i)), two(i)], name="outer")
i = keras.Input((4,))
p, q = outer(i)
r, s = outer(layers.Dense(4, name="last")(i))
model = keras.Model(i, [layers.Concatenate()([p, q, r, s, p]), inner(i)])
""",
    "only two that are in another": """
i = keras.Input((4,))
inner = keras.Model(i, layers.Dense(4, activation="tanh", name="dense")(i), name="inner")
i = keras.Input((4,))
one = keras.Model(i, layers.ReLU()(inner(i)), name="one")
i = keras.Input((4,))
two = keras.Model(i, layers.Add()([one(i), one(inner(i))]), name="two")
i = keras.Input((4,))
model = keras.Model(i, layers.Concatenate()([two(i), inner(i)]))
""",
}


def weighed(model: Any) -> dict[str, Any]:
    """The layers with weights by their names, wherever they stand, each with weights that follow from its name."""
    import keras

    found: dict[str, Any] = {}
    waiting = [model]
    while waiting:
        layer = waiting.pop()
        if isinstance(layer, keras.Model):
            waiting += layer.layers
        elif layer.weights:
            found[layer.name] = layer
            chance = np.random.default_rng(list(layer.name.encode()))
            layer.set_weights([chance.normal(0, 0.5, each.shape) for each in layer.weights])
    return found


def said(model: Any) -> list[Any]:
    """What a model gives, in order of its outputs."""
    import keras

    chance = np.random.default_rng(1)
    given = [chance.normal(size=(2, *each.shape[1:])).astype("float32") for each in model.inputs]
    result = model(given if len(given) > 1 else given[0])
    return list(result.values()) if isinstance(result, dict) else keras.tree.flatten(result)


def shapes(project: Project) -> tuple[int | None, ...]:
    """The shape at the Output of a drawing, as an engine tells it."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        shape = built(project).outputs[0].shape
    keras.backend.clear_session(free_memory=False)
    return tuple(shape)


def run(text: str) -> Any:
    import keras

    keras.backend.clear_session(free_memory=False)
    scope: dict[str, Any] = {"__name__": "__main__"}
    exec(BEGIN + text, scope)
    keras.backend.clear_session(free_memory=False)
    return scope["model"]


def are_the_same(model: Any, again: Any) -> None:
    assert weighed(again).keys() == weighed(model).keys()
    assert again.count_params() == model.count_params()
    ours, theirs = said(again), said(model)
    assert [each.shape for each in ours] == [each.shape for each in theirs]
    assert all(np.allclose(one, other, atol=1e-5) for one, other in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("text", {**SWITCHES, **MODELS_IN_MODELS, **HABITS}.items(), ids=lambda each: each[0])
def test_a_script(text: tuple[str, str]) -> None:
    again = built(read_script(BEGIN + text[1], CATALOG, model="model", shapes=shapes).project)
    are_the_same(run(text[1]), again)


@pytest.mark.parametrize("text", SWITCHES.values(), ids=SWITCHES)
def test_a_file_tells_each_call(text: str) -> None:
    model = run(text)
    again = built(from_config(json.loads(model.to_json()), CATALOG).project)
    are_the_same(model, again)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("keras.config.set_epsilon(1e-3)", "was passed over: A project goes by Keras's own settings"),
        ("keras.backend.set_floatx('float64')", "The script computes in other numbers than float32"),
    ],
)
def test_what_changes_all_layers_is_told(text: str, told: str) -> None:
    rest = "i = keras.Input((4,))\nmodel = keras.Model(i, layers.UnitNormalization()(i))\n"
    sentences = read_script(f"{BEGIN}{text}\n{rest}", CATALOG).report.sentences[1:]
    assert [told in each for each in sentences] == [True]


@pytest.mark.parametrize(
    "asked", ["3 if Size(2) == Size(4) else 4", "3 if Size(2) else 4", "3 if Size(2) in [Size(4)] else 4"]
)
def test_objects_that_say_themselves_whether_they_are_alike_are_not_guessed(asked: str) -> None:
    text = f"""
class Size:
    def __init__(self, units):
        self.units = units
    def __eq__(self, other):
        return self.units % 2 == other.units % 2
    def __bool__(self):
        return self.units > 3
i = keras.Input((4,))
model = keras.Model(i, layers.Dense({asked})(i))
"""
    with pytest.raises(NeedsRunning, match="How objects of Size are compared"):
        read_script(BEGIN + text, CATALOG)


@pytest.mark.parametrize("statement", ["exec('units = 5')", "globals()['units'] = 5", "setattr(keras, 'units', 5)"])
def test_what_may_change_any_variable_is_told(statement: str) -> None:
    text = f"units = 3\n{statement}\ni = keras.Input((4,))\nmodel = keras.Model(i, layers.Dense(units)(i))\n"
    (sentence,) = read_script(BEGIN + text, CATALOG).report.sentences[1:]
    assert "was passed over: What " in sentence


OF_TENSORFLOW = """\
tf.split(x, [2, 4], 2)[1]
tf.split(value=x, num_or_size_splits=[1, 2, -1], axis=2)[2]
tf.split(x, 3, axis=-1)[2]
tf.argmax(x)
tf.argmin(x, 1)
tf.cumsum(x)
tf.math.cumprod(x, 1)
tf.gather(x, [0, 1])
tf.gather(params=x, indices=[0, 2], axis=1)
tf.math.reduce_std(x, 1)
tf.reduce_logsumexp(x, axis=1)
tf.nn.leaky_relu(x, alpha=0.3)
tf.nn.swish(x)
tf.reverse(x, [1])
tf.image.resize(x[..., tf.newaxis], (8, 12), method="nearest")
tf.math.floormod(x, 0.3)
"""


@pytest.mark.parametrize("expression", OF_TENSORFLOW.splitlines())
def test_a_function_of_tensorflow(expression: str) -> None:
    import tensorflow as tf

    x = tf.constant(np.random.default_rng(1).normal(size=(2, 4, 6)).astype("float32"))
    text = f"import tensorflow as tf\nx = tf.keras.Input((4, 6))\nmodel = tf.keras.Model(x, {expression})\n"
    ours = built(read_script(text, CATALOG).project)(x)
    theirs = eval(expression, {"tf": tf, "x": x})
    assert ours.shape == theirs.shape
    assert np.allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize(
    "expression", ["tf.cumsum(x, 1, True)", "tf.linalg.normalize(x, axis=-1)[0]", "tf.argmax(x, 1, tf.int32)"]
)
def test_a_function_that_means_something_else_is_not_guessed(expression: str) -> None:
    text = f"import tensorflow as tf\nx = tf.keras.Input((4, 6))\nmodel = tf.keras.Model(x, {expression})\n"
    with pytest.raises(NeedsRunning):
        read_script(text, CATALOG)
