"""Habits of scripts that are no layers: tables of settings, models that train otherwise, sizes of own layers."""

from __future__ import annotations

import numpy as np
import pytest

from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.core.snippets import with_snippets
from studio.importing import NeedsRunning
from studio.importing.script import edited, read_script
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

BEGIN = "import keras\nfrom keras import layers, ops\n"
OWN = """
class Patches(layers.Layer):
    def call(self, x):
        return ops.reshape(x, (ops.shape(x)[0], -1, 12))

picture = keras.Input((8, 8, 3))
x = Patches()(picture)
"""


def units(text: str) -> list[object]:
    project = read_script(BEGIN + text, CATALOG).project
    return [node.params["units"] for node in project.main.nodes.values() if node.type == "Dense"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("class C:\n    A = 3\n    B = A * 2\nc = C()", [3, 6]),
        ("class C:\n    A = 3\n    B = A * 2\nc = C\nC.A = 4", [4, 6]),
        ("@dataclass\nclass C:\n    A: int\n    B: int = 5\nc = C(2)", [2, 5]),
        ("@dataclass\nclass C:\n    A: int = 1\n    B: int = 5\nc = C(B=7)\nc.A = 9", [9, 7]),
        ("class C:\n    A, B = 1, 5\n    A = 3\n    B = 4\n    def change(self):\n        self.D = 1\nc = C()", [3, 4]),
    ],
)
def test_settings_in_a_class_are_read(settings: str, expected: list[object]) -> None:
    text = f"""
from dataclasses import dataclass
{settings}
row = keras.Input((4,))
model = keras.Model(row, layers.Dense(c.B)(layers.Dense(c.A)(row)))
"""
    assert units(text) == expected


@pytest.mark.parametrize(
    "settings",
    [
        "class C:\n    A = 3\n    def __init__(self):\n        self.A = int(open('a').read())\nc = C()",
        "class C(Other):\n    A = 3\nc = C()",
        "class C:\n    def __getattr__(self, name):\n        return 3\nc = C()",
    ],
)
def test_settings_that_only_running_tells_are_not_guessed(settings: str) -> None:
    text = f"{BEGIN}{settings}\nrow = keras.Input((4,))\nmodel = keras.Model(row, layers.Dense(c.A)(row))\n"
    with pytest.raises(NeedsRunning, match=r"is known only when the script runs|is not defined in the script"):
        read_script(text, CATALOG)


def test_what_opens_a_file_is_known_as_what_it_is() -> None:
    text = f"{BEGIN}row = keras.Input((4,))\nmodel = keras.Model(row, layers.Dense(int(open('a').read()))(row))\n"
    with pytest.raises(NeedsRunning, match=r"Line 4: What open gives is known only when the script runs\."):
        read_script(text, CATALOG)


def test_a_model_with_its_own_way_of_training_is_functional() -> None:
    text = """
class Masked(keras.Model):
    def train_step(self, data):
        return {}

row = keras.Input((4,))
model = Masked(row, layers.Dense(3)(row), name="masked")
model.compile("sgd", "mse")
"""
    found = read_script(BEGIN + text, CATALOG)
    assert found.report.replaced == (
        "Line 9: Masked is drawn as a functional model; its own way of training did not come in.",
    )
    assert found.project.training.optimizer.type == "SGD"


@pytest.mark.parametrize(
    ("use", "line", "reason"),
    [
        ("_, number, size = x.shape\nx = ops.reshape(x, (-1, number))", 12, "This size depends on code of the script"),
        ("x = layers.Dense(len(x))(x)", 11, "What len gives for a tensor is known only when the script runs"),
        (
            "x = x + layers.Embedding(4, 12)(ops.arange(4))",
            11,
            "A layer takes tensors in a drawing, and here it is given numbers",
        ),
    ],
)
def test_what_an_own_layer_gives_is_not_guessed(use: str, line: int, reason: str) -> None:
    text = f"{BEGIN}{OWN}{use}\nmodel = keras.Model(picture, layers.Dense(2)(x))\n"
    with pytest.raises(NeedsRunning) as error:
        read_script(text, CATALOG, shapes=lambda project: (None, 8, 8, 3))
    assert f"Line {line - 1 if 'number' not in use else line - 2}: {reason}" in error.value.message


