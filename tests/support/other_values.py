"""A value for each parameter of each layer that is not its default, and what else must be set for Keras to take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studio.catalog.spec import Parameter
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value

_BY_NAME: Mapping[str, tuple[Value, ...]] = {
    "backward_layer": (KerasObject("LSTM", {"units": 16, "go_backwards": True, "use_bias": False}),),
    "bin_boundaries": ((0.0, 1.0),),
    "boundaries": ((5, 9),),
    "cell": (KerasObject("GRUCell", {"units": 5}),),
    "cells": ((KerasObject("GRUCell", {"units": 5}), KerasObject("LSTMCell", {"units": 3})),),
    "dims": ((1, 2),),
    "equation": ("ab,bd->ad",),
    "idf_weights": ((0.5, 0.25),),
    "layer": (KerasObject("GRU", {"units": 3}), KerasObject("Conv2D", {"filters": 3, "kernel_size": 1})),
    "layers": ((KerasObject("RandomFlip"), KerasObject("Rescaling", {"scale": 2.0})),),
    "mean": ((0.5,),),
    "renorm_clipping": (Dictionary({"rmin": 0.5, "rmax": 2.0, "dmax": 1.0}),),
    "value_range": ((0.0, 1.0),),
    "variance": ((0.5,),),
    "vocabulary": ((3, 4), ("a", "b")),
    # The boxes of bounding boxes have names of their own, and only some of them.
    "bounding_box_format": ("xyxy",),
}

_BY_KIND: Mapping[str, tuple[Value, ...]] = {
    "int": (2, 3, 1, 4),
    "float": (0.25, 0.5, 0.75, 1.5, 2.0),
    "bool": (True, False),
    "text": ("[X]",),
    "ints": (2, 1, 3, (2, 2), (1, 1), (2,), (2, 1), (1, 2, 2)),
    "shape": ((2, 4), (8,), (5,), (-1, 2), (None, 4), (1,), 3),
    "dtype": ("float16", "int64", "float64"),
    "axis": (1, -2, 2, (1, 2), (1,)),
    "activation": ("tanh",),
    "initializer": (KerasObject("HeNormal", {"seed": 3}),),
    "regularizer": (KerasObject("L2", {"l2": 0.5}),),
    "constraint": (KerasObject("MaxNorm", {"max_value": 3.0}),),
    "list": ((0.25, 0.75), (1, 2)),
    "seed": (3,),
}

WITH: Mapping[tuple[str, str], Mapping[str, Value]] = {
    ("Conv1DTranspose", "output_padding"): {"strides": 4},
    ("Conv2DTranspose", "output_padding"): {"strides": 4},
    ("Conv3DTranspose", "output_padding"): {"strides": 4},
    ("Dense", "lora_alpha"): {"lora_rank": 2},
    ("Discretization", "bin_boundaries"): {"num_bins": None},
    ("STFTSpectrogram", "fft_length"): {"frame_length": 2, "frame_step": 1},
    ("Discretization", "sparse"): {"output_mode": "one_hot"},
    ("EinsumDense", "lora_alpha"): {"lora_rank": 2},
    ("Embedding", "lora_alpha"): {"lora_rank": 2},
    ("Hashing", "sparse"): {"output_mode": "one_hot"},
    ("Hashing", "salt"): {"output_mode": "one_hot"},
    ("IntegerLookup", "idf_weights"): {"output_mode": "tf_idf", "vocabulary": (3, 4)},
    ("IntegerLookup", "pad_to_max_tokens"): {"max_tokens": 9, "output_mode": "one_hot"},
    ("IntegerLookup", "salt"): {"oov_method": "farmhash", "num_oov_indices": 2},
    ("IntegerLookup", "sparse"): {"output_mode": "one_hot"},
    ("Normalization", "mean"): {"variance": (2.0,)},
    ("Normalization", "variance"): {"mean": (2.0,)},
    ("StringLookup", "idf_weights"): {"output_mode": "tf_idf", "vocabulary": ("a", "b")},
    ("StringLookup", "pad_to_max_tokens"): {"max_tokens": 9, "output_mode": "one_hot"},
    ("StringLookup", "salt"): {"num_oov_indices": 2},
    ("StringLookup", "sparse"): {"output_mode": "one_hot"},
    ("TextVectorization", "idf_weights"): {"output_mode": "tf_idf", "vocabulary": ("a", "b")},
    ("TextVectorization", "pad_to_max_tokens"): {"max_tokens": 9, "output_mode": "multi_hot"},
    ("TextVectorization", "ragged"): {"output_mode": "int"},
    ("TextVectorization", "sparse"): {"output_mode": "multi_hot"},
}
"""Parameters that Keras takes only together with others."""

ONE_VALUE: Mapping[tuple[str, str], str] = {
    ("Resizing", "fill_mode"): "Keras has no other value yet.",
    ("IntegerLookup", "vocabulary_dtype"): "Keras has no other value yet.",
}
"""Parameters that have no value beside their default, and why."""


def other_values(parameter: Parameter) -> Iterator[Value]:
    """Values that may do, likely ones first; which of them Keras takes is for Keras to say."""
    yield from _BY_NAME.get(parameter.name, ())
    default = None if parameter.is_required else parameter.default
    if isinstance(default, int) and not isinstance(default, bool):
        yield from (default + 1, default * 2)
    yield from parameter.choices
    for kind in (parameter.kind, *parameter.also):
        yield from _BY_KIND.get(kind, ())
    if parameter.allows_none:
        yield None


def as_keras(value: Value) -> Any:
    """A value as the person would hand it to Keras in Python, written without any code of ours."""
    import keras

    if isinstance(value, KerasObject):
        places = (keras.layers, keras.initializers, keras.regularizers, keras.constraints, keras.optimizers.schedules)
        made = next(found for place in places if (found := getattr(place, value.type, None)) is not None)
        return made(**{name: as_keras(item) for name, item in value.params.items()})
    if isinstance(value, Dictionary):
        return {name: as_keras(item) for name, item in value.items.items()}
    if isinstance(value, tuple):
        return tuple(as_keras(item) for item in value)
    assert not isinstance(value, ParameterRef)
    return value
