"""Strict JSON: what the standard library's reader lets through and a project file must not hold is refused here."""

from __future__ import annotations

import json
import math
from typing import Any

from studio.storage.errors import ProjectFileError

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64
MAX_INTEGER = 2**53
"""Beyond this other JSON readers lose digits; larger parameter values are written as text (``values``)."""


def parse(text: str) -> dict[str, Any]:
    """The JSON object in ``text``. ProjectFileError for anything else, for duplicate keys and numbers out of range.

    Nesting below ``MAX_DEPTH`` is checked by those who read free-form parts; here only what JSON's own reader
    cannot follow is refused.
    """
    try:
        plain = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
    except RecursionError:
        raise ProjectFileError("The file is nested too deeply to be a project.") from None
    except json.JSONDecodeError as error:
        raise ProjectFileError(
            f"The file is not complete JSON: line {error.lineno}, column {error.colno} cannot be read."
        ) from None
    if not isinstance(plain, dict):
        raise ProjectFileError("The file is JSON, but no project: it must hold one object.")
    return plain


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ProjectFileError(f"The key {shown(key)} stands twice in the same object.")
            seen.add(key)
    return plain


def _constant(name: str) -> Any:
    raise ProjectFileError(f"The file holds {name}, which is no number in JSON.")


def _integer(digits: str) -> int:
    # The length is looked at first: int() of a million digits is slow, and refused by Python above 4,300.
    if len(digits) > 17 or abs(number := int(digits)) > MAX_INTEGER:
        raise ProjectFileError(f"The whole number {digits[:20]} is too large for a project file.")
    return number


def _decimal(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ProjectFileError(f"The number {digits[:20]} is too large for a project file.")
    return number


def shown(text: str) -> str:
    """A stranger's text as it may stand in a message: short, on one line, every odd character escaped."""
    return ascii(text if len(text) <= 40 else text[:39] + "\N{HORIZONTAL ELLIPSIS}")
