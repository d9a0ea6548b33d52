"""Whether a value can stand for a parameter: one question, one sentence.

Only what the form of a value tells is judged here (a text is no number, -3 units are too few). Whether a network makes
sense with it is for Keras to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from studio.catalog.slices import SliceError, parse_slice
from studio.catalog.spec import LayerSpec, ObjectKind, ObjectSpec, Parameter
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value

_DTYPES = frozenset(
    ["bool", "string", "mixed_float16", "mixed_bfloat16", "bfloat16", "float16", "float32", "float64"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
)

_DIMENSIONS = 8
"""How deep rows of numbers may stand in rows: TensorFlow has no broadcast for more."""

_MOST = 2**63
"""Whole numbers from here on, and below its negative, fit into no tensor. Keras tells so late, or not at all."""

_DEPTH = 20
"""How deep objects may stand in objects: no network needs more, and a hostile file must not exhaust the stack."""


class Lookup(Protocol):
    """What this module asks a catalog."""

    def inner_layer(self, type: str) -> LayerSpec | None:
        """The layer that can stand inside another one."""

    def object(self, kind: ObjectKind, type: str) -> ObjectSpec | None:
        """The object of a kind by class name or identifier."""


def why_not_value(catalog: Lookup, parameter: Parameter, value: Value, depth: int = 0) -> str | None:
    """Why ``value`` cannot stand for ``parameter``, as one plain sentence; None where it can."""
    if isinstance(value, ParameterRef):
        return None
    if value is None:
        if parameter.allows_none or parameter.default is None:
            return None
        return f"{title(parameter.name)} needs {expected(parameter)}."
    if isinstance(value, KerasObject):
        return _why_not_nested(catalog, parameter, value, depth)
    if parameter.kind == "slice":
        return _why_not_slice(parameter, value)
    if is_too_large(value):
        return f"{title(parameter.name)} has a number that is too large: whole numbers have 64 bits at most."
    for kind in (parameter.kind, *parameter.also):
        if _CHECKS[kind](catalog, parameter, value):
            return _why_not_items(catalog, parameter, value, depth)
    return f"{title(parameter.name)} must be {expected(parameter)}, but it is {shown(value)}."


def why_not_object(catalog: Lookup, kind: ObjectKind, value: Value, depth: int = 0) -> str | None:
    """Why ``value`` is no object of this kind with valid parameters, as one plain sentence; None where it is."""
    if isinstance(value, str) and catalog.object(kind, value) is not None:
        return None
    if not isinstance(value, KerasObject):
        return f"{shown(value)} is not {_ARTICLES[kind]} that Keras knows."
    spec = catalog.object(kind, value.type)
    if spec is None:
        return f"{value.type} is not {_ARTICLES[kind]} that Keras knows."
    return _why_not_params(catalog, value, spec.parameters, depth)


def title(name: str) -> str:
    """A parameter's name at the beginning of a sentence: "Kernel size"."""
    return name.replace("_", " ").capitalize()


def shown(value: Value, depth: int = 0) -> str:
    """A value inside a sentence, cut where it is long."""
    if isinstance(value, KerasObject):
        return value.type
    text = (
        f'"{value}"'
        if isinstance(value, str)
        else "a dictionary"
        if isinstance(value, Dictionary)
        else _brief(value, depth)
    )
    return text if len(text) <= 60 else text[:57] + "..."


def expected(parameter: Parameter) -> str:
    """What a parameter wants, as it stands in "must be ..."."""
    alternatives = [_EXPECTED[kind](parameter) for kind in _kinds(parameter)]
    if parameter.allows_none:
        alternatives.append("None")
    return " or ".join(alternatives)


def _kinds(parameter: Parameter) -> tuple[str, ...]:
    return (parameter.kind, *parameter.also)


