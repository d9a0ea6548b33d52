"""Sizes of tensors that a model of Keras 2 reckons with: ``tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1] * 2, 3])``.

``tf.shape`` gave a tensor, and what was done with it stands in the file as layers. Where the file says what the sizes
are, they are numbers again here, and these layers are gone. The number of rows is in no file: a reshape may keep it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from studio.immutable import immutable
from studio.importing.entries import Entry, LayerCall, ModelEntries, Tensor, tensors_in

SIZE_KNOWN: Final = "Asked how large a tensor is, which the file tells, so that a number stands in its place: {}."
"""What is told of a layer that is gone."""
_MOST: Final = 4096
"""Numbers in one value: a hostile file must not ask for a range of all numbers."""
_MOST_VALUES: Final = 20_000
_LARGEST: Final = 2**53


@immutable
class _Rows:
    """How long the first axis of a tensor is, which only data say."""

    of: Tensor


Value: TypeAlias = "int | float | _Rows | list[Value]"
Values: TypeAlias = dict[Tensor, Value]

_REFUSED: Final = object()
"""What is no value that is known before there are data."""


def with_known_sizes(model: ModelEntries) -> ModelEntries:
    """The model with numbers in the place of sizes that its file tells."""
    model = replace(model, entries=tuple([_with_shape(entry) for entry in _with_input_shapes(model)]))
    values: Values = {}
    for entry in filter(_is_function, model.entries):
        for number, call in enumerate(entry.calls):
            value = _value(str(entry.config.get("function")), call, values)
            for index, each in enumerate(value if _gives_several(entry) and isinstance(value, list) else [value]):
                if each is not _REFUSED and len(values) < _MOST_VALUES:
                    values[Tensor(entry.key, number, index)] = each
    if not values:
        return model
    made = [entry if _is_known(entry, values) else _filled(entry, values) for entry in model.entries]
    return replace(model, entries=_used(made, model.outputs, values))


def _is_function(entry: Entry) -> bool:
    return entry.type in ("TFOpLambda", "SlicingOpLambda") and not entry.is_own


def _gives_several(entry: Entry) -> bool:
    return entry.config.get("function") == "unstack"


def _is_known(entry: Entry, values: Values) -> bool:
    return bool(entry.calls) and all(Tensor(entry.key, number, 0) in values for number in range(len(entry.calls)))


def _with_input_shapes(model: ModelEntries) -> list[Entry]:
    """The entries, whose tensors know their shapes where they come straight from an Input."""
    shapes = {}
    for entry in model.entries:
        shape = entry.config.get("batch_input_shape") if entry.is_input else None
        if isinstance(shape, list) and all(each is None or type(each) is int for each in shape):
            shapes[entry.key] = tuple(shape)
    return [
        replace(entry, calls=tuple([_shaped(call, shapes) for call in entry.calls])) if _is_function(entry) else entry
        for entry in model.entries
    ]


def _shaped(call: LayerCall, shapes: Mapping[str, tuple[int | None, ...]]) -> LayerCall:
    first = call.args[0] if call.args else None
    if isinstance(first, Tensor) and first.shape is None and first.layer in shapes:
        return replace(call, args=(replace(first, shape=shapes[first.layer]), *call.args[1:]))
    return call


def _with_shape(entry: Entry) -> Entry:
    """An entry whose tensor knows its shape by what the file says of the layer's own building."""
    first = entry.calls[0].args[0] if len(entry.calls) == 1 and entry.calls[0].args else None
    if not _is_function(entry) or entry.input_shape is None or not isinstance(first, Tensor):
        return entry
    call = entry.calls[0]
    return replace(entry, calls=(replace(call, args=(replace(first, shape=entry.input_shape), *call.args[1:])),))


