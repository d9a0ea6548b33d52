"""Models as tf.keras 2 wrote them into JSON and ``.h5``, by hand: they come in, and their code builds them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from studio.catalog.values import KerasObject
from studio.core import rules
from studio.importing import Imported, from_config, read
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, node
from tests.support.keras_models import built

GLOROT = {"class_name": "GlorotUniform", "config": {"seed": None}}
ZEROS: dict[str, Any] = {"class_name": "Zeros", "config": {}}
USUAL: dict[str, Any] = {"trainable": True, "dtype": "float32"}


def dense(name: str, units: int, activation: str = "linear", **more: Any) -> dict[str, Any]:
    config = {
        "name": name, **USUAL, "units": units, "activation": activation, "use_bias": True, "kernel_initializer": GLOROT,
        "bias_initializer": ZEROS, "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None,
        "kernel_constraint": None, "bias_constraint": None, **more,
    }  # fmt: skip
    return {"class_name": "Dense", "config": config}


def start(name: str, *shape: int | None) -> dict[str, Any]:
    config = {"batch_input_shape": [None, *shape], "dtype": "float32", "sparse": False, "ragged": False, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def called(layer: dict[str, Any], *inbound: Any) -> dict[str, Any]:
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": list(inbound)}


def plain(type: str, name: str, **more: Any) -> dict[str, Any]:
    return {"class_name": type, "config": {"name": name, **USUAL, **more}}


def model(layers: list[Any], inputs: list[str], outputs: Any, type: str = "Functional", name: str = "m") -> Any:
    config = {"name": name, "layers": layers, "input_layers": [[each, 0, 0] for each in inputs],
              "output_layers": outputs}  # fmt: skip
    return {"class_name": type, "config": config, "keras_version": "2.11.0", "backend": "tensorflow"}


def digits() -> Any:
    conv = plain(
        "Conv2D", "conv2d", batch_input_shape=[None, 28, 28, 1], filters=32, kernel_size=[3, 3], strides=[1, 1],
        padding="valid", data_format="channels_last", dilation_rate=[1, 1], groups=1, activation="relu", use_bias=True,
        kernel_initializer={"class_name": "VarianceScaling", "config": {"scale": 2.0, "mode": "fan_in"}},
        kernel_regularizer={"class_name": "L2", "config": {"l2": 0.01}},
    )  # fmt: skip
    norm = plain("BatchNormalization", "norm", axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True,
                 gamma_initializer={"class_name": "Ones", "config": {}})  # fmt: skip
    pool = plain("MaxPooling2D", "pool", pool_size=[2, 2], padding="valid", strides=[2, 2], data_format="channels_last")
    layers = [
        {key: value for key, value in start("conv2d_input", 28, 28, 1).items() if key in ("class_name", "config")},
        conv, norm, pool, plain("Dropout", "dropout", rate=0.25, noise_shape=None, seed=None),
        plain("Flatten", "flatten", data_format="channels_last"), dense("dense", 10, "softmax_v2"),
    ]  # fmt: skip
    config = {"name": "sequential", "layers": layers}
    return {"class_name": "Sequential", "config": config, "keras_version": "2.4.0", "backend": "tensorflow"}


def towers() -> Any:
    """A model that is called twice. Keras 2 counted its calls from 1: its own making was the first."""
    inner = model([start("i", 4), called(dense("d", 3), [["i", 0, 0, {}]])], ["i"], [["d", 0, 0]], name="tower")
    tower = {**inner, "name": "tower", "inbound_nodes": [[["left", 0, 0, {}]], [["right", 0, 0, {}]]]}
    both = called(plain("Concatenate", "both", axis=-1), [["tower", 1, 0, {}], ["tower", 2, 0, {}]])
    ends = [called(dense("a", 1), [["both", 0, 0, {}]]), called(dense("b", 1, "sigmoid"), [["both", 0, 0, {}]])]
    return model([start("left", 4), start("right", 4), tower, both, *ends], ["left", "right"],
                 [["a", 0, 0], ["b", 0, 0]], "Model")  # fmt: skip


def once() -> Any:
    inner = model([start("i", 4), called(dense("d", 3), [["i", 0, 0, {}]])], ["i"], [["d", 0, 0]], name="tower")
    tower = {**inner, "name": "tower", "inbound_nodes": [[["left", 0, 0, {}]]]}
    return model([start("left", 4), tower, called(dense("a", 1), [["tower", 1, 0, {}]])], ["left"], ["a", 0, 0])


def attention() -> Any:
    heads = plain(
        "MultiHeadAttention", "heads", num_heads=2, key_dim=4, value_dim=4, dropout=0.0, use_bias=True,
        output_shape=None, attention_axes=[1], kernel_initializer=GLOROT, bias_initializer=ZEROS,
        query_shape=[None, 5, 8], key_shape=[None, 7, 8], value_shape=[None, 7, 8],
    )  # fmt: skip
    lstm = plain("LSTM", "lstm", units=6, activation="tanh", recurrent_activation="sigmoid", return_sequences=False,
                 time_major=False, implementation=2, unit_forget_bias=True)  # fmt: skip
    return model(
        [
            start("q", 5, 8), start("v", 7, 8), called(heads, [["q", 0, 0, {"value": ["v", 0, 0]}]]),
            called(plain("LayerNormalization", "ln", axis=[2], epsilon=1e-6), [["heads", 0, 0, {}]]),
            called(plain("Bidirectional", "bi", layer=lstm, merge_mode="concat"), [["ln", 0, 0, {}]]),
            called(dense("out", 2), [["bi", 0, 0, {}]]),
        ],
        ["q", "v"], ["out", 0, 0],
    )  # fmt: skip


def decoder() -> Any:
    lstm = plain("LSTM", "lstm", units=6, return_sequences=True, return_state=True, implementation=1)
    timed = plain("TimeDistributed", "timed", layer=dense("inner", 5, "softmax"))
    return model(
        [
            start("s", None, 4), start("h", 6), start("c", 6),
            called(lstm, [["s", 0, 0, {"initial_state": [["h", 0, 0], ["c", 0, 0]]}]]),
            called(timed, [["lstm", 0, 0, {}]]),
        ],
        ["s", "h", "c"], [["timed", 0, 0], ["lstm", 0, 1], ["lstm", 0, 2]],
    )  # fmt: skip


def operations() -> Any:
    def step(name: str, function: str, *inbound: Any, type: str = "TFOpLambda") -> Any:
        return called(plain(type, name, function=function), *inbound)

    window = [{"start": None, "stop": None, "step": None}, {"start": 0, "stop": 4, "step": None}]
    return model(
        [
            start("x", 8, 4), start("z", 8, 4),
            step("plus", "__operators__.add", ["x", 0, 0, {"y": ["z", 0, 0], "name": None}]),
            step("half", "math.multiply", ["plus", 0, 0, {"y": 0.5, "name": None}]),
            step("rest", "math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["half", 0, 0], "name": None}]),
            step("bent", "nn.relu", ["rest", 0, 0, {"name": None}]),
            step("both", "concat", [["bent", 0, 0, {"axis": -1}], ["x", 0, 0, {"axis": -1}]]),
            step("mean", "math.reduce_mean", ["both", 0, 0, {"axis": 1, "keepdims": False}]),
            step("part", "__operators__.getitem", ["mean", 0, 0, {"slice_spec": window}], type="SlicingOpLambda"),
            step("square", "reshape", ["part", 0, 0, {"shape": [-1, 2, 2]}]),
            step("number", "cast", ["square", 0, 0, {"dtype": "float16"}]),
        ],
        ["x", "z"], [["number", 0, 0]],
    )  # fmt: skip


MODELS = {each.__name__: each for each in (digits, towers, once, attention, decoder, operations)}


def imported(plain: Any, compiled: Any = None) -> Imported:
    found = from_config(json.loads(json.dumps(plain)), CATALOG, "old", compiled)
    assert found.report.unknown == ()
    problems = rules.problems(found.project, CATALOG)
    assert [each.message for each in problems if each.severity == "error"] == []
    return found


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_keras_2_comes_in_whole(name: str) -> None:
    imported(MODELS[name]())


def test_what_the_layers_take_and_what_they_are() -> None:
    project = imported(digits()).project
    assert dict(node(project, "norm").params) == {"axis": 3}
    assert dict(node(project, "dense").params) == {"units": 10, "activation": "softmax"}
    assert {"tower -> both", "tower_1 -> both"} <= set(edges(imported(towers()).project))
    assert [each.type for each in imported(once()).project.main.nodes.values()] == ["Input", "block", "Dense", "Output"]
    assert {"q -> heads.query", "v -> heads.value"} <= set(edges(imported(attention()).project))
    assert {"h -> lstm.initial_state", "lstm.state_c -> lstm_output_1"} <= set(edges(imported(decoder()).project))


def test_functions_of_tensorflow_become_operations_and_are_told() -> None:
    found = imported(operations())
    types = {each.name: each.type for each in found.project.main.nodes.values()}
    assert types["plus"] == "ops.add"
    assert types["both"] == "ops.concatenate"
    assert dict(node(found.project, "rest").params) == {"x1": 1.0}
    assert dict(node(found.project, "part").params) == {"key": ":, 0:4"}
    (sentence,) = found.report.replaced
    assert sentence.startswith("A function of TensorFlow, now the operation of Keras that does the same: plus,")


def test_a_function_that_no_operation_has_stays_grey() -> None:
    plain_model = operations()
    plain_model["config"]["layers"][3]["config"]["function"] = "audio.decode_wav"
    plain_model["config"]["layers"][6]["inbound_nodes"][0][0][3]["other"] = 3
    found = from_config(plain_model, CATALOG)
    assert {each.name for each in found.project.main.nodes.values() if each.type == "TFOpLambda"} == {"half", "both"}
    assert len(found.report.unknown) == 1


def test_layers_that_are_gone_become_those_that_do_the_same() -> None:
    def step(name: str, inbound: Any, op: str, **constants: float) -> Any:
        node_def = json.dumps({"name": name, "op": op, "input": ["a", "b"], "attr": {}})
        given = {key.removeprefix("at"): value for key, value in constants.items()}
        return called(plain("TensorFlowOpLayer", name, node_def=node_def, constants=given), inbound)

    old = model(
        [
            start("x", 8, 4),
            called(plain("ThresholdedReLU", "bent", theta=0.5), [["x", 0, 0, {}]]),
            called(plain("CuDNNLSTM", "memory", units=3, return_sequences=True), [["bent", 0, 0, {}]]),
            called(plain("SyncBatchNormalization", "normal"), [["memory", 0, 0, {}]]),
            step("rest", [["normal", 0, 0, {}]], "Sub", at0=1.0),
            step("times", [["rest", 0, 0, {}], ["normal", 0, 0, {}]], "Mul"),
        ],
        ["x"], [["times", 0, 0]],
    )  # fmt: skip
    found = imported(old)
    nodes = {each.name: each for each in found.project.main.nodes.values()}
    assert {name: each.type for name, each in nodes.items()} == {
        "x": "Input", "bent": "ReLU", "memory": "LSTM", "normal": "BatchNormalization", "rest": "ops.subtract",
        "times": "ops.multiply", "output": "Output",
    }  # fmt: skip
    assert nodes["bent"].params == {"threshold": 0.5}
    assert nodes["memory"].params == {"units": 3, "return_sequences": True}
    assert nodes["normal"].params == {"synchronized": True}
    assert nodes["rest"].params == {"x1": 1.0}
    assert found.report.replaced == (
        "ThresholdedReLU of Keras 2 is ReLU now, which does the same: bent.",
        "CuDNNLSTM of Keras 2 is LSTM now, which does the same: memory.",
        "SyncBatchNormalization of Keras 2 is BatchNormalization now, which does the same: normal.",
        "A function of TensorFlow, now the operation of Keras that does the same: rest and times.",
    )


@pytest.mark.parametrize(
    "config",
    [{}, {"node_def": "{"}, {"node_def": {"op": ["Mul"]}}, {"node_def": '{"op": "Mul"}', "constants": {"7": 1}}],
)
def test_an_operation_that_nobody_can_read_stays_grey(config: dict[str, Any]) -> None:
    odd = called(plain("TensorFlowOpLayer", "odd", **config), [["x", 0, 0, {}]])
    found = from_config(model([start("x", 4), odd], ["x"], [["odd", 0, 0]]), CATALOG)
    assert len(found.report.unknown) == 1


def test_a_curve_that_has_changed_is_told() -> None:
    """The recurrent activation of a ConvLSTM in Keras 2, which nobody wrote."""
    layer = plain("LSTM", "memory", units=3, recurrent_activation="hard_sigmoid")
    around = plain("Bidirectional", "both", layer=layer, merge_mode="concat")
    config = model([start("x", 4, 2), called(around, [["x", 0, 0, {}]])], ["x"], [["both", 0, 0]])
    assert [sentence for sentence in imported(config).report.replaced if "hard_sigmoid" in sentence] == [
        "hard_sigmoid was 0.2 * x + 0.5 in Keras 2 and is x / 6 + 0.5 now, so that the results differ a little: both."
    ]


def test_the_optimizers_of_the_last_keras_2_are_those_of_keras() -> None:
    """It registered them as if they were somebody's own."""
    found = imported(once(), {
        "loss": "mse", "optimizer_config": {"class_name": "Custom>Adam", "config": {"learning_rate": 0.5}},
    })  # fmt: skip
    assert found.project.training.optimizer == KerasObject("Adam", {"learning_rate": 0.5})


