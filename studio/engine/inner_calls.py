"""Layers that stand as activations of others. Keras calls them with numbers only, so a symbolic call says nothing.

A Dense tells its shape without asking its activation: what a PReLU learns would be missing, and what no activation can
be would be found at the first batch. Here a call is gone through as Keras does it with numbers, still without any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras


def holds_activation_layer(layer: Any) -> bool:
    """Whether a layer, or one inside of it, has a layer as an activation."""
    return any(
        isinstance(value, keras.layers.Layer) and name.endswith("activation")
        for part in layer._flatten_layers()
        for name, value in vars(part).items()
    )


def gone_through(function: Callable[[list[Any]], Any], tensors: Sequence[Any]) -> Any:
    """What ``function`` makes of symbolic tensors, with all the calls inside of the layers that it calls."""
    call = _WholeCall(function)
    try:
        return call(list(tensors))
    except Exception as error:
        raise call.error or error from None


class _WholeCall(keras.layers.Layer):
    """Keras goes through the ``call`` of a layer that has nothing else by which it could tell its shape."""

    def __init__(self, function: Callable[[list[Any]], Any]) -> None:
        super().__init__(autocast=False)
        self._function = function
        self.error: Exception | None = None
        """What went wrong inside; Keras tells only that the shape is not known."""

    def call(self, tensors: list[Any]) -> Any:
        """What the function gives."""
        try:
            return self._function(tensors)
        except Exception as error:
            self.error = error
            raise


def complete(model: Any) -> None:
    """Let the layers of a model that stand as activations make their weights, as the first batch would."""
    for layer in model.layers:
        if not all(part.built for part in layer._flatten_layers()):
            gone_through(partial(_call, layer), keras.tree.flatten(layer.input)[:1])


def _call(layer: Any, tensors: list[Any]) -> Any:
    return layer(tensors[0])
