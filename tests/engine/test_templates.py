"""Every template for code of one's own is trained for a step, all of them in one process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from studio.workbench.templates import template_for, templates

pytestmark = pytest.mark.keras

TRAIN_EACH = """
import json, sys, types
import keras, numpy as np, tensorflow as tf, math
from keras import layers, ops
x = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
binary = (x[:, :1] > 0).astype("float32")
told = {}
for kind, name, source in json.load(sys.stdin):
    module = types.ModuleType("own_" + name)
    sys.modules[module.__name__] = module
    module.__dict__.update(keras=keras, layers=layers, ops=ops, np=np, tf=tf, math=math)
    try:
        exec(compile(source, name, "exec"), module.__dict__)
        made = getattr(module, name)
        is_class = isinstance(made, type)
        plan = {"loss": "mse", "optimizer": "sgd", "metrics": [], "jit_compile": False}
        dense, fitting, y = {}, {}, binary
        given = made() if is_class else made
        inputs = hidden = keras.Input((3,))
        if kind == "function" and name == "scale":
            hidden = layers.Lambda(given)(hidden)
        elif kind == "function" and name == "falling_rate":
            fitting["callbacks"] = [keras.callbacks.LearningRateScheduler(given)]
        elif kind == "function":
            fitting["callbacks"] = [keras.callbacks.LambdaCallback(on_epoch_end=given)]
        elif name == "WeightedSum":
            hidden = given(hidden, layers.Dense(3)(hidden))
        elif kind == "layer":
            hidden = given(hidden)
        elif kind == "activation":
            dense["activation"] = given
        elif kind in ("initializer", "regularizer", "constraint"):
            dense["kernel_" + kind] = given
        elif kind in ("loss", "optimizer"):
            plan[kind] = given
        elif kind == "metric":
            plan["metrics"] = [given]
        elif kind == "callback":
            fitting["callbacks"] = [given]
        elif kind == "schedule":
            plan["optimizer"] = keras.optimizers.Adam(given)
        else:
            raise ValueError("nothing is known of the kind " + kind)
        units, last = (3, "softmax") if name == "CohenKappa" else (1, "sigmoid")
        if units == 3:
            plan["loss"], y = "sparse_categorical_crossentropy", np.arange(8) % 3
        outputs = layers.Dense(units, last)(layers.Dense(4, **dense)(hidden))
        model = keras.Model(inputs, outputs)
        model.compile(**plan)
        before = [each.copy() for each in model.get_weights()]
        history = model.fit(x, y, batch_size=8, epochs=1, verbose=0, **fitting).history
        wrong = [key for key, values in history.items() if not np.all(np.isfinite(values))]
        moved = any(not np.array_equal(a, b) for a, b in zip(before, model.get_weights()))
        told[name] = f"not finite: {wrong}" if wrong else "" if moved else "no weight changed"
        if is_class and not told[name] and hasattr(made, "from_config") and kind != "callback":
            made.from_config(given.get_config())
    except Exception as error:
        told[name] = f"{type(error).__name__}: {error}"
sys.stderr.write("TOLD " + json.dumps(told) + "\\n")
"""


def test_every_template_is_trained() -> None:
    pieces = [(each.kind, each.name, each.source) for each in templates()]
    done = subprocess.run(
        [sys.executable, "-c", TRAIN_EACH],
        input=json.dumps(pieces), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in done.stderr.splitlines() if line.startswith("TOLD "))
    told = json.loads(line.removeprefix("TOLD "))
    assert told == {name: "" for _, name, _ in pieces}


def test_old_names_find_their_template() -> None:
    for template in templates():
        for name in template.names:
            assert template_for(name, template.kind) is template
    assert template_for("tfa.optimizers.LazyAdam", "loss") is None
