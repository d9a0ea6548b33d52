"""Values with which the functions of ``keras.ops`` can be called, where no signature tells what they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np


@dataclass(frozen=True, slots=True)
class Sample:
    """A tensor of this shape."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"

    def tensor(self) -> Any:
        """A fresh symbolic tensor."""
        return keras.KerasTensor(self.shape, self.dtype)


SAMPLES: Final = (
    Sample((None, 4, 4)), Sample((None, 8, 8, 3)), Sample((None, 4)), Sample((4,)), Sample((4, 4)),
    Sample((None, 4), "int32"), Sample((4,), "int32"), Sample((None, 4, 4), "bool"), Sample((None, 4, 4), "complex64"),
)  # fmt: skip
"""Tensors that are tried one after the other until a function takes one of them."""

_WHOLE: Final = Sample((None, 4), "int32")

PLAIN: Final[Mapping[str, Any]] = {
    "N": 3, "axes": 1, "axis": -1, "axis1": 1, "axis2": 2, "beta": 1.0, "block_size": 2, "decimals": 1,
    "default_value": 0.0, "destination": 1, "dtype": "float32", "fft_length": 4, "fill_value": 1.0,
    "indices_or_sections": 2, "k": 2, "kernel_size": 2, "key": (slice(None), 0), "kth": 1, "max_val": 1.0, "n": 3,
    "newshape": (-1,), "num": 4, "num_classes": 4, "num_segments": 4, "order": 1, "output_size": 2, "pad_width": 1,
    "pattern": "b c d -> b d c", "pool_size": 2, "q": 0.5, "repeats": 2, "sequence_length": 4, "sequence_stride": 2,
    "shape": (2, 2), "shift": 1, "size": (4, 4), "source": 1, "start": 0, "start_indices": (0, 0, 0), "stop": 1,
    "subscripts": "...,...->...", "target_height": 4, "target_width": 4, "threshold": 0.5, "x_max": 1.0, "x_min": 0.0,
}  # fmt: skip
"""Parameters that are never a tensor of the drawing, with a value for each that Keras insists on."""

NEVER_TENSORS: Final = frozenset({
    "M", "alpha", "approximate", "attn_logits_soft_cap", "base", "data_format", "dilation", "epsilon", "fill_mode",
    "filter_shape", "initial", "interpolation", "length", "merge_repeated", "name", "nan", "neginf", "negative_slope",
    "ord", "output_padding", "padding", "posinf", "range", "rcond", "scale_factor", "seed", "sigma", "stride",
    "strides", "tol", "window",
})  # fmt: skip
"""Parameters that Keras would take a tensor for, or nothing at all, and that a drawing tells as plain values."""

