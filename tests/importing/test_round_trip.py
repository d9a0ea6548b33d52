"""Models of Keras come in, go out as code, and are the same models again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio import storage
from studio.catalog.values import KerasObject
from studio.core import rules
from studio.core.project import Project
from studio.importing import Imported, from_config, read
from studio.importing.script import read_script
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, copy_weights, told

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    # Keras 3.15 asks NumPy 2 for arrays in the way of NumPy 1 when it saves weights.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def imported(model: Any) -> Imported:
    return from_config(json.loads(model.to_json()), CATALOG, "model")


def errors(project: Project) -> list[str]:
    return [problem.message for problem in rules.problems(project, CATALOG) if problem.severity == "error"]


def test_layers_that_keras_keeps_for_its_ready_made_networks_come_back() -> None:
    """They are in no public module, and are layers as all others here."""
    import keras
    import numpy as np
    from keras import layers
    from keras.src.applications.convnext import LayerScale, StochasticDepth
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    inputs = keras.Input((8, 6))
    x = LayerScale(0.5, 6, name="scaled")(layers.Dense(6)(inputs))
    x = StochasticDepth(0.25)(x)
    x = CustomScaleLayer(0.2)([inputs, x])
    model = keras.Model(inputs, x)
    found = imported(model)
    assert found.report.unknown == ()
    assert found.report.replaced == ()
    assert errors(found.project) == []
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    assert told(again) == told(model)
    again.set_weights(model.get_weights())
    numbers = np.random.default_rng(0).random((2, 8, 6), dtype="float32")
    np.testing.assert_allclose(model(numbers), again(numbers), rtol=1e-6)


def test_a_class_of_somebody_s_own_is_not_taken_for_one_that_keras_keeps() -> None:
    import keras

    class LayerScale(keras.layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs

    inputs = keras.Input((4,))
    found = imported(keras.Model(inputs, LayerScale()(inputs)))
    assert [node.type for node in found.project.main.nodes.values()] == ["Input", "Custom>LayerScale", "Output"]


def test_an_h5_says_the_same_as_json(tmp_path: Path) -> None:
    import keras
    from keras import layers

    inputs = keras.Input((8, 8, 3), name="picture")
    x = layers.Conv2D(4, 3, kernel_regularizer="l2")(inputs)
    outputs = layers.Dense(2)(layers.Flatten()(layers.Add()([x, layers.BatchNormalization()(x)])))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.Huber(delta=2.0), metrics=["mae"])
    expected = imported(model).project  # Before saving: writing an .h5 takes the optimizer out of the model's config.
    model.save(tmp_path / "model.h5")
    assert read(tmp_path / "model.h5", CATALOG).project == expected


def sequential() -> Any:
    import keras
    from keras import layers

    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Conv2D(8, (3, 3), activation="relu"), layers.MaxPooling2D(),
         layers.Flatten(), layers.Dense(10, activation="softmax", name="digits")]
    )  # fmt: skip


def shared_and_several_ends() -> Any:
    import keras
    from keras import layers

    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    tower = layers.Dense(3, activation="relu", name="tower")
    one, other = tower(left), tower(right)
    both = layers.Concatenate(axis=1)([other, one])
    return keras.Model([left, right], [layers.Dense(1, name="score")(both), layers.Subtract()([one, other])])


def dictionaries() -> Any:
    import keras
    from keras import layers

    words, numbers = keras.Input((None,), dtype="int32", name="words"), keras.Input((3,), name="numbers")
    x = layers.LSTM(5)(layers.Embedding(100, 8, mask_zero=True)(words))
    x = layers.Concatenate()([numbers, x])
    return keras.Model(
        {"words": words, "numbers": numbers}, {"label": layers.Dense(2)(x), "amount": layers.Dense(1)(x)}
    )


def states() -> Any:
    import keras
    from keras import layers

    source, target = keras.Input((None, 4), name="source"), keras.Input((None, 3), name="target")
    _, h, c = layers.LSTM(6, return_state=True, name="encoder")(source)
    decoded = layers.LSTM(6, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    return keras.Model([source, target], layers.TimeDistributed(layers.Dense(3, activation="softmax"))(decoded))


def attention() -> Any:
    import keras
    from keras import layers

    inputs = keras.Input((7, 8))
    x = layers.MultiHeadAttention(2, 4, dropout=0.1)(inputs, inputs, use_causal_mask=True)
    x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, inputs]))
    x = layers.Attention()([x, inputs])
    return keras.Model(inputs, layers.Bidirectional(layers.GRU(3, dropout=0.2), merge_mode="sum")(x))


def objects() -> Any:
    import keras
    from keras import layers

    inputs = keras.Input((5,), batch_size=2)
    x = layers.Dense(
        4, keras.activations.gelu, kernel_initializer=keras.initializers.HeNormal(seed=3),
        kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2), bias_constraint="max_norm", trainable=False,
        bias_initializer=keras.initializers.Constant(0.5), activity_regularizer="l1",
    )(inputs)  # fmt: skip
    x = layers.Dense(4, dtype="mixed_bfloat16")(x)
    return keras.Model(inputs, layers.PReLU(shared_axes=[1])(layers.GroupNormalization(2)(x)))


def cells() -> Any:
    import keras
    from keras import layers

    inputs = keras.Input((6, 3))
    x = layers.RNN([layers.GRUCell(3), layers.LSTMCell(4, dropout=0.1)], return_sequences=True)(inputs)
    x = layers.Bidirectional(layers.LSTM(2), backward_layer=layers.GRU(2, go_backwards=True))(x)
    return keras.Model(inputs, x)


@pytest.mark.parametrize("make", [sequential, shared_and_several_ends, dictionaries, states, attention, objects, cells])
def test_functional_and_sequential_models_come_back(make: Callable[[], Any]) -> None:
    import keras

    model = make()
    found = imported(model)
    assert found.report.unknown == ()
    assert found.report.replaced == ()
    assert errors(found.project) == []
    assert storage.loads(storage.dumps(found.project)) == found.project
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    if make is sequential:
        model = keras.Model(model.inputs, model.outputs)
    assert told(again) == told(model)
    assert again.count_params() == model.count_params()


def test_operations_come_back_with_pairs_for_each_axis_and_all_their_parts() -> None:
    """The pairs are alike, and not all parts are taken."""
    import keras
    import numpy as np
    from keras import ops

    inputs = keras.Input((4, 6))
    model = keras.Model(inputs, ops.unstack(ops.pad(inputs, [[0, 0], [1, 1], [0, 0]]), axis=1)[2])
    found = imported(model)
    assert errors(found.project) == []
    rows = np.random.default_rng(0).random((2, 4, 6), dtype="float32")
    np.testing.assert_array_equal(model(rows), built(found.project)(rows))


def test_a_nested_model_becomes_a_block() -> None:
    import keras
    import numpy as np
    from keras import layers

    inner_input = keras.Input((4,), name="features")
    inner = keras.Model(inner_input, layers.Dense(3, name="d")(inner_input), name="inner")
    tail = keras.Sequential([layers.Dense(5), layers.Dropout(0.5), layers.Dense(2)], name="tail")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, tail(inner(inputs)))
    found = imported(model)
    assert [block.name for block in found.project.blocks.values()] == ["inner", "tail"]
    assert errors(found.project) == []
    assert found.report.unknown == ()
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    assert [type(layer).__name__ for layer in again.layers[1:]] == ["Dense", "Dense", "Dropout", "Dense"]
    again.set_weights(model.get_weights())
    rows = np.random.default_rng(0).random((3, 4), dtype="float32")
    np.testing.assert_allclose(model(rows), again(rows), rtol=1e-6)


def test_models_inside_give_the_outputs_of_a_model() -> None:
    """As in a GAN. Keras counts their own making as a call where it tells outputs, and nowhere else."""
    import keras
    import numpy as np
    from keras import layers

    def inner(name: str, size: int, units: int) -> Any:
        given = keras.Input((size,), name=f"{name}_in")
        return keras.Model(given, layers.Dense(units, name=f"{name}_dense")(given), name=name)

    generator, critic = inner("generator", 4, 3), inner("critic", 3, 1)
    noise, real = keras.Input((4,), name="noise"), keras.Input((3,), name="real")
    fake = generator(noise)
    model = keras.Model([noise, real], [critic(real), fake, critic(fake)])
    found = imported(model)
    assert found.report.unknown == ()
    assert errors(found.project) == []
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    assert again.count_params() == model.count_params()
    again.set_weights(model.get_weights())
    rows, others = np.random.default_rng(0).random((3, 4)), np.random.default_rng(1).random((3, 3))
    for one, other in zip(model([rows, others]), again({"noise": rows, "real": others}).values(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_nested_model_that_is_called_twice_shares_its_weights() -> None:
    import keras
    import numpy as np
    from keras import layers

    encoder = keras.Sequential([keras.Input((4,)), layers.Dense(6, activation="tanh"), layers.Dense(2)], name="encoder")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    model = keras.Model([left, right], layers.Dot(1)([encoder(left), encoder(right)]))
    found = imported(model)
    assert [block.name for block in found.project.blocks.values()] == ["encoder"]
    assert errors(found.project) == []
    nodes = found.project.main.nodes
    assert {node.name: nodes[node.shares].name for node in nodes.values() if node.shares} == {"encoder_1": "encoder"}
    again = built(found.project)
    assert again.count_params() == model.count_params()
    again.set_weights(model.get_weights())
    one, other = np.random.default_rng(0).random((2, 3, 4), dtype="float32")
    given = {"left": one, "right": other}
    np.testing.assert_allclose(model([one, other]), np.asarray(again(given)), rtol=1e-5)


def test_what_a_model_was_compiled_with_becomes_its_plan() -> None:
    import keras
    from keras import layers

    inputs = keras.Input((4,))
    outputs = layers.Dense(3, activation="softmax")(inputs)
    model = keras.Model(inputs, outputs)
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    model.compile(
        keras.optimizers.RMSprop(rate), "sparse_categorical_crossentropy", metrics=["accuracy", keras.metrics.AUC()],
        weighted_metrics=["accuracy"],
    )  # fmt: skip
    found = imported(model)
    assert found.report.unknown == ()
    plan = found.project.training
    assert plan.optimizer.type == "RMSprop"
    assert str(plan.optimizer.params["learning_rate"]).startswith("KerasObject(type='ExponentialDecay'")
    (output,) = plan.outputs.values()
    assert output.loss is not None
    assert output.loss.type == "SparseCategoricalCrossentropy"
    assert [metric.type for metric in output.metrics or ()] == ["SparseCategoricalAccuracy", "AUC"]
    assert output.weighted_metrics == (KerasObject("SparseCategoricalAccuracy", {"name": "accuracy"}),)


def test_mixed_precision_stands_in_the_plan() -> None:
    """Only layers that differ from the rest say so themselves."""
    import keras
    from keras import layers, ops

    keras.config.set_dtype_policy("mixed_float16")
    try:
        inputs = keras.Input((6, 4))
        x = layers.Bidirectional(layers.LSTM(3))(inputs)
        x = keras.Sequential([layers.Dense(4), layers.Dropout(0.1)], name="inner")(layers.Dense(3)(x)) * 2
        outputs = layers.Activation("softmax", dtype="float32")(layers.Dense(3)(ops.cast(x, "float16")))
        model = keras.Model(inputs, outputs)
        found = imported(model)
        assert found.project.training.dtype_policy == "mixed_float16"
        told_dtypes = {
            node.name: node.params["dtype"]
            for graph in found.project.graphs().values()
            for node in graph.nodes.values()
            if "dtype" in node.params
        }
        assert told_dtypes == {"activation": "float32", "cast_1": "float16"}
        assert "mixed" not in str(found.project.main.nodes)
    finally:
        keras.config.set_dtype_policy("float32")
    keras.backend.clear_session(free_memory=False)
    try:
        again = built(found.project, ("no_data", "renamed"))
        policies = {layer.name: layer.dtype_policy.name for layer in again.layers[1:]}
        assert policies.pop("activation") == "float32"
        assert set(policies.values()) == {"mixed_float16"}
        assert again.output.dtype == model.output.dtype == "float32"
    finally:
        keras.config.set_dtype_policy("float32")


def test_operators_slices_and_functions_come_back() -> None:
    import keras
    import numpy as np
    from keras import layers, ops

    inputs = keras.Input((8,))
    x = layers.Dense(8)(inputs) * 2 + inputs[:, :1]
    x = 1 - x / np.arange(1, 9, dtype="float32")
    first, second = ops.split(x, 2, axis=-1)
    parts = ops.unstack(ops.reshape(x, (-1, 2, 4)), axis=1)
    x = ops.concatenate([first, second, parts[1][..., ::-1], ops.take(x, [0, 2], axis=1)], axis=-1)
    x = ops.where(x > 0, x, 0.0) + ops.cast(ops.argmax(x, axis=-1, keepdims=True), "float32")
    x = ops.einsum("bi,bj->bij", x, first)
    model = keras.Model(inputs, [ops.clip(x[:, None, 0], -1.0, 1.0), ops.mean(x, axis=-1, keepdims=True)])
    found = imported(model)
    assert found.report.unknown == ()
    assert errors(found.project) == []
    nodes = {node.name: node for node in found.project.main.nodes.values()}
    assert nodes["mean"].params == {"axis": -1, "keepdims": True}
    assert nodes["get_item"].params == {"key": ":, :1"}
    assert nodes["multiply"].params == {"x2": 2}
    assert nodes["subtract"].params == {"x1": 1}
    assert nodes["unstack"].params == {"axis": 1, "num": 2}
    assert storage.loads(storage.dumps(found.project)) == found.project
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    copy_weights(model, again)
    numbers = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")
    for one, other in zip(model(numbers), keras.tree.flatten(again(numbers)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_an_operation_that_nobody_knows_is_kept_in_grey() -> None:
    import keras
    from keras import ops

    inputs = keras.Input((8,))
    config = json.loads(keras.Model(inputs, ops.exp(inputs) * 2).to_json())
    layer = next(layer for layer in config["config"]["layers"] if layer["class_name"] == "Exp")
    layer["class_name"] = layer["registered_name"] = "Telepathy"
    found = from_config(config, CATALOG)
    assert {node.type for node in found.project.main.nodes.values()} == {
        "Input", "Output", "ops.multiply", "ops.telepathy",
    }  # fmt: skip
    (sentence,) = found.report.unknown
    assert "kept in grey" in sentence


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v2", "densenet", "efficientnet"])
def test_pictures_are_prepared_as_keras_does(name: str) -> None:
    import keras
    import numpy as np

    module = getattr(keras.applications, name)
    text = f"""
import keras

pictures = keras.Input(shape=(4, 4, 3))
x = keras.applications.{name}.preprocess_input(pictures)
model = keras.Model(pictures, keras.layers.Flatten()(x))
"""
    again = built(read_script(text, CATALOG).project)
    numbers = 255 * np.random.default_rng(0).random((2, 4, 4, 3), dtype="float32")
    expected = np.asarray(module.preprocess_input(numbers.copy())).reshape(2, -1)
    np.testing.assert_allclose(np.asarray(again(numbers)), expected, rtol=1e-5, atol=1e-4)
