"""What a statement might do that nobody can follow: what it would assign, change, give back or leave."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_CHANGES = frozenset({
    "add", "append", "extend", "insert", "pop", "remove", "update", "setdefault", "clear", "reverse", "sort",
    "popitem",
})  # fmt: skip
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def assigned(statement: ast.stmt) -> Iterator[str]:
    """The variables to which it would give a value."""
    for each in _inside(statement):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store) and isinstance(each.value, ast.Name):
            yield each.value.id


def attributes(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The attributes to which it would give a value, with the variables of what they belong to."""
    for each in _inside(statement):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and isinstance(each.value, ast.Name):
            yield each.value.id, each.attr


def changed(statement: ast.stmt) -> Iterator[str]:
    """The variables of lists and models of which it would call a method that changes them."""
    for each in _inside(statement):
        function = each.func if isinstance(each, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr in _CHANGES and isinstance(function.value, ast.Name):
            yield function.value.id


def returns(statement: ast.stmt) -> bool:
    """Whether a function might end there."""
    return any(isinstance(each, ast.Return) for each in _inside(statement))


def leaves_loop(statement: ast.stmt) -> bool:
    """Whether the loop in which it stands might go on otherwise from there."""
    if isinstance(statement, ast.For | ast.While):
        return False
    return any(isinstance(each, ast.Break | ast.Continue) for each in _inside(statement, are_loops_entered=False))


def _inside(statement: ast.stmt, are_loops_entered: bool = True) -> Iterator[ast.AST]:
    """All that would run with it: functions and classes defined there do not."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        each = waiting.pop()
        yield each
        for child in ast.iter_child_nodes(each):
            if isinstance(child, _FUNCTIONS):
                continue
            if are_loops_entered or not isinstance(child, ast.For | ast.While):
                waiting.append(child)