def test_what_a_lambda_does_with_several_tensors_is_drawn() -> None:
    text = """
def distance(pair):
    one, other = pair
    return ops.sqrt(ops.sum(ops.square(one - other), axis=1, keepdims=True))

left, right = keras.Input((4,)), keras.Input((4,))
model = keras.Model([left, right], layers.Lambda(distance, output_shape=(1,))([left, right]))
"""
    found = read_script(BEGIN + text, CATALOG)
    types = {node.type for node in found.project.main.nodes.values()}
    assert types == {"Input", "ops.subtract", "ops.square", "ops.sum", "ops.sqrt", "Output"}
    assert found.project.snippets == {}
    assert found.report.replaced == ("Line 9: What a Lambda does with several tensors is drawn in its place.",)


def test_a_layer_that_insists_on_a_name_gets_that_of_its_node() -> None:
    text = """
class Twice(layers.Layer):
    def __init__(self, by, name):
        super().__init__(name=name)
        self.by = by

    def call(self, x):
        return self.by * x

row = keras.Input((4,))
model = keras.Model(row, Twice(2, name="two")(Twice(by=3, name="three")(row)))
"""
    project = read_script(BEGIN + text, CATALOG).project
    assert [node.name for node in project.main.nodes.values() if node.type == "Twice"] == ["three", "two"]
    source = generate(project, with_snippets(CATALOG, project))
    assert [problem.code for problem in source.problems] == ["no_data"]
    assert 'name="three")' in source.text


@pytest.mark.parametrize("said", [True, False])
def test_the_code_panel_says_what_it_cannot_keep_of_a_call(said: bool) -> None:
    project = graph("row:Input(shape=(4,)) -> drop:Dropout(rate=0.5) -> out:Output")
    source = generate(project, CATALOG)
    said_so = f", training={said})"
    text = source.text.replace('name="drop")(row)', f'name="drop")(row{said_so}')
    assert text != source.text
    found = edited(project, source.text, project, source.spans, text, CATALOG)
    (complaint,) = found.complaints
    assert complaint.reason.startswith(f"Called with training={said}, which was left out, since fit")
    assert text.splitlines()[complaint.line - 1].endswith(said_so)


@pytest.mark.keras
def test_keras_tells_the_layers_of_a_model_whether_they_train_whatever_their_calls_say() -> None:
    """What the report says about ``training`` is true; where a new Keras changes that, a drawing should keep it."""
    import keras

    row = keras.Input((1000,))
    ones = np.ones((2, 1000), "float32")
    for said in (True, False):
        model = keras.Model(row, keras.layers.Dropout(0.5)(row, training=said))
        assert (model.predict(ones, verbose=0) == 1).all()
        assert not (np.asarray(model(ones, training=True)) == 1).all()


def test_tables_are_copied_before_they_are_changed() -> None:
    text = """
import copy
TABLE = [{"units": 3, "repeats": 1}, {"units": 5, "repeats": 2}]
first, second = copy.deepcopy(TABLE), copy.copy(TABLE)
for row in first:
    row["units"] += row.pop("repeats")
second.append({"units": 9})
x = keras.Input((4,))
model = keras.Model(x, [
    layers.Dense(each["units"], name=f"{part}_{chr(97 + place)}")(x)
    for part, table in (("first", first), ("kept", TABLE), ("second", second)) for place, each in enumerate(table)
])
"""
    project = read_script(BEGIN + text, CATALOG).project
    made = {node.name: node.params["units"] for node in project.main.nodes.values() if node.type == "Dense"}
    assert made == {
        "first_a": 4, "first_b": 7, "kept_a": 3, "kept_b": 5, "second_a": 3, "second_b": 5, "second_c": 9,
    }  # fmt: skip


def test_a_copy_of_a_layer_is_not_guessed() -> None:
    text = (
        f"{BEGIN}import copy\nx = keras.Input((4,))\nd = layers.Dense(2)\nmodel = keras.Model(x, copy.deepcopy(d)(x))\n"
    )
    with pytest.raises(NeedsRunning, match=r"copy\.deepcopy"):
        read_script(text, CATALOG)


def test_objects_may_be_told_by_their_configs() -> None:
    text = """
START = {"class_name": "VarianceScaling", "config": {"scale": 0.5, "distribution": "uniform"}}
x = keras.Input((4,))
made = layers.Dense(2, kernel_initializer=START, bias_initializer={"class_name": "Ones"},
                    kernel_regularizer={"class_name": "L2", "config": {"l2": 0.25}})(x)
model = keras.Model(x, made)
"""
    project = read_script(BEGIN + text, CATALOG).project
    (params,) = [dict(node.params) for node in project.main.nodes.values() if node.type == "Dense"]
    assert params == {
        "units": 2,
        "kernel_initializer": KerasObject("VarianceScaling", {"scale": 0.5, "distribution": "uniform"}),
        "bias_initializer": "ones",
        "kernel_regularizer": KerasObject("L2", {"l2": 0.25}),
    }
