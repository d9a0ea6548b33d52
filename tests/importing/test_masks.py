"""Masks: those that Keras makes by itself are not drawn, those that somebody gave to a call are edges."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.codegen import generate
from studio.core import rules
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing import from_config, read
from studio.importing.script import read_script
from tests.support.catalog import CATALOG
from tests.support.keras_models import built

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    # What some of the models here do on purpose.
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask"),
]

BEGIN = """
import keras
from keras import layers, ops
"""
IDS = 'ids = keras.Input((6,), dtype="int32", name="ids")\n'
STEPS = 'steps = keras.Input((6, 4), name="steps")\nkept = keras.Input((6,), dtype="bool", name="kept")\n'


def run(text: str) -> Any:
    """The ``model`` of a script."""
    import keras

    keras.backend.clear_session(free_memory=False)
    namespace: dict[str, Any] = {}
    exec(BEGIN + text, namespace)
    return namespace["model"]


def masked(project: Project) -> dict[str, list[str]]:
    """The layers with edges at ports for masks, and where these come from."""
    found: dict[str, list[str]] = {}
    nodes = project.main.nodes
    for edge in project.main.edges.values():
        if "mask" in edge.target.port:
            node = nodes[edge.target.node].name
            found.setdefault(node, []).append(f"{edge.target.port}: {nodes[edge.source.node].name}")
    return {name: sorted(edges) for name, edges in found.items()}


def gives_the_same(model: Any, project: Project) -> bool:
    """Whether the code of ``project`` predicts what ``model`` does, with its weights."""
    import keras

    random = np.random.default_rng(0)
    data: Any = [
        random.integers(0, 3, (5, *tensor.shape[1:])) if tensor.dtype == "int32"
        else random.random((5, *tensor.shape[1:])) < 0.6 if tensor.dtype == "bool"
        else random.integers(0, 2, (5, *tensor.shape[1:])).astype("float32")
        for tensor in model.inputs
    ]  # fmt: skip
    keras.backend.clear_session(free_memory=False)
    again = built(project)
    again.set_weights(model.get_weights())
    by_name = {tensor.name: rows for tensor, rows in zip(model.inputs, data, strict=True)}
    one = data[0] if len(data) == 1 else data
    expected = keras.tree.flatten(model(one))
    found = keras.tree.flatten(again(one if len(data) == 1 else by_name))
    return all(np.allclose(one, other, atol=1e-6) for one, other in zip(expected, found, strict=True))


AUTOMATIC = {
    "along a chain": IDS
    + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
x = layers.LSTM(5, return_sequences=True)(x)
x = layers.Dropout(0.5)(layers.Dense(3)(x))
model = keras.Model(ids, layers.GRU(2)(x))
""",
    "through merges": STEPS.splitlines()[0]
    + """
x = layers.Masking()(steps)
y = layers.Dense(4)(x)
z = layers.Concatenate()([layers.Add()([x, y]), steps])
model = keras.Model(steps, layers.LSTM(2)(layers.Dropout(0.1)(z)))
""",
    "both ways": IDS
    + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
x = layers.TimeDistributed(layers.Dense(2))(x)
model = keras.Model(ids, layers.GlobalAveragePooling1D()(layers.BatchNormalization()(x)))
""",
    "in attention": IDS
    + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
y = layers.LSTM(4, return_sequences=True)(x)
z = layers.Attention()([x, y])
z = layers.MultiHeadAttention(2, 3)(z, y)
model = keras.Model(ids, layers.GRU(2)(z))
""",
    "of two layers that take the same": IDS
    + """
x = layers.LSTM(3)(layers.Embedding(9, 4, mask_zero=True)(ids))
y = layers.LSTM(3)(layers.Embedding(9, 4, mask_zero=True)(ids))
model = keras.Model(ids, layers.Add()([x, y]))
""",
    "with a value of its own": STEPS.splitlines()[0]
    + """
model = keras.Model(steps, layers.LSTM(2)(layers.Masking(mask_value=1.0)(steps)))
""",
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_masks_that_come_by_themselves_are_not_drawn(name: str) -> None:
    model = run(AUTOMATIC[name])
    found = from_config(json.loads(model.to_json()), CATALOG, "model")
    assert found.report.unknown == found.report.replaced == ()
    assert masked(found.project) == {}
    assert not [node.type for node in found.project.main.nodes.values() if node.type.startswith("ops.")]
    assert gives_the_same(model, found.project)


