"""Scripts whose models only running them tells."""

from __future__ import annotations

from pathlib import Path

CLASSES = """\
import sys

import keras
import numpy as np
from keras import layers


class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.one, self.two = layers.Dense(units, activation="relu"), layers.Dense(1)

    def call(self, x, training=False):
        return self.two(self.one(x) * 2.0 + x.shape[-1])


class Scaled(layers.Layer):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def call(self, x):
        return self.by(x)


def build(units):
    inputs = keras.Input((8,), name="row")
    return keras.Model(inputs, Scaled(lambda x: x * 2)(layers.Dense(units)(inputs)), name="fun")


print("hello", sys.argv, "\\x1b[31m")
settings = {"units": int(open(__file__.replace(".py", ".txt")).read())}
net = Net(settings["units"])
net.compile("sgd", "mse", metrics=["mae"])
history = net.fit(np.zeros((10, 3)), np.zeros((10, 1)), epochs=3, batch_size=5)
print(history.history["loss"], net.evaluate(0, 0))
unbuilt = keras.Sequential([layers.Dense(settings["units"], name="only")])
unbuilt.fit(np.zeros((10, 7)), np.zeros(10))
unbuilt.save("trained.keras")
inner = build(settings["units"])
raise ValueError("no more")
"""
"""A subclassed model, a Sequential that only its data builds, a layer without config, a file, an error at the end."""

LINE_OF_ERROR = len(CLASSES.splitlines())

FLOOD = """\
import keras
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(len(vars(keras)) and 2)])
while True:
    print("x" * 1000)
"""
KILL = """\
import os, keras
model = keras.Sequential([keras.layers.Dense(len(vars(keras)))])
print("goodbye")
os.kill(os.getpid(), 9)
"""
NO_MODEL = """\
import keras
x = input()
"""


def script(folder: Path, text: str, name: str = "net.py") -> Path:
    """The script in a file, with the file that it reads."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).with_suffix(".txt").write_text("6", encoding="utf-8")
    return folder / name
