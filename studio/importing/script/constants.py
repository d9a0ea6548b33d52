"""Arithmetic on the plain values of a script, with limits: nothing here can take long or fill the memory."""

from __future__ import annotations

import ast
import math
import operator
import re
import string
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from studio.importing.script.things import Known, MadeLayer, Network, Routine, Tensor, Thing

LARGEST_BITS = 4096
MOST_ITEMS = 20_000
LONGEST_TEXT = 64 * 1024
MOST_TEXT = 16 * LONGEST_TEXT
"""Characters and digits of all that stands in one list: as much as 20,000 words of fifty letters."""


class NoResult(Exception):
    """Why an operation gives nothing, as the end of a sentence."""


_BINARY: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.LShift: operator.lshift,
    ast.RShift: operator.rshift, ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.BitXor: operator.xor,
}  # fmt: skip
_UNARY: Mapping[type, Callable[[Any], Any]] = {
    ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Invert: operator.invert, ast.Not: operator.not_,
}  # fmt: skip
_COMPARE: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda one, other: one in other, ast.NotIn: lambda one, other: one not in other,
}  # fmt: skip


def is_plain(thing: Thing) -> bool:
    """Whether a thing is a number, a text, True, False or None."""
    return thing is None or isinstance(thing, bool | int | float | str)


def is_number(thing: Thing) -> bool:
    """Whether a thing is a number; True and False count as such, as they do in Python."""
    return isinstance(thing, int | float)


class Several(list[Thing]):
    """A set: each thing once, in the order of a walk through it."""


def binary(kind: type, one: Thing, other: Thing) -> Thing:
    """``one + other`` and the like; NoResult where Python would raise or where the result would be too large."""
    _refuse_large(kind, one, other)
    if isinstance(one, Several) and isinstance(other, Several):
        return limited(as_set(_tried(lambda: _BINARY[kind](dict.fromkeys(one).keys(), dict.fromkeys(other).keys()))))
    return limited(_tried(lambda: _BINARY[kind](one, other)))


def unary(kind: type, one: Thing) -> Thing:
    """``-one`` and the like."""
    return limited(_tried(lambda: _UNARY[kind](one)))


def compare(kind: type, one: Thing, other: Thing) -> bool:
    """``one < other`` and the like."""
    refuse_nested([each for each in (one, other) if not isinstance(each, range)])
    if kind in (ast.In, ast.NotIn) and isinstance(other, range) and not isinstance(one, int):
        other = _listed(other)  # Python looks at each number of a range for what is none.
    if isinstance(one, Several) and isinstance(other, Several):
        return bool(_tried(lambda: _COMPARE[kind](set(one), set(other))))
    if kind in (ast.Eq, ast.NotEq) and isinstance(one, Several) is not isinstance(other, Several):
        return kind is ast.NotEq  # A set is no list.
    return bool(_tried(lambda: _COMPARE[kind](one, other)))


def limited(thing: Thing) -> Thing:
    """The thing itself, unless it is larger than any network needs."""
    if isinstance(thing, int) and not isinstance(thing, bool) and thing.bit_length() > LARGEST_BITS:
        raise NoResult("the number is too large")
    if isinstance(thing, str) and len(thing) > LONGEST_TEXT:
        raise NoResult("the text is too long")
    if isinstance(thing, list | tuple | dict) and is_long(thing):
        raise NoResult(f"it has more than {MOST_ITEMS:,} entries")
    if isinstance(thing, complex):
        raise NoResult("it is a complex number")
    return thing


def is_long(many: Thing, most: int = MOST_ITEMS) -> bool:
    """Whether something has more than so many items; the number of those of a range may be too large for Python."""
    return bool(many[most:]) if isinstance(many, range) else len(many) > most


def _listed(many: range) -> list[int]:
    if is_long(many):
        raise NoResult(f"it has more than {MOST_ITEMS:,} entries")
    return list(many)


def refuse_nested(thing: Thing, never: Thing = None) -> None:
    """NoResult for lists in lists that hold too much in all, or ``never``: a list in itself has no end."""
    left, characters, waiting = MOST_ITEMS, MOST_TEXT, [thing]
    while waiting:
        many = waiting.pop()
        if isinstance(many, str | int):
            characters -= len(many) if isinstance(many, str) else many.bit_length() // 3
            if characters < 0:
                raise NoResult("it holds more text than any network needs")
        elif isinstance(many, list | tuple | dict | range):
            left = -1 if is_long(many) else left - len(many) - 1
            if left < 0:
                raise NoResult(f"it has more than {MOST_ITEMS:,} entries")
            if many is never and many is not None:
                raise NoResult("it holds itself")
            if not isinstance(many, range):
                waiting += (*many, *many.values()) if isinstance(many, dict) else many