SPECIAL: Final[Mapping[str, Mapping[str, Any]]] = {
    "argpartition": {"x": Sample((4,))},
    "batch_normalization": {
        "x": Sample((None, 4)), **dict.fromkeys(("mean", "variance", "offset", "scale"), Sample((4,)))
    },
    "bincount": {"x": _WHOLE},
    **{name: {"x": _WHOLE, "y": _WHOLE} for name in (
        "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "left_shift",
        "right_shift",
    )},
    "bitwise_invert": {"x": _WHOLE},
    "bitwise_not": {"x": _WHOLE},
    "broadcast_to": {"shape": (4, 4, 4)},
    "conv": {"inputs": Sample((None, 8, 8, 3)), "kernel": Sample((2, 2, 3, 5))},
    "conv_transpose": {"inputs": Sample((None, 8, 8, 3)), "kernel": Sample((2, 2, 5, 3))},
    "corrcoef": {"x": Sample((4, 4))},
    "ctc_decode": {"inputs": Sample((2, 4, 4)), "sequence_lengths": Sample((2,), "int32")},
    "ctc_loss": {
        "target": Sample((None, 4), "int32"), "output": Sample((None, 6, 5)),
        "target_length": Sample((None,), "int32"), "output_length": Sample((None,), "int32"),
    },
    "depth_to_space": {"x": Sample((None, 4, 4, 4))},
    "depthwise_conv": {"inputs": Sample((None, 8, 8, 3)), "kernel": Sample((2, 2, 3, 1))},
    "digitize": {"bins": np.array([0.0, 1.0])},
    "dot_product_attention": dict.fromkeys(("query", "key", "value"), Sample((None, 4, 2, 4))),
    "dsplit": {"x": Sample((None, 4, 4))},
    "extract_sequences": {"x": Sample((None, 8))},
    "fold": {"x": Sample((None, 12, 9)), "output_size": 4, "kernel_size": 2},
    "gcd": {"x1": _WHOLE, "x2": _WHOLE},
    "image.affine_transform": {"images": Sample((None, 8, 8, 3)), "transform": Sample((None, 8))},
    "image.crop_images": {"images": Sample((None, 8, 8, 3)), "target_height": 4, "target_width": 4, "top_cropping": 0,
                          "left_cropping": 0},
    "image.extract_patches": {"images": Sample((None, 8, 8, 3))},
    "image.extract_patches_3d": {"volumes": Sample((None, 8, 8, 8, 3)), "size": (2, 2, 2)},
    "image.map_coordinates": {"inputs": Sample((4, 4)), "coordinates": Sample((2, 4))},
    "image.pad_images": {"images": Sample((None, 4, 4, 3)), "target_height": 8, "target_width": 8, "top_padding": 0,
                         "left_padding": 0},
    "image.perspective_transform": {"images": Sample((None, 8, 8, 3)), "start_points": Sample((None, 4, 2)),
                                    "end_points": Sample((None, 4, 2))},
    "image.scale_and_translate": {"images": Sample((8, 8, 3)), "output_shape": (4, 4, 3), "scale": Sample((2,)),
                                  "translation": Sample((2,)), "spatial_dims": (0, 1), "method": "linear"},
    "image.ssim": {"image1": Sample((None, 16, 16, 3)), "image2": Sample((None, 16, 16, 3))},
    "in_top_k": {"targets": Sample((None,), "int32"), "predictions": Sample((None, 4))},
    "istft": {"fft_length": 6, "sequence_length": 4, "sequence_stride": 2},
    "kron": {"x1": Sample((4, 4)), "x2": Sample((2, 2))},
    "lcm": {"x1": _WHOLE, "x2": _WHOLE},
    "ldexp": {"x1": Sample((None, 4)), "x2": _WHOLE},
    "lu_factor": {"x": Sample((4, 4))},
    "layer_normalization": {"x": Sample((None, 4)), "gamma": Sample((4,)), "beta": Sample((4,))},
    "multi_hot": {"inputs": Sample((None, 4), "int32"), "num_classes": 4},
    "one_hot": {"x": Sample((None,), "int32")},
    "rearrange": {"tensor": Sample((2, 4, 4))},
    "rms_normalization": {"x": Sample((None, 4))},
    "scatter": {"indices": Sample((2, 1), "int32"), "values": Sample((2,)), "shape": (4,)},
    "scatter_update": {"inputs": Sample((4, 4)), "indices": Sample((3, 2), "int32"), "updates": Sample((3,))},
    "segment_max": {"data": Sample((4,)), "segment_ids": Sample((4,), "int32")},
    "segment_min": {"data": Sample((4,)), "segment_ids": Sample((4,), "int32")},
    "segment_prod": {"data": Sample((4,)), "segment_ids": Sample((4,), "int32")},
    "segment_sum": {"data": Sample((4,)), "segment_ids": Sample((4,), "int32")},
    "separable_conv": {"inputs": Sample((None, 8, 8, 3)), "depthwise_kernel": Sample((2, 2, 3, 1)),
                       "pointwise_kernel": Sample((1, 1, 3, 5))},
    "slice": {"inputs": Sample((4, 4, 4)), "shape": (2, 2, 2)},
    "slice_update": {"inputs": Sample((4, 4, 4)), "updates": Sample((2, 2, 2))},
    "solve_triangular": {"a": Sample((None, 4, 4)), "b": Sample((None, 4, 4))},
    "space_to_depth": {"x": Sample((None, 4, 4, 4))},
    "sparse_categorical_crossentropy": {"target": Sample((None,), "int32"), "output": Sample((None, 4))},
    "take": {"indices": Sample((None, 2), "int32")},
    "take_along_axis": {"x": Sample((None, 4)), "indices": Sample((None, 4), "int32"), "axis": -1},
    "unfold": {"x": Sample((None, 8, 8, 3))},
    "unravel_index": {"indices": Sample((None,), "int32"), "shape": (2, 2)},
    "unstack": {"x": Sample((None, 4, 4)), "axis": 1, "num": 4},
    "vander": {"x": Sample((4,))},
    "view_as_complex": {"x": Sample((None, 2))},
    "view_as_real": {"x": Sample((None, 4), "complex64")},
    "where": {"condition": Sample((None, 4, 4), "bool"), "x1": Sample((None, 4, 4)), "x2": Sample((None, 4, 4))},
}  # fmt: skip
"""Functions that need tensors of several kinds, or values that another parameter decides."""

KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "M": {"kind": "int"}, "N": {"kind": "int"}, "axis1": {"kind": "int"}, "axis2": {"kind": "int"},
    "b": {"kind": "float"}, "bins": {"kind": "int"}, "decimals": {"kind": "int"}, "destination": {"kind": "axis"},
    "fill_value": {"kind": "float"}, "indices_or_sections": {"kind": "ints", "lengths": [*range(9)], "low": 0},
    "key": {"kind": "slice"}, "kth": {"kind": "int"}, "max_val": {"kind": "float"},
    "newshape": {"kind": "shape", "low": -1}, "num": {"kind": "int", "low": 1}, "order": {"kind": "int"},
    "output_size": {"kind": "ints"}, "pad_width": {"kind": "ints", "lengths": [*range(9)], "low": 0,
    "takes_pairs": True}, "q": {"kind": "list"}, "range": {"kind": "list"},
    "repeats": {"kind": "ints", "lengths": [*range(9)], "low": 0}, "shape": {"kind": "shape"},
    "shift": {"kind": "ints", "lengths": [*range(9)], "low": -(2**31)}, "sigma": {"kind": "list"},
    "source": {"kind": "axis"}, "spatial_dims": {"kind": "ints", "lengths": [*range(1, 9)], "low": 0},
    "start_indices": {"kind": "ints", "lengths": [*range(1, 9)], "low": 0}, "subscripts": {"kind": "text"},
    "target_height": {"kind": "int", "low": 1}, "target_width": {"kind": "int", "low": 1},
    "top_paths": {"kind": "int", "low": 1}, "x_max": {"kind": "float"}, "x_min": {"kind": "float"},
}  # fmt: skip
"""Kinds and bounds that neither a default nor a docstring of these functions tells, by the name of the parameter."""

KINDS_OF: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("fold", "padding"): {"kind": "ints", "lengths": [0, 2], "low": 0},
    ("unfold", "padding"): {"kind": "ints", "lengths": [0, 2], "low": 0},
    ("digitize", "bins"): {"kind": "array"},
    ("image.scale_and_translate", "method"): {
        "kind": "choice", "choices": ["linear", "bilinear", "trilinear", "cubic", "bicubic", "tricubic", "lanczos3",
                                      "lanczos5"],
    },
    ("norm", "ord"): {"kind": "choice", "choices": ["fro", "nuc"], "also": ["float"]},
    ("scatter_update", "reduction"): {"kind": "choice", "choices": ["add", "max", "min", "mul"]},
    ("transpose", "axes"): {"kind": "axis"},
    ("trapezoid", "x"): {"kind": "array"},
}  # fmt: skip
"""The same where one function means something else by the name."""
