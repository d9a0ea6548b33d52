"""The ready-made networks of ``keras.applications``: what builders there are, and models built by them.

A builder makes a whole model and needs the size of its pictures, so it is no class of a layer: it is called with the
shape that arrives. Weights are never loaded here, from the net or from a file: nothing that is asked of a checker
depends on them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from studio.engine.applications import builders
from studio.engine.explanations import in_words
from studio.engine.expressions import ExpressionError
from studio.engine.parameter_facts import docstring_entries, parameter_facts
from studio.engine.samples import signature

PREFIX: Final = "applications."
"""What the types of these nodes begin with: no layer class has a dot in its name."""

_ELSEWHERE: Final = ("input_tensor", "input_shape", "name", "weights")
"""The shape comes along the edge, the name is the node's, and weights are a file that a person picks."""


def backbone_facts() -> dict[str, Any]:
    """The builders with their parameters, in the form in which layers stand in the facts."""
    return {PREFIX + name: _facts(builder) for name, builder in builders().items()}


def _facts(builder: Callable[..., Any]) -> dict[str, Any]:
    entries = docstring_entries(builder.__doc__)
    names = {parameter.name for parameter in signature(builder)}
    parameters = []
    for parameter in signature(builder):
        if parameter.name in _ELSEWHERE:
            continue
        if parameter.name == "pooling":  # Its docstring is made by a template; what it takes is the same everywhere.
            found = {"name": "pooling", "kind": "choice", "default": None, "choices": ["avg", "max"],
                     "allows_none": True}  # fmt: skip
        else:
            found = parameter_facts(parameter, entries.get(parameter.name, ""), names, lambda **_: False)
        parameters.append(found)
    return {
        "family": "backbones",
        "parameters": parameters,
        "base_parameters": ["trainable"],
        "inputs": [{"name": "inputs"}],
        "outputs": ["output"],
        "pixels": _pixels(builder),
    }


def _pixels(builder: Callable[..., Any]) -> list[list[float]]:
    """What a black and a white pixel are to become for each channel, asked of the builder's own preprocessing."""
    prepare = sys.modules[builder.__module__].preprocess_input  # type: ignore[attr-defined]
    black, white = (prepare(np.full((1, 1, 1, 3), value, "float32"))[0, 0, 0] for value in (0.0, 255.0))
    return [[round(float(low), 3), round(float(high), 3)] for low, high in zip(black, white, strict=True)]


def build(name: str, given: Mapping[str, Any], shape: tuple[int | None, ...]) -> Any:
    """The model that ``keras.applications.NAME`` makes for pictures of ``shape`` (with the batch), without weights.

    ``trainable`` among what is given is said to the model and not to its builder. Takes 0.3 to 10 s.
    """
    if len(shape) != 4:
        raise ExpressionError(f"{name} needs a picture (height × width × channels), but gets {in_words(shape)}.")
    own = {key: value for key, value in given.items() if key not in ("trainable", *_ELSEWHERE)}
    model = builders()[name](**own, weights=None, input_shape=shape[1:])
    if given.get("trainable") is False:
        model.trainable = False
    return model
