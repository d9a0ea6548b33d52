"""The text of a class or function of a script, with all that it needs around it: imports, constants, functions.

What it needs is read off its names, and the values of constants are those that reading the script gave. Whatever only
running the script would tell has no text, and neither has what needs it.
"""

from __future__ import annotations

import ast
import builtins
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from studio.core.edits.snippets import renamed_in, without_turning
from studio.core.naming import unused
from studio.core.snippets import AT_HAND, SCRIPT_NAMES, read
from studio.importing.plain import shown
from studio.importing.script import arrays
from studio.importing.script.arrays import Array
from studio.importing.script.own_pieces import LINES, LONGEST, Piece, Script
from studio.importing.script.things import Known, Routine, Scope, Thing

_DEEPEST = 8
_LIBRARIES = ("numpy.", "tensorflow.", "keras.", "math.", "builtins.")
_READERS = re.compile(
    r"\.(data|datasets|io|gfile|utils|random|saving|models|experimental)\.|\.(load|open|read|from)\w*$"
)
"""Functions of libraries that a constant must not call: they take files or give something else each time."""
_TAKEN = SCRIPT_NAMES | AT_HAND.keys()


class NoText(Exception):
    """Why a piece cannot stand alone, as a sentence."""


@dataclass(slots=True)
class _Parts:
    """What one piece is made of: imports, and each part with the line where it stands in the script."""

    imports: dict[str, None] = field(default_factory=dict)
    parts: list[tuple[int, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


class Texts:
    """Texts of pieces. What it needs stands in the first piece that needs it; the others need that piece then."""

    def __init__(self, script: Script, whole: Scope, stars: Sequence[str], pieces: Sequence[Piece]) -> None:
        self.reasons: dict[str, str] = {}
        self._script = script
        self._bound = script.bound
        self._whole = whole
        self._stars = stars
        self._pieces = pieces
        self._roots = {each.own_name: each for each in pieces if script.is_outside(each)}
        self._written: dict[str, str] = {}
        self._begun: set[str] = set()
        self._placed: dict[str, str] = {}

    def all(self) -> dict[str, str]:
        """The text of each piece by its name; those that have none are among ``reasons``."""
        for piece in self._pieces:
            self._write(piece)
        return {name: text for name, text in self._written.items() if name not in self.reasons}

    def _write(self, piece: Piece) -> None:
        if piece.name in self._begun:
            return
        self._begun.add(piece.name)
        try:
            self._written[piece.name] = self._whole_text(piece)
        except NoText as error:
            self.reasons[piece.name] = str(error)

    def _whole_text(self, piece: Piece) -> str:
        made = _Parts()
        if piece.own_name and piece.own_name != piece.name and self._roots.get(piece.own_name) is piece:
            made.renamed[piece.own_name] = piece.name
        waiting = self._own_part(piece, made)
        found: dict[str, tuple[int, str]] = {}
        roots: dict[str, Piece] = {}
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self._roots:
                roots[name] = self._roots[name]
            elif (part := self._beside(name)) is not None:
                found[name] = part
                waiting += sorted(_free(part[1]))
        for name, root in roots.items():  # they come first, and may bring some of the rest
            self._needs(piece, root, name, made)
        fresh: list[str] = []
        for name, part in found.items():
            if name not in self._placed:
                self._add(name, part, made, fresh)
            elif self._placed[name] != name:
                made.renamed[name] = self._placed[name]
        text = _joined(made)
        for old, new in made.renamed.items():
            text = renamed_in(text, old, new)
        if len(text) > LONGEST:
            raise NoText("it is longer than code of a project can be.")
        for name in fresh:
            self._placed.setdefault(name, made.renamed.get(name, name))
        return without_turning(text)

    def _needs(self, piece: Piece, root: Piece, name: str, made: _Parts) -> None:
        if root is not piece:
            self._write(root)
            if root.name in self.reasons:
                raise NoText(f"it needs {shown(name)}, which did not come in either.")
        if root.name != name:
            made.renamed[name] = root.name

    def _add(self, name: str, part: tuple[int, str], made: _Parts, fresh: list[str]) -> None:
        line, text = part
        if line == 0:
            made.imports[text] = None
            return
        made.parts.append(part)
        fresh.append(name)
        if name in _TAKEN:
            taken = {*self._bound, *self._placed.values(), *(each.name for each in self._pieces)}
            made.renamed[name] = unused(f"own_{name.lower()}", taken)

    # Definitions

    def _own_part(self, piece: Piece, made: _Parts) -> list[str]:
        """The definition itself with what it took from a function around it; gives what it needs of the script."""
        text = self._script.definition(piece)
        needed, constants = [], []
        for name in sorted(_free(text)):
            at: Scope | None = piece.scope
            while at is not None and name not in at.names:
                at = at.outer
            if at is None or at is self._whole:
                needed.append(name)
                continue
            thing = at.names[name]
            if isinstance(thing, Known):
                if AT_HAND.get(name) != thing.path:
                    made.imports[_import_of(thing.path, name)] = None
            elif isinstance(thing, Array):
                constants.append(f"{name} = np.array({arrays.listed(thing)!r})")
            elif is_constant(thing):
                constants.append(f"{name} = {thing!r}")
            elif isinstance(thing, Routine) and (other := self._piece_of(thing)) is not None:
                self._needs(piece, other, name, made)
            else:
                raise NoText(f"it needs {shown(name)}, which only running the script would tell.")
        made.parts.append((piece.node.lineno, self._with_constants(piece, text, constants)))
        return needed

    def _piece_of(self, routine: Routine) -> Piece | None:
        return next((each for each in self._pieces if each.node is routine.node and each.scope is routine.scope), None)

    def _with_constants(self, piece: Piece, text: str, constants: list[str]) -> str:
        """A function with constants that stood around it as its first lines; a class with them above it."""
        if not constants:
            return text
        if isinstance(piece.node, ast.ClassDef):
            return "\n".join(constants) + "\n\n\n" + text
        made = ast.parse(text).body[0]
        assert isinstance(made, ast.FunctionDef)
        if made.body[0].lineno == made.lineno:
            made = ast.parse(ast.unparse(made)).body[0]
            text = ast.unparse(made)
            assert isinstance(made, ast.FunctionDef)
        has_words = ast.get_docstring(made) is not None and len(made.body) > 1
        first = made.body[1 if has_words else 0]
        lines = LINES.findall(text)
        indent = " " * first.col_offset
        lines[first.lineno - 1 : first.lineno - 1] = [f"{indent}{each}\n" for each in constants]
        return "".join(lines)

    # What stands around

    def _beside(self, name: str) -> tuple[int, str] | None:
        """What gives a name of the script its meaning, with its line (0 for an import); None for what is at hand."""
        thing = self._whole.names.get(name)
        statements = self._bound.get(name, [])
        if isinstance(thing, Known) and AT_HAND.get(name) == thing.path:
            return None
        if not statements:
            if hasattr(builtins, name) or name in AT_HAND or name == "__class__":
                return None
            if self._stars:
                return 0, f"from {self._stars[0]} import {name}"
            raise NoText(f"it needs {shown(name)}, which the script does not define.")
        last = statements[-1]
        if isinstance(last, ast.Import | ast.ImportFrom):
            return 0, _import_line(last, name)
        if isinstance(last, ast.FunctionDef | ast.ClassDef):
            return last.lineno, self._script.segment(last)
        value = getattr(last, "value", None)
        if is_constant(thing) and not self._is_of_library(value):
            return last.lineno, f"{name} = {thing!r}"
        if len(statements) == 1 and isinstance(last, ast.Assign | ast.AnnAssign) and self._is_plain(value):
            return last.lineno, self._script.segment(last)
        raise NoText(f"it needs {shown(name)}, which only running the script would tell.")

    def _is_of_library(self, value: ast.expr | None) -> bool:
        """Whether a function of a library makes a value: an array is read as its numbers, and is more than those."""
        calls = [each for each in ast.walk(value) if isinstance(each, ast.Call)] if value is not None else []
        return any(not self._path(each.func).startswith(("builtins.", "math.")) for each in calls)

    def _is_plain(self, value: ast.expr | None) -> bool:
        """Whether an expression takes no file and does nothing else than to make something."""
        for each in ast.walk(value) if value is not None else ():
            if isinstance(each, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
                return False
            if isinstance(each, ast.Call) and not self._is_plain_function(each.func):
                return False
        return value is not None

    def _path(self, function: ast.expr) -> str:
        """The full name of a function of a library or of Python; "" for all others."""
        words: list[str] = []
        while isinstance(function, ast.Attribute):
            words.insert(0, function.attr)
            function = function.value
        if not isinstance(function, ast.Name):
            return "builtins.str" if isinstance(function, ast.Constant) else ""
        thing = self._whole.names.get(function.id)
        if isinstance(thing, Known):
            return ".".join([thing.path, *words])
        return f"builtins.{function.id}" if function.id not in self._bound else ""

    def _is_plain_function(self, function: ast.expr) -> bool:
        if isinstance(function, ast.Name):
            made = self._bound.get(function.id, [None])[-1]
            if isinstance(made, ast.FunctionDef | ast.ClassDef):
                return True
        path = self._path(function)
        return path.startswith(_LIBRARIES) and _READERS.search(path) is None and not path.endswith(("exec", "eval"))


def is_constant(thing: Thing, depth: int = 0) -> bool:
    """Whether a thing is a number, a text, or a list or dictionary of such, that Python writes as it is."""
    if isinstance(thing, float):
        return math.isfinite(thing)
    if thing is None or isinstance(thing, bool | int | str):
        return True
    if depth > _DEEPEST or isinstance(thing, Array):
        return False
    if isinstance(thing, list | tuple):
        return all(is_constant(each, depth + 1) for each in thing)
    return isinstance(thing, dict) and all(
        is_constant(key) and is_constant(each, depth + 1) for key, each in thing.items()
    )


def _free(text: str) -> frozenset[str]:
    found = read(text)
    if found.fault is not None:
        raise NoText(found.fault.sentence)
    return found.free


def _import_line(statement: ast.Import | ast.ImportFrom, name: str) -> str:
    alias = next(each for each in statement.names if (each.asname or each.name.partition(".")[0]) == name)
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import([alias]))
    if statement.level:
        raise NoText(f"it needs {shown(name)}, which comes from another file of the script's own.")
    return ast.unparse(ast.ImportFrom(statement.module, [alias], 0))


def _import_of(path: str, name: str) -> str:
    module, _, last = path.rpartition(".")
    renamed = "" if last == name else f" as {name}"
    return f"from {module} import {last}{renamed}" if module else f"import {last}{renamed}"


def _joined(made: _Parts) -> str:
    """Imports, constants, definitions: in the order of the script, with the empty lines that one expects."""
    text = "\n".join(sorted(made.imports))
    was_definition = True
    for _, part in sorted(made.parts, key=lambda part: part[0]):
        is_definition = part.lstrip().startswith(("def ", "class ", "@"))
        gap = "\n\n\n" if is_definition or was_definition else "\n"
        if text:
            text += "\n\n" if not is_definition and text.count("\n") + 1 == len(made.imports) else gap
        text += part
        was_definition = is_definition
    return text + "\n"