def _brief(value: Value, depth: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**40:
        return "a huge number"  # Python refuses to print numbers of more than 4,300 digits.
    if isinstance(value, tuple):
        if depth > 3:
            return "(...)"
        return "(" + ", ".join(shown(item, depth + 1) for item in value[:8]) + (", ...)" if len(value) > 8 else ")")
    return str(value)


def _why_not_slice(parameter: Parameter, value: Value) -> str | None:
    """A slice says in its own words what is wrong: there is more to it than being a text."""
    try:
        if not isinstance(value, str):
            raise SliceError(f"it is {shown(value)}")
        parse_slice(value)
    except SliceError as error:
        return f"{title(parameter.name)} must be {expected(parameter)}, but {error}."
    return None


def _is_int(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Value) -> bool:
    return _is_int(value) or (isinstance(value, float) and not math.isnan(value))


def is_too_large(value: Value, depth: int = 0) -> bool:
    """Whether a whole number in ``value`` is one that fits into no tensor; what stands very deep is not looked at."""
    if isinstance(value, tuple):
        return depth < _DEPTH and any(is_too_large(item, depth + 1) for item in value)
    return isinstance(value, int) and not -_MOST <= value < _MOST


def _in_bounds(parameter: Parameter, value: Value) -> bool:
    if not isinstance(value, int | float):
        return False
    return (parameter.low is None or value >= parameter.low) and (parameter.high is None or value <= parameter.high)


def _check_int(_catalog: Lookup, parameter: Parameter, value: Value) -> bool:
    return _is_int(value) and _in_bounds(parameter, value)


def _check_float(_catalog: Lookup, parameter: Parameter, value: Value) -> bool:
    if isinstance(value, tuple):
        return len(value) in parameter.lengths and len(value) > 0 and all(map(_is_number, value))
    return _is_number(value) and _in_bounds(parameter, value)


def _check_ints(_catalog: Lookup, parameter: Parameter, value: Value) -> bool:
    def fits(item: Value) -> bool:
        return _is_int(item) and isinstance(item, int) and item >= (1 if parameter.low is None else parameter.low)

    lengths = parameter.lengths or (0, 1, 2, 3)
    if not isinstance(value, tuple):
        return fits(value) and 0 in lengths
    if len(value) not in lengths or not value:
        return False
    if parameter.takes_pairs and all(isinstance(item, tuple) for item in value):
        return all(isinstance(item, tuple) and len(item) == 2 and all(map(fits, item)) for item in value)
    return all(map(fits, value))


def _check_shape(_catalog: Lookup, parameter: Parameter, value: Value) -> bool:
    low = 1 if parameter.low is None else parameter.low
    return isinstance(value, tuple) and all(
        item is None or (_is_int(item) and isinstance(item, int) and item >= low and item != 0) for item in value
    )


def _check_axis(_catalog: Lookup, _parameter: Parameter, value: Value) -> bool:
    return _is_int(value) or (isinstance(value, tuple) and bool(value) and all(map(_is_int, value)))


def _check_dtype(_catalog: Lookup, _parameter: Parameter, value: Value) -> bool:
    return isinstance(value, str) and (value in _DTYPES or "_from_" in value)


def _identifier_check(kind: ObjectKind) -> Callable[[Lookup, Parameter, Value], bool]:
    return lambda catalog, _parameter, value: isinstance(value, str) and catalog.object(kind, value) is not None


def _check_activation(catalog: Lookup, _parameter: Parameter, value: Value) -> bool:
    """A function that insists on more than a tensor is given nothing else where it stands as an activation."""
    spec = catalog.object("activation", value) if isinstance(value, str) else None
    return spec is not None and not any(each.is_required for each in spec.parameters)


def _check_list(_catalog: Lookup, _parameter: Parameter, value: Value) -> bool:
    # A single number is fine where Keras takes a list (the mean of a Normalization). A text is not: Keras would read
    # the file of that name (vocabulary, weights), and no project may name files of the machine that opens it.
    return isinstance(value, tuple) or _is_number(value)


def _check_array(_catalog: Lookup, _parameter: Parameter, value: Value) -> bool:
    return array_shape(value) is not None


def array_shape(value: Value, depth: int = 0) -> tuple[int, ...] | None:
    """The shape of a number or of nested rows of numbers of equal length; None where it is neither."""
    if isinstance(value, bool | int) or (isinstance(value, float) and not math.isnan(value)):
        return None if is_too_large(value) else ()
    if not isinstance(value, tuple) or not value or depth >= _DIMENSIONS:
        return None
    first = array_shape(value[0], depth + 1)
    if first is None or any(array_shape(item, depth + 1) != first for item in value[1:]):
        return None
    return (len(value), *first)


_CHECKS: Mapping[str, Callable[[Lookup, Parameter, Value], bool]] = {
    "int": _check_int,
    "float": _check_float,
    "bool": lambda _catalog, _parameter, value: isinstance(value, bool),
    "text": lambda _catalog, _parameter, value: isinstance(value, str),
    "choice": lambda _catalog, parameter, value: isinstance(value, str) and value in parameter.choices,
    "ints": _check_ints,
    "shape": _check_shape,
    "dtype": _check_dtype,
    "axis": _check_axis,
    "activation": _check_activation,
    "initializer": _identifier_check("initializer"),
    "regularizer": _identifier_check("regularizer"),
    "constraint": _identifier_check("constraint"),
    "layer": lambda _catalog, _parameter, _value: False,
    "list": _check_list,
    "dict": lambda _catalog, _parameter, value: isinstance(value, Dictionary),
    "seed": lambda _catalog, _parameter, value: _is_int(value),
    "file": lambda _catalog, _parameter, value: isinstance(value, str) and value.lower().endswith((".h5", ".keras")),
    "array": _check_array,
    "slice": lambda _catalog, _parameter, _value: True,  # judged by _why_not_slice
    "code": lambda _catalog, _parameter, _value: False,  # it is always an object: the name of a snippet
}


def _bounded(noun: str) -> Callable[[Parameter], str]:
    def words(parameter: Parameter) -> str:
        low, high = parameter.low, parameter.high
        if low is not None and high is not None:
            return f"{noun} between {low:g} and {high:g}"
        if low is not None:
            return f"{noun} of at least {low:g}"
        return noun if high is None else f"{noun} of at most {high:g}"

    return words


def _expected_ints(parameter: Parameter) -> str:
    number = f"a whole number of at least {1 if parameter.low is None else parameter.low:g}"
    several = [str(length) for length in parameter.lengths if length]
    if parameter.lengths and 0 not in parameter.lengths:
        return f"{' or '.join(several)} whole numbers"
    return f"{number}, or {' or '.join(several) if several else 'several'} of them"


def _expected_float(parameter: Parameter) -> str:
    pair = ", or a pair of them" if 2 in parameter.lengths else ""
    return _bounded("a number")(parameter) + pair


_EXPECTED: Mapping[str, Callable[[Parameter], str]] = {
    "int": _bounded("a whole number"),
    "float": _expected_float,
    "bool": lambda _parameter: "True or False",
    "text": lambda _parameter: "a text",
    "choice": lambda parameter: "one of " + ", ".join(f'"{choice}"' for choice in parameter.choices),
    "ints": _expected_ints,
    "shape": lambda _parameter: "a shape such as (28, 28, 1)",
    "dtype": lambda _parameter: 'a type of number such as "float32"',
    "axis": lambda _parameter: "the number of an axis, such as -1 for the last one",
    "activation": lambda _parameter: 'an activation function such as "relu"',
    "initializer": lambda _parameter: 'an initializer such as "he_normal"',
    "regularizer": lambda _parameter: 'a regularizer such as "l2"',
    "constraint": lambda _parameter: 'a constraint such as "max_norm"',
    "layer": lambda _parameter: "a layer",
    "list": lambda _parameter: "a list",
    "dict": lambda _parameter: "a dictionary",
    "seed": lambda _parameter: "a whole number",
    "file": lambda _parameter: "a file of weights (.weights.h5)",
    "array": lambda _parameter: "a number, or rows of numbers such as (1.0, 0.5)",
    "slice": lambda _parameter: "a slice such as “:, 0” or “..., 1:3”, with one entry for each axis",
    "code": lambda _parameter: "a function of your own",
}

_ARTICLES: Mapping[str, str] = {
    "loss": "a loss",
    "optimizer": "an optimizer",
    "schedule": "a learning rate schedule",
    "metric": "a metric",
    "callback": "a callback",
    "initializer": "an initializer",
    "regularizer": "a regularizer",
    "constraint": "a constraint",
    "activation": "an activation function",
    "layer": "a layer",
    "function": "a function",
}


def _why_not_nested(catalog: Lookup, parameter: Parameter, value: KerasObject, depth: int) -> str | None:
    if depth > _DEPTH:
        return f"{title(parameter.name)} holds objects inside objects more than {_DEPTH} deep."
    is_layer = "layer" in parameter.also and catalog.inner_layer(value.type) is not None
    if is_layer or parameter.kind == "layer" or (parameter.kind == "list" and depth > 0):
        return _why_not_layer(catalog, parameter, value, depth)
    # An activation of Keras is a function, which has no parameters of its own to set: only its name is a value.
    own = catalog.object("activation", value.type) if parameter.object_kind == "activation" else None
    if parameter.object_kind is None or (parameter.object_kind == "activation" and not (own and own.is_own)):
        return f"{title(parameter.name)} must be {expected(parameter)}, but it is {value.type}."
    return why_not_object(catalog, parameter.object_kind, value, depth + 1)


def _why_not_items(catalog: Lookup, parameter: Parameter, value: Value, depth: int) -> str | None:
    """Why an object inside a list cannot stand there; a list of anything else is Keras's to judge."""
    if depth > _DEPTH:
        return f"{title(parameter.name)} holds lists inside lists more than {_DEPTH} deep."
    if parameter.kind != "list" or not isinstance(value, tuple):
        return None
    reasons = (
        _why_not_layer(catalog, parameter, item, depth + 1)
        if isinstance(item, KerasObject)
        else f"{title(parameter.name)} must be layers, but {shown(item)} is none."
        if parameter.items == "layer"
        else _why_not_items(catalog, parameter, item, depth + 1)
        for item in value
    )
    return next((reason for reason in reasons if reason), None)


def _why_not_layer(catalog: Lookup, parameter: Parameter, value: KerasObject, depth: int) -> str | None:
    spec = catalog.inner_layer(value.type)
    if spec is None:
        return f"{value.type} is not a layer that Keras knows."
    if parameter.fits and value.type not in parameter.fits:
        known = f"{', '.join(parameter.fits[:-1])} or {parameter.fits[-1]}" if parameter.fits[1:] else parameter.fits[0]
        return f"{title(parameter.name)} can hold {known}, but not {value.type}."
    return _why_not_params(catalog, value, spec.parameters, depth)


def _why_not_params(catalog: Lookup, value: KerasObject, parameters: Iterable[Parameter], depth: int) -> str | None:
    if depth > _DEPTH:
        return f"{value.type} holds objects inside objects more than {_DEPTH} deep."
    known = {parameter.name: parameter for parameter in parameters}
    for name, item in value.params.items():
        if name not in known:
            return f"{value.type} has no parameter called {name}."
        reason = why_not_value(catalog, known[name], item, depth + 1)
        if reason:
            return f"{value.type}: {reason}"
    missing = [name for name, parameter in known.items() if parameter.is_required and name not in value.params]
    return f"{value.type} needs a value for {missing[0].replace('_', ' ')}." if missing else None
