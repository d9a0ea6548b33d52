"""What nearly everything here is made of: values that are compared by what they hold and that nobody changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(made: type[_Value]) -> type[_Value]:
    """A dataclass with slots, equality, hash and repr, that nobody changes: mypy holds that, not Python.

    The two things that ``dataclass(frozen=True, slots=True)`` does and this does not are dear. Python's own check makes
    a value take nearly twice as long to create, and a script of 1,000 nodes is some 8,000 of them. And its six methods
    are written as text and compiled when the class is made: for the hundred classes that the window starts with that
    took a tenth of the start. Here only ``__init__`` is; the others are the same few closures for all classes.
    """
    own = set(vars(made))
    cls = dataclass(slots=True, repr=False, eq=False)(made)
    there = fields(cls)  # type: ignore[arg-type]
    compared = _getter([each.name for each in there if each.compare])
    hashed = _getter([each.name for each in there if (each.compare if each.hash is None else each.hash)])
    shown = [each.name for each in there if each.repr]

    def is_equal(self: Any, other: object) -> Any:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    def hash_of(self: Any) -> int:
        return hash(hashed(self))

    def text_of(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    if "__eq__" not in own:
        cls.__eq__ = is_equal  # type: ignore[method-assign]
    if "__hash__" not in own or vars(made)["__hash__"] is None:
        cls.__hash__ = hash_of  # type: ignore[method-assign]
    if "__repr__" not in own:
        cls.__repr__ = text_of  # type: ignore[method-assign]
    return cls


def _getter(names: list[str]) -> Callable[[Any], object]:
    """What is compared: a tuple, as that of a dataclass, so that an entry equals itself even where it is no number."""
    match names:
        case []:
            return lambda _: ()
        case [name]:
            one = attrgetter(name)
            return lambda each: (one(each),)
        case _:
            return attrgetter(*names)
