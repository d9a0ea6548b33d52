"""Habits of Python in scripts with a model, each by the trap that it is for a reader: what stands after the imports."""

from __future__ import annotations

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
