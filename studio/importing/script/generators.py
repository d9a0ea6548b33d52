"""What gives one thing after the other, and each only once: read to its end at once, as the list of what it gives."""

from __future__ import annotations

import ast
from functools import lru_cache

from studio.importing.script.things import Routine, Thing

ITERATORS = frozenset({"enumerate", "filter", "map", "reversed", "zip"})
"""Functions of Python whose results can be walked through once."""


class Once(list[Thing]):
    """A list that is empty when somebody has walked through it."""


def used_up(thing: Thing) -> None:
    """Somebody has walked through a thing."""
    if isinstance(thing, Once):
        thing.clear()


def is_generator(routine: Routine) -> bool:
    """Whether a function yields; those that are defined in it do not count."""
    return isinstance(routine.node, ast.FunctionDef) and _yields(routine.node)


@lru_cache(maxsize=1000)
def _yields(node: ast.FunctionDef) -> bool:
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(each)
    return False


class Yielded:
    """What the functions have given so far that are being read."""

    def __init__(self) -> None:
        self._waiting: list[list[Thing]] = []

    def begin(self) -> list[Thing]:
        """A function begins to give; the list is filled until its end."""
        self._waiting.append(Once())
        return self._waiting[-1]

    def give(self, things: list[Thing]) -> None:
        """More of the function that began last."""
        self._waiting[-1] += things

    def end(self) -> None:
        """It has come to its end."""
        self._waiting.pop()