def _refuse_large(kind: type, one: Thing, other: Thing) -> None:
    if kind is ast.Pow and isinstance(one, int) and isinstance(other, int):
        if other > 0 and one.bit_length() * other > LARGEST_BITS:
            raise NoResult("the number is too large")
    elif kind is ast.LShift and isinstance(other, int) and other > LARGEST_BITS:
        raise NoResult("the number is too large")
    elif kind is ast.Mult:
        for many, times in ((one, other), (other, one)):
            if isinstance(many, str | tuple | list) and isinstance(times, int) and len(many) * times > MOST_ITEMS:
                raise NoResult(f"it has more than {MOST_ITEMS:,} entries")
    elif kind is ast.Mod and isinstance(one, str):
        _refuse_wide(one, other)


def _tried(work: Callable[[], Thing]) -> Thing:
    try:
        return work()
    except ZeroDivisionError:
        raise NoResult("it divides by zero") from None
    except OverflowError:
        raise NoResult("the number is too large") from None
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise NoResult(_short(error)) from None


def _short(error: Exception) -> str:
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, KeyError):
        words = f"there is no entry {words}"
    return words[:120]


def formatted(thing: Thing, conversion: int, spec: str) -> str:
    """One field of an f-string."""
    if not is_plain(thing) and type(thing) not in (tuple, list):
        raise NoResult("only numbers and texts can stand in a text here")
    refuse_nested(thing)
    if conversion == ord("r"):
        thing = repr(thing)
    elif conversion == ord("s"):
        thing = str(thing)
    if len(spec) > 8 or any(int(part) > _WIDEST for part in "".join(c if c.isdecimal() else " " for c in spec).split()):
        raise NoResult("the format is wider than any name")
    return str(limited(_tried(lambda: format(thing, spec))))


_FIELD = re.compile(r"%(?:%|(?:\(\w+\))?[-+ #0]*(\d*)(?:\.(\d*))?[diouxXeEfFgGcrsa])")
"""One field of a text for %, without a width that stands among the values."""
_WIDEST = 100


def _refuse_wide(text: str, given: Thing) -> None:
    """NoResult for ``text % given`` that would be longer than any name, or hold what is no number or text."""
    values = given.values() if isinstance(given, dict) else given if isinstance(given, tuple | list) else (given,)
    if not all(map(is_plain, values)):
        raise NoResult("only numbers and texts can stand in a text here")
    if "%" in _FIELD.sub("", text):
        raise NoResult("this way of writing a text with % is not read")
    if any(int(size or 0) > _WIDEST for match in _FIELD.finditer(text) for size in match.groups()):
        raise NoResult("the format is wider than any name")


_TEXT_METHODS = frozenset({
    "lower", "upper", "title", "capitalize", "strip", "lstrip", "rstrip", "split", "replace", "startswith", "endswith",
    "removeprefix", "removesuffix", "join", "count", "find", "isdigit", "partition", "rpartition", "rsplit",
    "splitlines", "isalpha", "islower", "isupper", "index", "swapcase",
})  # fmt: skip


