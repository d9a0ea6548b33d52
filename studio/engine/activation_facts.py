"""Where a whole layer can stand in the place of an activation function: it is put there, called and saved."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import keras

from studio.engine.samples import required_values

_SHAPES = ((None, 8), (None, 6, 8), (None, 6, 6, 8), (None, 6, 6, 6, 8), (None, 6, 6, 6, 6, 8))


def layers_as_activations(found: Mapping[str, Any], layers: Mapping[str, Any]) -> None:
    """Add to each activation that takes a layer, too, that it does: ``also`` has "layer" then.

    Tried with all layers that Keras has for it: those with weights and those with activations of their own.
    """
    inner = [layers[name] for name, facts in found.items() if facts["family"] == "activations"]
    for owner, facts in found.items():
        for parameter in facts["parameters"]:
            if parameter["kind"] != "activation" or not inner:
                continue
            make = layers[owner] if not facts.get("stands_inside") else _in_rnn(layers[owner])
            if all(_takes(make, required_values(layers[owner]), parameter["name"], each) for each in inner):
                parameter["also"] = ["layer"]


def _in_rnn(cell: Any) -> Callable[..., Any]:
    """A cell is called by its RNN alone."""
    return lambda **params: keras.layers.RNN(cell(**params))


def _takes(make: Callable[..., Any], required: Mapping[str, Any], name: str, inner: Any) -> bool:
    """Whether a layer works with ``inner`` as this activation, and has it still when it comes back from a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = make(**{**required, name: inner(**required_values(inner))})
            told = made.get_config()
            again = type(made).from_config(deepcopy(told))  # an RNN takes its cell out of what it is given
        except Exception:  # Keras raises whatever it likes
            return False
        is_kept = isinstance(getattr(getattr(again, "cell", again), name, None), inner)
        return is_kept and again.get_config() == told and any(_calls(made, shape) for shape in _SHAPES)


def _calls(layer: Callable[..., Any], shape: tuple[int | None, ...]) -> bool:
    try:
        layer(keras.KerasTensor(shape))
    except Exception:
        return False
    return True
