"""What the expressions of a script give, without running any of it."""

from __future__ import annotations

import ast
import string
from abc import abstractmethod
from typing import Any

from studio.importing.plain import shown
from studio.importing.script import arrays, constants, data, generators, names, own_objects
from studio.importing.script.applications import PLACE, said_in_block
from studio.importing.script.arrays import Array
from studio.importing.script.constants import NoResult, is_plain
from studio.importing.script.data import Data
from studio.importing.script.layers import NeedsValue
from studio.importing.script.names import known
from studio.importing.script.run import Run
from studio.importing.script.things import (
    Call,
    Ending,
    Instance,
    Known,
    MadeLayer,
    Method,
    Network,
    NotKnown,
    NotPlain,
    Open,
    OwnClass,
    Routine,
    Scope,
    Sealed,
    Tensor,
    Thing,
    Unclear,
    WithDefault,
    snapshot,
)  # fmt: skip


class Expressions:
    """Evaluates expressions. What follows from a value that is not known is not known either, and says why."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.whole = Scope()
        self.stars: list[str] = []

    @abstractmethod
    def call(self, function: Thing, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Thing:
        """What a call gives."""

    @abstractmethod
    def truth(self, thing: Thing, node: ast.AST) -> bool:
        """Whether a thing counts as true, as Python takes it."""

    @abstractmethod
    def part(self, tensor: Tensor, node: ast.Subscript, scope: Scope) -> Thing:
        """``x[:, 0]``."""

    @abstractmethod
    def of_tensor(self, tensor: Tensor, name: str, line: int) -> Thing:
        """An attribute of a tensor."""

    def evaluate(self, node: ast.expr, scope: Scope) -> Thing:
        """What an expression gives. NotPlain where it cannot be read."""
        self.run.step()
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is None:
            return Unclear(node.lineno, "This way of writing is not read.", is_fault=True)
        return method(node, scope)

    def plain(self, thing: Thing) -> Thing:
        """The thing as a value that is known now."""
        if isinstance(thing, Open | Ending):
            raise NeedsValue(thing.use if isinstance(thing, Ending) else thing)
        return thing

    # Names and attributes

    def _Constant(self, node: ast.Constant, scope: Scope) -> Thing:
        value = node.value
        if isinstance(value, bytes | complex):
            return Unclear(node.lineno, "A value of this kind is not read.")
        if isinstance(value, int):
            self.limit(value, node.lineno)
        return value

    def _Name(self, node: ast.Name, scope: Scope) -> Thing:
        at: Scope | None = scope
        while at is not None:
            if node.id in at.names and not (at.is_class and at is not scope):
                found = at.names[node.id]
                self._note_reading(at, node.id, found)
                return found
            at = at.outer
        if node.id in names.OF_PYTHON:
            return Known(f"builtins.{node.id}")
        if node.id == "__name__":
            return "__main__"
        if self.stars:
            return known(f"{names.of_star(self.stars, node.id, self.run.catalog)}.{node.id}")
        return Unclear(node.lineno, f"{shown(node.id)} is not defined in the script.", is_fault=True)

    def _note_reading(self, at: Scope, name: str, found: Thing) -> None:
        """What a block in the making reads outside itself must be the same when the block is used again."""
        trial = self.run.trial
        while trial is not None:
            if (id(at), name) not in trial.reads:
                trial.reads[id(at), name] = (at, snapshot(found))
            trial = trial.parent

    def _Attribute(self, node: ast.Attribute, scope: Scope) -> Thing:
        owner = self.evaluate(node.value, scope)
        if isinstance(owner, Data):
            known_here = {"shape": owner.shape, "ndim": len(owner.shape)}
            return known_here.get(node.attr, Method(owner, node.attr))
        if isinstance(owner, Unclear):
            return owner
        owner = self.plain(owner)
        if isinstance(owner, Known):
            if owner.path in ("math", "numpy") and node.attr in constants.NUMBERS:
                return constants.NUMBERS[node.attr]
            if node.attr == "newaxis" and owner.path in ("numpy", "tensorflow"):
                return None
            if owner.path == "string" and node.attr in constants.LETTERS:
                return getattr(string, node.attr)
            return known(f"{owner.path}.{node.attr}")
        if isinstance(owner, Network):
            return self.of_network(owner, node.attr, node.lineno)
        if isinstance(owner, MadeLayer):
            return self.of_layer(owner, node.attr, node.lineno)
        if isinstance(owner, Array):
            try:
                found = arrays.attribute(owner, node.attr)
            except NoResult as error:
                raise NotPlain(node.lineno, f"This cannot be worked out: {error}.") from None
            return Method(owner, node.attr) if found is None else found
        if isinstance(owner, own_objects.Above):
            return own_objects.of_above(self, owner, node.attr, node.lineno)
        if isinstance(owner, Instance) and node.attr == "__dict__":
            return owner.values
        if isinstance(owner, Instance | OwnClass):
            return own_objects.attribute(self, owner, node.attr, node)
        if isinstance(owner, Tensor) and node.attr in ("shape", "dtype", "name", "ndim", "keras_history"):
            return self.of_tensor(owner, node.attr, node.lineno)
        return Method(owner, node.attr)

    @abstractmethod
    def of_network(self, network: Network, name: str, line: int) -> Thing:
        """An attribute of a model."""

    @abstractmethod
    def of_layer(self, layer: MadeLayer, name: str, line: int) -> Thing:
        """An attribute of a layer."""

    # Collections

    def limit_all(self, things: list[Thing], line: int, owner: Thing) -> None:
        """NotPlain where one of them cannot be put into ``owner``."""
        for each in things:
            self.limit(each, line, owner)

    def limit(self, thing: Thing, line: int, owner: Thing = None) -> None:
        """NotPlain for something that is larger than any network needs, or that would hold itself in its ``owner``."""
        try:
            constants.refuse_nested(constants.limited(thing), owner)
        except NoResult as error:
            raise NotPlain(line, f"This cannot be worked out: {error}.") from None

    def _items(self, nodes: list[ast.expr], scope: Scope) -> list[Thing]:
        found: list[Thing] = []
        for each in nodes:
            if isinstance(each, ast.Starred):
                many = self.evaluate(each.value, scope)
                found += self.many(many, each.lineno)
            else:
                found.append(self.evaluate(each, scope))
        self.limit(found, nodes[0].lineno if nodes else 0)
        return found

    def _Tuple(self, node: ast.Tuple, scope: Scope) -> Thing:
        return self.run.own(tuple(self._items(node.elts, scope)))

    def _List(self, node: ast.List, scope: Scope) -> Thing:
        return self.run.own(self._items(node.elts, scope))

    def _Dict(self, node: ast.Dict, scope: Scope) -> Thing:
        found: dict[Thing, Thing] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            thing = self.evaluate(value, scope)
            if key is None:
                if not isinstance(thing, dict):
                    raise NotPlain(node.lineno, "What is unpacked here is known only when the script runs.")
                found.update(thing)
                continue
            found[self._key(key, scope)] = thing
        return self.run.own(found)

    def _comprehension(self, node: Any, scope: Scope) -> list[Scope]:
        scopes = [Scope(outer=scope)]
        for part in node.generators:
            turned = []
            for at in scopes:
                for item in self.many(self.evaluate(part.iter, at), node.lineno):
                    self.run.step()
                    inner = Scope(dict(at.names), scope)
                    self.assign(part.target, item, inner)
                    if all(self.truth(self.evaluate(test, inner), test) for test in part.ifs):
                        turned.append(inner)
            scopes = turned
        return scopes

    @staticmethod
    def _end(scopes: list[Scope]) -> None:
        """All functions that were made in a comprehension see the variables as they are at its end."""
        for each in scopes[:-1]:
            each.names.update(scopes[-1].names)

    def _ListComp(self, node: ast.ListComp, scope: Scope) -> Thing:
        scopes = self._comprehension(node, scope)
        found = [self.evaluate(node.elt, inner) for inner in scopes]
        self._end(scopes)
        return self.run.own(found)

    def _Set(self, node: ast.Set, scope: Scope) -> Thing:
        return self._unique(self._items(node.elts, scope), node.lineno)

    def _SetComp(self, node: ast.SetComp, scope: Scope) -> Thing:
        return self._unique([self.evaluate(node.elt, inner) for inner in self._comprehension(node, scope)], node.lineno)

    def _unique(self, things: list[Thing], line: int) -> Thing:
        """A set, as the list of what is in it in the order of a walk through it."""
        try:
            return self.run.own(constants.as_set([*map(self.plain, things)], is_display=True))
        except TypeError:
            raise NotPlain(line, "A list or a dictionary cannot stand in a set.") from None

    def _GeneratorExp(self, node: ast.GeneratorExp, scope: Scope) -> Thing:
        found = [self.evaluate(node.elt, inner) for inner in self._comprehension(node, scope)]
        return self.run.own(generators.Once(found))

    def _DictComp(self, node: ast.DictComp, scope: Scope) -> Thing:
        scopes = self._comprehension(node, scope)
        found = {self._key(node.key, each): self.evaluate(node.value, each) for each in scopes}
        self._end(scopes)
        return self.run.own(found)

    def _key(self, node: ast.expr, scope: Scope) -> Thing:
        found = self.plain(self.evaluate(node, scope))
        if not is_plain(found):
            raise NotPlain(node.lineno, "The key of an entry is known only when the script runs.")
        return found

    def many(self, thing: Thing, line: int) -> list[Thing]:
        """The items of something that can be walked through."""
        thing = self.plain(thing)
        if isinstance(thing, list | tuple | range | str | dict):
            if constants.is_long(thing):
                raise NotPlain(line, f"This has more than {constants.MOST_ITEMS:,} entries.")
            found = list(thing)
            generators.used_up(thing)
            return found
        if isinstance(thing, Instance) and (items := own_objects.items_of(thing)) is not None:
            return items
        self.unseal(thing)
        if isinstance(thing, Unclear):
            raise NotPlain(thing.line, thing.reason) if thing.is_fault else NotKnown(thing)
        raise NotPlain(line, "What is walked through here is known only when the script runs.")

    @abstractmethod
    def change(self, owner: Thing, line: int) -> None:
        """A list or dictionary is about to be changed."""

    def unseal(self, thing: Thing) -> None:
        """Let a ready-made network be drawn with all its layers in the next round, where the script asks for some."""
        if isinstance(thing, Sealed) and thing.ready is not None:
            self.run.to_open.add(thing.ready.where)

    def key_of(self, node: ast.expr, scope: Scope) -> Thing:
        """What stands in square brackets: a key, an index or a slice; None for a slice of no numbers."""
        if isinstance(node, ast.Tuple):
            keys = [self.key_of(each, scope) for each in node.elts]
            if any(key is None and isinstance(each, ast.Slice) for key, each in zip(keys, node.elts, strict=True)):
                raise NotPlain(node.lineno, "This part is known only when the script runs.")
            return tuple(keys)
        if not isinstance(node, ast.Slice):
            return self.plain(self.evaluate(node, scope))
        ends = [
            None if part is None else self.plain(self.evaluate(part, scope))
            for part in (node.lower, node.upper, node.step)
        ]
        return slice(*ends) if all(end is None or isinstance(end, int) for end in ends) else None

    def _Subscript(self, node: ast.Subscript, scope: Scope) -> Thing:
        owner = self.evaluate(node.value, scope)
        self.unseal(owner)
        if isinstance(owner, Data):
            return data.part(self, owner, node, scope)
        if isinstance(owner, Unclear):
            return owner
        owner = self.plain(owner)
        if isinstance(owner, Tensor):
            return self.part(owner, node, scope)
        if isinstance(owner, Known):
            return Unclear(node.lineno, f"A part of {shown(owner.path)} is known only when the script runs.")
        key = self.key_of(node.slice, scope)
        if isinstance(owner, Instance) and (items := own_objects.items_of(owner)) is not None:
            owner = tuple(items)
        if not isinstance(owner, list | tuple | dict | str | range) or not (
            is_plain(key) or isinstance(key, slice) or (isinstance(owner, Array) and isinstance(key, tuple))
        ):
            return Unclear(node.lineno, "This part is known only when the script runs.")
        try:
            if isinstance(owner, WithDefault) and key not in owner:
                self.change(owner, node.lineno)
                owner[key] = self.call(owner.factory, [], {}, ast.copy_location(ast.Call(node, [], []), node))
            found = arrays.part(owner, key) if isinstance(owner, Array) else owner[key]
            return self.run.own(found) if isinstance(key, slice) else found
        except (KeyError, IndexError, TypeError, ValueError, NoResult):
            raise NotPlain(node.lineno, "There is no such entry.") from None

    # Calls and the rest

    def _Call(self, node: ast.Call, scope: Scope) -> Thing:
        function = self.evaluate(node.func, scope)
        args = self._items(node.args, scope)
        if isinstance(function, Known) and function.path == "builtins.super":
            return own_objects.above(args, scope, node.lineno)
        kwargs: dict[str, Thing] = {}
        keywords = node.keywords
        if isinstance(function, Known) and function.path == "keras.Input":
            keywords = _without_likeness(keywords)
        elif isinstance(function, Known) and function.path.startswith(PLACE) and self.run.is_ours and self.run.trial:
            keywords = said_in_block(keywords)
        for each in keywords:
            thing = self.evaluate(each.value, scope)
            if each.arg is not None:
                kwargs[each.arg] = thing
            elif isinstance(thing, dict) and all(isinstance(key, str) for key in thing):
                kwargs.update(thing)
            else:
                raise NotPlain(node.lineno, "What is unpacked with ** is known only when the script runs.")
        self.run.line = node.lineno
        return self.call(function, args, kwargs, node)

    def _Lambda(self, node: ast.Lambda, scope: Scope) -> Thing:
        return Routine(
            node, scope, tuple([self.evaluate(each, scope) for each in node.args.defaults]),
            tuple([None if each is None else self.evaluate(each, scope) for each in node.args.kw_defaults]),
            self.run.own_code,
        )  # fmt: skip

    def _NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> Thing:
        thing = self.evaluate(node.value, scope)
        self.assign(node.target, thing, scope)
        return thing

    @abstractmethod
    def assign(self, target: ast.expr, thing: Thing, scope: Scope) -> None:
        """Let a variable be a thing."""


def _without_likeness(keywords: list[ast.keyword]) -> list[ast.keyword]:
    """The arguments of an Input but for those that make it like a tensor: it begins a model that is called on that.

    Or on every time step of that: ``shape=x.shape[2:], dtype=x.dtype``.
    """
    like: dict[str, str] = {}
    for each in keywords:
        value = each.value
        if each.arg == "shape" and isinstance(value, ast.Subscript) and ast.unparse(value.slice) == "2:":
            value = value.value
        elif each.arg not in ("batch_shape", "dtype"):
            continue
        if isinstance(value, ast.Attribute) and value.attr == each.arg.removeprefix("batch_"):
            like[each.arg] = ast.dump(value.value)
    is_like = len(like) == 2 and "dtype" in like and len(set(like.values())) == 1
    return [each for each in keywords if each.arg not in like] if is_like else keywords


def last_call(made: list[Any], before: int) -> Call | None:
    """The last call among what was made since there were ``before`` things."""
    return next((each for each in reversed(made[before:]) if isinstance(each, Call)), None)
