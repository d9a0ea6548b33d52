"""Constructor calls as text to objects of Keras, without running the text.

The text comes out of a project file, so it may be a stranger's. It is parsed and walked here; only calls of Keras's own
public classes with plain values are carried out, and everything else is refused. Names of code that the person agreed
to run may stand in it; nothing else of that code can be reached.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import EllipsisType, MappingProxyType
from typing import Any, Final, NoReturn

import keras
import numpy as np

from studio.engine.applications import borrowed_layers

MAX_TEXT: Final = 256 * 1024
MAX_DEPTH: Final = 50

_BASES: Final[dict[str, tuple[Any, type]]] = {
    "layers": (keras.layers, keras.layers.Layer),
    "initializers": (keras.initializers, keras.initializers.Initializer),
    "regularizers": (keras.regularizers, keras.regularizers.Regularizer),
    "constraints": (keras.constraints, keras.constraints.Constraint),
    "losses": (keras.losses, keras.losses.Loss),
    "optimizers": (keras.optimizers, keras.optimizers.Optimizer),
    "optimizers.schedules": (keras.optimizers.schedules, keras.optimizers.schedules.LearningRateSchedule),
    "metrics": (keras.metrics, keras.metrics.Metric),
    "callbacks": (keras.callbacks, keras.callbacks.Callback),
    "dtype_policies": (keras.dtype_policies, keras.dtype_policies.DTypePolicy),
}
"""The modules that text may name, and the class whose subclasses it may construct there."""

_REFUSED: Final = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
"""Layers that run code or load files of their own. A Lambda comes into being only with code that may be run."""

_FILE_PARAMETERS: Final = {"vocabulary", "idf_weights", "weights"}
"""Parameters that Keras reads a file for when they are text."""

_ARRAY_TYPES: Final = ("bool", "float32", "int32", "int64")

_FLOATS: Final = {"nan", "inf", "-inf", "infinity", "-infinity"}


class ExpressionError(ValueError):
    """Text that is not a plain constructor call of Keras. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class OperationCall:
    """A public function of ``keras.ops`` with all that is no tensor. Only ever called with symbolic tensors."""

    function: Callable[..., Any]
    arguments: Mapping[str, Any]


