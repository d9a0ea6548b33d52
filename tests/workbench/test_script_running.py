"""Scripts that are run: what they made comes in, and whatever they do, one sentence tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.catalog.values import KerasObject
from studio.core import rules
from studio.core.snippets import with_snippets
from studio.importing import ModelFileError
from studio.importing.report import OWN_CODE
from studio.layout import Cancelled
from studio.workbench.script_running import as_project, run_script
from tests.importing.running import CLASSES, FLOOD, LINE_OF_ERROR, NO_MODEL, script
from tests.support.catalog import CATALOG

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
        "The script has other models too, which did not come in: unbuilt, inner.",
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
    with pytest.raises(ModelFileError, match=r"made no functional or Sequential model .* Line 2: EOFError"):
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
