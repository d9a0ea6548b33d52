"""From a project to the Module that says the same in Python. Never raises: what cannot be said is told as a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.codegen import training
from studio.codegen.body import Body, stack, write
from studio.codegen.constructors import input_call
from studio.codegen.drawing import BlockFunction, Drawing
from studio.codegen.expressions import Catalog, Expressions, NoExpression, parameter_variable
from studio.codegen.ir import Argument, Call, Code, Do, Expression, Function, Items, Module, Return, call, keyword
from studio.codegen.literals import literal
from studio.codegen.loading import Loading, loading
from studio.codegen.style import DEFAULT, Style
from studio.codegen.variables import Names
from studio.core import plan as plans
from studio.core.bindings import Binding, own_shape, resolve
from studio.core.naming import variable
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, MAIN, Block, Node, Project


@dataclass(frozen=True, slots=True)
class Lowered:
    """The module, and what was left out of it and why. ``data_files`` belong beside the file."""

    module: Module
    problems: tuple[Problem, ...]
    data_files: tuple[str, ...]


def lower(project: Project, catalog: Catalog, style: Style = DEFAULT) -> Lowered:
    """The whole script of a project."""
    names = Names()
    problems: list[Problem] = []
    blocks, functions = _blocks(project, catalog, style, names, problems)
    drawing = Drawing(project, catalog, MAIN, blocks, style=style)
    drawing.read()
    bindings = resolve(project)
    built, body, inputs, outputs = _build(drawing, bindings, names)
    problems += drawing.problems
    loaded = loading(project.data, bindings, inputs, outputs, Names())
    if loaded.fault:
        problems.append(Problem("no_data", loaded.fault, "hint"))
    compiled, more = training.compile_function(catalog, project.training, outputs, plans.resolved(project))
    trained, still_more = training.train_functions(catalog, project.training)
    problems += [*more, *still_more]
    adapted, is_everywhere = _adapted(drawing, body, inputs)
    has_adapted = bool(adapted) or is_everywhere
    adapting = [training.adapt_function(adapted, len(inputs), is_everywhere, style.layers)] if has_adapted else []
    has_test = project.data.split.test > 0 and not loaded.fault
    module = Module(
        f"{project.title}: drawn with Layer Studio.",
        _imports(loaded, style),
        (*loaded.constants, *training.constants(project.training)),
        (*loaded.functions, *functions, built, compiled, *adapting, *trained,
         training.main_function(has_adapted, has_test)),
    )  # fmt: skip
    return Lowered(module, tuple(problems), loaded.data_files)


def _imports(loaded: Loading, style: Style) -> tuple[str, ...]:
    standard = sorted({"import math"} | {line for line in loaded.imports if line.startswith("from pathlib")})
    standard.sort(key=lambda line: line.startswith("from"))
    others = ["import numpy as np", *style.imports]
    if "import pandas as pd" in loaded.imports:
        others.append("import pandas as pd")
    return (*standard, "", *sorted(others, key=lambda line: (line.startswith("from"), line)))


def _blocks(
    project: Project, catalog: Catalog, style: Style, names: Names, problems: list[Problem]
) -> tuple[dict[str, BlockFunction], list[Function]]:
    """The functions of all blocks that the main graph uses, each after those that it uses itself."""
    written: dict[str, BlockFunction] = {}
    functions: list[Function] = []
    order: list[Block] = []
    done: set[str] = set()
    stack: list[tuple[str, bool]] = [(key, False) for key in reversed(_uses(project, MAIN))]
    while stack:
        key, is_complete = stack.pop()
        if is_complete:
            order.append(project.blocks[key])
        elif key not in done:
            done.add(key)
            stack.append((key, True))
            stack += [(inner, False) for inner in reversed(_uses(project, key))]
    for block in order:
        made = _block_function(project, catalog, style, block, written, names, problems)
        if made is not None:
            written[block.id], function = made
            functions.append(function)
    return written, functions


def _uses(project: Project, key: str) -> list[str]:
    used = [node.block for node in project.graph(key).nodes.values() if node.type == BLOCK]
    return list(dict.fromkeys(block for block in used if block is not None and block in project.blocks))


def _block_function(
    project: Project, catalog: Catalog, style: Style, block: Block, written: Mapping[str, BlockFunction], names: Names,
    problems: list[Problem],
) -> tuple[BlockFunction, Function] | None:  # fmt: skip
    """One block as a function, or None where one of its results cannot be written."""
    parameters = {parameter.name: parameter_variable(parameter.name) for parameter in block.parameters}
    drawing = Drawing(project, catalog, block.id, written, frozenset(parameters), style)
    drawing.read()
    problems += drawing.problems
    wanted = sum(node.type == "Output" for node in block.graph.nodes.values())
    if not wanted or len(drawing.outputs) < wanted or len(set(parameters.values())) < len(parameters):
        return None
    own = names.inner(parameters.values())
    body = write(drawing, own, None)
    inputs = [chain.nodes[0] for chain in drawing.order.chains if drawing.wired[chain.nodes[0]].node.type == INPUT]
    arguments = [Argument(Code(body.variables[(key, 0)])) for key in inputs]
    for parameter in block.parameters:
        try:
            default = Expressions(catalog, style.layers).free(parameter.default)
        except NoExpression:
            return None
        arguments.append(keyword(parameters[parameter.name], default))
    results = Return(tuple([Code(body.variables[drawing.source_of(node)]) for node in drawing.outputs]),
                     tuple([node.id for node in drawing.outputs]))  # fmt: skip
    name = names.take(variable(block.name).lower())
    docstring = f"The block {block.name}."
    function = Function(name, tuple(arguments), docstring, (*body.statements, results))
    return BlockFunction(name, block, parameters, body.layers), function


def _build(
    drawing: Drawing, bindings: Mapping[str, Binding], names: Names
) -> tuple[Function, Body, dict[str, str], dict[str, str]]:
    """``build_model``, and the Inputs and Outputs of the model with the keys that they have in its dictionaries."""

    def write_input(node: Node, needs_name: bool) -> Call:
        binding = bindings.get(node.id)
        shape = binding.shape if binding is not None else own_shape(node)
        dtype = binding.dtype if binding is not None else node.params.get("dtype")
        return input_call(
            node, shape, dtype if isinstance(dtype, str) else "float32", node.name if needs_name else None,
            drawing.style.input,
        )  # fmt: skip

    own = names.inner(())
    stacked = stack(drawing, own, write_input) if drawing.style.is_sequential else None
    body = stacked or write(drawing, own, write_input)
    needed = drawing.order.leading_to([drawing.source_of(node)[0] for node in drawing.outputs])
    inputs: dict[str, str] = {}
    for number, chain in enumerate(drawing.order.chains):
        node = drawing.wired[chain.nodes[0]].node
        if node.type == INPUT and number in needed:
            inputs[node.id] = node.name
    keys = plans.keys_of_outputs(drawing.project)
    outputs = {node.id: keys[node.id] for node in drawing.outputs}
    docstring = "Build the network; it is not trained yet."
    if stacked is not None:
        return Function("build_model", (), docstring, stacked.statements), stacked, inputs, outputs
    if inputs and outputs:
        made = call("keras.Model", *_ends(drawing, body, inputs, outputs))
        end: Return | Do = Return((made,), tuple(outputs))
    else:
        message = "The network needs an Input and an Output that are connected."
        end = Do(call("NotImplementedError", Code(literal(message))), "raise")
    return Function("build_model", (), docstring, (*body.statements, end)), body, inputs, outputs


def _ends(drawing: Drawing, body: Body, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> list[Argument]:
    taken = {name: Code(body.variables[(key, 0)]) for key, name in inputs.items()}
    given = {
        outputs[node.id]: Code(body.variables[drawing.source_of(node)])
        for node in drawing.outputs
        if node.id in outputs
    }
    if len(taken) == 1 and len(given) == 1:
        return [Argument(next(iter(taken.values()))), Argument(next(iter(given.values())))]
    return [keyword("inputs", _one_or_all(taken)), keyword("outputs", _one_or_all(given))]


def _one_or_all(values: Mapping[str, Code]) -> Expression:
    if len(values) == 1:
        return next(iter(values.values()))
    return Items("{", tuple([Argument(value, f"{literal(name)}: ") for name, value in values.items()]))


def _adapted(drawing: Drawing, body: Body, inputs: Mapping[str, str]) -> tuple[list[training.Adapted], bool]:
    """The Normalizations that learn from the data, and whether some are inside a block."""
    found = []
    for each in drawing.wired.values():
        node = each.node
        if node.type == "Normalization" and node.params.get("mean") is None and node.shares is None:
            source = each.inputs[0][1][0][0]
            found.append(training.Adapted(node.name, inputs.get(source)))
    made = sum(type == "Normalization" and params.get("mean") is None for type, params in body.layers)
    return found, made > len(found)
