"""Which layers can stand inside another one: every layer is put there and called, and Keras says what it takes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import keras

from studio.engine.samples import required_values

_HOLDERS: Mapping[str, bool] = {"layer": False, "backward_layer": False, "cell": False, "cells": True, "layers": True}
"""Parameters that hold layers, and whether they hold a list of them."""

_SHAPES = ((None, 6, 8), (None, 4, 6, 8), (None, 2, 4, 6, 8), (None, 2, 4, 4, 6, 8), (None, 8))

_UNLIKE = ("Dense", "Dropout", "LSTM")
"""Layers that have nothing in common: a parameter that takes all of them takes any layer, and there is no list."""


def inner_layers(found: dict[str, Any], layers: Mapping[str, Any]) -> None:
    """Add to each parameter that holds layers which ones fit; to a list that its items are layers."""
    cells = {name for name, facts in found.items() if facts.get("stands_inside")}
    for owner, facts in found.items():
        for parameter in facts["parameters"]:
            holds_many = _HOLDERS.get(parameter["name"])
            if holds_many is None or parameter["kind"] not in ("layer", "list"):
                continue
            if holds_many:
                parameter["items"] = "layer"
            # The second direction has to be turned round, so it is judged by the first.
            name = "layer" if parameter["name"] == "backward_layer" else parameter["name"]
            if all(_fits(layers[owner], name, layers[inner], holds_many) for inner in _UNLIKE):
                continue
            # Keras also takes a whole LSTM for a cell, which nobody means.
            of_cells = name in ("cell", "cells")
            inside = [inner for inner in found if inner != owner and (inner in cells or not of_cells)]
            parameter["fits"] = [inner for inner in inside if _fits(layers[owner], name, layers[inner], holds_many)]


def _fits(owner: Any, name: str, inner: Any, holds_many: bool) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for shape in _SHAPES:
            try:
                held = inner(**required_values(inner))
                made = owner(**{name: [held] if holds_many else held})
                if name == "cells":
                    made = keras.layers.RNN(made)
            except Exception:
                return False  # so it would be with every shape
            try:
                made(keras.KerasTensor(shape))
            except Exception:
                continue
            return True
    return False
