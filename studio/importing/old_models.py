"""What Keras 2 wrote otherwise than Keras 3, as Keras 3 would write it.

``x + y`` and ``tf.concat`` on tensors were layers of the class TFOpLambda, slices SlicingOpLambda: they become the
operations of Keras that do the same. What stands in no table here stays such a layer, and is kept in grey. The calls of
a model inside a model were counted from 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from studio.importing.entries import Entry, LayerCall, ModelEntries, Tensor, tensors_in
from studio.importing.old_layers import is_of_yesterday, layer_of_today

_AXIS = {"axis": "axis"}
_REDUCED = {"axis": "axis", "keepdims": "keepdims", "keep_dims": "keepdims"}
_BOTH = {"x": "x1", "y": "x2"}

_FUNCTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    **{
        name: (made, _BOTH)
        for made, names in {
            "Add": "math.add __operators__.add add",
            "Subtract": "math.subtract __operators__.subtract subtract",
            "Multiply": "math.multiply __operators__.multiply multiply",
            "Divide": "math.divide math.truediv __operators__.truediv divide truediv",
            "Power": "math.pow __operators__.pow pow",
            "Maximum": "math.maximum maximum",
            "Minimum": "math.minimum minimum",
        }.items()
        for name in names.split()
    },
    **{
        name: (made, {})
        for made, names in {
            "Negative": "math.negative __operators__.neg negative",
            "Exp": "math.exp exp",
            "Log": "math.log",
            "Sqrt": "math.sqrt sqrt",
            "Square": "math.square square",
            "Absolute": "math.abs abs",
            "Rsqrt": "math.rsqrt",
            "Sigmoid": "math.sigmoid nn.sigmoid sigmoid",
            "Tanh": "math.tanh nn.tanh tanh",
            "Relu": "nn.relu",
            "Relu6": "nn.relu6",
            "Selu": "nn.selu",
            "Elu": "nn.elu",
            "Silu": "nn.silu nn.swish",
            "Softplus": "math.softplus nn.softplus",
        }.items()
        for name in names.split()
    },
    **{
        name: (made, _REDUCED)
        for made, names in {
            "Mean": "math.reduce_mean reduce_mean",
            "Sum": "math.reduce_sum reduce_sum",
            "Max": "math.reduce_max reduce_max",
            "Min": "math.reduce_min reduce_min",
            "Prod": "math.reduce_prod reduce_prod",
        }.items()
        for name in names.split()
    },
    "linalg.matmul": ("Matmul", {"a": "x1", "b": "x2"}),
    "matmul": ("Matmul", {"a": "x1", "b": "x2"}),
    "nn.softmax": ("Softmax", _AXIS),
    "nn.gelu": ("Gelu", {"approximate": "approximate"}),
    "nn.leaky_relu": ("LeakyRelu", {"alpha": "negative_slope"}),
    "concat": ("Concatenate", _AXIS),
    "stack": ("Stack", _AXIS),
    "reshape": ("Reshape", {"shape": "newshape"}),
    "cast": ("Cast", {"dtype": "dtype"}),
    "transpose": ("Transpose", {"perm": "axes"}),
    "expand_dims": ("ExpandDims", _AXIS),
    "squeeze": ("Squeeze", _AXIS),
    "tile": ("Tile", {"multiples": "repeats"}),
    "clip_by_value": ("Clip", {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
    "where": ("Where", {"x": "x1", "y": "x2"}),
    "__operators__.getitem": ("GetItem", {"slice_spec": "key"}),
    "math.argmax": ("Argmax", _AXIS),
}
"""Function -> class of the operation, and what the operation calls the arguments after the first."""

_IGNORED = ("name",)
_USUAL: Mapping[str, tuple[object, ...]] = {
    "transpose_a": (False,), "transpose_b": (False,), "conjugate": (False,), "output_type": ("int64",),
}  # fmt: skip
"""Arguments that operations do not have, and what they may be so that nothing is lost."""


def of_today(model: ModelEntries) -> ModelEntries:
    """The model as Keras 3 would have written it, with every call counted from 0."""
    if any(is_of_yesterday(entry) for entry in model.entries):
        model = replace(model, entries=tuple([layer_of_today(entry) for entry in model.entries]))
    if not any(call.is_old for entry in model.entries for call in entry.calls):
        return _with_outputs_counted_back(model)
    model = replace(model, entries=tuple([_operation(entry) for entry in model.entries]))
    taken = [tensor for entry in model.entries for call in entry.calls
             for tensor in tensors_in([*call.args, *call.kwargs.values()])]  # fmt: skip
    taken += [tensor for _, tensor in model.outputs]
    highest = {tensor.layer: 0 for tensor in taken}
    for tensor in taken:
        highest[tensor.layer] = max(highest[tensor.layer], tensor.call)
    # Its own making was the first call of such a model, so one too many is counted.
    ahead = {each.key for each in model.entries if each.is_model and highest.get(each.key, 0) == len(each.calls) > 0}
    return _counted_back(model, ahead) if ahead else model


def _with_outputs_counted_back(model: ModelEntries) -> ModelEntries:
    """Keras 3 counts the making of a Functional model as its first call where it tells the outputs, only there."""
    ahead = {each.key for each in model.entries if each.is_model and "output_layers" in each.config}
    if ahead.isdisjoint(tensor.layer for _, tensor in model.outputs):
        return model
    outputs = [
        (key, replace(tensor, call=tensor.call - 1) if tensor.layer in ahead and tensor.call > 0 else tensor)
        for key, tensor in model.outputs
    ]
    return replace(model, outputs=tuple(outputs))


def _counted_back(model: ModelEntries, ahead: Set[str]) -> ModelEntries:
    def back(plain: Any) -> Any:
        if isinstance(plain, Tensor):
            is_ahead = plain.layer in ahead and plain.call > 0
            return Tensor(plain.layer, plain.call - 1, plain.index) if is_ahead else plain
        if isinstance(plain, list | tuple):
            return type(plain)([back(each) for each in plain])
        return {key: back(each) for key, each in plain.items()} if isinstance(plain, dict) else plain

    entries = [
        replace(each, calls=tuple([replace(call, args=back(call.args), kwargs=back(dict(call.kwargs)))
                                   for call in each.calls]))
        for each in model.entries
    ]  # fmt: skip
    outputs = tuple([(key, back(tensor)) for key, tensor in model.outputs])
    return replace(model, entries=tuple(entries), outputs=outputs)


def _operation(entry: Entry) -> Entry:
    """The entry as an operation of Keras 3, or the very same where none does this."""
    if entry.type not in ("TFOpLambda", "SlicingOpLambda") or entry.is_own:
        return entry
    found = _FUNCTIONS.get(str(entry.config.get("function")))
    if found is None:
        return entry
    made, names = found
    calls = [_call(call, names) for call in entry.calls]
    if None in calls:
        return entry
    return Entry(
        entry.key, made, "keras.src.ops", "", entry.name, {}, tuple([call for call in calls if call is not None])
    )


def _call(call: LayerCall, names: Mapping[str, str]) -> LayerCall | None:
    given: dict[str, Any] = {}
    for key, value in call.kwargs.items():
        if key in names:
            given[names[key]] = _slices(value) if key == "slice_spec" else value
        elif key not in _IGNORED and value is not None and value not in _USUAL.get(key, ()):
            return None
    return LayerCall(call.args, given)


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
