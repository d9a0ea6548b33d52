"""Operators, comparisons and f-strings in a script: of plain values they are worked out, of tensors they are drawn."""

from __future__ import annotations

import ast
from abc import abstractmethod

from studio.importing.script import arrays, constants, data, own_objects
from studio.importing.script.arrays import Array
from studio.importing.script.constants import NoResult, is_plain
from studio.importing.script.expressions import Expressions
from studio.importing.script.things import Ending, NotKnown, NotPlain, Open, Scope, Tensor, Thing, Unclear


class Arithmetic(Expressions):
    """What operators give."""

    @abstractmethod
    def operator(self, kind: type, args: list[Thing], node: ast.expr) -> Thing:
        """What an operator of Python on tensors gives."""

    def _BinOp(self, node: ast.BinOp, scope: Scope) -> Thing:
        one, other = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        if (combined := data.combined(one, other)) is not None:
            return combined
        if isinstance(one, Unclear) or isinstance(other, Unclear):
            return one if isinstance(one, Unclear) else other
        if isinstance(one, Tensor) or isinstance(other, Tensor):
            return self.operator(type(node.op), [one, other], node)
        try:
            if isinstance(one, Array) or isinstance(other, Array):
                return arrays.operated(type(node.op), [self.plain(one), self.plain(other)])
            found = constants.binary(type(node.op), self.plain(one), self.plain(other))
        except NoResult as error:
            raise NotPlain(node.lineno, f"This cannot be worked out: {error}.") from None
        return self.run.own(found)

    def _UnaryOp(self, node: ast.UnaryOp, scope: Scope) -> Thing:
        one = self.evaluate(node.operand, scope)
        if isinstance(one, Unclear):
            return one
        if isinstance(node.op, ast.Not):
            return not self.truth(one, node)
        if isinstance(one, Tensor):
            return self.operator(type(node.op), [one], node)
        try:
            if isinstance(one, Array):
                return arrays.operated(type(node.op), [one])
            return constants.unary(type(node.op), self.plain(one))
        except NoResult as error:
            raise NotPlain(node.lineno, f"This cannot be worked out: {error}.") from None

    def _BoolOp(self, node: ast.BoolOp, scope: Scope) -> Thing:
        found: Thing = None
        for each in node.values:
            found = self.evaluate(each, scope)
            if isinstance(found, Unclear):
                return found
            if self.truth(found, node) is isinstance(node.op, ast.Or):
                return found
        return found

    def _Compare(self, node: ast.Compare, scope: Scope) -> Thing:
        left = self.evaluate(node.left, scope)
        for kind, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node, scope)
            for each in (left, right):
                if isinstance(each, Unclear):
                    return each
            if isinstance(kind, ast.Is | ast.IsNot) and (left is None or right is None):
                other = right if left is None else left
                is_none = self.plain(other) is None
                if is_none is not isinstance(kind, ast.Is):
                    return False
                left = right
                continue
            left, right = self.plain(left), self.plain(right)
            if isinstance(left, Tensor) or isinstance(right, Tensor):
                if len(node.ops) > 1:
                    raise NotPlain(node.lineno, "Tensors are compared two at a time.")
                return self.operator(type(kind), [left, right], node)
            if left is not right and not isinstance(kind, ast.Is | ast.IsNot):
                for each in (left, right):
                    if reason := own_objects.why_not_compared(each, "__eq__", "__ne__", "__lt__", "__gt__"):
                        raise NotPlain(node.lineno, reason)
            try:
                if (isinstance(left, Array) or isinstance(right, Array)) and len(node.ops) == 1:
                    return arrays.operated(type(kind), [left, right])
                if not constants.compare(type(kind), left, right):
                    return False
            except NoResult as error:
                raise NotPlain(node.lineno, f"This cannot be worked out: {error}.") from None
            left = right
        return True

    def _IfExp(self, node: ast.IfExp, scope: Scope) -> Thing:
        test = self.evaluate(node.test, scope)
        if isinstance(test, Unclear):
            return test
        return self.evaluate(node.body if self.truth(test, node) else node.orelse, scope)

    def truth(self, thing: Thing, node: ast.AST) -> bool:
        """Whether a thing counts as true, as Python takes it."""
        thing = self.plain(thing)
        if isinstance(thing, Unclear):
            raise NotPlain(thing.line, thing.reason) if thing.is_fault else NotKnown(thing)
        if isinstance(thing, Tensor):
            raise NotPlain(getattr(node, "lineno", 1), "A tensor is neither true nor false before the network runs.")
        if isinstance(thing, Array) and len(thing) != 1:
            raise NotPlain(getattr(node, "lineno", 1), "An array of several numbers is neither true nor false.")
        if reason := own_objects.why_not_compared(thing, "__bool__", "__len__"):
            raise NotPlain(getattr(node, "lineno", 1), reason)
        return bool(thing) if is_plain(thing) or isinstance(thing, list | tuple | dict | range) else True

    def _JoinedStr(self, node: ast.JoinedStr, scope: Scope) -> Thing:
        found: list[str] = []
        use: Open | None = None
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                thing = self.evaluate(part.value, scope)
                if isinstance(thing, Unclear):
                    return thing
                if not found and use is None and part.conversion < 0 and self.is_name_of_use(thing):
                    use = thing
                    continue
                spec = "" if part.format_spec is None else self.evaluate(part.format_spec, scope)
                try:
                    found.append(constants.formatted(self.plain(thing), part.conversion, str(spec)))
                except NoResult as error:
                    raise NotPlain(node.lineno, f"This text cannot be worked out: {error}.") from None
            else:
                found.append(str(self.evaluate(part, scope)))
        text = "".join(found)
        self.limit(text, node.lineno)
        return self.run.own(text) if use is None else Ending(use, text)

    @abstractmethod
    def is_name_of_use(self, thing: Thing) -> bool:
        """Whether this is the name that the use of a block has."""
