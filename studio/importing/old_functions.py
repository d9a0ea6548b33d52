"""Functions of TensorFlow on tensors, which Keras 2 kept as layers, and the operations of Keras that do the same.

The names are those that Keras 2 wrote: ``tf.transpose(x)`` is "compat.v1.transpose" there. Where a default of
TensorFlow is another than that of ``keras.ops`` (the axis of ``tf.argmax``, the formula of ``tf.nn.gelu``), it is
written out. ``tests/importing/keras_2`` holds what Keras 2 itself gave for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from itertools import accumulate
from typing import Any

from studio.immutable import immutable
from studio.importing.entries import Entry, LayerCall, Tensor

Arguments = Mapping[str, Any]


@immutable
class Function:
    """The operation that takes the place of a function.

    ``made`` is its class. ``names`` has what it calls the arguments after the first, ``defaults`` what the function
    takes where nothing is said, ``usual`` the values of other arguments with which nothing is lost. ``adapted`` makes
    the operation's arguments of those that were given, or None where the operation cannot do it.
    """

    made: str
    names: Mapping[str, str] = field(default_factory=dict)
    defaults: Arguments = field(default_factory=dict)
    usual: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    adapted: Callable[[dict[str, Any]], Arguments | None] | None = None

    def arguments(self, given: Arguments) -> Arguments | None:
        """What the operation is given, or None where that would be something else."""
        left = {key: value for key, value in given.items() if key not in ("name", *self.usual)}
        if any(value not in self.usual[key] for key, value in given.items() if key in self.usual):
            return None
        if self.adapted is not None:
            return self.adapted(left)
        if any(value is not None and key not in self.names for key, value in left.items()):
            return None
        said = {self.names[key]: value for key, value in left.items() if key in self.names}
        return {**self.defaults, **{key: value for key, value in said.items() if value is not None}}


def _split(given: dict[str, Any]) -> Arguments | None:
    """``tf.split`` is told how long the parts are, ``ops.split`` where they begin."""
    parts, axis = given.get("num_or_size_splits"), given.get("axis", 0)
    if isinstance(parts, list) and all(type(each) is int and each >= 0 for each in parts[:-1]):
        return {"indices_or_sections": list(accumulate(parts[:-1])), "axis": axis}  # the last may be -1: the rest
    return {"indices_or_sections": parts, "axis": axis} if type(parts) is int else None


def _pad(given: dict[str, Any]) -> Arguments | None:
    mode, value = str(given.get("mode", "CONSTANT")).lower(), given.get("constant_values", 0)
    if mode not in ("constant", "reflect", "symmetric"):
        return None
    return {"pad_width": given.get("paddings"), "mode": mode} | ({"constant_values": value} if value else {})


def _normalize(given: dict[str, Any]) -> Arguments | None:
    """TensorFlow adds to the square of the length, Keras to the length: ``x * rsqrt(max(sum(x**2), epsilon))``."""
    axis, epsilon = given.get("axis"), given.get("epsilon", 1e-12)
    if type(axis) is not int or not isinstance(epsilon, int | float) or epsilon <= 0:
        return None
    return {"axis": axis, "order": 2, "epsilon": math.sqrt(epsilon)}


def _norm(given: dict[str, Any]) -> Arguments | None:
    order = given.get("ord", "euclidean")
    if order not in ("euclidean", 1, 2) or type(given.get("axis")) is not int:
        return None
    made = {"axis": given["axis"], "keepdims": bool(given.get("keepdims"))}
    return made if order == "euclidean" else {**made, "ord": order}


def _resize(given: dict[str, Any]) -> Arguments | None:
    size, method = given.get("size"), given.get("method", "bilinear")
    if not isinstance(size, list) or not all(type(each) is int for each in size) or given.get("preserve_aspect_ratio"):
        return None
    if method not in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"):
        return None
    return {"size": size, "interpolation": method, "antialias": bool(given.get("antialias"))}


def _pool(given: dict[str, Any]) -> Arguments | None:
    size, strides = _sizes(given.get("ksize")), _sizes(given.get("strides"))
    padding = str(given.get("padding", "")).lower()
    if size is None or strides is None or padding not in ("valid", "same"):
        return None
    return {"pool_size": size, "strides": strides, "padding": padding}


def _sizes(plain: Any) -> list[int] | None:
    """Height and width of a window. TensorFlow may be told batch and channels beside them, which are 1."""
    items = plain if isinstance(plain, list) else [plain]
    if not all(type(each) is int for each in items):
        return None
    if len(items) == 4 and items[0] == items[3] == 1:
        return items[1:3]
    return items * 2 if len(items) == 1 else items if len(items) == 2 else None


_BOTH = {"x": "x1", "y": "x2"}
_AXIS = {"axis": "axis"}
_REDUCED = {"axis": "axis", "keepdims": "keepdims", "keep_dims": "keepdims"}
_NOT_TURNED = {"exclusive": (False,), "reverse": (False,)}
_PLAIN_MATRICES = dict.fromkeys(("transpose_a", "transpose_b", "adjoint_a", "adjoint_b", "a_is_sparse", "b_is_sparse"),
                                (False,))  # fmt: skip
_NHWC = {"data_format": ("NHWC", None)}


def _alike(rows: Mapping[str, str], *args: Any, **more: Any) -> dict[str, Function]:
    """Functions of one kind: class of the operation -> names of the functions."""
    return {name: Function(made, *args, **more) for made, names in rows.items() for name in names.split()}


FUNCTIONS: Mapping[str, Function] = {
    **_alike(
        {
            "Add": "math.add __operators__.add add",
            "Subtract": "math.subtract __operators__.subtract subtract",
            "Multiply": "math.multiply __operators__.multiply multiply",
            "Divide": "math.divide math.truediv __operators__.truediv divide truediv",
            "DivideNoNan": "math.divide_no_nan",
            "FloorDivide": "math.floordiv compat.v1.floor_div floor_div",
            "Mod": "math.floormod math.mod",
            "Power": "math.pow __operators__.pow pow",
            "Maximum": "math.maximum maximum",
            "Minimum": "math.minimum minimum",
            "Greater": "math.greater greater",
            "GreaterEqual": "math.greater_equal greater_equal",
            "Less": "math.less less",
            "LessEqual": "math.less_equal less_equal",
            "Equal": "math.equal equal __operators__.eq",
            "NotEqual": "math.not_equal not_equal __operators__.ne",
            "LogicalAnd": "math.logical_and logical_and",
            "LogicalOr": "math.logical_or logical_or",
            "LogicalXor": "math.logical_xor",
            "Arctan2": "math.atan2 atan2",
        },
        _BOTH,
    ),
    **_alike(
        {
            "Negative": "math.negative __operators__.neg negative",
            "LogicalNot": "math.logical_not logical_not",
            "Exp": "math.exp exp",
            "Expm1": "math.expm1",
            "Log": "math.log",
            "Log1p": "math.log1p",
            "Sqrt": "math.sqrt sqrt",
            "Rsqrt": "math.rsqrt",
            "Square": "math.square square",
            "Reciprocal": "math.reciprocal",
            "Absolute": "math.abs abs",
            "Sign": "math.sign sign",
            "Floor": "math.floor floor",
            "Ceil": "math.ceil",
            "Round": "math.round round",
            "Sin": "math.sin sin",
            "Cos": "math.cos cos",
            "Tan": "math.tan tan",
            "Arcsin": "math.asin asin",
            "Arccos": "math.acos acos",
            "Arctan": "math.atan atan",
            "Sinh": "math.sinh sinh",
            "Cosh": "math.cosh cosh",
            "Tanh": "math.tanh nn.tanh tanh",
            "Erf": "math.erf",
            "Sigmoid": "math.sigmoid nn.sigmoid sigmoid",
            "LogSigmoid": "math.log_sigmoid",
            "Relu": "nn.relu",
            "Relu6": "nn.relu6",
            "Selu": "nn.selu",
            "Elu": "nn.elu",
            "Softplus": "math.softplus nn.softplus",
            "Softsign": "math.softsign nn.softsign",
            "Copy": "identity",
            "StopGradient": "stop_gradient",
            "IsNan": "math.is_nan",
        }
    ),
    **_alike({"Silu": "nn.silu nn.swish"}, usual={"beta": (1.0,)}),
    **_alike({"ZerosLike": "zeros_like", "OnesLike": "ones_like"}, {"dtype": "dtype"}),
    **_alike(
        {
            "Mean": "math.reduce_mean reduce_mean",
            "Sum": "math.reduce_sum reduce_sum",
            "Max": "math.reduce_max reduce_max",
            "Min": "math.reduce_min reduce_min",
            "Prod": "math.reduce_prod reduce_prod",
            "Std": "math.reduce_std",
            "Var": "math.reduce_variance",
            "Any": "math.reduce_any reduce_any",
            "All": "math.reduce_all reduce_all",
            "Logsumexp": "math.reduce_logsumexp reduce_logsumexp",
        },
        _REDUCED,
    ),
    **_alike({"Argmax": "math.argmax argmax", "Argmin": "math.argmin argmin"}, _AXIS, {"axis": 0},
             {"output_type": ("int64",)}),
    **_alike({"Cumsum": "math.cumsum cumsum", "Cumprod": "math.cumprod"}, _AXIS, {"axis": 0}, _NOT_TURNED),
    **_alike({"Transpose": "transpose compat.v1.transpose"}, {"perm": "axes"}, usual={"conjugate": (False,)}),
    **_alike({"Squeeze": "squeeze compat.v1.squeeze"}, _AXIS, usual={"squeeze_dims": (None,)}),
    **_alike({"Pad": "pad compat.v1.pad"}, adapted=_pad),
    **_alike({"Norm": "norm compat.v1.norm"}, adapted=_norm),
    **_alike({"Normalize": "math.l2_normalize nn.l2_normalize linalg.l2_normalize"}, adapted=_normalize),
    **_alike({"Resize": "image.resize compat.v1.image.resize"}, adapted=_resize),
    **_alike({"AveragePool": "nn.avg_pool2d nn.avg_pool", "MaxPool": "nn.max_pool2d nn.max_pool"}, adapted=_pool,
             usual=_NHWC),
    **_alike({"Matmul": "linalg.matmul matmul"}, {"a": "x1", "b": "x2"}, usual=_PLAIN_MATRICES),
    **_alike({"Concatenate": "concat", "Stack": "stack", "ExpandDims": "expand_dims"}, _AXIS),
    **_alike({"Softmax": "nn.softmax", "LogSoftmax": "nn.log_softmax math.log_softmax"}, _AXIS),
    **_alike({"Take": "gather compat.v1.gather"}, {"indices": "indices", "axis": "axis"}, {"axis": 0},
             {"batch_dims": (0,), "validate_indices": (None,)}),
    "split": Function("Split", adapted=_split),
    "unstack": Function("Unstack", {"num": "num", "axis": "axis"}),
    "repeat": Function("Repeat", {"repeats": "repeats", "axis": "axis"}),
    "reverse": Function("Flip", _AXIS),
    "roll": Function("Roll", {"shift": "shift", "axis": "axis"}),
    "sort": Function("Sort", _AXIS, usual={"direction": ("ASCENDING",)}),
    "math.top_k": Function("TopK", {"k": "k", "sorted": "sorted"}),
    "one_hot": Function("OneHot", {"depth": "num_classes", "axis": "axis", "dtype": "dtype"},
                        usual={"on_value": (None, 1), "off_value": (None, 0)}),
    "nn.gelu": Function("Gelu", {"approximate": "approximate"}, {"approximate": False}),
    "nn.leaky_relu": Function("LeakyRelu", {"alpha": "negative_slope"}),
    "nn.bias_add": Function("Add", {"bias": "x2"}, usual=_NHWC),
    "reshape": Function("Reshape", {"shape": "newshape"}),
    "cast": Function("Cast", {"dtype": "dtype"}),
    "tile": Function("Tile", {"multiples": "repeats"}),
    "clip_by_value": Function("Clip", {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
    "where": Function("Where", {"x": "x1", "y": "x2"}),
    "__operators__.getitem": Function("GetItem", {"slice_spec": "key"}),
    "linalg.diag_part": Function("Diagonal", defaults={"axis1": -2, "axis2": -1}),
    "image.flip_left_right": Function("Flip", defaults={"axis": -2}),
    "image.flip_up_down": Function("Flip", defaults={"axis": -3}),
    "image.rgb_to_grayscale": Function("RGBToGrayscale"),
}  # fmt: skip
"""By the name that a config of Keras 2 has."""


def of_function(entry: Entry) -> list[Entry]:
    """The operations that do what a layer of Keras 2 did with a function of TensorFlow; the layer where none does."""
    if entry.type not in ("TFOpLambda", "SlicingOpLambda") or entry.is_own:
        return [entry]
    name = str(entry.config.get("function"))
    several = _SEVERAL.get(name)
    if several is not None and len(entry.calls) == 1 and (made := several(entry, entry.calls[0])):
        return made
    found = FUNCTIONS.get(name)
    if found is None:
        return [entry]
    calls, before = [], []
    for number, call in enumerate(entry.calls):
        given = found.arguments(call.kwargs)
        if given is None:
            return [entry]
        if call.args and isinstance(call.args[0], list) and found.made not in _OF_LISTS:  # TensorFlow stacks it itself
            if not all(isinstance(each, Tensor) for each in call.args[0]):
                return [entry]
            before.append(_operation(entry, "Stack", (LayerCall(call.args[:1]),), f"_stack_{number}"))
            call = replace(call, args=(Tensor(before[-1].key, 0, 0), *call.args[1:]))
        calls.append(
            LayerCall(call.args, {key: _slices(each) if key == "key" else each for key, each in given.items()})
        )
    return [*before, _operation(entry, found.made, tuple(calls))]


_OF_LISTS = frozenset({"Concatenate", "Stack"})


def _operation(entry: Entry, made: str, calls: tuple[LayerCall, ...], ending: str = "") -> Entry:
    return Entry(entry.key + ending, made, "keras.src.ops", "", entry.name + ending, {}, calls)


def _turned_matrices(entry: Entry, call: LayerCall) -> list[Entry]:
    """``tf.matmul(x, y, transpose_b=True)``: the last two axes of ``y`` change places before."""
    given = {key: value for key, value in call.kwargs.items() if key != "name"}
    operands = {"a": call.args[0] if call.args else given.pop("a", None), "b": given.pop("b", None)}
    made = []
    for name, operand in operands.items():
        # Turned and adjoint are the same for real numbers.
        if given.pop(f"transpose_{name}", False) is True or given.pop(f"adjoint_{name}", False) is True:
            if not isinstance(operand, Tensor):
                return []
            turned = LayerCall((operand,), {"axis1": -1, "axis2": -2})
            made.append(_operation(entry, "Swapaxes", (turned,), f"_{name}"))
            operands[name] = Tensor(made[-1].key, 0, 0)
    if not made or any(value not in (None, False) for value in given.values()):
        return []
    return [*made, _operation(entry, "Matmul", (LayerCall((operands["a"],), {"x2": operands["b"]}),))]


def _squared_difference(entry: Entry, call: LayerCall) -> list[Entry]:
    difference = _operation(entry, "Subtract", (LayerCall(call.args, {"x2": call.kwargs.get("y")}),), "_difference")
    return [difference, _operation(entry, "Square", (LayerCall((Tensor(difference.key, 0, 0),)),))]


def _layer(made: str) -> Callable[[Entry, LayerCall], list[Entry]]:
    """A layer that does the same without being told anything."""

    def entries(entry: Entry, call: LayerCall) -> list[Entry]:
        return [Entry(entry.key, made, "keras.layers", "", entry.name, {"name": entry.name}, (LayerCall(call.args),))]

    return entries


_SEVERAL: Mapping[str, Callable[[Entry, LayerCall], list[Entry]]] = {
    "linalg.matmul": _turned_matrices,
    "matmul": _turned_matrices,
    "math.squared_difference": _squared_difference,
    "keras.backend.batch_flatten": _layer("Flatten"),
    "math.add_n": _layer("Add"),
    "add_n": _layer("Add"),
}
"""What takes more than one operation, or a layer. No entry says that one operation does it, or none."""


def _slices(plain: Any) -> Any:
    """A slice as Keras 3 writes it; Keras 2 has a dictionary for each dimension."""
    items = plain if isinstance(plain, list | tuple) else [plain]
    return [
        {"class_name": "__slice__", "config": item}
        if isinstance(item, dict) and item.keys() == {"start", "stop", "step"}
        else {"class_name": "__ellipsis__"}
        if item == "..." or (isinstance(item, dict) and "value" in item)
        else item
        for item in items
    ]
