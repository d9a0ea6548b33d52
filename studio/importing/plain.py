"""Strict JSON of a stranger, and texts of his as they may stand in a project."""

from __future__ import annotations

import json
import math
import re
import struct
import unicodedata
from typing import Any

from studio.importing.errors import ModelFileError

MAX_BYTES = 32 * 1024 * 1024
"""As for project files. The config of NASNetLarge has 1 MB."""
MAX_LAYERS = 20_000
"""Layers of all models in a file together, as in a project file."""
MOST_CLASSES = 10 * MAX_LAYERS
"""Names of classes: those of layers, initializers, tensors. A file with more takes seconds to be read as JSON."""
TOO_MANY = f"The model has more than {MAX_LAYERS:,} layers."
MAX_DEPTH = 150
"""Levels of objects and lists. A layer stands about 5 levels deep, and each nested model adds 4."""
MAX_ITEMS = 10_000
"""Entries of a list that is a parameter: more is data, and a project file would refuse it."""
MAX_TEXT = 64 * 1024
MAX_NAME = 1_000

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_ODD = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_MAX_DIGITS = 360
"""Of a whole number; a project file holds those of 1,200 bits."""


def parse(text: str | bytes) -> dict[str, Any]:
    """The JSON object in ``text``. NaN and Infinity are let in: Keras writes them."""
    if len(text) > MAX_BYTES:
        raise ModelFileError("The model's description is larger than 32 MB, which no network needs.")
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        if decoded.count('"inbound_nodes"') > MAX_LAYERS or decoded.count('"class_name"') > MOST_CLASSES:
            raise ModelFileError(TOO_MANY)
        plain = json.loads(decoded, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError:
        raise ModelFileError("The file is neither a model of Keras nor JSON.") from None
    except RecursionError:
        raise ModelFileError("The model's description is nested too deeply.") from None
    except json.JSONDecodeError as error:
        if not decoded.strip():
            raise ModelFileError("The file is empty.") from None
        if decoded.lstrip()[0] not in "{[":
            raise ModelFileError("The file is neither a model of Keras nor JSON.") from None
        raise ModelFileError(
            f"The model's description is not complete JSON: line {error.lineno}, column {error.colno} cannot be read."
        ) from None
    if not isinstance(plain, dict):
        raise ModelFileError("The file is JSON, but it describes no model: it must hold one object.")
    refuse_deep(plain)
    return plain


def refuse_deep(plain: object) -> None:
    """ModelFileError for JSON that is nested too deeply to be walked through."""
    level = [plain]
    for _ in range(MAX_DEPTH):
        inside: list[object] = []
        for outer in level:
            items = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list | tuple) else ()
            inside += [item for item in items if isinstance(item, dict | list | tuple)]
        if not inside:
            return
        level = inside
    raise ModelFileError("The model's description is nested too deeply.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise ModelFileError("The model's description has a key twice in the same object.")
    return plain


def _integer(digits: str) -> int:
    # int() of a million digits is slow, and refused by Python above 4,300.
    if len(digits) > _MAX_DIGITS:
        raise ModelFileError(f"The model's description holds a whole number of {len(digits):,} digits.")
    return int(digits)


def as_written(number: float) -> float:
    """The short number that float32 made a long one of: 0.1 for 0.10000000149011612; others stay as they are."""
    short = float(f"{number:.6g}")
    try:
        is_rounded = struct.unpack("f", struct.pack("f", number)) == (number,)
        return short if is_rounded and struct.pack("f", short) == struct.pack("f", number) else number
    except OverflowError:
        return number


def shown(text: object, longest: int = 60) -> str:
    """A stranger's text as it may stand in a sentence: short, on one line, every odd character a question mark."""
    plain = text if isinstance(text, str) else str(type(text).__name__)
    plain = plain if len(plain) <= longest else plain[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return "".join(character if character.isprintable() else "?" for character in plain)


def clean(text: object, longest: int) -> str:
    """A stranger's text as a name: printable, no spaces around it, not too long; may come out empty."""
    if not isinstance(text, str):
        return ""
    return "".join(character for character in text[: longest * 4] if character.isprintable()).strip()[:longest].strip()


def is_text(text: str) -> bool:
    """Whether a project file can hold this text as a value."""
    return len(text) <= MAX_TEXT and _NO_TEXT.search(text) is None


def is_key(text: str) -> bool:
    """Whether a project file can hold this text as the name of a value."""
    if text.isascii() and text.isprintable():
        return len(text) <= MAX_NAME
    return len(text) <= MAX_NAME and not any(
        character in _BIDI or unicodedata.category(character) in _ODD for character in text
    )


def kept(plain: Any, depth: int = 0) -> Any:
    """JSON that is kept as it is in a project file; ValueError where such a file could not hold it."""
    if depth > 40:
        raise ValueError("It is nested too deeply.")
    if isinstance(plain, dict):
        if not all(isinstance(key, str) and is_key(key) for key in plain):
            raise ValueError("It has names that a project file cannot hold.")
        return {key: kept(item, depth + 1) for key, item in plain.items()}
    if isinstance(plain, list | tuple):
        if len(plain) > MAX_ITEMS:
            raise ValueError(f"It has {len(plain):,} entries; a project file holds {MAX_ITEMS:,}.")
        return [kept(item, depth + 1) for item in plain]
    if isinstance(plain, str) and not is_text(plain):
        raise ValueError("It is too long, or has characters that no text may hold.")
    if isinstance(plain, float) and not math.isfinite(plain):
        return str(plain)
    if isinstance(plain, int) and not isinstance(plain, bool) and abs(plain) > 2**53:
        return str(plain)
    if plain is None or isinstance(plain, str | int | float):
        return plain
    raise ValueError("It is no plain value.")