def test_what_it_was_compiled_with() -> None:
    compiled = {
        "loss": {"class_name": "SparseCategoricalCrossentropy",
                 "config": {"reduction": "auto", "name": "sparse_categorical_crossentropy", "from_logits": True}},
        "metrics": [[{"class_name": "MeanMetricWrapper",
                      "config": {"name": "accuracy", "dtype": "float32", "fn": "sparse_categorical_accuracy"}}]],
        "weighted_metrics": None, "loss_weights": None,
        "optimizer_config": {"class_name": "Adam", "config": {"name": "Adam", "learning_rate": 0.0010000000474974513,
                                                              "decay": 0.0, "amsgrad": False}},
    }  # fmt: skip
    plan = imported(digits(), compiled).project.training
    (output,) = plan.outputs.values()
    assert output.loss is not None
    assert dict(output.loss.params) == {"from_logits": True}
    assert [(each.type, dict(each.params)) for each in output.metrics or ()] == [
        ("SparseCategoricalAccuracy", {"name": "accuracy"})
    ]
    assert dict(plan.optimizer.params) == {}


def test_an_h5_of_tensorflow_2_is_read(tmp_path: Path) -> None:
    import h5py

    compiled = {
        "loss": {"a": "mse", "b": "binary_crossentropy"}, "optimizer_config": {"class_name": "SGD", "config": {}},
    }  # fmt: skip
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["keras_version"] = b"2.4.0"
        file.attrs["model_config"] = json.dumps(towers()).encode()
        file.attrs["training_config"] = json.dumps(compiled).encode()
    project = read(tmp_path / "old.h5", CATALOG).project
    assert project.main == imported(towers()).project.main
    losses = [each.loss.type for each in project.training.outputs.values() if each.loss is not None]
    assert losses == ["MeanSquaredError", "BinaryCrossentropy"]


@pytest.mark.keras
@pytest.mark.usefixtures("fresh_names")
@pytest.mark.parametrize("name", MODELS)
def test_the_code_builds_it(name: str) -> None:
    import keras

    with keras.StatelessScope(initialize_variables=False):
        again = built(imported(copy.deepcopy(MODELS[name]())).project, ("no_data", "renamed"))
    expected = {"digits": 320 + 128 + 54_090, "towers": 15 + 7 + 7, "once": 15 + 4, "operations": 0}
    if name in expected:
        assert again.count_params() == expected[name]
