"""Every template for code of one's own is trained for a step, all of them in one process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from studio.assets import resource
from studio.workbench.templates import first_of, found_templates, templates

pytestmark = pytest.mark.keras

TRAIN_EACH = """
import json, sys, types
import keras, numpy as np, tensorflow as tf, math
from keras import layers, ops
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
binary = (x[:, :1] > 0).astype("float32")
told = {}
for kind, name, source, fits in json.load(sys.stdin):
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
        elif kind == "function":
            made_of = [each.split(".") for each in fits]
            fitting["callbacks"] = [getattr(keras.callbacks, owner)(**{key: given}) for owner, key in made_of]
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
        units, last = (3, "softmax") if name in ("CohenKappa", "MatthewsCorrelation") else (1, "sigmoid")
        if units == 3:
            plan["loss"], y = "sparse_categorical_crossentropy", np.arange(8) % 3
        if name == "giou_loss":
            units, y = 4, np.sort(np.abs(x[:, [0, 1, 0, 1]]) + [0, 0, 1, 1], axis=1)
        if name == "triplet_semi_hard":
            units, last, y = 2, None, np.arange(8) % 2  # what no straight line divides already
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
    pieces = [(each.kind, each.name, each.source, each.fits) for each in templates()]
    done = subprocess.run(
        [sys.executable, "-c", TRAIN_EACH],
        input=json.dumps(pieces), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in done.stderr.splitlines() if line.startswith("TOLD "))
    told = json.loads(line.removeprefix("TOLD "))
    assert told == {name: "" for _, name, *_ in pieces}


def test_old_names_find_their_template() -> None:
    for template in templates():
        for name in (*template.names, *[each.rpartition(".")[2] for each in template.names], template.name):
            assert found_templates(template.kind, name)[0] is template
        assert template in found_templates(template.kind, "")
    assert found_templates("loss", "tfa.optimizers.RectifiedAdam") == []
    assert found_templates("loss", "focal")[0].name == "FocalLoss"


def test_a_function_begins_with_the_right_arguments() -> None:
    assert first_of("function").name == "scale"
    assert first_of("function", "LearningRateScheduler", "schedule").name == "falling_rate"
    assert first_of("function", "LambdaCallback", "on_train_batch_end").name == "tell_batch"
    assert first_of("function", "LambdaCallback", "on_train_end").name == "tell_training"


MEANT = """
import sys, types
import keras, numpy as np
from keras import ops
def of(file, name):
    scope = {"keras": keras, "ops": ops, "np": np}
    exec(open(file).read(), scope)
    return scope[name]
root = sys.argv[1]
metric = of(root + "/matthews.py", "MatthewsCorrelation")(classes=2)
true, said = [1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 1, 1]
metric.update_state(true, np.eye(2)[said])
tp, tn, fp, fn = 3, 2, 2, 1
wanted = (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
assert abs(float(metric.result()) - wanted) < 1e-5, float(metric.result())
giou = of(root + "/giou_loss.py", "giou_loss")
boxes = np.array([[4.0, 3.0, 7.0, 5.0], [5.0, 6.0, 10.0, 7.0]], "float32")
others = np.array([[3.0, 4.0, 6.0, 8.0], [14.0, 14.0, 15.0, 15.0]], "float32")
assert np.allclose(giou(boxes, others), [1.075, 1.9333333], atol=1e-4), giou(boxes, others)
hamming = of(root + "/hamming.py", "hamming_loss")
assert np.allclose(hamming(np.array([[1.0, 0, 1, 0]]), np.array([[0.8, 0.6, 0.2, 0.1]])), [0.5])
triplet = of(root + "/triplet_loss.py", "triplet_semi_hard")
random = np.random.default_rng(0)
labels = np.array([0, 0, 1, 1, 2, 2, 2])
points = random.normal(size=(7, 3)).astype("float32")
points /= np.linalg.norm(points, axis=1, keepdims=True)
far = ((points[:, None] - points[None]) ** 2).sum(-1)
losses = []
for a in range(7):
    for p in range(7):
        if a != p and labels[a] == labels[p]:
            negatives = far[a, labels != labels[a]]
            beyond = negatives[negatives > far[a, p]]
            losses.append(max(far[a, p] - (beyond.min() if len(beyond) else negatives.max()) + 1.0, 0.0))
assert abs(float(triplet(labels[:, None], points)) - np.mean(losses)) < 1e-5
"""


def test_what_takes_the_place_of_old_names_computes_the_same() -> None:
    """Against the definitions, and against the example in the documentation of ``tfa.losses.GIoULoss``."""
    root = Path(str(resource("snippets")))
    done = subprocess.run(
        [sys.executable, "-c", MEANT, str(root)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
