"""Parameter values as JSON and back.

JSON has no tuple, no NaN and no classes: a tuple is a list, and an object with one key that begins with ``$`` stands
for the rest: ``{"$object": "HeNormal", "params": {...}}``, ``{"$parameter": "filters"}``, ``{"$dict": {...}}``,
``{"$float": "nan"}``, and ``{"$int": "..."}`` for whole numbers that other JSON readers would round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value
from studio.storage.errors import ProjectFileError
from studio.storage.fields import check_name, check_text, kind_of
from studio.storage.plain import MAX_DEPTH, MAX_INTEGER

MAX_DIGITS = 400
MAX_ITEMS = 10_000
"""A longer list is data, not a parameter: writing a million numbers as code would hold the window for seconds."""

_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode(value: Value, where: str) -> Any:
    """The JSON of a value. ``where`` names it in the error for text that could not be read again."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MAX_INTEGER else {"$int": _digits(value, where)}
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return {"$float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
    if isinstance(value, str):
        return check_text(value, where)
    if isinstance(value, tuple):
        return [encode(item, where) for item in value]
    if isinstance(value, KerasObject):
        plain: dict[str, Any] = {"$object": check_name(value.type, where)}
        if value.params:
            plain["params"] = encode_all(value.params, where)
        return plain
    if isinstance(value, ParameterRef):
        return {"$parameter": check_name(value.name, where)}
    if isinstance(value, Dictionary):
        return {"$dict": encode_all(value.items, where)}
    raise ProjectFileError(f"{where} holds a value that a project file cannot hold.")


def encode_all(values: Mapping[str, Value], where: str) -> dict[str, Any]:
    """The JSON of named values, in the order of their names, so that the bytes do not depend on history."""
    return {check_name(name, where): encode(values[name], f"{where}.{name}") for name in sorted(values)}


def _digits(value: int, where: str) -> str:
    if value.bit_length() > 3 * MAX_DIGITS:
        raise ProjectFileError(f"{where} has too many digits for a project file.")
    return str(value)


def decode(plain: Any, where: str, depth: int = 0) -> Value:
    """The value that a piece of JSON stands for."""
    if plain is None or isinstance(plain, bool | int | float):
        return plain
    if isinstance(plain, str):
        return check_text(plain, where)
    if depth > MAX_DEPTH:
        raise ProjectFileError(f"{where} is nested more than {MAX_DEPTH} levels deep.")
    if isinstance(plain, list):
        if len(plain) > MAX_ITEMS:
            raise ProjectFileError(f"{where} holds {len(plain):,} entries; at most {MAX_ITEMS:,} are allowed.")
        return tuple([decode(item, where, depth + 1) for item in plain])
    if isinstance(plain, dict):
        return _decode_object(plain, where, depth)
    raise ProjectFileError(f"{where} holds {kind_of(plain)}, which is no value.")


def decode_all(plain: object, where: str, depth: int = 0) -> dict[str, Value]:
    """The named values in a JSON object."""
    if not isinstance(plain, dict):
        raise ProjectFileError(f"{where} must be an object, but it is {kind_of(plain)}.")
    values: dict[str, Value] = {}
    for name, item in plain.items():
        check_name(name, f"a key of {where}")
        values[name] = item if type(item) is int else decode(item, f"{where}.{name}", depth)
    return values


def _decode_object(plain: dict[str, Any], where: str, depth: int) -> Value:
    keys = set(plain)
    if "$object" in keys and keys <= {"$object", "params"}:
        params = decode_all(plain.get("params", {}), f"{where}.params", depth + 1)
        return KerasObject(_word(plain, "$object", where), params)
    if keys == {"$parameter"}:
        return ParameterRef(_word(plain, "$parameter", where))
    if keys == {"$dict"}:
        return Dictionary(decode_all(plain["$dict"], f"{where}.$dict", depth + 1))
    if keys == {"$float"}:
        word = _word(plain, "$float", where)
        if word in _FLOATS:
            return _FLOATS[word]
    if keys == {"$int"}:
        word = _word(plain, "$int", where)
        digits = word.removeprefix("-")
        # isdigit alone takes other scripts' digits; "007" or a short number would not come back byte for byte.
        if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS:
            number = int(word)
            if abs(number) > MAX_INTEGER and str(number) == word:
                return number
    raise ProjectFileError(f"{where} holds an object that is no value.")


def _word(plain: dict[str, Any], key: str, where: str) -> str:
    word = plain[key]
    if not isinstance(word, str):
        raise ProjectFileError(f"{where}.{key} must be text, but it is {kind_of(word)}.")
    return check_name(word, f"{where}.{key}")
