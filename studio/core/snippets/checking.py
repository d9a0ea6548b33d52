"""Why a snippet cannot be used as it stands: told in one sentence, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final, cast

from studio.catalog.spec import ObjectKind
from studio.core.ports import Catalog
from studio.core.project import BLOCK, INPUT, OUTPUT, Project, Snippet
from studio.core.remember import Remembered
from studio.core.snippets.kinds import KINDS
from studio.core.snippets.reading import Fault, Reading, is_possible_name, read
from studio.core.snippets.uses import needed

AT_HAND: Final[Mapping[str, str]] = {
    "keras": "keras",
    "layers": "keras.layers",
    "L": "keras.layers",
    "ops": "keras.ops",
    "np": "numpy",
    "tf": "tensorflow",
    "math": "math",
    "pd": "pandas",
    "Path": "pathlib.Path",
}
"""What an exported file imports by itself where it is used, by the name that it has there."""

SCRIPT_NAMES: Final = frozenset({
    "main", "load_data", "build_model", "compile_model", "adapt_layers", "train", "take", "Batches", "plot_curves",
    "show_predictions", "SEED", "EPOCHS", "BATCH_SIZE", "DATA", "model", "data", "callbacks", "x", "y", "validation",
    "inputs", "outputs", "_",
})  # fmt: skip
"""Names that an exported file gives to its own functions and variables."""

_of_snippets: Remembered[Mapping[str, Snippet], list[tuple[Catalog, Mapping[str, Fault]]]] = Remembered(8)


def faults(project: Project, catalog: Catalog) -> Mapping[str, Fault]:
    """What is wrong with each snippet, by its id. ``catalog`` may be with or without the project's own code in it."""
    if not project.snippets:
        return {}
    memory = _of_snippets.get(project.snippets, lambda _: [])
    if not memory or memory[0][0] is not catalog:
        memory[:] = [(catalog, _faults(project, catalog))]
    return memory[0][1]


def _faults(project: Project, catalog: Catalog) -> dict[str, Fault]:
    found: dict[str, Fault] = {}
    names: dict[str, Snippet] = {}
    for snippet in project.snippets.values():
        fault = next(_of_one(snippet, catalog), None)
        if fault is None and snippet.name in names:
            fault = Fault(1, f"there is other code called {snippet.name}; rename one of them.")
        names.setdefault(snippet.name, snippet)
        if fault is not None:
            found[snippet.id] = fault
    found |= _clashes([snippet for snippet in project.snippets.values() if snippet.id not in found])
    for snippet in project.snippets.values():  # who takes what is at fault is at fault
        if snippet.id not in found:
            for other in needed(project, [snippet.name]):
                if other.id != snippet.id and other.id in found:
                    found[snippet.id] = Fault(1, f"it needs {other.name}, which has a mistake.")
                    break
    return found


def _of_one(snippet: Snippet, catalog: Catalog) -> Iterator[Fault]:
    kind = KINDS.get(snippet.kind)
    if kind is None:
        yield Fault(1, f"this version knows no code of the kind {snippet.kind[:60]}.")
        return
    if not is_possible_name(snippet.name):
        yield Fault(1, f"“{snippet.name[:60]}” is no name that Python takes for a function or a class.")
    if not snippet.source.strip():
        yield Fault(1, f"there is no code yet; it needs {kind.form}.")
    found = read(snippet.source)
    if found.fault is not None:
        yield found.fault
        return
    made = found.definition(snippet.name)
    is_class = isinstance(made, ast.ClassDef)
    if not is_class and snippet.name not in found.functions:
        yield Fault(1, f"it defines no {snippet.name}; it needs {kind.form} of that name.")
    elif is_class and not kind.may_be_class:
        yield Fault(_line(found, snippet.name), f"{snippet.name} is a class, but {kind.noun} has to be {kind.form}.")
    elif not is_class and not kind.may_be_function:
        yield Fault(_line(found, snippet.name), f"{snippet.name} is a function, but {kind.noun} has to be {kind.form}.")
    if isinstance(made, ast.AsyncFunctionDef):
        yield Fault(made.lineno, "an async function gives nothing that Keras can use; leave async out.")
    if reason := why_not_name(catalog, snippet):
        yield Fault(_line(found, snippet.name), reason)
    yield from _taken(found)
    if isinstance(made, ast.ClassDef) and snippet.kind == "layer":
        yield from _nameless(made)


def why_not_name(catalog: Catalog, snippet: Snippet) -> str:
    """Why Keras stands against a snippet's name, or ""."""
    if snippet.kind not in KINDS:
        return ""
    if snippet.kind == "layer":
        layer = catalog.layer(snippet.name)
        is_taken = snippet.name in (INPUT, OUTPUT, BLOCK) or (
            layer is not None and not layer.is_own and not layer.module
        )
    else:
        spec = catalog.object(cast(ObjectKind, snippet.kind), snippet.name)
        is_taken = spec is not None and not spec.is_own
    return f"Keras has {KINDS[snippet.kind].noun} called {snippet.name}; choose another name." if is_taken else ""


def _line(found: Reading, name: str) -> int:
    return dict(found.bound).get(name, 1)


def _taken(found: Reading) -> Iterator[Fault]:
    """Names of the exported file that the text would give another meaning."""
    imports = dict(found.imports)
    for name, line in found.bound:
        if name in SCRIPT_NAMES:
            yield Fault(line, f"the exported file uses the name {name} itself; choose another one.")
        elif name in AT_HAND and not _is_same_import(imports.get(name, ""), AT_HAND[name]):
            yield Fault(line, f"{name} means {AT_HAND[name]} in the exported file; choose another name.")


def _is_same_import(path: str, wanted: str) -> bool:
    return path.removeprefix("tensorflow.") == wanted if wanted.startswith("keras") else path == wanted


def _nameless(made: ast.ClassDef) -> Iterator[Fault]:
    for each in made.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__" and each.args.kwarg is None:
            known = {argument.arg for argument in (*each.args.args, *each.args.kwonlyargs)}
            if "name" not in known:
                yield Fault(
                    each.lineno,
                    "__init__ must take **kwargs and hand them on to super().__init__, so that each layer can have a"
                    " name.",
                )


def _clashes(snippets: list[Snippet]) -> dict[str, Fault]:
    """Names that two snippets give a meaning: in one file the second would take the place of the first."""
    found: dict[str, Fault] = {}
    owners: dict[str, tuple[Snippet, str]] = {}
    for snippet in snippets:
        reading = read(snippet.source)
        imports = dict(reading.imports)
        for name, line in reading.bound:
            owner, path = owners.setdefault(name, (snippet, imports.get(name, "")))
            is_same = owner is snippet or (path != "" and path == imports.get(name))
            if not is_same and name not in AT_HAND:
                sentence = f"{owner.name} defines {name} too; rename one of them."
                found.setdefault(snippet.id, Fault(line, sentence))
    return found
