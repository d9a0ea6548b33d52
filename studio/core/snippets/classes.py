"""Classes of a project's own code, also while somebody types in them: what they define and what they derive from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from studio.catalog import Catalog
from studio.catalog.spec import LayerSpec, ObjectKind, ObjectSpec
from studio.core.project import Snippet
from studio.core.snippets.reading import Reading, read

LONGEST_HEADER = 4000
"""Characters of the arguments of one function."""

_HEADER = re.compile(r"([ \t]*)(?:class|def|async def)\b")


class Classes:
    """Where a class has its methods from: itself, then the classes of the project above it, then one of Keras."""

    def __init__(self, catalog: Catalog, snippets: Iterable[Snippet]) -> None:
        self._catalog = catalog
        self._snippets = snippets
        self._by_name: Mapping[str, ast.ClassDef] | None = None

    def method(self, made: ast.ClassDef, name: str) -> ast.FunctionDef | None:
        """The method as it stands in the project; None where a class of Keras has it, or nobody."""
        return next((found for each in self._line(made) if (found := _method(each, name)) is not None), None)

    def keras(self, made: ast.ClassDef, kind: str) -> LayerSpec | ObjectSpec | None:
        """The class of Keras from which it derives; None for the plain ones, such as Layer."""
        for base in list(self._line(made))[-1].bases:
            word = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
            if kind == "layer":
                spec: LayerSpec | ObjectSpec | None = self._catalog.inner_layer(word)
            else:
                spec = self._catalog.object(cast(ObjectKind, kind), word)
            if spec is not None and not spec.is_own:
                return spec
        return None

    def _line(self, made: ast.ClassDef) -> Iterator[ast.ClassDef]:
        seen: set[str] = set()
        each: ast.ClassDef | None = made
        while each is not None:
            yield each
            seen.add(each.name)
            names = [base.id for base in each.bases if isinstance(base, ast.Name) and base.id not in seen]
            each = next((self._all[name] for name in names if name in self._all), None) if names else None

    @property
    def _all(self) -> Mapping[str, ast.ClassDef]:
        if self._by_name is None:
            self._by_name = {
                each.name: each
                for snippet in self._snippets
                for each in reading(snippet).definitions
                if isinstance(each, ast.ClassDef)
            }
        return self._by_name


def _method(made: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((each for each in made.body if isinstance(each, ast.FunctionDef) and each.name == name), None)


def reading(snippet: Snippet) -> Reading:
    """What a snippet defines. While somebody types in a body, the headers of classes and functions still tell."""
    found = read(snippet.source)
    return found if found.fault is None else read(_headers(snippet.source))


def _headers(source: str) -> str:
    """The lines that begin a class or a function, each with nothing in it."""
    headers: list[tuple[str, str]] = []
    lines = iter(source.splitlines())
    for line in lines:
        match = _HEADER.match(line)
        if match is not None:
            text = line
            while text.count("(") > text.count(")") and len(text) < LONGEST_HEADER:
                text += "\n" + next(lines, ")")
            headers.append((match[1], text))
    written: list[str] = []
    for number, (indent, text) in enumerate(headers):
        after = headers[number + 1][0] if number + 1 < len(headers) else ""
        inside = after if len(after) > len(indent) else indent + "    "
        written += [text if text.rstrip().endswith(":") else f"{text}:", f"{inside}pass"]
    return "\n".join(written)
