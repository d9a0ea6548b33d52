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


HABITS = {
    "a decorator of the script": """
def residual(function):
    def around(x, *rest):
        return layers.add([x, function(x, *rest)])
    return around
@residual
def block(x, name):
    return layers.Dense(4, name=name)(layers.ReLU()(x))
i = keras.Input((4,))
model = keras.Model(i, block(block(i, "a"), "b"))
""",
    "a function that remembers": """
from functools import lru_cache
@lru_cache(maxsize=None)
def dense(units):
    return layers.Dense(units, name=f"d{units}")
i = keras.Input((4,))
model = keras.Model(i, dense(3)(dense(4)(dense(4)(i))))
""",
    "functions of a list see its end": """
late = [lambda x: layers.Dense(n, name=f"late_{x.shape[-1]}_{n}")(x) for n in (3, 4, 5)]
now = [lambda x, n=n: layers.Dense(n, name=f"now_{n}")(x) for n in (3, 4, 5)]
i = keras.Input((4,))
model = keras.Model(i, now[2](now[1](now[0](late[0](i)))))
""",
    "settings that change between calls": """
class Settings:
    units = 3
class Made:
    pass
table, made, sizes = {"units": 3}, Made(), [5]
made.units = 6
def act(x):
    return layers.ReLU()(x)
def block(x):
    x = layers.Dense(table["units"])(act(x))
    x = layers.Dense(Settings.units)(x)
    x = layers.Dense(made.units)(x)
    return layers.Dense(sizes[-1])(x)
i = keras.Input((4,))
x = block(i)
table["units"] = 4
x = block(x)
Settings.units = 5
x = block(x)
made.units = 3
x = block(x)
sizes.append(6)
x = block(x)
def act(x):
    return layers.ELU()(x)
model = keras.Model(i, block(x))
""",
    "an error that is caught": """
i = keras.Input((4,))
try:
    if len(i.shape) != 3:
        raise ValueError("no steps")
    x = layers.LSTM(3, name="lstm")(i)
except (TypeError, ValueError) as error:
    x = layers.Dense(3, name="dense")(i)
model = keras.Model(i, x)
""",
    "ends of a model with keys": """
z, a = keras.Input((4,), name="z"), keras.Input((3,), name="a")
inner = keras.Model({"z": z, "a": a}, {"y": layers.Dense(3, name="one")(a), "b": layers.Dense(5, name="two")(z)})
model = keras.Model(inner.inputs, [layers.Dense(2, name="last")(inner.outputs[0]), inner.outputs[1]])
""",
    "a clone": """
i = keras.Input((4,))
shared = layers.Dense(4, name="shared")
x = layers.Add()([shared(shared(i)), layers.Dense(4, name="other")(i)])
model = keras.models.clone_model(keras.Model(i, [x, layers.Dense(2, name="last")(x)]))
""",
    "sizes told as one number": """
i = keras.Input((5, 8))
x = layers.MultiHeadAttention(2, 3, output_shape=12, name="heads")(i, i)
y = layers.EinsumDense("ab,bc->ac", output_shape=7, bias_axes="c", name="einsum")(layers.Flatten()(x))
model = keras.Model(i, [x, y])
""",
    "walks": """
import itertools, operator
from functools import reduce
x = i = keras.Input((4,))
for at, units in enumerate({64, 9, 33, 8, 17}):
    x = layers.Dense(units, name=f"set{at}")(x)
for at, units in enumerate(itertools.accumulate(itertools.chain.from_iterable([[2], (3, 4)]), operator.mul)):
    x = layers.Dense(units, name=f"times{at}")(x)
for (one, other), end in zip(itertools.pairwise([4, 5, 6]), itertools.repeat("end", 2)):
    x = layers.Dense(one * other, name=f"pair{one}_{end}")(x)
for name, units in sorted({"b": 2, "a": 1, "c": 3}.items(), key=lambda pair: -pair[1]):
    x = layers.Dense(units, name=name)(x)
many = [layers.Dense(3, name=f"branch{at}")(x) for at in range(3)]
best = max([{"units": 3}, {"units": 9}], key=lambda each: each["units"])
x = layers.Dense(best["units"], name="best")(reduce(operator.mul, many))
model = keras.Model(i, x)
""",
    "axes in another order": """
keras.config.set_image_data_format("channels_first")
i = keras.Input((3, 4, 4))
x = layers.BatchNormalization(axis=1 if keras.config.image_data_format() == "channels_first" else -1, name="norm")(i)
x = layers.GlobalAveragePooling2D()(ops.max_pool(x, 2))
model = keras.Model(i, layers.Dense(2, name="last")(x))
keras.config.set_image_data_format("channels_last")
""",
    "what is walked through once": """
def stages():
    units = 2
    while units < 16:
        yield units
        units *= 2
    yield from (3, 5)
    return
    yield 9
pairs = zip(stages(), "abcdefg")
x = i = keras.Input((4,))
for again in ("", "2"):
    for units, name in pairs:
        x = layers.Dense(units, name=name + again)(x)
two = (layers.Dense(units, name=f"g{units}") for units in (3, 4))
x = layers.concatenate([each(x) for each in two] + [each(x) for each in two])
model = keras.Model(i, x)
""",
    "sets": """
seen, x = set(), keras.Input((4,))
i = x
for at, units in enumerate((3, 5, 3, 7, 5)):
    if units in seen:
        continue
    seen.add(units)
    x = layers.Dense(units, name=f"a{at}")(x)
two = same = {1, 2}
two |= {9}
two.update([4], (5,))
two.discard(1)
for units in sorted(same):
    x = layers.Dense(units, name=f"b{units}")(x)
x = layers.Dense(5 if {1, 2, 3} == {3, 2, 1} != [3, 2, 1] else 6, name="c")(x)
x = layers.Dense(len(two.union({100}) - (two & {2, 4})), name="d")(x)
model = keras.Model(i, layers.Dense(3 if {9} <= two and not seen.isdisjoint({7}) else 2, name="e")(x))
""",
    "texts and tables": """
import json
table = json.loads('[{"class": "Dense", "units": 5}, {"class": "Dense", "units": 3}]')
table[1:] = [{"class": "Dense", "units": 4}] * 2
x = i = keras.Input((4,))
for at, row in enumerate(table):
    row = dict(row)
    x = getattr(layers, row.pop("class"))(name=f"a{at}", **row)(x)
for part in "dense:2 drop:0.1".split():
    name, _, size = part.partition(":")
    x = layers.Dense(int(size), name=name)(x) if name == "dense" else layers.Dropout(float(size))(x)
model = keras.Model(i, ops.linalg.norm(x, axis=-1) if hasattr(layers, "Dense") else x)
""",
    "what something is": """
def listed(x):
    return x if isinstance(x, (list, tuple)) else [x]
def norm(x, kind, name):
    if isinstance(kind, str):
        kind = {"un": layers.UnitNormalization}[kind]
    return kind(name=name)(x)
def apply(x, f):
    return layers.Dense(**f)(x) if isinstance(f, dict) else f(x)
i = keras.Input((4,))
x = norm(norm(i, "un", "a"), layers.LayerNormalization, "b")
x = layers.concatenate(listed(x) + listed([i, x]))
x = apply(apply(x, layers.Dense(3, name="c")), {"units": 2, "name": "d"})
x = layers.Dense(3 if isinstance({1, 2}, list) else 4, name="e")(apply(x, lambda t: layers.ReLU()(t)))
model = keras.Model(i, x)
""",
    "lists of one": """
def one(x, name):
    return [layers.Dense(4, name=name)(layers.ReLU()(x))]
def plain(x):
    return [layers.LayerNormalization()(layers.ReLU()(x))]
def pair(x):
    return layers.ReLU()(x), layers.ELU()(x)
x = i = keras.Input((4,))
for each in one(x, "a"):
    x = each
x = plain(plain(x)[0])[0]
end, = one(x, "b")
both = list(pair(end)) + plain(x)
both.append(i)
model = keras.Model(i, layers.concatenate(both))
""",
    "names and sizes": """
inputs = [keras.Input((units,), name=name) for name, units in (("p", 3), ("q", 4))]
ends = [layers.Dense(4, name=f"d_{each.name}")(each) for each in inputs]
first = keras.Model({each.name: each for each in inputs}, layers.add(ends))
mask = ops.tril(ops.ones((4, 4)))
norm = layers.LayerNormalization
x = layers.Dense(first.output_shape[-1] + 1, name="last")(first.output @ mask)
model = keras.Model(first.inputs, norm(name="norm")(x) if callable(norm) else x)
""",
    "attributes by their names": """
class Settings:
    units = 3
settings = Settings()
setattr(settings, "units", 4)
settings.__dict__.update(more=5)
vars(settings)["last"] = 2
x = i = keras.Input((4,))
for name in ("units", "more", "last"):
    x = layers.Dense(getattr(settings, name), name=name)(x)
model = keras.Model(i, x)
""",
    "classes that derive from each other": """
from abc import ABC
class Base(ABC):
    units = 3
    def __init__(self, name):
        self.name = name
    def of(self, x):
        return layers.Dense(self.units, name=f"{self.name}_{self.units}")(x)
class Left(Base):
    def of(self, x):
        return super().of(layers.ReLU()(x))
class Right(Base):
    units = 5
    def of(self, x):
        return super().of(layers.ELU()(x))
class Both(Left, Right):
    def __init__(self, name, **more):
        super(Both, self).__init__(name)
        self.__dict__.update(more)
i = keras.Input((4,))
model = keras.Model(i, Right("right").of(Left("left").of(Both("both", rest=1).of(i))))
""",
    "small things": """
import string
import numpy as np
i = keras.Input((2, 3))
table = np.array([[np.sin(place / 10 ** (k / 3)) for k in range(3)] for place in range(2)], dtype="float32")
x = i + ops.cast(table[np.newaxis, ...], i.dtype)
for letter in string.ascii_lowercase[:2]:
    one = layers.Dense.from_config({"units": 3, "name": letter})
    x = one(x)
act = keras.activations.get("gelu")
x = layers.Dense(one.units + 1, activation=act, kernel_initializer=keras.initializers.get("ones"), name="last")(x)
model = keras.Model(i, ops.hard_swish(act(x)))
""",
    "options of the command line": """
import argparse
from types import SimpleNamespace
parser = argparse.ArgumentParser()
parser.add_argument("--hidden-units", "-u", type=int, default="7")
parser.add_argument("--no-bias", dest="bias", action="store_false")
parser.add_argument_group("more").add_argument("--act", choices=["relu", "tanh"], default="tanh")
options = parser.parse_args([])
options.more = SimpleNamespace(units=2)
def build(hidden_units, bias, act, more):
    i = keras.Input((4,))
    x = layers.Dense(hidden_units, use_bias=bias, activation=act, name="one")(i)
    return keras.Model(i, layers.Dense(more.units, name="two")(x))
model = build(**vars(options))
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
