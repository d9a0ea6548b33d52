"""Scripts that are run: what they made comes in, and whatever they do, one sentence tells it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.catalog.values import KerasObject
from studio.core import rules
from studio.core.snippets import with_snippets
from studio.importing import ModelFileError
from studio.importing.report import OWN_CODE
from studio.layout import Cancelled
from studio.workbench.script_running import as_project, run_script
from tests.importing.running import CLASSES, FLOOD, LINE_OF_ERROR, NO_MODEL, script
from tests.importing.test_keras_examples import model_of
from tests.support.catalog import CATALOG
from tests.support.keras_models import built

pytestmark = pytest.mark.keras


def test_models_come_from_a_run_that_trains_and_saves_nothing(tmp_path: Path) -> None:
    path = script(tmp_path, CLASSES)
    printed: list[str] = []
    ran = run_script(CLASSES, path, printed.append)
    assert [model.label for model in ran.models] == ["net", "unbuilt", "inner"]
    assert ran.usual.label == "net"
    assert ran.ended == f"Line {LINE_OF_ERROR}: ValueError: no more."
    assert ran.output.startswith(f"hello ['{path}']")
    assert "script_run.py" not in ran.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["net.py", "net.txt"]

    net = as_project(ran.models[0], ran, CATALOG, "net")
    nodes = list(net.project.main.nodes.values())
    assert [node.type for node in nodes] == ["Input", "Dense", "ops.multiply", "ops.add", "Dense", "Output"]
    assert nodes[0].params == {"shape": (3,)}
    assert nodes[1].params == {"units": 6, "activation": "relu"}
    plan = net.project.training
    assert plan.optimizer.type == "SGD"
    assert (plan.epochs, plan.batch_size) == (3, 5)
    (output,) = plan.outputs.values()
    assert output.loss is not None
    assert output.loss.type == "MeanSquaredError"
    assert net.report.sentences[1:] == (
        "The script has other models too, which did not come in: unbuilt and inner.",
        f"The script did not come to its end: Line {LINE_OF_ERROR}: ValueError: no more.",
    )
    unbuilt = list(as_project(ran.models[1], ran, CATALOG, "net").project.main.nodes.values())
    assert [(node.type, node.name) for node in unbuilt[1:]] == [("Dense", "only"), ("Output", "output")]
    assert unbuilt[0].params == {"shape": (7,)}
    inner = list(as_project(ran.models[2], ran, CATALOG, "net").project.main.nodes.values())
    assert [node.type for node in inner] == ["Input", "Dense", "Scaled", "Output"]


def test_a_flood_without_end_is_stopped_and_its_model_comes_in(tmp_path: Path) -> None:
    printed: list[str] = []
    ran = run_script(FLOOD, script(tmp_path, FLOOD), printed.append, seconds=1)
    assert ran.ended == "It was stopped after 1 second."
    assert [model.label for model in ran.models] == ["model"]
    assert len(ran.output) <= 20_000
    assert printed


def test_a_script_that_asks_finds_nobody(tmp_path: Path) -> None:
    with pytest.raises(
        ModelFileError, match=r"^Line 2: EOFError.* Until then the script had made no functional or Sequential model\.$"
    ):
        run_script(NO_MODEL, script(tmp_path, NO_MODEL))


def test_a_run_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run_script(FLOOD, script(tmp_path, FLOOD), cancelled=lambda: True)


OWN = """\
import keras
from keras import layers
units = len(vars(keras)) and 3


