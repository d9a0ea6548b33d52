"""Classes and functions of a script that its network uses, and their text as it stands there."""

from __future__ import annotations

import ast
import copy
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from studio.core.edits.snippets import renamed_in
from studio.core.snippets import read
from studio.importing.script.things import Scope, Thing

LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""Lines as Python counts them."""
LONGEST = 200_000
"""Characters of one piece; a project file holds some more."""
_DEEPEST = 8

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.Lambda


@dataclass(eq=False, slots=True)
class Piece:
    """A class or function of a script that its network uses.

    ``name`` is what it is called in the project, ``own_name`` in the script, "" for a lambda that is no variable.
    ``takes_many`` are inputs of a layer that the script gives several tensors, ``defaults`` the values that the
    defaults of a lambda had when it was made. ``gives`` is how many tensors a layer gives, 0 where its text tells.
    """

    name: str
    own_name: str
    kind: str
    node: Definition
    scope: Scope
    takes_many: set[str] = field(default_factory=set)
    defaults: tuple[Thing, ...] = ()
    gives: int = 0


class Script:
    """The lines of a script, and what stands where outside its functions."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self._lines = LINES.findall(text)
        self.bound: dict[str, list[ast.stmt]] = {}
        for name, statement in _bindings(tree.body):
            self.bound.setdefault(name, []).append(statement)

    def is_outside(self, piece: Piece) -> bool:
        """Whether a piece is what its name means outside all functions."""
        last = self.bound.get(piece.own_name, [None])[-1]
        return last is piece.node or (isinstance(last, ast.Assign) and last.value is piece.node)

    def alone(self, piece: Piece) -> str:
        """The text of a piece with the classes of the script from which it derives, and nothing else."""
        found = [*map(self.segment, self._above(piece.node)), self.definition(piece)]
        text = "\n\n\n".join(found) + "\n"
        return renamed_in(text, piece.own_name, piece.name) if piece.own_name not in ("", piece.name) else text

    def length(self, node: Definition) -> int:
        """About how many characters the text of a piece alone has, known before it is made."""
        return sum(
            sum(map(len, self._lines[each.lineno - 1 : each.end_lineno])) - each.col_offset
            for each in (*self._above(node), node)
        )

    def _above(self, node: Definition) -> list[ast.ClassDef]:
        """The classes of the script from which a class derives, the first of them first."""
        found: list[ast.ClassDef] = []
        for _ in range(_DEEPEST):
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            known = [each for base in bases if isinstance(base, ast.Name) for each in self.bound.get(base.id, ())]
            above = next((each for each in known if isinstance(each, ast.ClassDef) and each is not node), None)
            if above is None:
                break
            found.insert(0, above)
            node = above
        return found

    def definition(self, piece: Piece) -> str:
        """The text of a class or function itself; a lambda as a function."""
        node = piece.node
        if isinstance(node, ast.Lambda):
            given = ast.unparse(_bound(node.args, piece.defaults))
            return f"def {piece.name}({given}):\n    return {ast.unparse(node.body)}"
        text = self.segment(node)
        is_inside = not self.is_outside(piece)
        return renamed_in(text, piece.own_name, piece.name) if is_inside and piece.own_name != piece.name else text

    def segment(self, node: ast.stmt) -> str:
        """The text of a statement as it stands, moved to the left."""
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        lines = self._lines[first - 1 : node.end_lineno]
        last = lines[-1].encode()[node.end_col_offset :].decode(errors="replace").strip()
        is_alone = not lines[0][: node.col_offset].strip(" \t@") and (not last or last.startswith("#"))
        if not is_alone or (node.col_offset and _has_long_text(node)):
            return ast.unparse(node)
        text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n").rstrip()
        if not node.col_offset:
            return text
        text = textwrap.dedent(text)
        return text if read(text).fault is None else ast.unparse(node)


def _bound(told: ast.arguments, defaults: Sequence[Thing]) -> ast.arguments:
    """The arguments of a lambda with what their defaults were: ``lambda x, i=i: x[:, i]`` is made in a loop."""
    made = copy.deepcopy(told)
    values = iter(defaults)

    def bound(node: ast.expr) -> ast.expr:
        value = next(values, None)
        is_told = isinstance(node, ast.Name) and isinstance(value, bool | int | float | str)
        return ast.Constant(value) if is_told else node

    made.defaults = [bound(each) for each in made.defaults]
    made.kw_defaults = [None if each is None else bound(each) for each in made.kw_defaults]
    return made


def _bindings(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """What the statements outside functions give a meaning, in order."""
    for each in body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            yield each.name, each
        elif isinstance(each, ast.Import | ast.ImportFrom):
            for alias in each.names:
                yield (alias.asname or alias.name.partition(".")[0]), each
        elif isinstance(each, ast.If | ast.Try | ast.With):
            parts = [each.body, getattr(each, "orelse", []), getattr(each, "finalbody", [])]
            for part in [*parts, *(handler.body for handler in getattr(each, "handlers", ()))]:
                yield from _bindings(part)
        else:
            for node in ast.walk(each):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id, each


def _has_long_text(node: ast.AST) -> bool:
    """Whether a text of several lines stands in a statement, other than one that says what something does."""
    words = {id(each.value) for each in ast.walk(node) if isinstance(each, ast.Expr)}
    return any(
        isinstance(each, ast.Constant | ast.JoinedStr) and each.lineno != each.end_lineno and id(each) not in words
        for each in ast.walk(node)
    )