def text_method(owner: str, name: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    """``owner.name(*args, **kwargs)`` for a text."""
    if name == "format":
        refuse_nested([owner, *args, *kwargs.values()])
        return limited(_filled(owner, args, kwargs))
    if name not in _TEXT_METHODS:
        raise NoResult(f"what {name} of a text gives is not read")
    refuse_nested(args)
    if name == "replace" and len(args) > 1 and isinstance(args[1], str):
        _refuse_large(ast.Mult, args[1], len(owner) + 1)
    if name == "join" and args and isinstance(args[0], list | tuple | str | dict):
        _refuse_large(ast.Mult, owner, len(args[0]))
    return limited(_tried(lambda: getattr(owner, name)(*args, **kwargs)))


def _filled(text: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> str:
    """``text.format(*args, **kwargs)``, but for fields that reach into what they are given."""
    found: list[str] = []
    waiting = iter(args)
    for words, name, spec, conversion in _tried(lambda: list(string.Formatter().parse(text))):
        found.append(words)
        if name is None:
            continue
        if "{" in spec or not (name == "" or name.isidentifier() or name.isdecimal()):
            raise NoResult("a field of this kind is not read")
        if name == "":
            thing = _tried(lambda: next(waiting, NoResult))
            if thing is NoResult:
                raise NoResult("there are fewer values than fields")
        else:
            thing = _tried(lambda: args[int(name)] if name.isdecimal() else kwargs[name])  # noqa: B023 (called at once)
        found.append(formatted(thing, ord(conversion) if conversion else -1, spec))
    return "".join(found)


def _range(*args: Any) -> Iterable[int]:
    return range(*args)


def as_set(things: Iterable[Thing], is_display: bool = False) -> list[Thing]:
    """What stands in a set, each once: numbers in the order in which Python walks through them, else as they came in.

    TypeError where something can be in no set. ``is_display`` is for ``{1, 2, 3}``, which Python makes by another way.
    """
    things = list(things)
    if not all(isinstance(each, int | float) for each in things):
        return Several(dict.fromkeys(things))  # Texts come in any order, which differs from run to run.
    found = set(things)
    return Several(set() | frozenset(things) if is_display and len(things) >= 3 else found)


def _whole(value: Any = 0, base: Any = None) -> int:
    if isinstance(value, str) and len(value) > 100:
        raise ValueError("the number is too long")
    return int(value) if base is None else int(value, base)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "range": _range, "len": len, "int": _whole, "float": float, "str": str, "bool": bool, "abs": abs, "round": round,
    "min": min, "max": max, "sum": sum, "reversed": lambda many: list(reversed(many)),
    "sorted": lambda many, reverse=False: sorted(many, reverse=bool(reverse)),
    "enumerate": lambda many, start=0: list(enumerate(many, start)),
    "zip": lambda *many, strict=False: list(zip(*many, strict=bool(strict))),
    "list": lambda many=(): list(many), "tuple": lambda many=(): tuple(many), "dict": dict, "pow": pow,
    "set": lambda many=(): as_set(many), "frozenset": lambda many=(): as_set(many),
    "any": any, "all": all, "divmod": divmod, "chr": chr, "ord": ord, "hex": hex, "bin": bin,
}  # fmt: skip
LETTERS = frozenset({"ascii_lowercase", "ascii_uppercase", "ascii_letters", "digits", "punctuation"})
"""Texts of the module ``string``."""
BUILTINS = frozenset(_FUNCTIONS)
"""Functions of Python that are known here."""

_MATHS = frozenset({"ceil", "floor", "sqrt", "log", "log2", "log10", "exp", "gcd", "prod", "pow", "trunc", "fabs"})
NUMBERS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


def builtin(name: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    """A function of Python on things; lists may hold whatever they like."""
    if name != "len":
        refuse_nested(args)
    if name == "pow":
        return _power(*args, **kwargs)
    if name == "range" and not all(isinstance(each, int) for each in args):
        raise NoResult("range takes whole numbers")
    if name == "round" and any(each.bit_length() > 12 for each in (*args[1:], *kwargs.values()) if type(each) is int):
        raise NoResult("no number has so many digits")
    return limited(_tried(lambda: _FUNCTIONS[name](*args, **kwargs)))


_TYPES: Mapping[str, type] = {
    "int": int, "float": float, "str": str, "bool": bool, "list": list, "tuple": tuple, "dict": dict,
}  # fmt: skip


def is_instance(thing: Thing, kinds: Thing) -> bool | None:
    """``isinstance(thing, kinds)`` where the kinds are Python's own; None where nobody can say."""
    names = [getattr(each, "path", "") for each in (kinds if isinstance(kinds, tuple) else (kinds,))]
    types = [_TYPES.get(name.removeprefix("builtins.")) for name in names]
    if not types or None in types:
        return None
    is_other = isinstance(thing, list | tuple) and type(thing) not in (
        list,
        tuple,
    )  # a set, an array, what is made once
    if is_other or isinstance(thing, Tensor | MadeLayer | Network | Routine | Known):
        return False
    if not (is_plain(thing) or isinstance(thing, list | tuple | dict)):
        return None
    return isinstance(thing, tuple([each for each in types if each is not None]))


def maths(name: str, args: list[Thing]) -> Thing:
    """A function of ``math``, or one of NumPy's that means the same."""
    if name not in _MATHS:
        raise NoResult(f"what {name} gives is not read")
    if name == "prod":
        return _product(*args)
    if name == "pow":
        return _power(*args)
    return limited(_tried(lambda: getattr(math, name)(*args)))


def _power(*numbers: Thing, **named: Thing) -> Thing:
    if len(numbers) != 2 or named:
        raise NoResult("pow is read with two numbers")
    return binary(ast.Pow, *numbers)


def _product(*lists: Thing) -> Thing:
    if len(lists) != 1 or not isinstance(lists[0], list | tuple):
        raise NoResult("prod is read with one list")
    found: Thing = 1
    for each in lists[0]:
        if not is_number(each):
            raise NoResult("prod takes numbers")
        found = binary(ast.Mult, found, each)
    return found