class Attention(layers.Layer):
    def __init__(self, by, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def call(self, inputs):
        return inputs * self.by


def my_mish(x):
    return x * keras.ops.tanh(x)


inputs = keras.Input((8,))
x = Attention(2.0)(inputs)
x = layers.Dense(x.shape[-1] * units, activation=my_mish)(x)
model = keras.Model(inputs, x)
"""


def test_own_layers_of_a_script_that_was_run_come_with_their_code(tmp_path: Path) -> None:
    ran = run_script(OWN, script(tmp_path, OWN))
    found = as_project(ran.usual, ran, CATALOG, "net", text=OWN)
    project = found.project
    attention, dense = list(project.main.nodes.values())[1:3]
    assert (attention.type, attention.params) == ("OwnAttention", {"by": 2.0})
    assert dense.params == {"units": 24, "activation": KerasObject("my_mish")}
    assert {each.name: each.kind for each in project.snippets.values()} == {
        "OwnAttention": "layer", "my_mish": "activation",
    }  # fmt: skip
    catalog = with_snippets(CATALOG, project)
    assert [each for each in rules.problems(project, catalog) if each.severity == "error"] == []
    assert found.report.sentences[1:] == (OWN_CODE.format("OwnAttention and my_mish"),)


TWO = """import numpy as np
import keras
from keras import layers

class Both(keras.Model):
    def __init__(self):
        super().__init__()
        self.join, self.head = layers.Concatenate(), layers.Dense(1)

    def call(self, inputs):
        left, right = inputs
        return self.head(self.join([left, right]))

class Rows(keras.utils.PyDataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return (np.zeros((4, 3)), np.zeros((4, 2))), np.zeros((4, 1))

net = Both()
net.compile(loss="mse")
net.fit({})
"""


@pytest.mark.parametrize("x", ["(np.zeros((8, 3)), np.zeros((8, 2))), np.zeros((8, 1))", "Rows()"])
def test_a_model_of_two_inputs_is_drawn_from_what_fit_was_given(x: str, tmp_path: Path) -> None:
    text = TWO.format(x)
    ran = run_script(text, script(tmp_path, text))
    nodes = as_project(ran.usual, ran, CATALOG, "net").project.main.nodes.values()
    assert [node.params["shape"] for node in nodes if node.type == "Input"] == [(3,), (2,)]
    assert [node.type for node in nodes][2:] == ["Concatenate", "Dense", "Output"]


WHOLE = """
import matplotlib.pyplot as plt
import keras
from keras import layers, ops

figure, axes = plt.subplots(2)
sizes = [int(each) for each in "4 4".split()] if vars(keras) else []


class Weighted(layers.Layer):
    def __init__(self, units, start_initializer="zeros", **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(units, kernel_initializer=start_initializer)

    def call(self, inputs):
        found = [self.inner(each) for each in inputs]
        return [one * 2.0 for one in found]

    def get_config(self):
        return super().get_config()


def scaled(x, by):
    x = layers.Lambda(lambda t: t * by)(x)
    return layers.Lambda(lambda t, more=1.0: t + more, arguments={"more": 3.0})(x)


def make(factor):
    def activation(t):
        return ops.tanh(t) * factor
    return activation


inputs = [keras.Input((size,)) for size in sizes]
one, other = Weighted(3, keras.initializers.RandomNormal(stddev=0.5, seed=1))(inputs)
x = layers.Concatenate()([scaled(one, 2.0), scaled(other, 5.0)])
x = layers.Dense(3, activation=make(0.5))(x)
x = layers.Dense(3, activation=ops.gelu)(x)
x = layers.Lambda(ops.square, name="squared")(x)
model = keras.Model(inputs, x)


class Own(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), name="w")

    def call(self, x):
        return ops.matmul(x, self.w)


class Broken(keras.Model):
    def call(self, x):
        return x.nothing


own, broken = Own(7), Broken()
own(ops.ones((2, 5)))
try:
    broken(ops.ones((2, 5)))
except AttributeError:
    pass
broken.fit(ops.ones((2, 5)))
model.compile("sgd", "mse")
"""


def test_what_comes_of_a_run_is_whole(tmp_path: Path) -> None:
    import keras

    ran = run_script(WHOLE, script(tmp_path, WHOLE))
    assert ran.ended == ""
    found = as_project(ran.usual, ran, CATALOG, "net", text=WHOLE)
    assert len(found.report.unknown) == 1
    assert "Another model of the script cannot be drawn. Broken: " in found.report.unknown[0]
    again = built(found.project, ("no_data", "renamed"))
    keras.backend.clear_session(free_memory=False)
    text = WHOLE.partition("class Own(keras.Model)")[0].replace("import matplotlib.pyplot as plt\n", "")
    model = model_of(text.replace("figure, axes = plt.subplots(2)\n", ""))
    again.set_weights(model.get_weights())
    rows = [np.linspace(-1, 1, 8).reshape(2, 4), np.linspace(1, 3, 8).reshape(2, 4)]
    np.testing.assert_allclose(model(rows), again(rows), rtol=1e-5)

    own = as_project(next(each for each in ran.models if each.label == "own"), ran, CATALOG, "own", text=WHOLE)
    keras.backend.clear_session(free_memory=False)
    assert [(node.type, node.params) for node in own.project.main.nodes.values()][1] == ("Own", {"units": 7})
    assert [each.shape for each in built(own.project, ("no_data", "renamed")).weights] == [(5, 7)]


ACTIVATIONS = """\
from functools import partial
import keras
import tensorflow as tf
from keras import layers, ops
units = len(vars(keras)) and 3


def scaled(x, by):
    return x * by


x = row = keras.Input((4,))
for number, activation in enumerate([
    layers.PReLU(), tf.nn.relu, ops.sin, tf.sin, ops.gelu, partial(tf.nn.leaky_relu, alpha=0.1), lambda t: t + 1,
    partial(scaled, by=2),
]):
    x = layers.Dense(units, activation=activation, name=f"d{number}")(x)
x = layers.LSTM(units, activation=ops.sin, recurrent_activation=layers.ELU())(layers.Reshape((1, 3))(x))
model = keras.Model(row, x)
"""


def test_activations_of_a_script_that_was_run_come_in(tmp_path: Path) -> None:
    ran = run_script(ACTIVATIONS, script(tmp_path, ACTIVATIONS))
    found = as_project(ran.usual, ran, CATALOG, "net", text=ACTIVATIONS)
    nodes = list(found.project.main.nodes.values())
    code = {each.name: each.source.partition("return ")[2].strip() for each in found.project.snippets.values()}
    told = [node.params.get("activation") for node in nodes if node.type in ("Dense", "LSTM")]
    assert told[:2] == [KerasObject("PReLU"), "relu"]
    assert [code.get(each.type) for each in told[2:] if isinstance(each, KerasObject)] == [
        "keras.ops.sin(inputs)", "tf.sin(inputs)", "keras.ops.gelu(inputs)", "tf.nn.leaky_relu(inputs, alpha=0.1)",
        "t + 1", None, "keras.ops.sin(inputs)",
    ]  # fmt: skip
    assert nodes[-2].params["recurrent_activation"] == KerasObject("ELU")
    # What has arguments already is no function with a name: it is told, and the layer keeps all the rest.
    assert all(node.params.get("units") == 3 for node in nodes if node.type == "Dense")
    assert [each for each in found.report.unknown if "scaled_with_arguments" in each and each.endswith(": d7.")]
