"""The flat form of a project for shape inference: one call per node, blocks expanded, parameters put in.

The pretty form with functions is for people and for training. A call is the same object as long as nothing that it says
has changed, so an edit of one node of 1,000 makes one new call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from studio.catalog.values import KerasObject, ParameterRef, Value, types_in
from studio.codegen.constructors import input_call
from studio.codegen.expressions import Catalog, Expressions, NoExpression, Reference, references
from studio.codegen.ir import Expression
from studio.codegen.wiring import Wired, first_of_steps, order_of, origin_of, read_edges
from studio.core.bindings import Binding, own_shape, resolve
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Block, Graph, Node, Project
from studio.core.remember import Remembered
from studio.core.rules import why_not_time_distributed
from studio.core.topology import id_key
from studio.immutable import immutable

CallInputs: TypeAlias = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]

STEP = "step"
"""The port at which the result of one time step enters."""

DEEPEST = 20
"""Blocks inside blocks inside blocks: a block that uses itself ends here."""


@immutable
class FlatCall:
    """What the engine needs to know about one node.

    ``id`` is the node's, ``use/node`` inside a block. ``inputs`` are the ports with the calls and output numbers that
    arrive there; a port that lacks its edge has none. ``shares`` is the id of the call whose layer is called again.
    An "output" hands its tensor on: Outputs, and the Inputs and Outputs inside a block; an Input inside a block that is
    called again ``shares`` that of the first use, whose shape it must have, unless the block says what it takes: the
    ``expression`` is the ``keras.Input`` of its model then. Where a block is applied to every time step, its Input is a
    "step" instead, which hands on one of them, and the use itself is the "steps" that its Output ("step") and all that
    arrives ("inputs") make together. ``fault`` says in one sentence
    why there is no expression; Keras cannot be asked then. ``flags`` are switches of the call itself, such as
    ``use_causal_mask``. ``own`` are the names of the snippets that the expression takes.
    """

    id: str
    kind: Literal["input", "layer", "output", "step", "steps", "object"]
    expression: str
    inputs: CallInputs = ()
    shares: str | None = None
    fault: str = ""
    flags: tuple[tuple[str, bool], ...] = ()
    own: tuple[str, ...] = ()


@dataclass(slots=True)
class _Remembered:
    """The last call of a node and what it was made from."""

    wired: Wired | None = None
    catalog: Catalog | None = None
    origin: Node | None = None
    call: FlatCall | None = None


_calls: Remembered[Node, _Remembered] = Remembered(50_000)


@immutable
class _Use:
    """The calls inside a use of a block, and all that they were made from.

    ``blocks`` are the block and those inside it, None for one that is not there.
    """

    catalog: Catalog
    wired: Wired
    arriving: CallInputs
    again: str
    is_model: bool
    blocks: Mapping[str, Block | None]
    calls: tuple[FlatCall, ...]


_uses: Remembered[Node, list[_Use]] = Remembered(10_000)


def flat_calls(project: Project, catalog: Catalog) -> tuple[FlatCall, ...]:
    """All calls of the main graph, each after those that it takes (as far as there is no cycle)."""
    found: list[FlatCall] = []
    bindings = resolve(project)
    graph = project.main
    wired = read_edges(project, catalog, graph, MAIN)
    uses = _block_outputs(project, graph)
    models = _models(graph)
    for key in order_of(graph):
        each = wired[key]
        node = each.node
        if node.type == INPUT:
            found.append(_input(node, bindings.get(key)))
        elif node.type == BLOCK and not node.is_bypassed:
            again = _shared_prefix(graph, node, "", "")
            arriving = _inputs(each, "", uses)
            found += (*_use(project, catalog, each, arriving, again, key in models),
                      *_steps(project, graph, node, arriving))  # fmt: skip
        else:
            found.append(_plain(catalog, graph, each, uses))
    return tuple(found)


def _use(
    project: Project, catalog: Catalog, use: Wired, arriving: CallInputs, again: str, is_model: bool
) -> tuple[FlatCall, ...]:
    """The calls inside one use in the main graph, remembered until the use or one of the blocks is another."""
    memory = _uses.get(use.node, lambda _: [])
    last = memory[0] if memory else None
    if (
        last is not None
        and last.catalog is catalog
        and last.wired is use
        and (last.arriving, last.again, last.is_model) == (arriving, again, is_model)
        and all(project.blocks.get(key) is block for key, block in last.blocks.items())
    ):
        return last.calls
    found: list[FlatCall] = []
    blocks: dict[str, Block | None] = {}
    _expand(project, catalog, use, use.node.id, arriving, {}, 1, found, blocks, again, is_model)
    memory[:] = [_Use(catalog, use, arriving, again, is_model, blocks, tuple(found))]
    return memory[0].calls


def _plain(catalog: Catalog, graph: Graph, each: Wired, uses: Mapping[str, tuple[str, ...]]) -> FlatCall:
    """The call of a layer or an Output of the main graph."""
    memory = _calls.get(each.node, lambda _: _Remembered())
    origin = origin_of(graph, each.node)
    takes_block = uses and any(source in uses for _, tensors in each.inputs for source, _ in tensors)
    if (
        memory.call is not None
        and memory.wired is each
        and memory.catalog is catalog
        and memory.origin is origin
        and not takes_block
    ):
        return memory.call
    made = _layer(catalog, each.node, origin, each.node.id, "", _inputs(each, "", uses), {})
    if memory.call == made and memory.call is not None:
        made = memory.call
    # What names a node inside a block is true only as long as that block is used: it is made again each time.
    memory.wired, memory.catalog, memory.origin, memory.call = None if takes_block else each, catalog, origin, made
    return made


def _input(node: Node, binding: Binding | None) -> FlatCall:
    shape = binding.shape if binding is not None else own_shape(node)
    dtype = binding.dtype if binding is not None else node.params.get("dtype")
    if shape is None:
        return FlatCall(node.id, "input", "keras.Input()")  # Keras itself says that it needs a shape.
    made = input_call(node, shape, dtype if isinstance(dtype, str) else "float32", None)
    return FlatCall(node.id, "input", made.text)


def _layer(
    catalog: Catalog, node: Node, origin: Node, own_id: str, prefix: str, inputs: CallInputs,
    values: Mapping[str, Value], again: str = "",
) -> FlatCall:  # fmt: skip
    if node.type == OUTPUT:
        return FlatCall(own_id, "output", "", inputs)
    if node.is_bypassed:
        return FlatCall(own_id, "output", "", tuple((port, tensors[:1]) for port, tensors in inputs[:1]))
    shares = (again or prefix) + origin.id if again or origin is not node else None
    try:
        expressions = Expressions(catalog, reference=_substitute(catalog, values), is_for_people=False)
        made = expressions.layer(origin.type, origin.params)
    except NoExpression as error:
        return FlatCall(own_id, "layer", "", inputs, shares, str(error))
    flags = expressions.flags(origin.type, node.params)
    own = _own(catalog, origin, values) if catalog.own else ()
    return FlatCall(own_id, "layer", made.text, inputs, shares, flags=flags, own=own)


def _own(catalog: Catalog, node: Node, values: Mapping[str, Value]) -> tuple[str, ...]:
    """The snippets in the type and the values of a node, those that a block hands down among them."""
    found = {node.type}
    for value in node.params.values():
        found.update(types_in(_given(value, values) if references(value) else value))
    return tuple(sorted(found & catalog.own))


def _substitute(catalog: Catalog, values: Mapping[str, Value]) -> Reference:
    """Writes the value that a parameter of the block has in this use."""

    def value_of(reference: ParameterRef) -> Expression:
        if reference.name not in values:
            raise NoExpression("", f"There is no parameter {reference.name}.")
        return Expressions(catalog, reference=_no_reference).free(values[reference.name])

    return value_of


def _no_reference(reference: ParameterRef) -> Expression:
    raise NoExpression("", f"There is no parameter {reference.name}.")


def _inputs(each: Wired, prefix: str, uses: Mapping[str, tuple[str, ...]]) -> CallInputs:
    """The ports of a node; a tensor of a block's use comes from the Output inside."""
    return tuple([
        (port.name, tuple([_source(prefix, source, number, uses) for source, number in tensors]))
        for port, tensors in each.inputs
    ])  # fmt: skip


