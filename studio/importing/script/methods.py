"""Methods of lists, dictionaries and texts in a script, and what a lookup says of its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studio.importing.script import arrays, constants, data, lookups
from studio.importing.script.arrays import Array
from studio.importing.script.constants import NoResult, Several, as_set
from studio.importing.script.data import Data
from studio.importing.script.things import MadeLayer, Method, NotPlain, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

_LIST_METHODS = frozenset({
    "append", "extend", "insert", "pop", "reverse", "index", "count", "copy", "clear", "remove", "sort",
})  # fmt: skip
_DICT_METHODS = frozenset({
    "get", "items", "keys", "values", "update", "copy", "setdefault", "pop", "popitem", "clear",
})  # fmt: skip
_OF_ONE = frozenset({"add", "discard", "remove"})
_SET_CHANGES = _OF_ONE | {"update", "clear", "difference_update", "intersection_update"}
_SET_METHODS = _SET_CHANGES | {"union", "intersection", "difference", "issubset", "issuperset", "isdisjoint", "copy"}
UNKNOWN = object()
"""Nothing here has such a method."""


def of_plain(reader: Calling, method: Method, args: list[Thing], kwargs: Mapping[str, Thing], line: int) -> Thing:
    """What a method of a plain value gives; UNKNOWN for all others."""
    owner, name = method.owner, method.name
    if isinstance(owner, Data):
        found = data.method(owner, name, args, kwargs)
        return Unclear(line, owner.reason) if found is None else found
    if isinstance(owner, Array):
        try:
            return arrays.method(owner, name, args, kwargs)
        except NoResult as error:
            raise NotPlain(line, f"This cannot be worked out: {error}.") from None
    if isinstance(owner, Several):
        return _of_set(reader, owner, name, [reader.plain(each) for each in args], line)
    if isinstance(owner, list) and name in _LIST_METHODS:
        reader.change(owner, line)
        if name == "extend":
            args = [reader.many(each, line) for each in args]
        reader.limit_all(args, line, None if name in ("extend", "index", "count") else owner)
        return _tried(lambda: getattr(owner, name)(*args, **kwargs), line)
    if isinstance(owner, dict) and name in _DICT_METHODS:
        if name not in ("get", "items", "keys", "values", "copy"):
            reader.change(owner, line)
            reader.limit_all([*args, *kwargs.values()], line, owner)
        found = _tried(lambda: getattr(owner, name)(*args, **kwargs), line)
        return reader.run.own(list(found)) if name in ("items", "keys", "values") else found
    if isinstance(owner, str):
        unclear = next((each for each in [*args, *kwargs.values()] if isinstance(each, Unclear)), None)
        if unclear is not None:
            return unclear
        plain = {key: reader.plain(each) for key, each in kwargs.items()}
        try:
            return reader.run.own(constants.text_method(owner, name, [reader.plain(each) for each in args], plain))
        except NoResult as error:
            raise NotPlain(line, f"This text cannot be worked out: {error}.") from None
    if isinstance(owner, MadeLayer) and not args and not kwargs and (told := lookups.answer(owner, name)) is not None:
        return reader.run.own(told)
    return UNKNOWN


def _of_set(reader: Calling, owner: Several, name: str, args: list[Thing], line: int) -> Thing:
    """A method of a set."""
    if name not in _SET_METHODS or any(isinstance(each, Unclear) for each in args):
        raise NotPlain(line, f"What {name} makes of a set is known only when the script runs.")
    given = [each if name in _OF_ONE else reader.many(each, line) for each in args]
    found = set(owner)
    result = _tried(lambda: getattr(found, name)(*given), line)
    if name in _SET_CHANGES:
        reader.change(owner, line)
        owner[:] = as_set([*(each for each in owner if each in found), *(each for each in found if each not in owner)])
        return result
    return reader.run.own(as_set(result)) if isinstance(result, set) else result


def _tried(work: Any, line: int) -> Thing:
    try:
        return work()
    except (IndexError, KeyError, OverflowError, TypeError, ValueError):
        raise NotPlain(line, "There is no such entry.") from None
