"""Small arrays of NumPy in a script: their numbers, and what NumPy makes of them."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any

from studio.importing.script.constants import MOST_ITEMS, NoResult, is_number, refuse_nested
from studio.importing.script.things import Thing


class Array(tuple[Thing, ...]):
    """The numbers of an array, row by row; rows are arrays too. Where it is written down it is a tuple like others."""

    __slots__ = ()


_OPERATORS: Mapping[type, str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "true_divide", ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder", ast.Pow: "power", ast.USub: "negative", ast.UAdd: "positive", ast.Eq: "equal",
    ast.NotEq: "not_equal", ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater", ast.GtE: "greater_equal",
}  # fmt: skip
_MADE = frozenset({"array", "asarray", "zeros", "ones", "full", "eye", "identity", "arange", "linspace"})
"""What makes an array of plain values."""
_ALONE = frozenset({
    "sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tanh", "square", "abs", "absolute", "ceil", "floor", "round",
    "sum", "prod", "mean", "std", "var", "max", "min", "cumsum", "zeros_like", "ones_like", "transpose", "squeeze",
    "ravel", "expand_dims", "reshape", "sort", "flip", "argmax", "argmin", "power", "maximum", "minimum",
    "concatenate", "stack", "diff", "cumprod", "trunc", "fabs", "pow", "gcd", "lcm", "log1p", "add", "subtract",
    "multiply", "divide", "floor_divide", "mod", "clip", "tril", "triu",
})  # fmt: skip
"""What gives not more numbers than it is given, or is refused beforehand."""
_METHODS = frozenset({
    "sum", "prod", "mean", "std", "var", "max", "min", "cumsum", "reshape", "flatten", "ravel", "transpose", "squeeze",
    "tolist", "astype", "copy", "item", "round", "argmax", "argmin",
})  # fmt: skip
_MAY_BE_TOLD = frozenset({
    "dtype", "axis", "axes", "keepdims", "ddof", "decimals", "initial", "shape", "fill_value", "num", "endpoint", "k",
    "order", "a_min", "a_max", "min", "max",
})  # fmt: skip
"""What a function is told by its name. Other names may make something large of something small."""
_WORD = re.compile(r"(float|u?int|bool|complex)?\d*|[CFAK]")
"""Texts that are no data: the kind of numbers, the order of an array. A text of another kind may be a long one."""
_MOST_SIDES = 32
_KINDS = {"float": "float64", "int": "int64", "bool": "bool"}


def is_of_texts(thing: Thing) -> bool:
    """Whether a list is one of texts, which NumPy does nothing with here."""
    return isinstance(thing, list | tuple) and bool(thing) and all(isinstance(each, str) for each in thing)


def operated(kind: type, things: Sequence[Thing]) -> Thing:
    """An operator of Python on arrays and numbers, entry by entry. NoResult where NumPy would refuse."""
    name = _OPERATORS.get(kind)
    if name is None:
        raise NoResult("this operator of arrays is not read")
    return _called(name, list(things), {})


def made(name: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    """A function of NumPy, by its name; NoResult for all that is not read."""
    if name in _MADE:
        _refuse_large(_sizes(name, args, kwargs))
    elif name not in _ALONE or any(isinstance(each, str) for each in args):
        raise NoResult(f"what {name} gives is not read")
    return _called(name, args, kwargs)


def _sizes(name: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> list[Thing]:
    """The sizes of an array that is made of nothing, or whatever it will at least have as many entries as."""
    if name in ("zeros", "ones", "full"):
        return args[:1] or [kwargs.get("shape")]
    if name in ("eye", "identity"):
        return args[:2] or [None]
    if name not in ("arange", "linspace"):
        return []
    if not args or not all(map(is_number, args[:3])):
        raise NoResult("it is made of what is no number")
    if name == "linspace":
        return [*args[2:3], *([kwargs["num"]] if "num" in kwargs else [])]
    begin, end, step = (0, args[0], 1) if len(args) == 1 else (*args, 1)[:3]
    count = abs((end - begin) / step) if step else math.inf
    return [math.ceil(count) if count < MOST_ITEMS else MOST_ITEMS + 1]


def method(owner: Array, name: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    """A method of an array."""
    if name not in _METHODS:
        raise NoResult(f"what {name} of an array gives is not read")
    if name == "tolist":
        return listed(owner)
    return _guarded(lambda: getattr(_numpy(owner), name)(*map(_plain, args), **_plain(kwargs)))


def attribute(owner: Array, name: str) -> Thing:
    """``shape`` and the like of an array; None for all others."""
    if name == "T":
        return _guarded(lambda: _numpy(owner).T)
    if name in ("shape", "ndim", "size"):
        return _guarded(lambda: getattr(_numpy(owner), name))
    return None


def part(owner: Array, key: Thing) -> Thing:
    """``array[1:]``, ``array[0]``, ``array[:, np.newaxis]``."""
    if isinstance(key, tuple):
        if len(key) > _MOST_SIDES or not all(each is None or isinstance(each, int | slice | EllipsisType)
                                             for each in key):  # fmt: skip
            raise ValueError("a part of another kind")
        return _guarded(lambda: _numpy(owner)[key])
    found = owner[key]
    return Array(found) if isinstance(key, slice) else found


def _called(name: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    import numpy as np

    refuse_nested([*args, *kwargs.values()])
    if not kwargs.keys() <= _MAY_BE_TOLD or (name.endswith("_like") and (args[1:] or kwargs.keys() - {"dtype"})):
        raise NoResult(f"what {name} gives is not read")
    if name == "diff" and args[1:] and not (isinstance(args[1], int) and abs(args[1]) <= _MOST_SIDES):
        raise NoResult("no differences of differences are read so deep")

    def work() -> Any:
        given = list(map(_plain, args))
        arrays = [each for each in given if isinstance(each, np.ndarray)]
        if len(arrays) > 1 and name not in ("concatenate", "stack"):
            _refuse_large(list(np.broadcast_shapes(*[each.shape for each in arrays])))
        return getattr(np, name)(*given, **_plain(dict(kwargs)))

    return _guarded(work)


def _guarded(work: Any) -> Thing:
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            return _thing(work())
    except (TypeError, ValueError, IndexError, AttributeError, OverflowError, ZeroDivisionError, KeyError) as error:
        raise NoResult((str(error).splitlines() or [type(error).__name__])[0][:120]) from None


def _refuse_large(sizes: Sequence[Thing]) -> None:
    count = 1
    for size in sizes:
        for each in size if isinstance(size, list | tuple) else (size,):
            if not isinstance(each, int) or isinstance(each, bool):
                raise NoResult("the sizes of an array are whole numbers")
            count *= max(1, abs(each))
    if count > MOST_ITEMS:
        raise NoResult(f"it has more than {MOST_ITEMS:,} entries")


def _plain(thing: Thing) -> Any:
    """A thing as NumPy takes it."""
    if isinstance(thing, Array):
        return _numpy(thing)
    if isinstance(thing, list | tuple):
        return type(thing)([_plain(each) for each in thing])
    if isinstance(thing, dict):
        return {key: _plain(each) for key, each in thing.items()}
    if isinstance(thing, int) and thing.bit_length() > 63:
        raise NoResult("the number is too large")
    if isinstance(thing, str) and not _WORD.fullmatch(thing):
        raise NoResult("it is given what is no number")
    if thing is None or isinstance(thing, bool | int | float | str):
        return thing
    word = str(getattr(thing, "path", "")).rpartition(".")[2]
    if word.rstrip("0123456789") in ("float", "int", "uint", "bool"):
        return _KINDS.get(word, word)
    raise NoResult("it is given what is no number")


def _numpy(thing: Array) -> Any:
    import numpy as np

    return np.array(listed(thing))


def listed(thing: Thing) -> Thing:
    """The numbers of an array as lists in lists."""
    return [listed(each) for each in thing] if isinstance(thing, tuple) else thing


def _thing(found: Any) -> Thing:
    """What NumPy gives as a thing; NoResult for what is no number."""
    import numpy as np

    if isinstance(found, tuple):
        return tuple(map(_thing, found))
    if isinstance(found, np.ndarray | np.generic):
        if found.size > MOST_ITEMS or found.dtype.kind not in "biuf":
            raise NoResult("it holds more, or something else, than numbers")
        return _rows(found.tolist())
    if is_number(found):
        return found
    raise NoResult("it is no array of numbers")


def _rows(found: Any) -> Thing:
    return Array(map(_rows, found)) if isinstance(found, list) else found
