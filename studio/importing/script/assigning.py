"""What a script gives to variables, to entries of lists and dictionaries and to attributes, and takes away again."""

from __future__ import annotations

import ast
from typing import cast

from studio.catalog.values import Value
from studio.core.edits import is_same_value
from studio.importing.script import constants
from studio.importing.script.arrays import Array
from studio.importing.script.calling import Calling
from studio.importing.script.insides import layers_in
from studio.importing.script.layers import value_of
from studio.importing.script.routines import NoBlock
from studio.importing.script.things import (
    Instance,
    MadeLayer,
    Network,
    NotPlain,
    Open,
    OwnClass,
    Routine,
    Scope,
    Tensor,
    Thing,
    Unclear,
)  # fmt: skip


class Assigning(Calling):
    """Assignments, whatever stands on their left."""

    def assign(self, target: ast.expr, thing: Thing, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            self.let(target.id, thing, scope)
            if isinstance(thing, Routine) and isinstance(thing.node, ast.Lambda) and not thing.variable:
                thing.variable = target.id
            if isinstance(thing, MadeLayer) and not thing.variable and not thing.is_called:
                thing.variable = target.id
            if isinstance(thing, Network):
                thing.variables.add(target.id)
                if scope is self.whole or not thing.variable:
                    thing.variable = target.id
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, thing, scope, target.lineno)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, thing, scope)
        elif isinstance(target, ast.Subscript):
            self._put(target, thing, scope)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, scope)
            if isinstance(owner, Instance | OwnClass):
                if self.run.trial is not None:
                    raise NoBlock
                owner.values[target.attr] = thing
            if isinstance(owner, MadeLayer | Network) and target.attr == "name" and isinstance(thing, str):
                owner.name = thing
                return
            if isinstance(owner, MadeLayer) and target.attr != "trainable":
                self._change_layer(owner, target, thing)
            if target.attr != "trainable" or not isinstance(thing, bool | Open):
                return
            if isinstance(owner, MadeLayer):
                self.set_trainable(owner, thing)
            elif isinstance(owner, Network):
                for each in layers_in(owner, target.lineno):
                    self.set_trainable(each, thing)

    def let(self, name: str, thing: Thing, scope: Scope) -> None:
        """Give a variable its value, where the function says that it has it."""
        owner = scope.elsewhere.get(name, scope)
        if owner is not scope and self.run.trial is not None:
            raise NoBlock
        owner.names[name] = thing

    def _change_layer(self, layer: MadeLayer, target: ast.Attribute, thing: Thing) -> None:
        """``layer.activation = keras.activations.linear``: what else a layer has is nothing that is drawn."""
        spec = self.run.catalog.inner_layer(layer.type)
        parameter = spec.parameter(target.attr) if spec is not None else None
        if parameter is None:
            return
        if self.run.trial is not None and layer.trial is not self.run.trial:
            raise NoBlock
        value = value_of(self.run.catalog, parameter, thing, target.lineno)
        layer.params.pop(target.attr, None)
        if parameter.is_required or not is_same_value(value, cast(Value, parameter.default)):
            layer.params[target.attr] = value

    def set_trainable(self, layer: MadeLayer, is_trainable: bool | Open) -> None:
        """``layer.trainable = False``."""
        spec = self.run.catalog.layer(layer.type)
        if isinstance(is_trainable, Open):
            parameter = spec.parameter("trainable") if spec is not None else None
            layer.params["trainable"] = value_of(self.run.catalog, parameter, is_trainable, layer.line)
        elif is_trainable or (spec is not None and spec.parameter("trainable") is None):
            layer.params.pop("trainable", None)
        else:
            layer.params["trainable"] = False

    def _unpack(self, targets: list[ast.expr], thing: Thing, scope: Scope, line: int) -> None:
        if isinstance(thing, Unclear):
            for each in targets:
                self.assign(each, thing, scope)
            return
        items = self.many(thing, line)
        unclear = next((each for each in items if isinstance(each, Unclear)), None)
        if unclear is not None and len(items) != len(targets) and isinstance(thing, tuple):
            # The shape of what code of the script's own gives is a guess, the number of its sizes too.
            self._unpack(targets, unclear, scope, line)
            return
        starred = next((at for at, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
        if starred is None:
            if len(items) != len(targets):
                raise NotPlain(line, f"There are {len(items)} values here for {len(targets)} variables.")
        else:
            after = len(targets) - starred - 1
            if len(items) < len(targets) - 1:
                raise NotPlain(line, f"There are {len(items)} values here for {len(targets)} variables.")
            middle = items[starred : len(items) - after]
            items = [*items[:starred], middle, *items[len(items) - after :]]
        for each, item in zip(targets, items, strict=True):
            self.assign(each, item, scope)

    def _put(self, target: ast.Subscript, thing: Thing, scope: Scope) -> None:
        owner = self.evaluate(target.value, scope)
        if isinstance(owner, Tensor | Array):
            raise NotPlain(target.lineno, "What is put into a tensor or an array is known only when the script runs.")
        if not isinstance(owner, list | dict):
            return
        self.change(owner, target.lineno)
        key = self.key_of(target.slice, scope)
        if isinstance(key, slice) and isinstance(owner, list):
            thing = self.many(thing, target.lineno)
        elif not constants.is_plain(key) or (key is None and isinstance(target.slice, ast.Slice)):
            raise NotPlain(target.lineno, "Where this is put is known only when the script runs.")
        self.limit(thing, target.lineno, owner)
        try:
            owner[key] = thing
        except (IndexError, TypeError, ValueError):
            raise NotPlain(target.lineno, "There is no such entry.") from None
        self.limit(owner, target.lineno)

    def _Assign(self, node: ast.Assign, scope: Scope) -> None:
        thing = self.evaluate(node.value, scope)
        for target in node.targets:
            self.assign(target, thing, scope)

    def _AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, scope), scope)

    def _AugAssign(self, node: ast.AugAssign, scope: Scope) -> None:
        if self._is_extended(node, scope):
            return
        load = ast.copy_location(ast.Name(node.target.id, ast.Load()), node) if isinstance(
            node.target, ast.Name) else node.target  # fmt: skip
        made = ast.copy_location(ast.BinOp(load, node.op, node.value), node)
        self.assign(node.target, self.evaluate(made, scope), scope)

    def _is_extended(self, node: ast.AugAssign, scope: Scope) -> bool:
        """``skips += [x]``: the very list becomes longer, whoever else has it."""
        if isinstance(node.target, ast.Subscript) or not isinstance(node.op, ast.Add | ast.BitOr):
            return False
        load = ast.copy_location(ast.Name(node.target.id), node) if isinstance(node.target, ast.Name) else node.target
        owner = self.evaluate(load, scope)
        if not isinstance(owner, list | dict):
            return False
        more = self.plain(self.evaluate(node.value, scope))
        self.change(owner, node.lineno)
        if isinstance(owner, dict) and isinstance(more, dict) and isinstance(node.op, ast.BitOr):
            self.limit(list(more.values()), node.lineno, owner)
            owner.update(more)
        elif isinstance(owner, constants.Several) and isinstance(more, constants.Several):
            owner[:] = constants.as_set([*owner, *more])
        elif isinstance(owner, list) and isinstance(node.op, ast.Add):
            items = self.many(more, node.lineno)
            self.limit(items, node.lineno, owner)
            owner.extend(items)
        else:
            raise NotPlain(node.lineno, "What comes to this list is known only when the script runs.")
        self.limit(owner, node.lineno)
        return True

    def _Delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                self._take_out(target, scope)

    def _take_out(self, target: ast.Subscript, scope: Scope) -> None:
        owner = self.evaluate(target.value, scope)
        if isinstance(owner, Unclear) or not isinstance(owner, list | dict):
            return
        key = self.key_of(target.slice, scope)
        self.change(owner, target.lineno)
        try:
            del owner[key]
        except (KeyError, IndexError, TypeError):
            raise NotPlain(target.lineno, "There is no such entry.") from None

    def _Global(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        for name in node.names:
            at: Scope | None = scope.outer
            while isinstance(node, ast.Nonlocal) and at is not None and name not in at.names:
                at = at.outer
            if scope is not self.whole:
                scope.elsewhere[name] = at if isinstance(node, ast.Nonlocal) and at is not None else self.whole

    _Nonlocal = _Global
