"""Data in a script: nobody reads the numbers, but how large an array is often stands there, and a network needs it.

``keras.datasets.mnist.load_data()`` and ``np.random.rand(100, 8)`` tell their sizes; what is scaled, reshaped or given
another axis keeps or changes them in ways that are known.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.importing.script.arrays import Array, attribute
from studio.importing.script.things import Scope, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.expressions import Expressions

Sizes = tuple[int | None, ...]


@dataclass(eq=False, slots=True)
class Data(Unclear):
    """An array of which only the sizes are known, None for each that is not."""

    shape: Sizes = ()


_SETS: Mapping[str, tuple[Any, ...]] = {
    "mnist": (60_000, 10_000, (28, 28), ()), "fashion_mnist": (60_000, 10_000, (28, 28), ()),
    "cifar10": (50_000, 10_000, (32, 32, 3), (1,)), "cifar100": (50_000, 10_000, (32, 32, 3), (1,)),
    "boston_housing": (404, 102, (13,), ()), "imdb": (25_000, 25_000, (), ()), "reuters": (8_982, 2_246, (), ()),
}  # fmt: skip
"""Rows for training and for testing, and the sizes of an example and of its answer."""
_BY_SHAPE = frozenset({"zeros", "ones", "full", "empty", "random.random", "random.random_sample", "random.normal",
                       "random.uniform", "random.randint", "random.standard_normal",
                       "random.truncated_normal"})  # fmt: skip
"""What makes an array of the sizes that it is told."""
_PLACES = {"random.normal": 2, "random.uniform": 2, "random.randint": 2, "random.standard_normal": 0}
"""Where NumPy is told the sizes, of those that are not told them first."""
_SAME = frozenset({"array", "asarray", "cast", "convert_to_tensor", "copy", "astype", "abs", "sqrt", "exp", "log"})


def sizes_of(thing: Thing) -> Sizes | None:
    """The sizes of an array, or None."""
    return thing.shape if isinstance(thing, Data) else None


def made(path: str, args: Sequence[Thing], kwargs: Mapping[str, Thing], line: int) -> Thing:
    """What a function of a library makes, where that is data whose sizes are known; None for all others."""
    library, _, name = path.partition(".")
    reason = f"What {path} gives is known only when the script runs."
    parts = path.split(".")
    if path.startswith("keras.datasets.") and parts[-1] == "load_data" and parts[2] in _SETS:
        *counts, example, answer = _SETS[parts[2]]
        return tuple([
            (Data(line, reason, shape=(rows, *example)), Data(line, reason, shape=(rows, *answer))) for rows in counts
        ])  # fmt: skip
    name = name.removeprefix("ops.")
    if library == "numpy" and name in ("random.rand", "random.randn"):
        return _of_sizes(tuple(args), line, reason)
    if library in ("numpy", "keras", "tensorflow") and name in _BY_SHAPE:
        place = _PLACES.get(name, 0) if library == "numpy" else 0
        told = kwargs.get("size", kwargs.get("shape", args[place] if len(args) > place else None))
        return _of_sizes((told,) if isinstance(told, int) else told, line, reason)
    if path == "sklearn.model_selection.train_test_split":
        return [half for each in args for half in _halves(each, line, reason)]
    given = args[0] if args else None
    if isinstance(given, Array):
        given = Data(line, reason, shape=attribute(given, "shape"))
    if not isinstance(given, Data):
        return None
    if path == "keras.utils.to_categorical":
        number = kwargs.get("num_classes", args[1] if len(args) > 1 else None)
        return _of(given, (*_without_one(given.shape), number if isinstance(number, int) else None))
    if library in ("numpy", "keras", "tensorflow"):
        return method(given, name, args[1:], kwargs)
    return None


def method(owner: Data, name: str, args: Sequence[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    """A method of data, or the function of the same name; None where its sizes are not known afterwards."""
    if name in _SAME:
        return _of(owner, owner.shape)
    if name == "reshape":
        told = kwargs.get("newshape", kwargs.get("shape", args[0] if len(args) == 1 else tuple(args)))
        return _reshaped(owner, (told,) if isinstance(told, int) else told)
    if name == "expand_dims":
        axis = kwargs.get("axis", args[0] if args else None)
        if isinstance(axis, int) and -len(owner.shape) - 1 <= axis <= len(owner.shape):
            at = axis if axis >= 0 else axis + len(owner.shape) + 1
            return _of(owner, (*owner.shape[:at], 1, *owner.shape[at:]))
    return None


def combined(one: Thing, other: Thing) -> Thing:
    """Data and something else, with an operator between: a number changes no sizes. None for all others."""
    found, number = (one, other) if isinstance(one, Data) else (other, one)
    if not isinstance(found, Data):
        return None
    is_same = isinstance(number, bool | int | float) or sizes_of(number) == found.shape
    return found if is_same else Unclear(found.line, found.reason)


def part(reader: Expressions, owner: Data, node: ast.Subscript, scope: Scope) -> Thing:
    """``x[:100]``, ``x[..., None]``; data of unknown sizes for all others."""
    left = list(owner.shape)
    found: list[int | None] = []
    keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    axes = sum(not (_is_new(each, reader, scope) or _is_rest(each)) for each in keys)
    if axes > len(left):
        return Unclear(owner.line, owner.reason)
    for key in keys:
        if _is_new(key, reader, scope):
            found.append(1)
        elif _is_rest(key):
            found += left[: len(left) - axes]
            del left[: len(left) - axes]
        elif isinstance(key, ast.Slice):
            axes -= 1
            found.append(_sliced(reader, left.pop(0), key, scope))
        else:
            axes -= 1
            if not isinstance(reader.plain(reader.evaluate(key, scope)), int):
                return Unclear(owner.line, owner.reason)
            left.pop(0)
    return _of(owner, (*found, *left))


def _sliced(reader: Expressions, size: int | None, key: ast.Slice, scope: Scope) -> int | None:
    ends = reader.key_of(key, scope)
    if key.lower is None and key.upper is None and key.step is None:
        return size
    return len(range(*ends.indices(size))) if isinstance(ends, slice) and size is not None else None


def _is_new(key: ast.expr, reader: Expressions, scope: Scope) -> bool:
    if isinstance(key, ast.Constant):
        return key.value is None
    return isinstance(key, ast.Attribute) and reader.evaluate(key, scope) is None


def _is_rest(key: ast.expr) -> bool:
    return isinstance(key, ast.Constant) and key.value is ...


def _of_sizes(sizes: Thing, line: int, reason: str) -> Data | None:
    if not isinstance(sizes, list | tuple) or not all(type(each) is int and each >= 0 for each in sizes):
        return None
    return Data(line, reason, shape=tuple(sizes))


def _of(owner: Data, sizes: Sizes) -> Data:
    return Data(owner.line, owner.reason, shape=sizes)


def _without_one(sizes: Sizes) -> Sizes:
    return sizes[:-1] if len(sizes) > 1 and sizes[-1] == 1 else sizes


def _reshaped(owner: Data, sizes: Thing) -> Data | None:
    if not isinstance(sizes, list | tuple) or not all(each is None or type(each) is int for each in sizes):
        return None
    given = [each for each in sizes if each is not None and each >= 0]
    whole = None if None in owner.shape else math.prod(each or 0 for each in owner.shape)
    rest = None if whole is None or not math.prod(given) or None in sizes else whole // math.prod(given)
    return _of(owner, tuple([each if each is not None and each >= 0 else rest for each in sizes]))


def _halves(thing: Thing, line: int, reason: str) -> list[Thing]:
    half = Data(line, reason, shape=(None, *thing.shape[1:])) if isinstance(thing, Data) and thing.shape else None
    return [half or Unclear(line, reason)] * 2
