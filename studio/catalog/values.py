"""The values that a parameter can have: a closed set, so that nothing else can ever reach a file or generated code.

``None``, ``bool``, ``int``, ``float``, ``str``, a tuple of values, and the three types below. Plain JSON lists are
read as tuples. All are immutable by convention: a mapping inside a value is never changed after it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import TypeAlias, Union

from studio.immutable import immutable


@immutable
class KerasObject:
    """A configured object of Keras: an initializer, regularizer, loss, optimizer, callback or inner layer.

    ``type`` is the public class name ("HeNormal"); the catalog knows the module by the place where it stands. The name
    of a snippet stands there for code of the person's own.
    Only parameters that differ from Keras's defaults are kept.
    """

    type: str
    params: Mapping[str, Value] = field(default_factory=dict)


@immutable
class ParameterRef:
    """A value that is taken from the parameter ``name`` of the block in which it stands."""

    name: str


@immutable
class Dictionary:
    """A dictionary with text keys, for the few Keras parameters that take one."""

    items: Mapping[str, Value] = field(default_factory=dict)


Value: TypeAlias = Union[bool, int, float, str, "tuple[Value, ...]", KerasObject, ParameterRef, Dictionary, None]


def within(value: Value) -> Iterator[Value]:
    """The value itself and all that stand in it, the outer ones first."""
    yield value
    inner: Iterable[Value]
    if isinstance(value, tuple | list):
        inner = value
    elif isinstance(value, KerasObject):
        inner = value.params.values()
    elif isinstance(value, Dictionary):
        inner = value.items.values()
    else:
        return
    for each in inner:
        yield from within(each)


def rebuilt(value: Value, change: Callable[[Value], Value]) -> Value:
    """The value with what ``change`` makes of it and of all that stand in it, the inner ones first."""
    if isinstance(value, tuple):
        value = tuple(rebuilt(each, change) for each in value)
    elif isinstance(value, KerasObject):
        value = KerasObject(value.type, {key: rebuilt(each, change) for key, each in value.params.items()})
    elif isinstance(value, Dictionary):
        value = Dictionary({key: rebuilt(each, change) for key, each in value.items.items()})
    return change(value)


def references_in(value: Value) -> Iterator[str]:
    """The names of all block parameters that a value refers to."""
    return (each.name for each in within(value) if isinstance(each, ParameterRef))


def types_in(value: Value) -> Iterator[str]:
    """The types of all objects in a value."""
    return (each.type for each in within(value) if isinstance(each, KerasObject))