def _source(prefix: str, source: str, number: int, uses: Mapping[str, tuple[str, ...]]) -> tuple[str, int]:
    outputs = uses.get(source)
    if outputs is None:
        return (prefix + source, number)
    return (f"{prefix}{source}/{outputs[number]}", 0) if number < len(outputs) else (prefix + source, number)


def _block_outputs(project: Project, graph: Graph) -> dict[str, tuple[str, ...]]:
    """For each use of a block the ids of the Outputs inside, in the order of the ports.

    Not of those that are applied to every time step: what they give is no tensor of the inside.
    """
    found = {}
    for node in graph.nodes.values():
        block = project.blocks.get(node.block or "") if node.type == BLOCK and not node.is_bypassed else None
        if block is not None and not node.is_time_distributed:
            inside = block.graph
            found[node.id] = tuple(key for key in sorted(inside.nodes, key=id_key) if inside.nodes[key].type == OUTPUT)
    return found


def _expand(
    project: Project, catalog: Catalog, use: Wired, use_id: str, arriving: CallInputs, outer: Mapping[str, Value],
    depth: int, found: list[FlatCall], blocks: dict[str, Block | None], again: str = "", is_model: bool = False,
) -> None:  # fmt: skip
    """The calls inside one use of a block; ``again`` is the prefix of the use whose layers it calls again.

    ``is_model`` tells that it is one of several uses of the same weights, and so a call of a model.
    ``blocks`` takes down the blocks that were looked into.
    """
    block = blocks[use.node.block or ""] = project.blocks.get(use.node.block or "")
    if block is None or depth > DEEPEST:
        found.append(FlatCall(use_id, "layer", "", arriving, None, "Its block is not there."))
        return
    values = {}
    for parameter in block.parameters:
        value = use.node.params.get(parameter.name, parameter.default)
        values[parameter.name] = _given(value, outer)
    graph = block.graph
    wired = read_edges(project, catalog, graph, block.id)
    uses = _block_outputs(project, graph)
    models = _models(graph)
    by_port = dict(arriving)
    prefix = f"{use_id}/"
    begin: Literal["step", "output"] = "step" if use.node.is_time_distributed else "output"
    for key in order_of(graph):
        each = wired[key]
        own_id = prefix + key
        if each.node.type == INPUT:
            first = again + key if again else None
            takes = _taken_by_model(each.node) if is_model else ""
            found.append(FlatCall(own_id, begin, takes, (("inputs", by_port.get(each.node.name, ())),), first))
            continue
        inputs = _inputs(each, prefix, uses)
        if each.node.type == BLOCK and not each.node.is_bypassed:
            inner = _shared_prefix(graph, each.node, prefix, again)
            _expand(project, catalog, each, own_id, inputs, values, depth + 1, found, blocks, inner, key in models)
            found += _steps(project, graph, each.node, inputs, prefix, again) if depth < DEEPEST else ()
        else:
            origin = origin_of(graph, each.node)
            found.append(_layer(catalog, each.node, origin, own_id, prefix, inputs, values, again))


