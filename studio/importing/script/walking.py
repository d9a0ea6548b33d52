"""What a script walks through: tables in order of a key, and what ``itertools`` makes of them."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from studio.importing.script import constants
from studio.importing.script.things import NotPlain, Thing, Unclear, holds_tensor

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

BY_KEY = frozenset({"sorted", "min", "max"})
_PLAIN: Mapping[str, Callable[..., Any]] = {
    "zip_longest": itertools.zip_longest, "pairwise": itertools.pairwise, "combinations": itertools.combinations,
    "permutations": itertools.permutations, "islice": itertools.islice, "repeat": itertools.repeat,
}  # fmt: skip
"""Those that only put things together. One that goes on for ever is cut where it is too long."""
OF_ITERTOOLS = frozenset({f"itertools.{name}" for name in (*_PLAIN, "product", "chain", "accumulate", "starmap")}) | {
    "itertools.chain.from_iterable"
}
OPERATORS: Mapping[str, type] = {
    "operator.add": ast.Add, "operator.sub": ast.Sub, "operator.mul": ast.Mult, "operator.truediv": ast.Div,
    "operator.floordiv": ast.FloorDiv, "operator.mod": ast.Mod, "operator.pow": ast.Pow, "operator.matmul": ast.MatMult,
}  # fmt: skip


def by_key(reader: Calling, name: str, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Thing:
    """``sorted(many, key=...)``, ``min`` and ``max`` likewise."""
    line = node.lineno
    many = reader.many(args[0], line) if len(args) == 1 else list(args)
    is_reverse = reader.plain(kwargs.get("reverse", False)) if name == "sorted" else name == "max"
    wanted = {"key", "reverse"} if name == "sorted" else {"key"}
    if isinstance(is_reverse, Unclear) or not kwargs.keys() <= wanted or not many:
        raise NotPlain(line, f"What {name} gives here is known only when the script runs.")
    keys = []
    for each in many:
        reader.run.step()
        key = reader.plain(each if kwargs["key"] is None else reader.call(kwargs["key"], [each], {}, node))
        if isinstance(key, Unclear):
            return key
        keys.append(key)
    try:
        places = sorted(range(len(many)), key=keys.__getitem__, reverse=bool(is_reverse))
    except TypeError:
        raise NotPlain(line, f"{name} cannot be worked out: these are not to be compared.") from None
    return reader.run.own([many[place] for place in places]) if name == "sorted" else many[places[0]]


def of_itertools(reader: Calling, name: str, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Thing:
    """A function of ``itertools``, as a list."""
    line = node.lineno
    if name == "chain.from_iterable" and len(args) == 1:
        args = reader.many(args[0], line)
    if name.startswith("chain"):
        return reader.run.own([each for many in args for each in reader.many(many, line)])
    if name == "product":
        return _product(reader, args, kwargs, node)
    if name == "starmap" and len(args) == 2:
        return reader.run.own([reader.call(args[0], reader.many(row, line), {}, node)
                               for row in reader.many(args[1], line)])  # fmt: skip
    if name == "accumulate" and args:
        return _accumulated(reader, args, kwargs, node)
    plain = [reader.many(each, line) if isinstance(each, list | tuple | dict | range) else reader.plain(each)
             for each in args] if name != "repeat" else list(args)  # fmt: skip
    if name not in _PLAIN or any(isinstance(each, Unclear) for each in [*plain, *kwargs.values()]):
        raise NotPlain(line, f"What {name} gives here is known only when the script runs.")
    try:
        found = list(itertools.islice(_PLAIN[name](*plain, **kwargs), constants.MOST_ITEMS + 1))
    except (TypeError, ValueError):
        raise NotPlain(line, f"{name} cannot be worked out here.") from None
    if len(found) > constants.MOST_ITEMS:
        raise NotPlain(line, f"This has more than {constants.MOST_ITEMS:,} entries.")
    return reader.run.own(found)


def operated(reader: Calling, path: str, args: list[Thing], node: ast.Call) -> Thing:
    """``operator.add(x, y)``."""
    kind = OPERATORS[path]
    if holds_tensor(args):
        return reader.operator(kind, args, node)
    try:
        return constants.binary(kind, *map(reader.plain, args))
    except constants.NoResult as error:
        raise NotPlain(node.lineno, f"This cannot be worked out: {error}.") from None


def _accumulated(reader: Calling, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Thing:
    items = reader.many(args[0], node.lineno)
    function = args[1] if len(args) > 1 else kwargs.get("func")
    if kwargs.get("initial") is not None:
        items = [kwargs["initial"], *items]
    found = items[:1]
    for each in items[1:]:
        reader.run.step()
        pair = [found[-1], each]
        found.append(operated(reader, "operator.add", pair, node) if function is None
                     else reader.call(function, pair, {}, node))  # fmt: skip
    return reader.run.own(found)


def _product(reader: Calling, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call) -> Thing:
    times = reader.plain(kwargs.get("repeat", 1))
    if not isinstance(times, int) or not 0 <= times <= 10:
        raise NotPlain(node.lineno, "How often this is repeated is known only when the script runs.")
    rows = [reader.many(each, node.lineno) for each in args] * times
    count = 1
    for row in rows:
        count *= len(row)
    if count * max(1, len(rows)) > constants.MOST_ITEMS:
        raise NotPlain(node.lineno, f"This has more than {constants.MOST_ITEMS:,} entries.")
    return reader.run.own(list(itertools.product(*rows)))
