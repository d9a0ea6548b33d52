"""Walks through the statements of a script with plain values and symbolic tensors; nothing of the script is run."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from studio.importing.plain import shown
from studio.importing.script import constants, decorators, generators, own_objects, poison, settings
from studio.importing.script.assigning import Assigning
from studio.importing.script.expressions import last_call
from studio.importing.script.names import known
from studio.importing.script.run import Run
from studio.importing.script.things import (
    Call,
    Instance,
    Known,
    MadeLayer,
    Network,
    NotKnown,
    NotPlain,
    OwnClass,
    Routine,
    Scope,
    Thing,
    Unclear,
    flat,
)  # fmt: skip

MOST_TURNS = 20_000
_EXCEPTIONS = {
    name: each for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, BaseException)
}  # fmt: skip


class Returned(Exception):
    """A function has come to its end, with this result."""

    def __init__(self, thing: Thing) -> None:
        super().__init__()
        self.thing = thing


class _LoopEnd(Exception):
    def __init__(self, is_break: bool) -> None:
        super().__init__()
        self.is_break = is_break


class Stopped(Exception):
    """``raise`` was reached: the function goes no further. ``error`` is what is raised, as far as that is known."""

    def __init__(self, error: Thing) -> None:
        super().__init__()
        self.error = error


def _variable(words: Sequence[str], call: Call) -> str:
    """The variable that a call is assigned to; of several results the first, if it is kept at all."""
    if not words or words[0] != "_":
        return words[0] if words else ""
    for word, port in zip(words, call.outputs, strict=False):
        if word.endswith(f"_{port.name}"):
            return word.removesuffix(f"_{port.name}")
    return ""


def _is_print(node: ast.expr) -> bool:
    """Whether this does nothing but to tell something."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _whole_frozen(node: ast.For) -> ast.expr | None:
    """The network of ``for layer in network.layers: layer.trainable = False``: all of it is meant."""
    match node:
        case ast.For(
            target=ast.Name(id=name),
            iter=ast.Attribute(value=network, attr="layers"),
            body=[ast.Assign(targets=[ast.Attribute(value=ast.Name(id=changed), attr="trainable")])],
        ) if name == changed:
            return network
    return None