def _value(function: str, call: LayerCall, values: Values) -> Any:
    """What a function gives, as far as it is known; else _REFUSED."""
    first = call.args[0] if call.args else None
    if function in ("shape", "compat.v1.shape"):
        if not isinstance(first, Tensor) or first.shape is None:
            return _REFUSED
        sizes = [_Rows(replace(first, shape=None)) if at == 0 and each is None else each
                 for at, each in enumerate(first.shape)]  # fmt: skip
        return [_REFUSED if each is None else each for each in sizes]
    told = _FUNCTIONS.get(function)
    if told is None:
        return _REFUSED
    given = {key: _known(each, values) for key, each in call.kwargs.items() if key != "name"}
    taken = _known(first, values)
    if not tensors_in([list(call.args), dict(call.kwargs)]) or taken is _REFUSED or _REFUSED in given.values():
        return _REFUSED
    try:
        found = told(taken, **given)
    except (TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return _REFUSED  # no sizes, or more than is looked at here
    return found if _is_small(found) else _REFUSED


def _is_small(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= _MOST and all(map(_is_small, value))
    return not isinstance(value, int | float) or abs(value) <= _LARGEST


def _known(plain: Any, values: Values) -> Any:
    """An argument with the values of its tensors; _REFUSED where one is not known."""
    if isinstance(plain, Tensor):
        return values.get(replace(plain, shape=None), _REFUSED)
    if isinstance(plain, list):
        items = [_known(each, values) for each in plain]
        return _REFUSED if any(each is _REFUSED for each in items) else items
    return plain


def _part(value: Any, slice_spec: Any) -> Any:
    spec = slice_spec[0] if isinstance(slice_spec, list) and len(slice_spec) == 1 else slice_spec
    if isinstance(spec, dict):
        return value[slice(spec.get("start"), spec.get("stop"), spec.get("step"))]
    return value[spec]


def _each(work: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Numbers, rows of them and a number, or two rows of one length."""

    def told(x: Any, y: Any) -> Any:
        if isinstance(x, list) and isinstance(y, list):
            return [told(one, other) for one, other in zip(x, y, strict=True)]
        if isinstance(x, list):
            return [told(each, y) for each in x]
        if isinstance(y, list):
            return [told(x, each) for each in y]
        if not (isinstance(x, int | float) and isinstance(y, int | float)):
            raise TypeError
        return work(x, y)

    return told


def _joined(value: Any, axis: int = 0) -> Any:
    if axis != 0:
        raise ValueError
    return [each for part in value for each in part]


def _stacked(value: Any, axis: int = 0) -> Any:
    if axis != 0 or not isinstance(value, list):
        raise ValueError
    return value


def _unstacked(value: Any, num: int | None = None, axis: int = 0) -> Any:
    if axis != 0 or not isinstance(value, list) or num not in (None, len(value)):
        raise ValueError
    return value


def _cast(value: Any, dtype: str) -> Any:
    if isinstance(value, list):
        return [_cast(each, dtype) for each in value]
    if not isinstance(value, int | float):
        raise TypeError
    return float(value) if "float" in dtype else int(value)


def _range(start: Any, limit: Any = None, delta: Any = 1) -> Any:
    found = range(start, limit, delta) if limit is not None else range(0, start, delta)
    if len(found) > _MOST:
        raise ValueError
    return list(found)


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "__operators__.getitem": _part,
    "cast": _cast,
    "concat": _joined,
    "range": _range,
    "stack": _stacked,
    "unstack": _unstacked,
    **{
        f"{module}{name}": _each(work)
        for module in ("math.", "__operators__.", "")
        for name, work in (
            ("multiply", operator.mul), ("add", operator.add), ("subtract", operator.sub),
            ("floordiv", operator.floordiv), ("truediv", operator.truediv),
        )
    },
    "compat.v1.floor_div": _each(operator.floordiv),
}  # fmt: skip


def _filled(entry: Entry, values: Values) -> Entry:
    """The entry with numbers in the place of tensors that are known."""
    calls = [_filled_call(call, values) for call in entry.calls]
    if not _is_function(entry) or calls == list(entry.calls):
        return entry
    if entry.config.get("function") == "reshape" and len(calls) == 1:
        return _reshaping(replace(entry, calls=(calls[0],))) or entry
    is_open = any(_is_open([*call.args, *call.kwargs.values()]) for call in calls)
    return entry if is_open else replace(entry, calls=tuple(calls))


def _filled_call(call: LayerCall, values: Values) -> LayerCall:
    def filled(plain: Any) -> Any:
        if isinstance(plain, Tensor):
            return values.get(replace(plain, shape=None), plain)
        return [filled(each) for each in plain] if isinstance(plain, list) else plain

    kwargs = {key: filled(each) for key, each in call.kwargs.items()}
    first = filled(call.args[0]) if call.args else None
    # An operation takes a number in the place of a tensor, but no row of them.
    is_number = isinstance(first, int | float) and bool(tensors_in(kwargs))
    return replace(call, args=(first, *call.args[1:]) if is_number else call.args, kwargs=kwargs)


def _is_open(plain: Any) -> bool:
    """Whether there is a size in it that is not known."""
    return isinstance(plain, _Rows) or plain is _REFUSED or (isinstance(plain, list) and any(map(_is_open, plain)))


def _reshaping(entry: Entry) -> Entry | None:
    """A reshape that keeps the number of rows: -1 stands for it, or the layer does what needs its -1 elsewhere."""
    call = entry.calls[0]
    shape = call.kwargs.get("shape")
    if not isinstance(shape, list) or not shape or shape[0] is _REFUSED or _is_open(shape[1:]):
        return None
    rows, rest = shape[0], shape[1:]
    if not isinstance(rows, _Rows):
        return entry
    if not all(type(each) is int for each in rest):
        return None
    if -1 not in rest:
        return replace(entry, calls=(replace(call, kwargs={**call.kwargs, "shape": [-1, *rest]}),))
    if not call.args or rows.of != call.args[0]:
        return None  # -1 may stand for rows of another tensor
    config = {"name": entry.name, "target_shape": rest}
    return Entry(entry.key, "Reshape", "keras.layers", "", entry.name, config, (LayerCall(call.args),))


def _used(made: list[Entry], outputs: tuple[tuple[str, Tensor], ...], values: Values) -> tuple[Entry, ...]:
    """The entries without those that only reckoned with sizes and that nobody takes any more."""
    while True:
        taken = {tensor.layer for entry in made for call in entry.calls
                 for tensor in tensors_in([list(call.args), dict(call.kwargs)])}  # fmt: skip
        taken |= {tensor.layer for _, tensor in outputs}
        left = [entry for entry in made if entry.key in taken or not _is_known(entry, values)]
        if len(left) == len(made):
            return tuple(left)
        made = left
