"""A catalog with a project's own layers, losses and the like: their parameters and ports, read off their code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from studio.catalog import Catalog
from studio.catalog.spec import REQUIRED, LayerSpec, ObjectKind, ObjectSpec, Parameter, ParameterKind, Port
from studio.catalog.values import Value
from studio.core.project import Project, Snippet
from studio.core.remember import Remembered
from studio.core.snippets.checking import why_not_name
from studio.core.snippets.kinds import KINDS
from studio.core.snippets.reading import Reading, read

_NO_PORTS = frozenset({"training", "mask"})
"""Arguments of a call that Keras fills in itself."""

_BY_ENDING: Mapping[str, ParameterKind] = {
    "activation": "activation",
    "initializer": "initializer",
    "regularizer": "regularizer",
    "constraint": "constraint",
}
"""What a parameter holds whose name ends so, as in all of Keras."""

_ANNOTATED: Mapping[str, ParameterKind] = {"int": "int", "float": "float", "bool": "bool", "str": "text"}

LONGEST_HEADER = 4000
"""Characters of the arguments of one function."""

_HEADER = re.compile(r"([ \t]*)(?:class|def|async def)\b")

_made: Remembered[Catalog, list[tuple[object, Catalog]]] = Remembered(4)
"""By the catalog of Keras: the last specs and what came of them. The same specs give the same catalog, so that nothing
is derived anew while somebody types inside a function."""


def with_snippets(catalog: Catalog, project: Project) -> Catalog:
    """``catalog`` and in it what the snippets of ``project`` define; a snippet with a fault defines nothing."""
    if not project.snippets:
        return catalog
    layers: list[LayerSpec] = []
    objects: list[tuple[ObjectKind, ObjectSpec]] = []
    for snippet in project.snippets.values():
        if why_not_name(catalog, snippet) or is_shadowed(project.snippets.values(), snippet):
            continue
        if snippet.kind == "layer":
            layers += _layer(snippet)
        else:
            objects += _object(snippet)
    specs = (layers, objects)
    memory = _made.get(catalog, lambda _: [])
    if not memory or memory[0][0] != specs:
        memory[:] = [(specs, catalog.with_own(layers, objects))]
    return memory[0][1]


def is_shadowed(snippets: Iterable[Snippet], snippet: Snippet) -> bool:
    """Whether an earlier snippet has the same name."""
    return next(each for each in snippets if each.name == snippet.name) is not snippet


def _layer(snippet: Snippet) -> Iterator[LayerSpec]:
    made = _reading(snippet).definition(snippet.name)
    if isinstance(made, ast.ClassDef):
        call = _method(made, "call")
        yield LayerSpec(
            type=snippet.name,
            family="own",
            summary=_summary(made),
            parameters=_parameters(made),
            inputs=_inputs(call),
            outputs=_outputs(call),
            has_own_words=True,
            is_common=True,
            is_own=True,
        )


def _object(snippet: Snippet) -> Iterator[tuple[ObjectKind, ObjectSpec]]:
    kind = KINDS.get(snippet.kind)
    found = _reading(snippet)
    made = found.definition(snippet.name)
    if kind is None:
        return
    is_class = isinstance(made, ast.ClassDef)
    if not (kind.may_be_class if is_class else kind.may_be_function and snippet.name in found.functions):
        return
    yield (
        cast(ObjectKind, snippet.kind),
        ObjectSpec(
            type=snippet.name,
            module="",
            summary=_summary(made),
            parameters=_parameters(made) if isinstance(made, ast.ClassDef) else (),
            is_common=True,
            is_own=True,
            is_function=not is_class,
        ),
    )


def _reading(snippet: Snippet) -> Reading:
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


def _summary(made: ast.AST | None) -> str:
    text = ast.get_docstring(made) if isinstance(made, ast.FunctionDef | ast.ClassDef) else None
    return (text or "").strip().partition("\n")[0][:200]


def _method(made: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((each for each in made.body if isinstance(each, ast.FunctionDef) and each.name == name), None)


def _parameters(made: ast.ClassDef) -> tuple[Parameter, ...]:
    init = _method(made, "__init__")
    return tuple(_parameter(argument, default) for argument, default in _arguments(init)) if init is not None else ()


def _arguments(function: ast.FunctionDef) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """The arguments after ``self`` with their defaults."""
    plain = [*function.args.posonlyargs, *function.args.args]
    defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(function.args.defaults)), *function.args.defaults]
    yield from zip(plain[1:], defaults[1:], strict=True)
    yield from zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)


def _parameter(argument: ast.arg, default: ast.expr | None) -> Parameter:
    name = argument.arg
    is_known, value = _literal(default)
    ending = name.rpartition("_")[2]
    words = ast.unparse(argument.annotation) if argument.annotation is not None else ""
    kind: ParameterKind = "text"
    also: tuple[ParameterKind, ...] = ()
    if ending in _BY_ENDING:
        kind = _BY_ENDING[ending]
    elif words.removesuffix(" | None") in _ANNOTATED:
        kind = _ANNOTATED[words.removesuffix(" | None")]
    elif isinstance(value, bool):
        kind = "bool"
    elif isinstance(value, int):
        kind = "int"
        also = ("float",)
    elif isinstance(value, float):
        kind = "float"
    elif isinstance(value, tuple):
        kind = "list"
    elif not isinstance(value, str):
        kind, also = "float", ("bool", "text", "list")
    if default is None:
        return Parameter(name, kind, REQUIRED, also=also, object_kind=_object_kind(kind))
    allows_none = value is None or words.endswith("| None")
    # A default that is no plain value stays what the code says; None then stands for "as in the code".
    known = value if is_known else None
    return Parameter(name, kind, known, allows_none=allows_none, also=also, object_kind=_object_kind(kind))


def _object_kind(kind: ParameterKind) -> ObjectKind | None:
    return cast(ObjectKind, kind) if kind in _BY_ENDING.values() else None


def _literal(node: ast.expr | None) -> tuple[bool, Value]:
    if node is None:
        return False, None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None
    value = tuple(value) if isinstance(value, list) else value
    plain = (bool, int, float, str)
    if value is None or isinstance(value, plain):
        return True, value
    if isinstance(value, tuple) and all(each is None or isinstance(each, plain) for each in value):
        return True, value
    return False, None


def _inputs(call: ast.FunctionDef | None) -> tuple[Port, ...]:
    if call is None:
        return (Port("inputs"),)
    ports = []
    for argument, default in _arguments(call):
        if argument.arg not in _NO_PORTS:
            words = ast.unparse(argument.annotation) if argument.annotation is not None else ""
            takes_many = words.partition("[")[0].lower() in ("list", "tuple", "sequence")
            ports.append(Port(argument.arg, takes_many=takes_many, is_optional=default is not None))
    return tuple(ports) or (Port("inputs"),)


def _outputs(call: ast.FunctionDef | None) -> tuple[Port, ...]:
    """One output; several where each ``return`` of the call gives as many values."""
    returns = [each.value for each in _own_nodes(call) if isinstance(each, ast.Return)] if call is not None else []
    sizes = {len(each.elts) if isinstance(each, ast.Tuple) else 1 for each in returns}
    count = sizes.pop() if len(sizes) == 1 else 1
    return (Port("output"), *(Port(f"output_{number}") for number in range(1, count)))


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, without the functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