class Interpreter(Assigning):
    """Executes statements. What cannot be read makes what follows from it unclear, and the rest goes on."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.yielded = generators.Yielded()

    def script(self, tree: ast.Module) -> None:
        """All statements of the script."""
        with suppress(Stopped, Returned, _LoopEnd):
            self.block(tree.body, self.whole)

    def block(self, statements: Sequence[ast.stmt], scope: Scope) -> None:
        """Statements, one after the other."""
        for statement in statements:
            self.run.step()
            self.run.line = statement.lineno
            made = self.run.made if self.run.trial is None else self.run.trial.made
            before = len(made)
            networks = len(self.run.networks)
            try:
                method = getattr(self, f"_{type(statement).__name__}", None)
                if method is None:
                    raise NotPlain(statement.lineno, "This kind of statement is not read.")
                method(statement, scope)
            except NotPlain as fault:
                self.run.complain(fault)
                self._poison(statement, scope, fault)
            except NotKnown as end:
                # Nothing wrong: what the data holds. Only what would have been assigned here is unclear.
                self._poison(statement, scope, NotPlain(end.unclear.line, end.unclear.reason))
            except Returned:
                if isinstance(statement, ast.Return):
                    self._tell(statement, made, before, networks)
                raise
            self._tell(statement, made, before, networks)

    def _tell(self, statement: ast.stmt, made: list[Any], before: int, networks: int) -> None:
        """Let what a statement made know the lines and the comment of it."""
        if isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef):
            return
        end = statement.end_lineno or statement.lineno
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        targets = target.elts if isinstance(target, ast.Tuple) else [target]
        words = [each.id if isinstance(each, ast.Name) else "" for each in targets]
        for network in self.run.networks[networks:]:
            if network.end_line == 0:
                network.end_line = end
        note = self.run.notes.pop(statement.lineno, "")
        fresh = [each for each in made[before:] if isinstance(each, MadeLayer | Call)]
        last = last_call(made, before)
        if last is not None and last.line >= statement.lineno:
            last.variable, last.variables = _variable(words, last), tuple(words)
        for each in reversed(fresh):
            if note and not each.note and (each is last or last is None):
                each.note, note = note, ""
        if note:
            self.run.notes[statement.lineno] = note  # it belongs to no layer

    def _poison(self, statement: ast.stmt, scope: Scope, fault: NotPlain) -> None:
        """What a statement would have assigned or changed is unclear now, and so is where it would have gone."""
        unclear = Unclear(fault.line, fault.reason, is_fault=True)
        for each in poison.assigned(statement):
            scope.elsewhere.get(each, scope).names[each] = unclear
        for owner_name, attribute in poison.attributes(statement):
            owner = scope.names.get(owner_name)
            if isinstance(owner, Instance | OwnClass):
                owner.values[attribute] = unclear
        for each in poison.changed(statement):
            owner = scope.names.get(each)
            if isinstance(owner, Network) and owner in self.run.networks:
                self.run.networks.remove(owner)
                self.run.complain(fault)
            if isinstance(owner, Network | list | dict):
                scope.names[each] = unclear
        if poison.returns(statement):
            raise Returned(unclear)
        if poison.leaves_loop(statement):
            raise NotKnown(unclear)

    # Expressions, imports and definitions

    def _Expr(self, node: ast.Expr, scope: Scope) -> None:
        self.evaluate(node.value, scope)

    def _Import(self, node: ast.Import, scope: Scope) -> None:
        for each in node.names:
            if each.asname:
                scope.names[each.asname] = known(each.name)
            else:
                first = each.name.partition(".")[0]
                scope.names[first] = known(first)

    def _ImportFrom(self, node: ast.ImportFrom, scope: Scope) -> None:
        for each in node.names:
            if each.name == "*":
                self.stars.append(node.module or "")
            elif node.level:
                reason = f"{shown(each.name)} comes from another file of the script's own, which is not read."
                scope.names[each.asname or each.name] = Unclear(node.lineno, reason)
            else:
                scope.names[each.asname or each.name] = known(f"{node.module}.{each.name}")

    def _FunctionDef(self, node: ast.FunctionDef, scope: Scope) -> None:
        routine = Routine(
            node, scope, tuple([self.evaluate(each, scope) for each in node.args.defaults]),
            tuple([None if each is None else self.evaluate(each, scope) for each in node.args.kw_defaults]),
            self.run.own_code,
        )  # fmt: skip
        scope.names[node.name] = decorators.decorated(self, routine, node, scope)

    def _AsyncFunctionDef(self, node: ast.AsyncFunctionDef, scope: Scope) -> None:
        scope.names[node.name] = Unclear(node.lineno, "A function that is async is not read.")

    def _ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:
        above = [self.evaluate(each, scope) for each in node.bases]
        bases = {base.path for base in above if isinstance(base, Known) and base.path not in own_objects.NOTHING}
        for base in above:
            bases |= base.bases if isinstance(base, OwnClass) else set()
        made = OwnClass(node.name, frozenset(bases), node.lineno, node, scope)
        made.above = tuple([base for base in above if isinstance(base, OwnClass)])
        made.is_plain = all(map(own_objects.is_plain_base, above)) and not node.keywords
        made.is_tuple = any(isinstance(base, Known) and base.path == own_objects.TUPLE for base in above)
        is_enum = any(isinstance(base, Known) and base.path == "enum.Enum" for base in above)
        if made.is_plain or is_enum:
            inside = Scope({}, scope, is_class=True)
            for name, value in settings.fields(node):
                with suppress(NotPlain, NotKnown):
                    inside.names[name] = self.evaluate(value, inside)
            made.values = inside.names
        if is_enum:
            made.values = own_objects.members(made)
        scope.names[node.name] = made

    # Control flow

    def _Return(self, node: ast.Return, scope: Scope) -> None:
        thing = None if node.value is None else self.evaluate(node.value, scope)
        for network in self.run.networks:
            if thing is network and not network.output_names:
                network.end_line = node.end_lineno or node.lineno
        raise Returned(thing)

    def _If(self, node: ast.If, scope: Scope) -> None:
        test = self.evaluate(node.test, scope)
        if isinstance(test, Unclear):
            raise NotKnown(test)
        self.block(node.body if self.truth(test, node) else node.orelse, scope)

    def _For(self, node: ast.For, scope: Scope) -> None:
        if all(isinstance(each, ast.Expr) and _is_print(each.value) for each in node.body):
            return
        if (owner := _whole_frozen(node)) is not None:
            network = self.evaluate(owner, scope)
            if isinstance(network, MadeLayer) and id(network) in self.run.ready:
                self.assign(node.target, network, scope)
                self.block(node.body, scope)
                return
        turned = self.plain(self.evaluate(node.iter, scope))
        if isinstance(turned, Unclear):
            raise NotKnown(turned)
        if isinstance(turned, range) and constants.is_long(turned, MOST_TURNS):
            raise NotPlain(node.lineno, f"A loop with more than {MOST_TURNS:,} turns is not read.")
        for item in self.many(turned, node.lineno):
            self.run.step()
            self.assign(node.target, item, scope)
            try:
                self.block(node.body, scope)
            except _LoopEnd as end:
                if end.is_break:
                    return
        self.block(node.orelse, scope)

    def _While(self, node: ast.While, scope: Scope) -> None:
        for _ in range(MOST_TURNS):
            self.run.step()
            test = self.evaluate(node.test, scope)
            if isinstance(test, Unclear):
                raise NotKnown(test)
            if not self.truth(test, node):
                self.block(node.orelse, scope)
                return
            try:
                self.block(node.body, scope)
            except _LoopEnd as end:
                if end.is_break:
                    return
        raise NotPlain(node.lineno, f"A loop with more than {MOST_TURNS:,} turns is not read.")

    def _Match(self, node: ast.Match, scope: Scope) -> None:
        subject = self.plain(self.evaluate(node.subject, scope))
        if isinstance(subject, Unclear):
            raise NotKnown(subject)
        for case in node.cases:
            if not self._fits(case.pattern, subject, scope):
                continue
            if case.guard is None or self.truth(self.evaluate(case.guard, scope), case.guard):
                self.block(case.body, scope)
                return

    def _fits(self, pattern: ast.pattern, subject: Thing, scope: Scope) -> bool:
        """Whether a case is meant; those that take something apart are not read."""
        match pattern:
            case ast.MatchValue(value=value):
                return constants.compare(ast.Eq, subject, self.plain(self.evaluate(value, scope)))
            case ast.MatchSingleton(value=value):
                return subject is value
            case ast.MatchOr(patterns=many):
                return any(self._fits(each, subject, scope) for each in many)
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None and not self._fits(inner, subject, scope):
                    return False
                if name is not None:
                    self.let(name, subject, scope)
                return True
        raise NotPlain(pattern.lineno, "A case that takes something apart is not read.")

    def _Break(self, node: ast.Break, scope: Scope) -> None:
        raise _LoopEnd(True)

    def _Continue(self, node: ast.Continue, scope: Scope) -> None:
        raise _LoopEnd(False)

    def _Pass(self, node: ast.Pass, scope: Scope) -> None:
        pass

    _Assert = _Pass

    def _Raise(self, node: ast.Raise, scope: Scope) -> None:
        what = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        raise Stopped(None if what is None else self.evaluate(what, scope))

    def _With(self, node: ast.With, scope: Scope) -> None:
        for each in node.items:
            thing = self.evaluate(each.context_expr, scope)
            if each.optional_vars is not None:
                self.assign(each.optional_vars, thing, scope)
        self.block(node.body, scope)

    def _Try(self, node: ast.Try, scope: Scope) -> None:
        try:
            self.block([*node.body, *node.orelse], scope)
        except Stopped as stopped:
            handler = next((each for each in node.handlers if self._catches(each, stopped.error, scope)), None)
            if handler is None:
                raise
            self.block(handler.body, scope)
        self.block(node.finalbody, scope)

    def _catches(self, handler: ast.ExceptHandler, error: Thing, scope: Scope) -> bool:
        """Whether ``except`` takes what was raised; NotPlain where only running the script tells."""
        if handler.type is None:
            return True
        wanted = self.evaluate(handler.type, scope)
        kinds = [_EXCEPTIONS.get(each.last) if isinstance(each, Known) else None for each in flat([wanted])]
        raised = _EXCEPTIONS.get(error.last) if isinstance(error, Known) else None
        if Exception in kinds or BaseException in kinds:
            return raised is None or issubclass(raised, Exception) or BaseException in kinds
        if raised is None or None in kinds:
            raise NotPlain(handler.lineno, "Whether this error comes is known only when the script runs.")
        return any(kind is not None and issubclass(raised, kind) for kind in kinds)

    # Functions

    def enter(self, routine: Routine, names: dict[str, Thing]) -> Thing:
        """What a function gives for these values of its parameters."""
        scope = Scope(names, routine.scope)
        if isinstance(routine.node, ast.Lambda):
            return self.evaluate(routine.node.body, scope)
        if generators.is_generator(routine):
            return self._generated(routine, scope)
        line = self.run.line
        try:
            self.block(routine.node.body, scope)
        except Returned as found:
            return found.thing
        except Stopped:
            return Unclear(line, f"{shown(routine.name)} ends with an error here.")
        finally:
            self.run.line = line
        return None

    def _generated(self, routine: Routine, scope: Scope) -> Thing:
        """All that a function yields."""
        assert isinstance(routine.node, ast.FunctionDef)
        found = self.yielded.begin()
        try:
            with suppress(Returned):
                self.block(routine.node.body, scope)
        finally:
            self.yielded.end()
        return self.run.own(found)

    def _Yield(self, node: ast.Yield, scope: Scope) -> Thing:
        thing = None if node.value is None else self.evaluate(node.value, scope)
        self.run.own([thing])
        self.yielded.give([thing])
        return Unclear(node.lineno, "What is sent to a function that yields is known only when the script runs.")

    def _YieldFrom(self, node: ast.YieldFrom, scope: Scope) -> Thing:
        self.yielded.give(self.many(self.evaluate(node.value, scope), node.lineno))
        return None
