"""Values with which classes of Keras can be constructed, where Keras insists on some."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras

SAMPLES: Mapping[str, Any] = {
    "activation": "relu", "axes": 1, "boundaries": [1], "cell": "cell", "cells": "cells", "decay_rate": 0.5,
    "decay_steps": 2, "dims": [2, 1], "drop_path_rate": 0.5, "equation": "ab,bc->ac", "factor": 0.5, "filters": 2,
    "first_decay_steps": 2, "height": 2, "height_factor": 0.5, "init_values": 0.5, "initial_learning_rate": 0.5,
    "input_dim": 2, "kernel_size": 2, "key_dim": 2, "layer": "layer", "layers": "layers", "max_number": 2, "n": 2,
    "num_bins": 2, "num_classes": 2, "num_heads": 2, "output_dim": 2, "output_shape": 2, "output_size": 2,
    "pool_size": 2, "precision": 0.5, "projection_dim": 2, "rate": 0.5, "recall": 0.5, "scale": 0.5,
    "sensitivity": 0.5, "specificity": 0.5, "stddev": 0.5, "target_class_ids": [0], "target_shape": [1], "units": 2,
    "values": [0.5, 0.25], "width": 2, "width_factor": 0.5, "num_key_value_heads": 1, "num_query_heads": 2,
    "head_dim": 2,
}  # fmt: skip
"""Values with which a required parameter can be constructed, so that the others can be tried."""

_NEEDED: Mapping[str, Mapping[str, Any]] = {
    "CategoryEncoding": {"num_tokens": 2},
    "Discretization": {"num_bins": 2},
    "RandomPosterization": {"factor": 2},
}
"""Values without which a constructor refuses everything, although its signature has defaults."""


def signature(owner: Any) -> list[inspect.Parameter]:
    """The named parameters of a class or function. Keras's ``__new__`` hides those of ``__init__`` from inspect."""
    parameters = list(inspect.signature(owner.__init__ if inspect.isclass(owner) else owner).parameters.values())
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [parameter for parameter in parameters if parameter.kind in named and parameter.name != "self"]


def required_values(owner: Callable[..., Any]) -> dict[str, Any]:
    """Values for the parameters that Keras insists on."""
    inner: Mapping[str, Callable[[], Any]] = {
        "cell": lambda: keras.layers.LSTMCell(2),
        "function": lambda: abs,
        "cells": lambda: [keras.layers.LSTMCell(2)],
        "layer": lambda: keras.layers.LSTM(2) if owner is keras.layers.Bidirectional else keras.layers.Dense(2),
        "layers": lambda: [keras.layers.Dense(2)],
    }
    values = {}
    for name in (parameter.name for parameter in signature(owner) if parameter.default is parameter.empty):
        values[name] = inner[name]() if name in inner else SAMPLES.get(name)
    return values | dict(_NEEDED.get(owner.__name__, {}))
