"""Blocks as functions: one for each block, with the parameters of the block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from studio.catalog.values import Value, types_in
from studio.codegen.body import write
from studio.codegen.describing import described
from studio.codegen.drawing import BlockFunction, Drawing
from studio.codegen.expressions import Catalog, Expressions, NoExpression, parameter_variable
from studio.codegen.ir import Argument, Assign, Code, Function, Return, Statement, keyword
from studio.codegen.names import Names
from studio.codegen.style import Style
from studio.codegen.turns import LAYER_NAME
from studio.core.naming import variable
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, Block, Project

_NOTEBOOK_NAMES = frozenset(("data", "model", "history", "x", "y", "first", "names", "name", "axes", "axis"))
"""Variables of a notebook's cells, which stand beside the functions of blocks."""


def block_functions(
    project: Project, catalog: Catalog, style: Style, names: Names, problems: list[Problem], wanted: Sequence[str]
) -> tuple[dict[str, BlockFunction], dict[str, Function]]:
    """The functions of the blocks ``wanted`` and of all that they use, by block."""
    written: dict[str, BlockFunction] = {}
    functions: dict[str, Function] = {}
    always = _always_given(project)
    for key in _inner_first(wanted, lambda key: blocks_used(project, key)):
        made = _block_function(project, catalog, style, project.blocks[key], written, names, problems, always)
        if made is not None:
            written[key], functions[key] = made
    return written, functions


def in_order_of_use(
    uses: Sequence[str], written: Mapping[str, BlockFunction], functions: Mapping[str, Function]
) -> list[Function]:
    """The functions as a reader meets them: by the statements that use them, each after those that it uses itself."""
    return [functions[key] for key in _inner_first(uses, lambda key: written[key].uses)]


def _inner_first(wanted: Sequence[str], inside: Callable[[str], Sequence[str]]) -> list[str]:
    """Blocks and all that are ``inside`` them, each after those that are inside it."""
    order: list[str] = []
    done: set[str] = set()
    stack: list[tuple[str, bool]] = [(key, False) for key in reversed(wanted)]
    while stack:
        key, is_complete = stack.pop()
        if is_complete:
            order.append(key)
        elif key not in done:
            done.add(key)
            stack.append((key, True))
            stack += [(inner, False) for inner in reversed(inside(key))]
    return order


def _always_given(project: Project) -> dict[str, dict[str, Value]]:
    """For each block that is used the parameters that every use gives a value, with that of the first use."""
    found: dict[str, dict[str, Value]] = {}
    for graph in project.graphs().values():
        for node in graph.nodes.values():
            if node.type == BLOCK and node.block is not None:
                given = found.get(node.block, node.params)
                found[node.block] = {name: value for name, value in given.items() if name in node.params}
    return found


def blocks_used(project: Project, key: str) -> list[str]:
    """The blocks that one graph uses, by id, in the order in which they were drawn."""
    used = [node.block for node in project.graph(key).nodes.values() if node.type == BLOCK and not node.is_bypassed]
    return list(dict.fromkeys(block for block in used if block is not None and block in project.blocks))


def _block_function(
    project: Project, catalog: Catalog, style: Style, block: Block, written: Mapping[str, BlockFunction], names: Names,
    problems: list[Problem], always: Mapping[str, Mapping[str, Value]],
) -> tuple[BlockFunction, Function] | None:  # fmt: skip
    """One block as a function, or None where one of its results cannot be written."""
    parameters = {parameter.name: parameter_variable(parameter.name) for parameter in block.parameters}
    drawing = Drawing(project, catalog, block.id, written, frozenset(parameters), style, block.names_layers)
    drawing.read()
    problems += drawing.problems
    wanted = sum(node.type == "Output" for node in block.graph.nodes.values())
    if not wanted or len(drawing.outputs) < wanted or len(set(parameters.values())) < len(parameters):
        return None
    own = names.inner((*parameters.values(), LAYER_NAME))
    body = write(drawing, own, None)
    inputs = [chain.nodes[0] for chain in drawing.order.chains if drawing.wired[chain.nodes[0]].node.type == INPUT]
    arguments = [Argument(Code(body.variables[(key, 0)])) for key in inputs]
    required: list[str] = []
    anew: list[str] = []
    given = always.get(block.id, {})
    for parameter in block.parameters:
        if _holds_layer(catalog, (parameter.default, given.get(parameter.name))):
            # As a default it would be made once, and all uses would share its weights.
            anew.append(parameter.name)
            continue
        is_first = len(required) == len(arguments) - len(inputs)
        if is_first and parameter.default is None and parameter.name in given:
            # Without a default the right value cannot be forgotten.
            required.append(parameter.name)
            arguments.append(Argument(Code(parameters[parameter.name])))
            continue
        try:
            default = Expressions(catalog, style.layers).free(parameter.default)
        except NoExpression:
            return None
        arguments.append(keyword(parameters[parameter.name], default))
    by_name = [parameters[name] for name in anew]
    by_name += [LAYER_NAME] if any(ending is not None for ending in body.endings) else []
    arguments += [Argument(Code(each)) for each in (["*", *by_name] if by_name else [])]
    results = Return(tuple([Code(body.variables[drawing.source_of(node)]) for node in drawing.outputs]),
                     tuple([node.id for node in drawing.outputs]))  # fmt: skip
    statements = (*body.statements, results) if style.has_own_variables else _ended(body.statements, results)
    wanted_name = variable(block.name).lower()
    name = names.take(f"{wanted_name}_block" if wanted_name in _NOTEBOOK_NAMES else wanted_name)
    function = Function(name, tuple(arguments), described(drawing), statements)
    takes = {drawing.wired[key].node.name: body.variables[(key, 0)] for key in inputs}
    made = BlockFunction(
        name, block, parameters, body.layers, body.endings, tuple(required), drawing.uses, tuple(anew), takes
    )
    return made, function


def _holds_layer(catalog: Catalog, value: Value) -> bool:
    """Whether a layer is made where this value is written."""
    return any(catalog.inner_layer(type) is not None for type in types_in(value))


def _ended(statements: tuple[Statement, ...], results: Return) -> tuple[Statement, ...]:
    """The statements with their end: what is only made to be returned is returned at once."""
    last = statements[-1] if statements else None
    if isinstance(last, Assign) and last.node is not None and len(results.values) == 1:
        (result,) = results.values
        if last.targets == (result.text,):
            return (*statements[:-1], Return((last.value,), (last.node, *results.nodes)))
    return (*statements, results)
