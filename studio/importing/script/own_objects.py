"""Classes of a script that derive from nothing of a library, and their objects: what their methods do is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.importing.plain import shown
from studio.importing.script import settings
from studio.importing.script.things import Instance, Known, Network, OwnClass, Partial, Routine, Scope, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling
    from studio.importing.script.expressions import Expressions

TUPLE = "typing.NamedTuple"
NOTHING = frozenset({"builtins.object", "abc.ABC", TUPLE})
"""Classes to derive from that change nothing."""


def is_plain_base(base: Thing) -> bool:
    """Whether a class that derives from this is still one of the script alone."""
    return base.is_plain if isinstance(base, OwnClass) else isinstance(base, Known) and base.path in NOTHING


def order_of(own: OwnClass) -> tuple[OwnClass, ...]:
    """The class and those that it derives from, in the order in which Python looks for a method; it is asked itself."""
    known: dict[int, type] = {}

    def stand_in(each: OwnClass) -> type:
        if id(each) not in known:
            known[id(each)] = type(each.name, tuple(map(stand_in, each.above)), {"own": each})
        return known[id(each)]

    try:
        return tuple([vars(each)["own"] for each in stand_in(own).__mro__[:-1]])
    except (RecursionError, TypeError, ValueError):
        return (own,)


def made(reader: Calling, own: OwnClass, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Instance:
    """An object of such a class, as its ``__init__`` leaves it."""
    found = Instance(own, tuple(args), kwargs, values=settings.of_call(own, args, kwargs))
    init, after = _method(own, "__init__"), _method(own, "__post_init__")
    if init is not None:
        found.kwargs = {}  # what it is made of is what __init__ makes of it
        _called(reader, _routine(reader, *init), [found, *args], kwargs, node)
    elif after is not None and own.node is not None:
        usual = {name: own.values[name] for name in settings.order(own.node) if name in own.values}
        found.values = usual | found.values
        _called(reader, _routine(reader, *after), [found], {}, node)
    return found


def named_tuple(args: list[Thing], node: ast.Call) -> Thing:
    """``namedtuple("Stage", ["filters", "repeats"])``; None where it is made otherwise."""
    name, *rest = args
    words = rest[0].replace(",", " ").split() if rest and isinstance(rest[0], str) else rest[0] if rest else None
    if not isinstance(name, str) or not isinstance(words, list | tuple):
        return None
    if not all(isinstance(each, str) and each.isidentifier() for each in (name, *words)):
        return None
    made = ast.parse(f"class {name}:\n    " + "\n    ".join([f"{each}: object" for each in words] or ["pass"])).body[0]
    assert isinstance(made, ast.ClassDef)
    return OwnClass(name, frozenset(), node.lineno, made, is_plain=True, is_tuple=True)


def members(own: OwnClass) -> dict[str, Thing]:
    """The members of an Enum, each with its name and its value."""
    return {
        name: Instance(own, (), {}, values={"name": name, "value": value}) for name, value in own.values.items()
    }  # fmt: skip


def items_of(owner: Instance) -> list[Thing] | None:
    """What stands in a tuple with names; None for all other objects."""
    if not owner.own_class.is_tuple or owner.own_class.node is None:
        return None
    defaults = owner.own_class.values
    names = settings.order(owner.own_class.node)
    found = {**defaults, **owner.values}
    return [found[name] for name in names] if all(name in found for name in names) else None


def attribute(reader: Expressions, owner: Instance | OwnClass, name: str, node: ast.expr) -> Thing:
    """An attribute of such a class or object; a method is bound to it."""
    own = owner.own_class if isinstance(owner, Instance) else owner
    if isinstance(owner, Instance) and own.is_model and name in ("compile", "fit"):
        reader.run.trained.setdefault(node.lineno, owner)
    found = _method(own, name) if own.is_plain and name not in owner.values else None
    if found is None:
        return settings.of(owner, name, node.lineno, order_of(own))
    routine = _routine(reader, *found)
    words = [each.id for each in found[0].decorator_list if isinstance(each, ast.Name)]
    if len(words) < len(found[0].decorator_list) or not {*words} <= {"staticmethod", "classmethod", "property"}:
        return Unclear(node.lineno, f"What {shown(name)} of {shown(own.name)} does is known only when the script runs.")
    if words == ["staticmethod"]:
        return routine
    if words == ["classmethod"]:
        return Partial(routine, (own,), {})
    if isinstance(owner, OwnClass):
        return routine
    if words == ["property"]:
        return reader.call(routine, [owner], {}, ast.copy_location(ast.Call(node, [], []), node))
    return Partial(routine, (owner,), {})


def called(reader: Calling, owner: Instance, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
    """What an object gives that is called itself; NotImplemented where it has no way to be."""
    found = _method(owner.own_class, "__call__") if owner.own_class.is_plain else None
    if found is None:
        return NotImplemented
    return _called(reader, _routine(reader, *found), [owner, *args], kwargs, node)


def why_not_compared(thing: Thing, *names: str) -> str:
    """Why nobody can say of an object whether it is true, or like another one; "" where Python's own way is meant."""
    if not isinstance(thing, Instance):
        return ""
    own = thing.own_class
    is_told = own.is_tuple or bool(own.node is not None and own.node.decorator_list and "__eq__" in names)
    if not is_told and all(_method(own, name) is None for name in names):
        return ""
    return f"How objects of {shown(own.name)} are compared is known only when the script runs."


