"""What stands above a function with an @: most change nothing that is drawn, those of the script do as they say."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.importing.plain import shown
from studio.importing.script.things import Known, OwnClass, Partial, Routine, Scope, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

_PASSING = (
    "functools.wraps", "tensorflow.function", "keras.saving.", "keras.utils.register_keras_serializable",
    "tensorflow.autograph.", "typing.", "builtins.staticmethod", "tensorflow.keras.", "jax.jit",
)  # fmt: skip
"""What these give calls the function as it is."""
_CACHES = frozenset({"functools.cache", "functools.lru_cache"})


@dataclass(eq=False, slots=True)
class Cached:
    """A function that gives for the same arguments what it gave before: the same layer, too."""

    routine: Routine
    known: dict[Thing, Thing] = field(default_factory=dict)


def decorated(reader: Calling, routine: Routine, node: ast.FunctionDef, scope: Scope) -> Thing:
    """What the name of a function stands for below its decorators."""
    found: Thing = routine
    for each in reversed(node.decorator_list):
        made = reader.evaluate(each.func if isinstance(each, ast.Call) else each, scope)
        path = made.path if isinstance(made, Known) else ""
        if path in _CACHES:
            found = Cached(found) if isinstance(found, Routine) else _unclear(found, each)
        elif not path.startswith(_PASSING):
            function = reader.evaluate(each, scope) if isinstance(each, ast.Call) else made
            if not isinstance(function, Routine | Partial | OwnClass | Cached):
                return _unclear(function, each)
            call = ast.copy_location(ast.Call(each, [], []), each)
            found = reader.call(function, [found], {}, call)
    return found


def remembered(reader: Calling, cached: Cached, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
    """What a cached function gives."""
    key = (*map(reader.plain, args), *((name, reader.plain(thing)) for name, thing in kwargs.items()))
    try:
        is_known = key in cached.known
    except TypeError:
        return _unclear(None, node)
    if not is_known:
        cached.known[key] = reader.call(cached.routine, args, kwargs, node)
    return cached.known[key]


def _unclear(function: Thing, node: ast.expr) -> Unclear:
    if isinstance(function, Unclear):
        return function
    name = ast.unparse(node)[:50]
    return Unclear(node.lineno, f"What {shown(name)} makes of a function is known only when the script runs.")
