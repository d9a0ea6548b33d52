"""Values as people type them, and back: "3, 3" for a kernel size, "1/255" for a scale, "28, 28, 1" for a shape.

``read`` never fails: text that means nothing comes back as the text itself, and the catalog's own sentence then tells
what was expected. ``written`` gives a text that ``read`` turns into the same value.
"""

from __future__ import annotations

import ast
import json
import math
import re
from fractions import Fraction
from typing import Final

from studio.catalog.spec import Parameter
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value

_NONE: Final = frozenset(["", "none"])
_IN_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(\s\d{3})+")
"""Whole numbers with spaces between the thousands, narrow ones too, as many people write them."""
_LONGEST: Final = 20_000
"""Characters. Nobody types more, and Python's parser must not be fed without bound."""


def read(parameter: Parameter, text: str) -> Value:
    """The value that ``text`` means for ``parameter``; the text itself where it means nothing."""
    text = text.strip()
    if text.startswith("=") and text[1:].strip().isidentifier():
        return ParameterRef(text[1:].strip())
    if text.lower() in _NONE and ("text" not in (parameter.kind, *parameter.also) or parameter.allows_none or text):
        return None
    for kind in (parameter.kind, *parameter.also):
        try:
            return _READERS[kind](parameter, text)
        except (ValueError, SyntaxError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
            continue
    return text


def written(parameter: Parameter, value: Value) -> str:
    """``value`` as it stands in its field; None is an empty field."""
    if value is None:
        return ""
    if isinstance(value, ParameterRef):
        return f"= {value.name}"
    if isinstance(value, bool):
        return str(value) if parameter.kind == "array" else "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**40 else f"{float('inf') if value > 0 else -float('inf')}"
    if isinstance(value, str):
        return _text(parameter, value)
    if isinstance(value, tuple) and parameter.kind in ("shape", "ints", "axis", "float"):
        items = ", ".join(literal(item) for item in value)
        if len(value) > 1 or (parameter.kind == "shape" and value and value[0] is not None):
            return items
        return f"({items},)" if value else "()"
    return literal(value)


def literal(value: Value) -> str:
    """Any value on one line, close to Python: ``[1, 2]``, ``{"a": 1}``, ``LSTMCell(units=8)``."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, KerasObject):
        return f"{value.type}({', '.join(f'{name}={literal(item)}' for name, item in value.params.items())})"
    if isinstance(value, Dictionary):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {literal(item)}" for key, item in value.items.items())
            + "}"
        )
    if isinstance(value, ParameterRef):
        return f"parameter({literal(value.name)})"
    return repr(value)


def parse(text: str) -> Value:
    """The value of a text as ``literal`` writes it. ValueError or SyntaxError if it is none."""
    if len(text) > _LONGEST:
        raise ValueError("too long")
    return _value(ast.parse(text, mode="eval").body)


def _value(tree: ast.expr) -> Value:
    match tree:
        case ast.Constant(value=float() as constant) if math.isinf(constant):
            raise ValueError("a number that is too large, such as 1e400")
        case ast.Constant(value=None | bool() | int() | float() | str()):
            return tree.value  # type: ignore[return-value]
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values):
            names = [_value(key) if key is not None else None for key in keys]
            if not all(isinstance(name, str) for name in names):
                raise ValueError("the keys of a dictionary are texts")
            return Dictionary(dict(zip(map(str, names), map(_value, values), strict=True)))
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _value(operand)
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise ValueError("only a number has a sign")
            return -number if isinstance(sign, ast.USub) else number
        case ast.Name(id="nan" | "inf" as name):
            return float(name)
        case ast.Call(func=ast.Name(id="parameter"), args=[ast.Constant(value=str(name))], keywords=[]):
            return ParameterRef(name)
        case ast.Call(func=ast.Name(id=name), args=[], keywords=keywords):
            if any(keyword.arg is None for keyword in keywords):
                raise ValueError("parameters have names")
            return KerasObject(name, {str(keyword.arg): _value(keyword.value) for keyword in keywords})
    raise ValueError("not a value")


def _number(value: float) -> str:
    text = repr(value)
    if len(text) > 8 and math.isfinite(value) and 0 < abs(value) < 0.1:
        fraction = Fraction(value).limit_denominator(1000)
        if abs(fraction.numerator) == 1 and float(fraction) == value:
            return f"{fraction.numerator}/{fraction.denominator}"
    return text


def _text(parameter: Parameter, value: str) -> str:
    has_two_readings = value.strip() != value or value.lower() in _NONE or value.startswith(("=", '"'))
    is_plain = parameter.kind in ("text", "choice", "dtype", "activation", "code")
    return literal(value) if has_two_readings or not (is_plain or read(parameter, value) == value) else value


def _read_int(_parameter: Parameter, text: str) -> Value:
    if _IN_THOUSANDS.fullmatch(text):
        text = re.sub(r"\s", "", text)
    return int(text)  # "3 3" is none: it is no number, but two


def _read_float(parameter: Parameter, text: str) -> Value:
    if 2 in parameter.lengths and ("," in text or text.startswith(("(", "["))):
        value = parse(text if text.startswith(("(", "[")) else f"({text},)")
        items = value if isinstance(value, tuple) else ()
        return tuple(float(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in items)
    if re.fullmatch(r"[-+]?\d+,\d+", text):  # a decimal comma
        text = text.replace(",", ".")
    if text.endswith("%"):
        return _float(text[:-1]) / 100
    if "/" in text:
        above, below = text.split("/")
        return _float(above) / _float(below)
    return _float(text)


def _float(text: str) -> float:
    """Infinity only where it is meant: 1e400 is a slip."""
    number = float(text)
    if math.isinf(number) and "inf" not in text.lower():
        raise OverflowError
    return number


def _read_bool(_parameter: Parameter, text: str) -> Value:
    return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower(), text)


def _read_text(_parameter: Parameter, text: str) -> Value:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return str(json.loads(text))
    return text


def _read_choice(parameter: Parameter, text: str) -> Value:
    if text in parameter.choices:
        return text
    raise ValueError("none of the choices")


def _read_ints(_parameter: Parameter, text: str) -> Value:
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    text = re.sub(r"[x×;]", ",", text)  # "3 x 3"
    value = parse(text if text.startswith(("(", "[")) and _is_whole(text) else f"({text.rstrip(',')},)")
    if isinstance(value, tuple):
        return value
    raise ValueError("no numbers")


def _read_shape(_parameter: Parameter, text: str) -> Value:
    text = re.sub(r"\b[Nn]one\b|\?", "None", re.sub(r"[x×;]", ",", text))
    value = parse(text if text.startswith(("(", "[")) else f"({text.rstrip(',')},)")
    if isinstance(value, tuple):
        return value
    return (value,)


def _is_whole(text: str) -> bool:
    """Whether the bracket that opens ``text`` closes at its end: "(1, 2)", but not "(1, 1), (2, 2)"."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0:
            return place == len(text) - 1
    return False


def _read_literal(_parameter: Parameter, text: str) -> Value:
    return parse(text)


def _read_array(parameter: Parameter, text: str) -> Value:
    """A number, a fraction such as 1/255, or rows of numbers, with brackets or without."""
    if "," in text or "(" in text or "[" in text:
        return parse(text if text.startswith(("(", "[")) else f"({text},)")
    try:
        return _read_int(parameter, text)
    except ValueError:
        return _read_float(parameter, text)


_READERS: Final = {
    "int": _read_int,
    "float": _read_float,
    "bool": _read_bool,
    "text": _read_text,
    "choice": _read_choice,
    "ints": _read_ints,
    "shape": _read_shape,
    "dtype": _read_text,
    "axis": _read_ints,
    "activation": _read_text,
    "initializer": _read_literal,
    "regularizer": _read_literal,
    "constraint": _read_literal,
    "layer": _read_literal,
    "list": _read_literal,
    "dict": _read_literal,
    "seed": _read_int,
    "code": _read_text,
    "file": _read_text,
    "array": _read_array,
    "slice": _read_text,
}
