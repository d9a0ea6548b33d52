"""Layers of Keras 2 that Keras 3 has not, where one of its own does exactly the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from studio.importing.entries import Entry, LayerCall, tensors_in

OTHER_HARD_SIGMOID = (
    "hard_sigmoid was 0.2 * x + 0.5 in Keras 2 and is x / 6 + 0.5 now, so that the results differ a little: {}."
)
"""What is told of it: no function of Keras does what the old one did."""

Config = Mapping[str, Any]
_LONGEST = 100_000
"""Characters in which TensorFlow describes one operation."""
_DEEPEST = 5
"""Layers inside layers: a Bidirectional has one, an RNN in it has cells."""


def _thresholded(config: Config) -> Config:
    return {**{key: value for key, value in config.items() if key != "theta"}, "threshold": config.get("theta", 1.0)}


def _on_a_graphics_card(config: Config) -> Config:
    return {**config, "activation": "tanh", "recurrent_activation": "sigmoid"}


def _synchronized(config: Config) -> Config:
    return {**config, "synchronized": True}


_LAYERS: Mapping[str, tuple[str, Callable[[Config], Config]]] = {
    "ThresholdedReLU": ("ReLU", _thresholded),
    "CuDNNLSTM": ("LSTM", _on_a_graphics_card),
    "CuDNNGRU": ("GRU", _on_a_graphics_card),
    "SyncBatchNormalization": ("BatchNormalization", _synchronized),
    "BatchNormalizationV1": ("BatchNormalization", dict),
    "BatchNormalizationV2": ("BatchNormalization", dict),
}
"""Class of Keras 2 -> class of Keras 3, and its config."""

_OPERATIONS: Mapping[str, str] = {
    "Add": "Add", "AddV2": "Add", "Sub": "Subtract", "Mul": "Multiply", "RealDiv": "Divide", "Pow": "Power",
    "Maximum": "Maximum", "Minimum": "Minimum", "Neg": "Negative", "Exp": "Exp", "Log": "Log", "Sqrt": "Sqrt",
    "Rsqrt": "Rsqrt", "Square": "Square", "Abs": "Absolute", "Sigmoid": "Sigmoid", "Tanh": "Tanh", "Relu": "Relu",
    "Relu6": "Relu6", "Elu": "Elu", "Selu": "Selu", "Softplus": "Softplus",
}  # fmt: skip
"""Operation of TensorFlow -> class of the operation of Keras, for those that take tensors and numbers alone."""


def layer_of_today(entry: Entry) -> Entry:
    """The same as a layer of Keras 3; the very same where that has none, or where it has this one."""
    if entry.is_own:
        return entry
    if entry.type == "TensorFlowOpLayer":
        return _operation(entry)
    if entry.type not in _LAYERS:
        return entry
    made, config = class_of_today(entry.type, entry.config)
    return replace(entry, type=made, config=config)


def class_of_today(type: str, config: Config) -> tuple[str, Config]:
    """Class and config of a layer of Keras 3; what it has under the same name stays as it is."""
    made, change = _LAYERS.get(type, (type, dict))
    return made, change(config)


def has_other_hard_sigmoid(entry: Entry) -> bool:
    """Whether a layer has the hard_sigmoid of Keras 2, or a layer inside it. Keras 3 writes no dtype as text."""
    return isinstance(entry.config.get("dtype"), str) and not entry.is_own and _says_hard_sigmoid(entry.config, 0)


def _says_hard_sigmoid(config: Mapping[str, Any], depth: int) -> bool:
    return depth < _DEEPEST and any(
        (value == "hard_sigmoid" and key.endswith("activation"))
        or (isinstance(value, dict) and isinstance(value.get("config"), dict)
            and _says_hard_sigmoid(value["config"], depth + 1))
        for key, value in config.items()
    )  # fmt: skip


def is_of_yesterday(entry: Entry) -> bool:
    """Whether Keras 3 has no such class."""
    return entry.type in _LAYERS or entry.type == "TensorFlowOpLayer"


def _operation(entry: Entry) -> Entry:
    """What TensorFlow 2.0 to 2.3 wrote for ``x * 2``: the operation as text, and its numbers by their places."""
    told, constants = entry.config.get("node_def"), entry.config.get("constants") or {}
    if isinstance(told, str) and len(told) <= _LONGEST:
        try:
            told = json.loads(told)
        except (ValueError, RecursionError):
            return entry
    name = told.get("op") if isinstance(told, dict) else None
    made = _OPERATIONS.get(name) if isinstance(name, str) else None
    if made is None or not isinstance(constants, dict) or not all(key.isdecimal() for key in constants):
        return entry
    numbers = {int(key): value for key, value in constants.items() if len(key) < 3}
    calls = []
    for call in entry.calls:
        tensors = list(tensors_in(list(call.args)))
        count = len(tensors) + len(numbers)
        if not all(at < count for at in numbers):
            return entry
        calls.append(LayerCall(tuple([numbers[at] if at in numbers else tensors.pop(0) for at in range(count)])))
    return Entry(entry.key, made, "keras.src.ops", "", entry.name, {}, tuple(calls))
