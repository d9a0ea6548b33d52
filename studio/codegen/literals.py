"""How a value is written. Nothing of a project reaches generated text in any other way, so nothing becomes code."""

from __future__ import annotations

import math
import re
import unicodedata

from studio.catalog.values import Dictionary, Value

_EXPONENT = re.compile(r"e([+-])0*(\d)")


def literal(value: Value) -> str:
    """The Python expression for a plain value, as ``ruff format`` would write it.

    TypeError for what has no literal: a KerasObject or a ParameterRef, here or inside.
    """
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        # Python refuses to write very long whole numbers in decimal.
        return hex(value) if value.bit_length() > 4096 else str(int(value))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple | list):
        inside = ", ".join([literal(each) for each in value])
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, Dictionary):
        return "{" + ", ".join([f"{quoted(key)}: {literal(each)}" for key, each in value.items.items()]) + "}"
    raise TypeError(f"{type(value).__name__} is no plain value")


def _number(value: float) -> str:
    if math.isnan(value):
        return 'float("nan")'
    if math.isinf(value):
        return 'float("inf")' if value > 0 else 'float("-inf")'
    return _EXPONENT.sub(lambda match: f"e{'-' if match[1] == '-' else ''}{match[2]}", repr(float(value)))


def quoted(value: str) -> str:
    """The literal of a text: double quotes, or single ones where they save escapes.

    What cannot be shown is escaped, line ends included.
    """
    if value.isascii() and value.isidentifier():
        return f'"{value}"'
    written = repr(str(value))
    body, quote = written[1:-1], written[0]
    body = body.replace("\\'", "'") if quote == "'" else body
    if value.count('"') > value.count("'"):
        return "'" + body.replace("'", "\\'") + "'"
    return '"' + body.replace('"', '\\"') + '"'


def plain_line(text: str) -> str:
    """``text`` as one line of characters that can be shown, for comments and docstrings."""
    if not text.isprintable():
        text = "".join([letter if letter.isprintable() else " " for letter in text])
    return " ".join(text.split())


def docstring_line(text: str) -> str:
    """``text`` as one line between triple quotes, from which Python reads back the same text without spaces around it.

    What has no picture is written as its number: no character can end the line or turn it around.
    """
    line = _ENDING.sub(r"\\\g<0>", text.strip())
    if line.isprintable():
        return line
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in line
    )


_ENDING = re.compile(r'\\|(?<="")"|^"|"$')
"""What would end a docstring, or be read as something else in it."""


def width(text: str) -> int:
    """Columns that ``text`` takes, as ``ruff`` counts: wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1
        for letter in text
    )
