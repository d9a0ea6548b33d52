"""The code of a script that was run: classes and functions that its models are made of, found in its text."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from studio.catalog import Catalog as KnownCatalog
from studio.core.project import Snippet
from studio.importing.errors import ModelFileError
from studio.importing.script.constants import is_plain
from studio.importing.script.interpreter import Interpreter
from studio.importing.script.names import known
from studio.importing.script.own_code import OwnCode
from studio.importing.script.reading import guarded, parsed
from studio.importing.script.run import Run
from studio.importing.script.things import NotPlain, OwnClass, Routine, Scope, Thing, Unclear
from studio.importing.values import Catalog

Functions = Mapping[str, Any]
"""Where functions of a script stand, by the names that its models have for them: as the run told it."""
_MOST_OUTPUTS = 200


def own_code_in(
    text: str, catalog: Catalog, wanted: Iterable[str], functions: Functions | None = None,
    ends: Mapping[str, Any] | None = None,
) -> tuple[tuple[Snippet, ...], Mapping[str, str]]:  # fmt: skip
    """Classes and functions of a script, wanted by their names, as code of a project, and what they are called there.

    For a script that was run: what its models are made of is known then, and where that comes from stands in its text.
    ``functions`` tells where those stand that have no name of their own, ``ends`` how many tensors a class takes and
    gives.
    """
    try:
        tree = parsed(text)
        own = OwnCode(cast(KnownCatalog, catalog), text, tree)
        reader = Interpreter(Run(catalog, {}, own_code=own))
        own.whole, own.stars = reader.whole, reader.stars
        guarded(lambda: reader.script(tree))
        own.forget()  # what reading came across is nothing that the model has
    except (ModelFileError, NotPlain, RecursionError):
        return (), {}
    named: dict[str, str] = {}
    known_functions: dict[str, Routine | None] = {}
    for name in wanted:
        told = (functions or {}).get(name)
        if told is None:
            thing = reader.whole.names.get(name)
        else:  # a lambda in a function that was called twice is one where nothing around it differs
            mark = json.dumps(told, sort_keys=True)
            if mark not in known_functions:
                known_functions[mark] = _function(tree, reader, own, told)
            thing = known_functions[mark]
        try:
            if isinstance(thing, OwnClass) and own.take_class(thing, is_layer=True):
                named[name] = thing.name
                _teach(own, thing.name, (ends or {}).get(name))
            elif isinstance(thing, Routine) and (told is not None or isinstance(thing.node, ast.FunctionDef)):
                is_activation = told is None or told.get("kind") == "activation"
                named[name] = own.function(thing, "activation" if is_activation else "function").type
        except NotPlain:
            continue
    found = own.finish()
    there = {each.name for each in found}
    return found, {name: ours for name, ours in named.items() if ours in there}


def _teach(own: OwnCode, type_name: str, told: Any) -> None:
    """Let a layer take and give as many tensors as it did."""
    if not isinstance(told, dict):
        return
    count, lists = told.get("gives"), told.get("lists")
    if isinstance(count, int) and 1 < count <= _MOST_OUTPUTS:
        own.let_give(type_name, count)
    spec = own.catalog.layer(type_name)
    ports = spec.inputs if spec is not None else ()
    for each in lists if isinstance(lists, list) else ():
        at = each if isinstance(each, int) else next((n for n, port in enumerate(ports) if port.name == each), -1)
        if 0 <= at < len(ports) and not ports[at].takes_many:
            own.let_take_many(type_name, ports[at].name)


def _function(tree: ast.Module, reader: Interpreter, own: OwnCode, told: Any) -> Routine | None:
    """A function of the script by its place; one of a library as a lambda that calls it."""
    if not isinstance(told, dict):
        return None
    path = told.get("library")
    if isinstance(path, str) and all(word.isidentifier() for word in path.split(".")):
        try:
            made = ast.parse(f"lambda inputs: {path}({_arguments(told.get('keywords'))})", mode="eval").body
        except SyntaxError:
            return None
        wanted = f"own_{path.rpartition('.')[2]}"
        return Routine(made, reader.whole, (), (), own, variable=wanted) if isinstance(made, ast.Lambda) else None
    node = _node(tree, told.get("line"), told.get("start"))
    if node is None:
        return None
    around = told.get("around")
    scope = reader.whole
    if isinstance(around, dict) and around:
        scope = Scope({name: _thing(each) for name, each in around.items()}, reader.whole)
    defaults, named = told.get("defaults"), told.get("named_defaults")
    given = tuple([_thing(each) for each in defaults]) if isinstance(defaults, list) else ()
    keywords = [
        None if each is None else _thing((named if isinstance(named, dict) else {}).get(argument.arg))
        for argument, each in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    ]
    return Routine(node, scope, given, tuple(keywords), own)


def _arguments(keywords: Any) -> str:
    """What a function of a library is called with beside the tensor."""
    known = keywords if isinstance(keywords, dict) else {}
    said = [f"{key}={each!r}" for key, each in known.items() if str(key).isidentifier() and is_plain(each)]
    return ", ".join(["inputs", *said])


def _node(tree: ast.Module, line: Any, start: Any) -> ast.FunctionDef | ast.Lambda | None:
    """The function that begins in a line; of several lambdas there the one whose body begins at ``start``."""
    found: list[ast.FunctionDef | ast.Lambda] = []
    for each in ast.walk(tree):
        if isinstance(each, ast.FunctionDef) and line in (each.lineno, *(it.lineno for it in each.decorator_list)):
            return each
        if isinstance(each, ast.Lambda) and each.lineno == line:
            found.append(each)
    exact = [each for each in found if isinstance(each, ast.Lambda) and _start(each) == start]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def _start(node: ast.Lambda) -> list[int]:
    return [node.body.lineno, node.body.col_offset]


def _thing(told: Any) -> Thing:
    """What a run told of a value."""
    if isinstance(told, dict) and "value" in told:
        value = told["value"]
        if value is None or isinstance(value, bool | int | float | str):
            return value
    if isinstance(told, dict) and isinstance(told.get("module"), str):
        return known(told["module"])
    return Unclear(1, "This is known only when the script runs.")
