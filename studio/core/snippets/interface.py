"""A catalog with a project's own layers, losses and the like: their parameters and ports, read off their code."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from studio.catalog import Catalog
from studio.catalog.spec import REQUIRED, LayerSpec, ObjectKind, ObjectSpec, Parameter, ParameterKind, Port
from studio.catalog.values import Value
from studio.core.project import Project, Snippet
from studio.core.remember import Remembered
from studio.core.snippets.checking import why_not_name
from studio.core.snippets.classes import Classes, reading
from studio.core.snippets.kinds import KINDS

_MASK = "mask"

_NO_PORTS = frozenset({"training", _MASK})
"""Arguments of a call that Keras fills in itself. A switch opens a port for a mask, as with Keras's own layers."""

_MASK_PORT = (Port(_MASK, is_optional=True),)
_MASK_HINT = "Whether it is told, through a port of its own, which steps count."

_BY_ENDING: Mapping[str, ParameterKind] = {
    "activation": "activation",
    "initializer": "initializer",
    "regularizer": "regularizer",
    "constraint": "constraint",
}
"""What a parameter holds whose name ends so, as in all of Keras."""

_ANNOTATED: Mapping[str, ParameterKind] = {"int": "int", "float": "float", "bool": "bool", "str": "text"}

_made: Remembered[Catalog, list[tuple[object, Catalog]]] = Remembered(4)
"""By the catalog of Keras: the last specs and what came of them. The same specs give the same catalog, so that nothing
is derived anew while somebody types inside a function."""


def with_snippets(catalog: Catalog, project: Project) -> Catalog:
    """``catalog`` and in it what the snippets of ``project`` define; a snippet with a fault defines nothing."""
    if not project.snippets:
        return catalog
    layers: list[LayerSpec] = []
    objects: list[tuple[ObjectKind, ObjectSpec]] = []
    classes = Classes(catalog, project.snippets.values())
    for snippet in project.snippets.values():
        if why_not_name(catalog, snippet) or is_shadowed(project.snippets.values(), snippet):
            continue
        if snippet.kind == "layer":
            layers += _layer(snippet, classes)
        else:
            objects += _object(snippet, classes)
    specs = (layers, objects)
    memory = _made.get(catalog, lambda _: [])
    if not memory or memory[0][0] != specs:
        memory[:] = [(specs, catalog.with_own(layers, objects))]
    return memory[0][1]


def is_shadowed(snippets: Iterable[Snippet], snippet: Snippet) -> bool:
    """Whether an earlier snippet has the same name."""
    return next(each for each in snippets if each.name == snippet.name) is not snippet


def _layer(snippet: Snippet, classes: Classes) -> Iterator[LayerSpec]:
    made = reading(snippet).definition(snippet.name)
    if isinstance(made, ast.ClassDef):
        call = classes.method(made, "call")
        keras = classes.keras(made, "layer") if call is None else None
        parameters = _parameters(made, "layer", classes)
        below = keras if isinstance(keras, LayerSpec) else None
        takes_mask = call is not None and any(argument.arg == _MASK for argument, _ in _arguments(call))
        if takes_mask and all(each.name != _MASK for each in parameters):
            parameters += (Parameter(_MASK, "bool", False, hint=_MASK_HINT, advanced=True, is_call=True),)
        yield LayerSpec(
            type=snippet.name,
            family="own",
            summary=_summary(made),
            parameters=parameters,
            inputs=below.inputs if below is not None else _inputs(call),
            outputs=below.outputs if below is not None else _outputs(call),
            inputs_if=below.inputs_if if below is not None else {_MASK: _MASK_PORT} if takes_mask else {},
            outputs_if=below.outputs_if if below is not None else {},
            has_own_words=True,
            is_common=True,
            is_own=True,
        )


def _object(snippet: Snippet, classes: Classes) -> Iterator[tuple[ObjectKind, ObjectSpec]]:
    kind = KINDS.get(snippet.kind)
    found = reading(snippet)
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
            parameters=_parameters(made, snippet.kind, classes) if isinstance(made, ast.ClassDef) else (),
            is_common=True,
            is_own=True,
            is_function=not is_class,
        ),
    )


def _summary(made: ast.AST | None) -> str:
    text = ast.get_docstring(made) if isinstance(made, ast.FunctionDef | ast.ClassDef) else None
    return (text or "").strip().partition("\n")[0][:200]


def _parameters(made: ast.ClassDef, kind: str, classes: Classes) -> tuple[Parameter, ...]:
    """Those of its ``__init__``, and of the class of Keras below it where it hands on whatever it is given."""
    init = classes.method(made, "__init__")
    given = [*_arguments(init)] if init is not None else []
    # Each node has a name of its own, which its layer gets in any case.
    own = tuple(_parameter(each, default) for each, default in given if kind != "layer" or each.arg != "name")
    keras = classes.keras(made, kind) if init is None or init.args.kwarg is not None else None
    names = {parameter.name for parameter in own} | ({"trainable", "dtype", "name"} if kind == "layer" else set())
    more = [each for each in keras.parameters if each.name not in names] if keras is not None else []
    if init is not None and init.args.vararg is None:  # what it needs it is given by the class itself
        more = [each for each in more if not each.is_required]
    return (*own, *more)


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
            takes_many = words.partition("[")[0].lower() in ("list", "tuple", "sequence") or (
                not words and _is_unpacked(call, argument.arg)
            )
            ports.append(Port(argument.arg, takes_many=takes_many, is_optional=default is not None))
    return tuple(ports) or (Port("inputs"),)


def _is_unpacked(call: ast.FunctionDef, name: str) -> bool:
    """Whether a call takes an argument apart, as only a list of tensors can be: ``a, b = inputs``."""
    return any(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Name)
        and each.value.id == name
        and any(isinstance(target, ast.Tuple | ast.List) for target in each.targets)
        for each in call.body
    )


def _outputs(call: ast.FunctionDef | None) -> tuple[Port, ...]:
    return (Port("output"), *(Port(f"output_{number}") for number in range(1, outputs_by_text(call))))


def outputs_by_text(call: ast.FunctionDef | None) -> int:
    """How many tensors a call gives, as its ``-> tuple[...]`` says or each of its ``return``; else it is one."""
    match call.returns if call is not None else None:
        case ast.Subscript(value=ast.Name(id="tuple" | "list" | "Tuple"), slice=ast.Tuple(elts=[_, _, *_] as many)):
            if not any(isinstance(each, ast.Constant) and each.value is ... for each in many):
                return len(many)
    returns = [each.value for each in _own_nodes(call) if isinstance(each, ast.Return)] if call is not None else []
    sizes = {len(each.elts) if isinstance(each, ast.Tuple | ast.List) else 1 for each in returns}
    return max(1, sizes.pop()) if len(sizes) == 1 else 1


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, without the functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