def evaluate(text: str, own: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """The object that the expression makes. Raises ExpressionError, or what Keras's constructor raises.

    ``own`` are the objects that code of the person's own defines.
    """
    return _Walk(own).value(_parse(text), 0)


def named_call(text: str) -> tuple[str, dict[str, Any]]:
    """The path that the expression calls, without ``keras.``, and its keywords; for what no class constructs."""
    node = _parse(text)
    if not isinstance(node, ast.Call) or node.args:
        _refuse("something else than a call with keywords")
    return _path(node.func), _Walk({}).keywords(node, 0, may_be_own=False)


def class_name(text: str) -> str:
    """The class that the expression constructs ("Dense"), or "" where it is no call."""
    head = text.partition("(")[0].strip()
    return head.rpartition(".")[2] if head.replace(".", "").isidentifier() else ""


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    if len(text) > MAX_TEXT:
        raise ExpressionError("The text of this call is too long.")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("The text of this call is not a Python expression.") from error


def _refuse(what: str) -> NoReturn:
    raise ExpressionError(f"The text of this call holds {what}, which is not allowed here.")


@dataclass(frozen=True, slots=True)
class _Walk:
    """Turns a tree into values; ``own`` are the names that stand for code of the person's own."""

    own: Mapping[str, Any]

    def value(self, node: ast.expr, depth: int) -> Any:
        if depth > MAX_DEPTH:
            _refuse("values nested too deeply")
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str()) | ast.Constant(value=EllipsisType()):
                return node.value
            case ast.Tuple(elts=items):
                return tuple(self.value(item, depth + 1) for item in items)
            case ast.List(elts=items):
                return [self.value(item, depth + 1) for item in items]
            case ast.Dict():
                return self._dictionary(node, depth)
            case ast.UnaryOp():
                return _signed(node)
            case ast.Call():
                return self._call(node, depth)
            case ast.Attribute():
                return _activation(_path(node))
            case ast.Name(id=name) if name in self.own:
                return self.own[name]
        _refuse(f"a {type(node).__name__}")

    def _dictionary(self, node: ast.Dict, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                _refuse("a dictionary key that is not text")
            found[key.value] = self.value(item, depth + 1)
        return found

    def _call(self, node: ast.Call, depth: int) -> Any:
        own = self.own.get(node.func.id) if isinstance(node.func, ast.Name) else None
        path = "" if own is not None else _path(node.func)
        arguments = [self.value(argument, depth + 1) for argument in node.args]
        keywords = self.keywords(node, depth, may_be_own=own is not None)
        if own is not None:
            return own(*arguments, **keywords)
        if path == "float":
            if len(arguments) != 1 or keywords or not isinstance(arguments[0], str) or arguments[0] not in _FLOATS:
                _refuse('a float() of something other than "nan" and "inf"')
            return float(arguments[0])
        if path == "slice":
            if len(arguments) != 3 or keywords or not all(each is None or type(each) is int for each in arguments):
                _refuse("a slice of something other than three whole numbers")
            return slice(*arguments)
        if path == "np.array":
            return _array(arguments, keywords)
        if path.startswith("ops."):
            if arguments:
                _refuse("an argument without a name")
            return OperationCall(_operation(path), keywords)
        if path == "layers.Lambda" and self.own:
            return keras.layers.Lambda(*arguments, **keywords)
        if any(each is ... for each in (*arguments, *keywords.values())):
            _refuse("an ellipsis outside of a slice")
        made = _constructor(path)
        if arguments and made in _file_first() and isinstance(arguments[0], str):
            _refuse("a file name")
        return made(*arguments, **keywords)

    def keywords(self, node: ast.Call, depth: int, *, may_be_own: bool) -> dict[str, Any]:
        """The keywords of a call; files may not be named, unless code of the person's own takes them."""
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg in keywords:
                _refuse("unpacked or repeated arguments")
            keywords[keyword.arg] = self.value(keyword.value, depth + 1)
            if not may_be_own and keyword.arg in _FILE_PARAMETERS and isinstance(keywords[keyword.arg], str):
                _refuse(f"a file name for {keyword.arg}")
        return keywords


def _signed(node: ast.UnaryOp) -> int | float:
    operand = node.operand
    if not isinstance(operand, ast.Constant) or type(operand.value) not in (int, float):
        _refuse("a sign before something that is no number")
    assert isinstance(operand.value, int | float)
    match node.op:
        case ast.USub():
            return -operand.value
        case ast.UAdd():
            return operand.value
    _refuse(f"a {type(node.op).__name__}")


def _path(node: ast.expr) -> str:
    """The dotted path of a name with attributes (``layers.Dense``); nothing else has one."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        _refuse(f"a {type(node).__name__} where a name is expected")
    names.append(node.id)
    if any(name.startswith("_") for name in names):
        _refuse("a private name")
    path = ".".join(reversed(names))
    return "layers.Input" if path == "keras.Input" else path.removeprefix("keras.")


def _array(arguments: list[Any], keywords: dict[str, Any]) -> Any:
    if len(arguments) != 1 or not isinstance(arguments[0], list) or keywords.keys() != {"dtype"}:
        _refuse("an array of something other than rows of numbers")
    if keywords["dtype"] not in _ARRAY_TYPES:
        _refuse("an array of another type")
    return np.array(arguments[0], dtype=keywords["dtype"])


@cache
def _operation(path: str) -> Callable[..., Any]:
    """The public function ``ops.NAME`` or ``ops.MODULE.NAME``."""
    place, _, name = path.removeprefix("ops.").rpartition(".")
    if place not in ("", "image", "linalg", "nn", "numpy"):
        _refuse(f"a call of {path!r}")
    module = getattr(keras.ops, place) if place else keras.ops
    found = getattr(module, name, None) if name in dir(module) else None
    if not inspect.isfunction(found):
        _refuse(f"a call of {path!r}")
    function: Callable[..., Any] = found
    return function


@cache
def _constructor(path: str) -> Callable[..., Any]:
    """The public class of Keras with this path, or the function ``keras.Input``."""
    if path == "layers.Input":
        made: Callable[..., Any] = keras.Input
        return made
    if path == "Sequential":  # inside of another layer
        return keras.Sequential
    place, _, name = path.rpartition(".")
    borrowed = borrowed_layers().get(name) if place not in _BASES else None
    if borrowed is not None and borrowed.__module__.endswith(f".{place}"):
        return borrowed
    module, base = _BASES.get(place, (None, object))
    found = getattr(module, name, None) if module is not None and name in dir(module) else None
    if not inspect.isclass(found) or not issubclass(found, base) or name in _REFUSED:
        _refuse(f"a call of {path!r}")
    return found


@cache
def _file_first() -> frozenset[Any]:
    """Classes whose first argument may name a file where it is text."""
    return frozenset({keras.layers.TextVectorization, keras.layers.StringLookup, keras.layers.IntegerLookup})


@cache
def _activation(path: str) -> Callable[..., Any]:
    place, _, name = path.rpartition(".")
    found = getattr(keras.activations, name, None) if name in dir(keras.activations) else None
    if place != "activations" or not inspect.isfunction(found) or name in ("get", "serialize", "deserialize"):
        _refuse(f"the name {path!r}")
    activation: Callable[..., Any] = found
    return activation
