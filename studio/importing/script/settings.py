"""Classes of a script that are tables of settings: they derive from nothing, and so do their objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from studio.importing.plain import shown
from studio.importing.script.things import Instance, OwnClass, Thing, Unclear

_MAKERS = frozenset({"__init__", "__new__", "__getattr__"})


def fields(made: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """The attributes of a class that stand in it with their values: ``EMBED_DIM = 8``, ``EMBED_DIM: int = 8``."""
    for each in made.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value is not None:
            yield each.target.id, each.value
        if isinstance(each, ast.Assign):
            yield from ((target.id, each.value) for target in each.targets if isinstance(target, ast.Name))


def of_call(own: OwnClass, args: Sequence[Thing], kwargs: Mapping[str, Thing]) -> dict[str, Thing]:
    """What an object made with these arguments has for sure: an ``__init__`` may make of them what it likes."""
    made = own.node
    if made is None or any(isinstance(each, ast.FunctionDef) and each.name in _MAKERS for each in made.body):
        return {}
    return dict(zip(order(made), args, strict=False)) | dict(kwargs)


def order(made: ast.ClassDef) -> list[str]:
    """The attributes of a class that are told by place."""
    return [each.target.id for each in made.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]  # fmt: skip


def of(owner: Instance | OwnClass, name: str, line: int, order: Sequence[OwnClass] = ()) -> Thing:
    """An attribute of a class of the script, or of an object of it. ``order`` is where Python looks for it."""
    own = owner.own_class if isinstance(owner, Instance) else owner
    if name in owner.values:
        return owner.values[name]
    if isinstance(owner, Instance) and name in owner.kwargs:
        return owner.kwargs[name]
    order = order or (own,)
    nodes = [each.node for each in order if each.node is not None]
    if isinstance(owner, OwnClass) or all(name not in _set_by_methods(node) for node in nodes):
        for each in order:
            if name in each.values:
                return each.values[name]
    return Unclear(line, f"{shown(name)} of {shown(own.name)} is known only when the script runs.")


def _set_by_methods(made: ast.ClassDef) -> set[str]:
    """The attributes that a method of the class may give another value."""
    return {
        each.attr for each in ast.walk(made) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    }  # fmt: skip