GIVEN: dict[str, tuple[str, dict[str, list[str]]]] = {
    "from an Input": (
        STEPS + """
x = layers.LSTM(5, name="lstm")(steps, mask=kept)
model = keras.Model([steps, kept], x)
""",
        {"lstm": ["mask: kept"]},
    ),
    "and handed on from there": (
        STEPS + """
x = layers.LSTM(5, return_sequences=True, name="lstm")(steps, mask=kept)
x = layers.GRU(2, name="gru")(layers.Dropout(0.5)(x))
model = keras.Model([steps, kept], x)
""",
        {"lstm": ["mask: kept"]},
    ),
    "not handed on by a convolution": (
        IDS + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
x = layers.Conv1D(4, 3, padding="same")(x)
x = layers.LSTM(5, name="lstm")(x, mask=ops.not_equal(ids, 0))
model = keras.Model(ids, x)
""",
        {"lstm": ["mask: not_equal_1"]},
    ),
    "another than that of the embedding": (
        IDS + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
x = layers.LSTM(5, name="lstm")(x, mask=ids != 1)
model = keras.Model(ids, x)
""",
        {"lstm": ["mask: not_equal_1"]},
    ),
    "the contrary of that of the embedding": (
        IDS + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
x = layers.LSTM(5, name="lstm")(x, mask=ops.logical_not(ops.not_equal(ids, 0)))
model = keras.Model(ids, x)
""",
        {"lstm": ["mask: logical_not"]},
    ),
    "of another sequence": (
        IDS + """
others = keras.Input((6,), dtype="int32", name="others")
x = layers.Embedding(9, 4, mask_zero=True)(ids)
y = layers.Embedding(9, 4, mask_zero=True)(others)
x = layers.LSTM(5, name="lstm")(x, mask=ops.not_equal(others, 0))
y = layers.LSTM(5, name="other")(y)
model = keras.Model([ids, others], layers.Add()([x, y]))
""",
        {"lstm": ["mask: not_equal_2"]},
    ),
    "one for both calls of a layer": (
        STEPS + """
shared = layers.LSTM(5, name="lstm")
x = layers.Add()([shared(steps), shared(layers.Dense(4)(steps), mask=kept)])
model = keras.Model([steps, kept], x)
""",
        {"lstm_1": ["mask: kept"]},
    ),
    "for what attention looks at": (
        STEPS + """
queries = layers.Dense(4)(steps)
x = layers.Attention(name="look")([queries, steps], mask=[None, kept])
model = keras.Model([steps, kept], x)
""",
        {"look": ["value_mask: kept"]},
    ),
    "for both sides of attention": (
        STEPS + """
queries = layers.Dense(4)(steps)
x = layers.AdditiveAttention(name="look")([queries, steps], mask=[kept, ops.logical_not(kept)])
model = keras.Model([steps, kept], x)
""",
        {"look": ["query_mask: kept", "value_mask: logical_not"]},
    ),
    "of many heads, from an operation": (
        IDS + """
x = layers.Embedding(9, 4, mask_zero=True)(ids)
x = layers.Dense(4)(x)
x = layers.MultiHeadAttention(2, 3, name="look")(x, x, key_mask=ids > 1)
model = keras.Model(ids, x)
""",
        {"look": ["key_mask: greater"]},
    ),
    "without its name": (
        STEPS + """
x = layers.Softmax(axis=1, name="share")(steps, ops.expand_dims(kept, -1))
x = layers.GlobalAveragePooling1D(name="mean")(x, kept)
model = keras.Model([steps, kept], x)
""",
        {"share": ["mask: expand_dims"], "mean": ["mask: kept"]},
    ),
    "for every step apart": (
        STEPS + """
x = layers.TimeDistributed(layers.Dense(3), name="each")(steps, mask=kept)
x = layers.BatchNormalization(name="norm")(x, mask=kept)
x = layers.Bidirectional(layers.GRU(2), name="both")(x, mask=kept)
model = keras.Model([steps, kept], x)
""",
        {"each": ["mask: kept"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_a_mask_that_somebody_gave_is_an_edge(name: str, tmp_path: Path) -> None:
    text, expected = GIVEN[name]
    model = run(text)
    found = from_config(json.loads(model.to_json()), CATALOG, "model")
    assert found.report.unknown == found.report.replaced == ()
    errors = [problem.message for problem in rules.problems(found.project, CATALOG) if problem.severity == "error"]
    assert errors == []
    assert masked(found.project).keys() == expected.keys()
    assert gives_the_same(model, found.project)
    model.save(tmp_path / "model.keras")
    assert masked(read(tmp_path / "model.keras", CATALOG).project) == masked(found.project)


@pytest.mark.parametrize("name", GIVEN)
def test_a_script_that_gives_a_mask_is_read_without_being_run(name: str) -> None:
    text, _ = GIVEN[name]
    found = read_script(BEGIN + text, CATALOG)
    assert found.report.unknown == found.report.replaced == ()
    assert gives_the_same(run(text), found.project)
    again = read_script(generate(found.project, CATALOG).text, CATALOG).project
    # The second call of a layer has no name of its own in code.
    assert sorted(masked(again).values()) == sorted(masked(found.project).values())


OWN = """
@keras.saving.register_keras_serializable()
class Mean(layers.Layer):
    def call(self, inputs, mask=None):
        if mask is None:
            return ops.mean(inputs, axis=1)
        mask = ops.expand_dims(ops.cast(mask, inputs.dtype), -1)
        return ops.sum(inputs * mask, axis=1) / (ops.sum(mask, axis=1) + 1.0)

"""


def test_a_layer_of_one_s_own_takes_a_mask() -> None:
    text = f"{OWN}{STEPS}model = keras.Model([steps, kept], Mean(name='mean')(steps, mask=kept))\n"
    project = read_script(BEGIN + text, CATALOG).project
    catalog = with_snippets(CATALOG, project)
    assert masked(project) == {"mean": ["mask: kept"]}
    assert [problem.message for problem in rules.problems(project, catalog) if problem.severity == "error"] == []
    assert gives_the_same(run(text), project)


def test_a_model_in_a_circle_is_no_trap() -> None:
    """No sound model has one; a file may."""
    model = run(GIVEN["and handed on from there"][0])
    config = json.loads(model.to_json())
    layers = {layer["name"]: layer for layer in config["config"]["layers"]}
    inner = layers["lstm"]["inbound_nodes"][0]["args"][0]["config"]
    inner["keras_history"] = [next(name for name in layers if "dropout" in name), 0, 0]
    project: Callable[[], Project] = lambda: from_config(config, CATALOG, "model").project  # noqa: E731
    assert "lstm" in masked(project())
