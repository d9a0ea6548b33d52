"""Operations on tensors in scripts: operators, slices, functions of ``keras.ops`` and TensorFlow."""

from __future__ import annotations

from collections import Counter

import pytest

from studio.codegen import STYLES, generate_model
from studio.importing import NeedsRunning
from studio.importing.script import read_script
from tests.support.catalog import CATALOG
from tests.support.graphs import graph
from tests.support.structure import structure


def test_operators_on_two_tensors_and_comments() -> None:
    text = """
import keras
from keras import layers
inputs = keras.Input((4,))
# As wide as what it is added to,
# so that both fit.
x = layers.Dense(4)(inputs)  # no activation
outputs = layers.Dense(1)(x + inputs)
model = keras.Model(inputs, outputs)
"""
    project = read_script(text, CATALOG).project
    assert [node.type for node in project.main.nodes.values()][2] in ("Add", "ops.add")
    notes = [node.note for node in project.main.nodes.values() if node.note]
    assert notes == ["As wide as what it is added to,\nso that both fit.\nno activation"]
    assert "# no activation" in generate_model(project, CATALOG).text


OPERATIONS = """
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
row = keras.Input((4, 6), name="row")
x = layers.Dense(6)(row)
z = 2.0 * (x + row) - 1
w = ops.mean(z, axis=1, keepdims=True)
a, b = ops.split(z, 2, axis=-1)
c = z[:, 0] @ ops.transpose(x, (0, 2, 1))[:, 1:3, ::2][..., 0] if len(row.shape) == 3 else None
d = ops.einsum("abc,abc->ab", x, tf.concat([a, b], axis=-1))
e = keras.activations.gelu(-x) / ops.sqrt(ops.sum(ops.square(x), -1, True) + keras.backend.epsilon())
f = layers.Reshape((row.shape[1] * ops.shape(row)[2],))(e)
g = ops.where(np.array([1, 2, 3, 4, 5, 6], dtype="float32") * x > 0.5, x, 0.0)
values, places = ops.top_k(x, 3)
only = ops.split(x, 1)[0]
model = keras.Model(row, {"w": w, "c": c, "d": d, "f": f, "g": g, "values": values, "places": places, "only": only})
"""


def test_operations_are_read_and_come_back_in_every_style() -> None:
    found = read_script(OPERATIONS, CATALOG)
    assert found.report.sentences[1:] == ()
    graph = found.project.main
    types = Counter(node.type for node in graph.nodes.values())
    assert {type: count for type, count in types.items() if count > 1} == {
        "ops.add": 2, "ops.multiply": 2, "ops.split": 2, "ops.get_item": 3, "Output": 8,
    }  # fmt: skip
    named = {node.type: node for node in graph.nodes.values()}
    assert named["ops.gelu"].params == {"approximate": False}
    assert named["ops.greater"].params == {"x2": 0.5}
    assert named["Reshape"].params == {"target_shape": (24,)}
    assert {node.params["key"] for node in graph.nodes.values() if node.type == "ops.get_item"} == {
        ":, 0", ":, 1:3, ::2", "..., 0",
    }  # fmt: skip
    for style in STYLES.values():
        text = generate_model(found.project, CATALOG, style=style).text
        again = read_script(text, CATALOG)
        assert again.report.sentences[1:] == ()
        assert structure(again.project) == structure(found.project)
        assert generate_model(again.project, CATALOG, style=style).text == text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("y = ops.telepathy(x)", "keras.ops.telepathy of a tensor cannot be drawn"),
        ("y = ops.mean(x, axes=1)", "mean has no argument axes"),
        ("y = x[x]", "a drawing holds whole numbers"),
        ("y = ops.reshape(x, (-1, x.shape[1]))", "The shape of a tensor is known only when the script runs"),
        ("y = ops.concatenate([x, 1.0])", "a drawing holds nothing else beside them"),
        ("y = 1 < x < 2", "Tensors are compared two at a time"),
        ("y = x if x > 0 else row", "A tensor is neither true nor false"),
    ],
)
def test_what_no_operation_of_a_drawing_is_says_why(line: str, reason: str) -> None:
    text = f"import keras\nfrom keras import layers, ops\nrow = keras.Input((4,))\nx = layers.Dense(4)(row)\n{line}\n"
    with pytest.raises(NeedsRunning, match=f"Line 5: .*{reason}"):
        read_script(text + "model = keras.Model(row, y)", CATALOG)


@pytest.mark.parametrize(
    "operation",
    [
        "ops.split(indices_or_sections=1, axis=1)",
        "ops.unstack(num=1, axis=1)", "ops.unravel_index(shape=(9,))",
    ],
)  # fmt: skip
def test_one_part_is_taken_out_of_its_list(operation: str) -> None:
    """``ops.split(x, 1)`` gives a list, of which no layer makes anything."""
    project = graph(f"x:Input(shape=(1,), dtype='int32') -> part:{operation} -> all:ops.sum -> y:Output")
    text = generate_model(project, CATALOG).text
    assert ")[0]\n" in text
    again = read_script(text, CATALOG).project
    assert structure(again) == structure(project)
    assert generate_model(again, CATALOG).text == text
