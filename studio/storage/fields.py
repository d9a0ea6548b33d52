"""Asking a JSON object for its parts; every mistake is told with the key where it stands."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import Any, Final

from studio.core.naming import TURNING
from studio.storage.errors import ProjectFileError
from studio.storage.plain import MAX_DEPTH, shown

MAX_NAME = 1_000
MAX_TEXT = 64 * 1024
MAX_CODE = 256 * 1024

_MISSING: Final = object()
# Cc control, Cs surrogates, Zl and Zp line breaks that would split a line of code.
_ODD_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_ ./-]*\Z")


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names: dict[type, str] = {int: "a whole number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")


def check_name(text: str, where: str, longest: int = MAX_NAME) -> str:
    """``text`` itself, if it may be shown as a name: no control characters, none that turn the direction of text."""
    if len(text) > longest:
        raise ProjectFileError(f"{where} is longer than {longest:,} characters.")
    if _PLAIN_NAME.match(text):
        return text
    for character in text:
        if character in _BIDI or unicodedata.category(character) in _ODD_CATEGORIES:
            raise ProjectFileError(f"{where} holds the invisible character U+{ord(character):04X}.")
    return text


def check_text(text: str, where: str, longest: int = MAX_TEXT) -> str:
    """``text`` itself, if it is not too long and holds neither NUL nor half a surrogate pair."""
    if len(text) > longest:
        raise ProjectFileError(f"{where} is longer than {longest:,} characters.")
    if NO_TEXT.search(text):
        raise ProjectFileError(f"{where} holds a character that no text may hold.")
    return text


def check_code(text: str, where: str) -> str:
    """``text`` itself, if it is a text and shows a reader the same code that Python sees."""
    check_text(text, where, MAX_CODE)
    found = TURNING.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise ProjectFileError(
            f"{where}, line {line}, holds the invisible character U+{ord(found[0]):04X}, which makes code look"
            " otherwise than it runs."
        )
    return text


def check_code_name(text: str, where: str) -> str:
    """``text`` itself, if code may be called so: a name that is no word of Python's own."""
    if keyword.iskeyword(check_name(text, where)):
        raise ProjectFileError(f"{where} is {text}, a word of Python's own, so no code can be called that.")
    return text


def check_free(value: Any, where: str, depth: int = 0) -> Any:
    """``value`` itself: JSON of a newer version that is kept as it is, within the limits of depth and text."""
    if depth > MAX_DEPTH:
        raise ProjectFileError(f"{where} is nested more than {MAX_DEPTH} levels deep.")
    if isinstance(value, str):
        check_text(value, where)
    elif isinstance(value, list):
        for item in value:
            check_free(item, where, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key, where)
            check_free(item, where, depth + 1)
    return value


class Fields:
    """One JSON object. Each part is taken once; what was never asked for is what a newer version wrote (``rest``)."""

    __slots__ = ("_left", "where")

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ProjectFileError(f"{where} must be an object, but it is {kind_of(value)}.")
        self._left: dict[str, Any] = dict(value)
        self.where = where

    def take(self, key: str, default: Any = _MISSING) -> Any:
        """The part as it stands. Without a default it must be there."""
        value = self._left.pop(key, default)
        if value is _MISSING:
            raise ProjectFileError(f"{self.at(key)} is missing.")
        return value

    def at(self, key: str) -> str:
        """Where the part stands, for a message."""
        return f"{self.where}.{key}" if self.where else key

    def refuse(self, key: str, expected: str, value: object) -> ProjectFileError:
        """The error that says what was expected under ``key`` and what stands there."""
        return ProjectFileError(f"{self.at(key)} must be {expected}, but it is {kind_of(value)}.")

    def name(self, key: str, default: Any = _MISSING, *, may_be_empty: bool = False) -> str:
        """A short text that is shown as a name."""
        value = self.take(key, default)
        if type(value) is str and value and len(value) <= MAX_NAME and _PLAIN_NAME.match(value):
            return value  # as nearly all are: nobody needs to know where it stands
        if type(value) is not str:
            raise self.refuse(key, "text", value)
        if not value and not may_be_empty:
            raise ProjectFileError(f"{self.at(key)} is empty.")
        return check_name(value, self.at(key))

    def optional_name(self, key: str) -> str | None:
        """A name, or None where there is none."""
        return None if self._left.get(key) is None and self.take(key, None) is None else self.name(key)

    def text(self, key: str, default: Any = _MISSING, longest: int = MAX_TEXT) -> str:
        """A text of any lines."""
        value = self.take(key, default)
        if type(value) is not str:
            raise self.refuse(key, "text", value)
        return check_text(value, self.at(key), longest)

    def optional_text(self, key: str) -> str | None:
        """A text, or None where there is none."""
        return None if self._left.get(key) is None and self.take(key, None) is None else self.text(key)

    def number(self, key: str, default: Any = _MISSING) -> float:
        """A finite number, as a float."""
        value = self.take(key, default)
        if type(value) is not float and type(value) is not int:
            raise self.refuse(key, "a number", value)
        return float(value)

    def integer(self, key: str, default: Any = _MISSING, *, low: int = 0) -> int:
        """A whole number that is at least ``low``."""
        value = self.take(key, default)
        if type(value) is not int:
            raise self.refuse(key, "a whole number", value)
        if value < low:
            raise ProjectFileError(f"{self.at(key)} must be at least {low}, but it is {value}.")
        return value

    def flag(self, key: str, default: Any = _MISSING) -> bool:
        """True or false."""
        value = self.take(key, default)
        if type(value) is not bool:
            raise self.refuse(key, "true or false", value)
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: Any = _MISSING) -> str:
        """One of a few words."""
        value = self.take(key, default)
        if type(value) is not str or value not in choices:
            told = shown(value) if isinstance(value, str) else kind_of(value)
            raise ProjectFileError(f"{self.at(key)} must be one of {', '.join(choices)}, but it is {told}.")
        return value

    def items(self, key: str, default: Any = _MISSING, *, most: int = 100_000) -> list[Any]:
        """A list, of anything."""
        value = self.take(key, default)
        if type(value) is not list:
            raise self.refuse(key, "a list", value)
        if len(value) > most:
            raise ProjectFileError(f"{self.at(key)} holds {len(value):,} entries; at most {most:,} are allowed.")
        return value

    def texts(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        """A list of texts."""
        return text_tuple(self.items(key, default), self.at(key))

    def mapping(self, key: str, default: Any = _MISSING) -> dict[str, Any]:
        """An object with names as keys and anything as values."""
        value = self.take(key, default)
        if type(value) is not dict:
            raise self.refuse(key, "an object", value)
        for name in value:
            check_name(name, f"a key of {self.at(key)}")
        return value

    def rest(self) -> dict[str, Any]:
        """The parts that nobody asked for, checked and kept."""
        for key, value in self._left.items():
            check_name(key, f"a key of {self.where or 'the project'}")
            check_free(value, self.at(key))
        return self._left


def text_tuple(values: object, where: str) -> tuple[str, ...]:
    """A JSON list of texts as a tuple: columns and classes, which are called what a data file calls them."""
    if type(values) is not list:
        raise ProjectFileError(f"{where} must be a list, but it is {kind_of(values)}.")
    for index, value in enumerate(values):
        if type(value) is not str:
            raise ProjectFileError(f"{where}[{index}] must be text, but it is {kind_of(value)}.")
        check_text(value, f"{where}[{index}]")
    return tuple(values)