def _steps(
    project: Project, graph: Graph, use: Node, arriving: CallInputs, prefix: str = "", again: str = ""
) -> tuple[FlatCall, ...]:
    """The call of a use itself that is applied to every time step; none of any other use."""
    block = project.blocks.get(use.block or "")
    if block is None or not use.is_time_distributed:
        return ()
    if why := why_not_time_distributed(project, use):
        return (FlatCall(prefix + use.id, "layer", "", arriving, None, why),)
    end = next(key for key, node in block.graph.nodes.items() if node.type == OUTPUT)
    first = first_of_steps(graph, use)
    shares = (again or prefix) + first.id if again or first is not use else None
    inputs = (("inputs", arriving[0][1]), (STEP, ((f"{prefix}{use.id}/{end}", 0),)))
    return (FlatCall(prefix + use.id, "steps", "", inputs, shares),)


def _shared_prefix(graph: Graph, use: Node, prefix: str, again: str) -> str:
    """The prefix of the calls that the calls of a use call again, "" where it has layers of its own."""
    origin = origin_of(graph, use)
    return f"{again or prefix}{origin.id}/" if again or origin is not use else ""


def _models(graph: Graph) -> set[str]:
    """The uses of blocks that share their weights, each a call of one model (and the layers that share theirs).

    A use that is applied to every time step is one for itself.
    """
    sharing = [node for node in graph.nodes.values() if node.shares is not None]
    steps = {node.id for node in graph.nodes.values() if node.is_time_distributed}
    return {node.id for node in sharing} | {node.shares for node in sharing if node.shares is not None} | steps


def _taken_by_model(begin: Node) -> str:
    """The ``keras.Input`` of a block that says itself what it takes, "" where it takes what arrives first."""
    return "" if own_shape(begin) is None else _input(begin, None).expression


def _given(value: Value, outer: Mapping[str, Value]) -> Value:
    """A value with the parameters of the outer block put in, wherever they stand inside."""
    if isinstance(value, ParameterRef):
        return outer.get(value.name)
    if isinstance(value, KerasObject) and references(value):
        return KerasObject(value.type, {name: _given(each, outer) for name, each in value.params.items()})
    if isinstance(value, tuple):
        return tuple(_given(each, outer) for each in value)
    return value
