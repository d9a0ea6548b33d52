"""Functions of Python, its library and NumPy in a script, called: on plain values, on functions, a few on tensors."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.importing.plain import shown
from studio.importing.script import arrays, constants, generators, own_objects, walking
from studio.importing.script.constants import NoResult
from studio.importing.script.decorators import Cached
from studio.importing.script.names import known, layer
from studio.importing.script.operations import operation_of
from studio.importing.script.routines import NoBlock
from studio.importing.script.things import (
    Instance,
    Known,
    MadeLayer,
    Method,
    Network,
    NotPlain,
    Open,
    OwnClass,
    Partial,
    Routine,
    Tensor,
    Thing,
    Unclear,
    WithDefault,
    holds_tensor,
)  # fmt: skip

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

OF_LIBRARIES = frozenset(
    {
        "functools.partial",
        "functools.reduce",
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.namedtuple",
        "copy.copy",
        "copy.deepcopy",
        "dataclasses.field",
        "json.loads",
        *walking.OF_ITERTOOLS,
        *walking.OPERATORS,
    }
)
OF_NUMBERS = ("numpy.", "keras.ops.", "tensorflow.")
_NOTHING = object()
_DEEPEST_COPY = 20


def of_python(
    reader: Calling, name: str, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call
) -> Thing:  # fmt: skip
    """A function that every script has."""
    line = node.lineno
    unclear = next((each for each in args if isinstance(each, Unclear)), None)
    if unclear is not None:
        return unclear
    if name in walking.BY_KEY and "key" in kwargs and args:
        return walking.by_key(reader, name, args, kwargs, node)
    if name in ("map", "filter") and len(args) >= 2:
        return _walked(reader, name, args, node)
    if name == "callable" and len(args) == 1 and not isinstance(args[0], Known | Instance | Unclear | Open):
        return isinstance(args[0], Routine | Partial | OwnClass | MadeLayer | Network | Method | Cached)
    if name == "callable" and isinstance(args[0], Known) and args[0].last[:1].isupper():
        return True
    if name == "hasattr" and len(args) == 2 and isinstance(args[0], Known) and isinstance(args[1], str):
        return _has(reader, args[0].path, args[1], node)
    if name in ("exec", "setattr", "delattr", "globals", "locals"):
        return _changing(reader, name, args, node)
    if name == "vars" and len(args) == 1 and isinstance(args[0], Instance):
        return args[0].values
    if name == "getattr" and 2 <= len(args) <= 3:
        return _attribute(reader, args, node)
    if isinstance(found := _of_tensors(reader, name, args, node), Tensor):
        return found
    if name in constants.BUILTINS and any(isinstance(each, Known | Method | Instance) for each in args):
        return Unclear(line, f"What {name} gives here is known only when the script runs.")
    if name == "isinstance" and len(args) == 2 and (is_one := constants.is_instance(*args)) is not None:
        return is_one
    if name not in constants.BUILTINS:
        return None if name == "print" else Unclear(line, f"What {name} gives is known only when the script runs.")
    if any(isinstance(each, Tensor) for each in args):
        return Unclear(line, f"What {name} gives for a tensor is known only when the script runs.", is_fault=True)
    try:
        found = constants.builtin(name, [reader.plain(each) for each in args], kwargs)
    except NoResult as error:
        raise NotPlain(line, f"{name} cannot be worked out: {error}.") from None
    for each in args:
        generators.used_up(each)
    return reader.run.own(generators.Once(found) if name in generators.ITERATORS else found)


def of_library(
    reader: Calling, path: str, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call
) -> Thing:  # fmt: skip
    """One of ``OF_LIBRARIES``."""
    if path == "functools.partial" and args:
        return Partial(args[0], tuple(args[1:]), kwargs)
    if path == "json.loads":
        return _parsed(reader, args, kwargs, node)
    if path == "functools.reduce" and 2 <= len(args) <= 3:
        items = [*args[2:], *reader.many(args[1], node.lineno)]
        found = items[0] if items else None
        for each in items[1:]:
            reader.run.step()
            found = reader.call(args[0], [found, each], {}, node)
        return found
    if path.startswith(("collections.", "dataclasses.")):
        return _of_collections(reader, path, args, kwargs, node)
    if path.startswith("copy.") and len(args) == 1 and not kwargs:
        found = _copied(reader, args[0], 0, most=1 if path == "copy.copy" else _DEEPEST_COPY)
        wanted = f"What {path} gives here is known only when the script runs."
        return Unclear(node.lineno, wanted, is_fault=holds_tensor(args[0])) if found is _NOTHING else found
    if path in walking.OPERATORS and len(args) == 2:
        return walking.operated(reader, path, args, node)
    return walking.of_itertools(reader, path.partition(".")[2], args, kwargs, node)


def _parsed(reader: Calling, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Thing:
    """What a text of JSON says that stands in the script."""
    if len(args) == 1 and isinstance(args[0], str) and not kwargs:
        try:
            return reader.run.own(constants.limited(json.loads(args[0])))
        except (ValueError, RecursionError, NoResult):
            raise NotPlain(node.lineno, "This text is no JSON that can be read.") from None
    return Unclear(node.lineno, "What json.loads gives is known only when the script runs.")


def _copied(reader: Calling, thing: Thing, depth: int, most: int) -> Thing:
    """Tables of settings made anew, down to ``most`` of them inside each other; _NOTHING where layers are copied."""
    thing = reader.plain(thing)
    if depth == most or not isinstance(thing, list | tuple | dict):
        return thing if most == 1 or constants.is_plain(thing) else _NOTHING
    values = [_copied(reader, each, depth + 1, most) for each in (thing.values() if isinstance(thing, dict) else thing)]
    if any(each is _NOTHING for each in values):
        return _NOTHING
    reader.run.step()
    if isinstance(thing, dict):
        return reader.run.own(dict(zip(thing, values, strict=True)))
    return reader.run.own(tuple(values) if isinstance(thing, tuple) else values)


def _of_collections(
    reader: Calling, path: str, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call
) -> Thing:  # fmt: skip
    if path == "collections.OrderedDict":
        return of_python(reader, "dict", args, kwargs, node)
    if path == "collections.namedtuple" and not kwargs and (made := own_objects.named_tuple(args, node)) is not None:
        return made
    if path == "dataclasses.field" and "default" in kwargs:
        return kwargs["default"]
    if path == "dataclasses.field" and "default_factory" in kwargs:
        return reader.call(kwargs["default_factory"], [], {}, node)
    if (
        path == "collections.defaultdict"
        and args
        and len(args) <= 2
        and not (args[1:] and not isinstance(args[1], dict))
    ):
        return reader.run.own(WithDefault(args[0], args[1] if len(args) > 1 else {}))
    return Unclear(node.lineno, f"What {shown(path)} gives is known only when the script runs.")


def of_numbers(reader: Calling, path: str, args: list[Thing], kwargs: Mapping[str, Thing]) -> Thing:
    """What a function of NumPy, ``keras.ops`` or TensorFlow makes of numbers; None where that is not read."""
    name = path.partition(".")[2].removeprefix("ops.").removeprefix("math.").removeprefix("numpy.")
    plain = [reader.plain(each) for each in args]
    named = {key: reader.plain(each) for key, each in kwargs.items()}
    if path.startswith("numpy."):
        if name in ("array", "asarray") and args and arrays.is_of_texts(plain[0]):
            return tuple(plain[0])
    elif name in ("cast", "convert_to_tensor", "constant"):
        name = "array" if len(plain) > 1 or named else "asarray"
    else:
        name = {"range": "arange"}.get(name, name.removeprefix("reduce_"))
    try:
        return arrays.made(name, plain, named)
    except NoResult:
        return None


def _walked(reader: Calling, name: str, args: list[Thing], node: ast.Call) -> Thing:
    """``map`` and ``filter``, which are lists here."""
    rows = [reader.many(each, node.lineno) for each in args[1:]]
    found = []
    for each in zip(*rows, strict=False):
        reader.run.step()
        result = reader.call(args[0], list(each), {}, node) if args[0] is not None else each[0]
        if name == "map":
            found.append(result)
        elif reader.truth(result, node):
            found.append(each[0])
    return reader.run.own(generators.Once(found))


def _has(reader: Calling, path: str, name: str, node: ast.Call) -> Thing:
    """Whether this version of Keras has a layer or an operation."""
    if path == "keras.layers":
        return layer(reader.run.catalog, name) is not None
    if path == "keras.ops" and operation_of(reader.run.catalog, f"keras.ops.{name}") is not None:
        return True
    return Unclear(node.lineno, "What hasattr gives is known only when the script runs.")


def _changing(reader: Calling, name: str, args: list[Thing], node: ast.Call) -> Thing:
    """What may give any variable another value."""
    if name == "setattr" and len(args) == 3 and isinstance(args[0], Instance | OwnClass) and isinstance(args[1], str):
        if reader.run.trial is not None:
            raise NoBlock
        args[0].values[args[1]] = args[2]
        return None
    raise NotPlain(node.lineno, f"What {name} changes is known only when the script runs.")


def _attribute(reader: Calling, args: list[Thing], node: ast.Call) -> Thing:
    """``getattr(layers, "Dense")``."""
    owner, name = args[0], reader.plain(args[1])
    if not isinstance(name, str) or not name.isidentifier():
        raise NotPlain(node.lineno, "Which attribute this is, is known only when the script runs.")
    if isinstance(owner, Known):
        return known(f"{owner.path}.{name}")
    if isinstance(owner, Instance | OwnClass):
        found = own_objects.attribute(reader, owner, name, node)
        is_missing = isinstance(found, Unclear) and len(args) == 3 and isinstance(owner, OwnClass | Instance)
        if not is_missing:
            return found
    return Unclear(node.lineno, f"What {shown(name)} is here is known only when the script runs.")


def _of_tensors(reader: Calling, name: str, args: list[Thing], node: ast.Call) -> Thing:
    """``abs(x)`` and ``sum([x, y])``, which are operators; anything else is none of those."""
    if name == "abs" and len(args) == 1 and isinstance(args[0], Tensor):
        return reader.call(Known("keras.ops.absolute"), args, {}, node)
    if name == "sum" and args and isinstance(args[0], list | tuple) and any(isinstance(it, Tensor) for it in args[0]):
        found: Thing = args[1] if len(args) > 1 else 0
        for each in args[0]:
            found = reader.operator(ast.Add, [found, each], node)
        return found
    if name == "pow" and any(isinstance(each, Tensor) for each in args[:2]) and len(args) == 2:
        return reader.operator(ast.Pow, args, node)
    return _NOTHING