def has_call(instance: Instance) -> bool:
    """Whether an object's class says what it makes of tensors."""
    return _method(instance.own_class, "call") is not None


def holds_network(instance: Instance) -> bool:
    """Whether a model that was read is among the arguments that an object was made of."""
    return any(isinstance(each, Network) for each in (*instance.args, *instance.kwargs.values()))


def _called(
    reader: Calling, routine: Routine, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.Call
) -> Thing:  # fmt: skip
    """What a method gives. What cannot be read in one that makes no part of a network is nobody's loss."""
    run = reader.run
    before = (len(run.complaints), len(run.made), len(run.networks))
    found = reader.call(routine, args, dict(kwargs), node)
    if (len(run.made), len(run.networks)) == before[1:]:
        del run.complaints[before[0] :]
    return found


def _routine(reader: Expressions, made: ast.FunctionDef, own: OwnClass) -> Routine:
    if own.inside is None:
        own.inside = Scope({"__class__": own}, own.scope or reader.whole)
    scope = own.inside
    defaults = tuple([reader.evaluate(each, scope) for each in made.args.defaults])
    named = tuple([None if each is None else reader.evaluate(each, scope) for each in made.args.kw_defaults])
    return Routine(made, scope, defaults, named)


def _method(own: OwnClass, name: str) -> tuple[ast.FunctionDef, OwnClass] | None:
    """A method with the class of the script that has it."""
    return next(_methods(order_of(own), name), None)


def _methods(order: Sequence[OwnClass], name: str) -> Iterator[tuple[ast.FunctionDef, OwnClass]]:
    for own in order:
        for each in reversed(own.node.body if own.node is not None else ()):
            if isinstance(each, ast.FunctionDef) and each.name == name:
                yield each, own


@dataclass(eq=False, slots=True)
class Above:
    """``super()``: an object, with the classes that come after one of those it is made by."""

    owner: Instance | OwnClass
    order: tuple[OwnClass, ...]


def above(args: Sequence[Thing], scope: Scope, line: int) -> Thing:
    """What ``super()`` gives in a method."""
    at = scope
    while at.outer is not None and "__class__" not in at.outer.names:
        at = at.outer
    own = args[0] if args else at.outer.names["__class__"] if at.outer is not None else None
    owner = args[1] if len(args) > 1 else next(iter(at.names.values()), None)
    made_by = owner.own_class if isinstance(owner, Instance) else owner
    if isinstance(owner, Instance | OwnClass) and isinstance(made_by, OwnClass) and own in order_of(made_by):
        order = order_of(made_by)
        return Above(owner, order[order.index(own) + 1 :])
    return Unclear(line, "What super gives is known only when the script runs.")


def of_above(reader: Expressions, found: Above, name: str, line: int) -> Thing:
    """A method of ``super()``."""
    method = next(_methods(found.order, name), None)
    if method is not None and not method[0].decorator_list:
        return Partial(_routine(reader, *method), (found.owner,), {})
    if method is None and name in ("__init__", "__post_init__", "__init_subclass__"):
        return Known("builtins.print")  # Python's own, which makes nothing.
    return Unclear(line, f"What {shown(name)} does here is known only when the script runs.")
