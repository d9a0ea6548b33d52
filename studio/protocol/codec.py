"""Messages to lines of JSON and back. What comes in is checked against the message's own types."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from studio.protocol import messages
from studio.protocol.lines import ProtocolError
from studio.protocol.messages import Message

Reader = Callable[[Any, str], Any]
"""Takes a JSON value and the name of the place where it stands; gives the typed value or raises ProtocolError."""


def encode(message: Message) -> bytes:
    """The message as one line, with its newline. NaN and infinity are legal: a diverged loss is a value."""
    fields: dict[str, Any] = {"tag": type(message).__name__}
    fields.update(_fields(message))
    # ensure_ascii also escapes lone surrogates and U+2028, so that any text survives and a line stays one line.
    return json.dumps(fields, default=_fields, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> Message:
    """The message of a line. Unknown fields are ignored; anything else that does not fit raises ProtocolError."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not a line of JSON: {error}") from error
    if not isinstance(value, dict):
        raise ProtocolError("not a JSON object")
    tag = value.get("tag")
    message_type = _MESSAGES.get(tag) if isinstance(tag, str) else None
    if message_type is None:
        raise ProtocolError(f"unknown tag {tag!r}")
    message: Message = _reader(message_type)(value, str(tag))
    return message


def _fields(value: Any) -> dict[str, Any]:
    record = type(value)
    names = _FIELD_NAMES.get(record)
    if names is None:
        if isinstance(value, Mapping):
            return dict(value)
        names = _FIELD_NAMES[record] = tuple(field.name for field in dataclasses.fields(value))
    return {name: getattr(value, name) for name in names}


@cache
def _reader(hint: Any) -> Reader:
    """The function that reads a value of the annotated type ``hint``."""
    if hint is Any:
        return lambda value, where: value
    if dataclasses.is_dataclass(hint):
        return _record_reader(typing.cast(type, hint))
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal_reader(arguments)
    if origin in (Union, types.UnionType):
        return _optional_reader(next(argument for argument in arguments if argument is not type(None)))
    if origin is tuple:
        return _list_reader(arguments[0]) if arguments[-1] is Ellipsis else _row_reader(arguments)
    if origin is Mapping:
        return _mapping_reader(arguments[1])
    return _plain_reader(hint)


def _plain_reader(kind: type) -> Reader:
    def read(value: Any, where: str) -> Any:
        if kind is float and type(value) is int:
            try:
                return float(value)
            except OverflowError as error:
                raise ProtocolError(f"{where}: the number is too large") from error
        if type(value) is not kind:
            raise ProtocolError(f"{where}: expected {kind.__name__}, got {type(value).__name__}")
        return value

    return read


def _literal_reader(choices: tuple[Any, ...]) -> Reader:
    def read(value: Any, where: str) -> Any:
        if value not in choices:
            raise ProtocolError(f"{where}: {value!r} is none of {', '.join(map(repr, choices))}")
        return value

    return read


def _optional_reader(hint: Any) -> Reader:
    inner = _reader(hint)
    return lambda value, where: None if value is None else inner(value, where)


def _list_reader(hint: Any) -> Reader:
    inner = _reader(hint)

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise ProtocolError(f"{where}: expected a list")
        return tuple(inner(item, where) for item in value)

    return read


def _row_reader(hints: tuple[Any, ...]) -> Reader:
    inner = tuple(_reader(hint) for hint in hints)

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, list) or len(value) != len(inner):
            raise ProtocolError(f"{where}: expected a list of {len(inner)}")
        return tuple(reader(item, where) for reader, item in zip(inner, value, strict=True))

    return read


def _mapping_reader(hint: Any) -> Reader:
    inner = _reader(hint)

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise ProtocolError(f"{where}: expected an object")
        return {key: inner(item, where) for key, item in value.items()}

    return read


def _record_reader(record: type) -> Reader:
    hints = typing.get_type_hints(record)
    rows = [
        (field.name, _reader(hints[field.name]), _is_required(field), f"{record.__name__}.{field.name}")
        for field in dataclasses.fields(record)
    ]

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise ProtocolError(f"{where}: expected an object")
        found: dict[str, Any] = {}
        for name, reader, is_required, place in rows:
            if name in value:
                found[name] = reader(value[name], place)
            elif is_required:
                raise ProtocolError(f"{place} is missing")
        return record(**found)

    return read


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


_FIELD_NAMES: dict[type, tuple[str, ...]] = {}
_MESSAGES: dict[str, type] = {kind.__name__: kind for kind in get_args(messages.Message)}
