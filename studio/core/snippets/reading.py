"""What can be told of Python text without running it: faults, what it defines, what it takes from around."""

from __future__ import annotations

import ast
import keyword
import symtable
import threading
import unicodedata
import warnings
from functools import lru_cache
from typing import TypeAlias

from studio.core.naming import TURNING
from studio.immutable import immutable

MAX_DEPTH = 100
"""Brackets in brackets. Python's own parser stops at 200, and what comes after it must not exhaust the stack."""

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_quiet = threading.Lock()
"""warnings.catch_warnings changes what all threads see."""


@immutable
class Fault:
    """Why the text cannot be used: one plain sentence without the name of the snippet; ``line`` counts from 1."""

    line: int
    sentence: str


@immutable
class Reading:
    """What a text defines.

    ``bound`` are all names that the text gives a meaning at its top level, imports included, with their lines;
    ``imports`` says what stands for which of them ("numpy" for np, "keras.ops" for ops). ``free`` are names that it
    takes from around.
    """

    fault: Fault | None = None
    definitions: tuple[Definition, ...] = ()
    lambdas: tuple[str, ...] = ()
    bound: tuple[tuple[str, int], ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    free: frozenset[str] = frozenset()

    def definition(self, name: str) -> Definition | None:
        """The last definition of a function or class called ``name``."""
        return next((each for each in reversed(self.definitions) if each.name == name), None)

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the functions, lambdas included."""
        own = tuple(each.name for each in self.definitions if not isinstance(each, ast.ClassDef))
        return own + self.lambdas

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return tuple(each.name for each in self.definitions if isinstance(each, ast.ClassDef))


def is_possible_name(name: str) -> bool:
    """Whether a function or a class can have this name and be written as it stands."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and not keyword.issoftkeyword(name)
        and not name.startswith("__")
        and unicodedata.normalize("NFKC", name) == name
    )


@lru_cache(maxsize=512)
def read(source: str) -> Reading:
    """Read ``source``. Never raises; a text with a fault defines nothing."""
    try:
        with _quiet, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if "\0" in source:
                return Reading(Fault(source[: source.index("\0")].count("\n") + 1, "the text holds a NUL character."))
            if turning := TURNING.search(source):
                line = source.count("\n", 0, turning.start()) + 1
                sentence = "makes code look otherwise than it runs."
                return Reading(Fault(line, f"the invisible character U+{ord(turning[0]):04X} {sentence}"))
            tree = ast.parse(source, "snippet")
            deep = _too_deep(tree)
            if deep:
                return Reading(Fault(deep, f"brackets and blocks are nested more than {MAX_DEPTH} deep."))
            compile(source, "snippet", "exec", dont_inherit=True)
            table = symtable.symtable(source, "snippet", "exec")
    except SyntaxError as error:
        return Reading(Fault(max(1, error.lineno or 1), _in_words(error)))
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return Reading(Fault(1, "Python cannot read this text."))
    fault = _fault(tree)
    if fault is not None:
        return Reading(fault)
    definitions = tuple(each for each in tree.body if isinstance(each, Definition))
    lambdas = tuple(
        target.id
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Lambda)
        for target in each.targets
        if isinstance(target, ast.Name)
    )
    lines = _lines(tree)
    own, free = _names(table)
    bound = tuple((name, lines.get(name, 1)) for name in sorted(own, key=lambda name: (lines.get(name, 1), name)))
    return Reading(None, definitions, lambdas, bound, _imports(tree), free - own)


def _in_words(error: SyntaxError) -> str:
    """Python's own words as a sentence."""
    words = (error.msg or "invalid syntax").strip().rstrip(".")
    if words == "invalid syntax":
        return "Python does not understand this line."
    return f"{words[:1].lower()}{words[1:]}."


def _too_deep(tree: ast.AST) -> int:
    """The line where the tree is nested too deeply for those who walk it later, or 0. Walks without recursion."""
    level: list[ast.AST] = [tree]
    line = 1
    for _ in range(MAX_DEPTH * 3):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return 0
        line = next((node.lineno for node in level if hasattr(node, "lineno")), line)
    return line


def _fault(tree: ast.Module) -> Fault | None:
    """What is good Python and cannot be: the text stands in the middle of an exported file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return Fault(node.lineno, "an import from __future__ must be the first line of a file; take it out.")
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return Fault(node.lineno, "import * does not say which names it brings; name them.")
        if isinstance(node, ast.ImportFrom) and node.level:
            return Fault(node.lineno, "an import that begins with a dot needs a package around it; name it in full.")
    return None


def _names(table: symtable.SymbolTable) -> tuple[set[str], frozenset[str]]:
    """The names that the top level has, and all names that are looked up there."""
    own: set[str] = set()
    wanted: set[str] = set()
    tables = [table]
    while tables:
        each = tables.pop()
        tables += each.get_children()
        is_top = each is table
        for symbol in each.get_symbols():
            is_global = is_top or symbol.is_global()
            if is_global and (symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()):
                own.add(symbol.get_name())
            if is_global and symbol.is_referenced():
                wanted.add(symbol.get_name())
    return own, frozenset(wanted)


def _lines(tree: ast.Module) -> dict[str, int]:
    """Where each name is bound first."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 1)
        if isinstance(node, Definition):
            found.setdefault(node.name, line)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id, line)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                found.setdefault((alias.asname or alias.name).partition(".")[0], line)
    return found


def _imports(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    """Name and full path of what the top level imports; ``import a.b`` binds a, to a."""
    found: list[tuple[str, str]] = []
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found.append((alias.asname, alias.name) if alias.asname else (top, top))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found.append((alias.asname or alias.name, f"{node.module}.{alias.name}"))
    return tuple(found)
