"""From a project to the Module that says the same in Python. Never raises: what cannot be said is told as a problem."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from studio.codegen import results, runs_on, stored_weights, training
from studio.codegen.blocks import block_functions, blocks_used, in_order_of_use
from studio.codegen.body import Body, stack, write
from studio.codegen.constructors import input_call
from studio.codegen.drawing import Drawing
from studio.codegen.emit import emit_functions
from studio.codegen.expressions import RESERVED, Catalog
from studio.codegen.ir import (
    Argument,
    Assign,
    Call,
    Code,
    Do,
    Expression,
    For,
    Function,
    Items,
    Module,
    Return,
    call,
    items,
    keyword,
)
from studio.codegen.literals import literal
from studio.codegen.loading import Loading, loading
from studio.codegen.names import Names
from studio.codegen.operations import used
from studio.codegen.runs_on import Ending
from studio.codegen.snippets import OwnCode, own_code, without
from studio.codegen.stacking import why_not_stacked
from studio.codegen.style import DEFAULT, Style
from studio.core import plan as plans
from studio.core.bindings import Binding, own_shape, resolve
from studio.core.class_weights import weighed
from studio.core.learning import learns
from studio.core.problem import Problem
from studio.core.project import INPUT, MAIN, Node, Project, RunsOn, TrainingPlan
from studio.core.snippets import Use
from studio.immutable import immutable


@immutable
class Parts:
    """The functions of a script by what they are for, in the order in which they are written.

    ``part`` is the part of the data that the trained model is judged by: 2 for the test part, 1 for validation, 0 for
    training where there is no other; ``has_weights`` tells that its rows have weights. ``own`` is code of the person's
    own that the network needs, ``own_training`` what compiling and training needs beside it; ``stored`` gives the model
    the weights of a file.
    """

    data: tuple[Function, ...]
    own: tuple[Function, ...]
    network: tuple[Function, ...]
    compiling: tuple[Function, ...]
    training: tuple[Function, ...]
    showing: tuple[Function, ...]
    has_adapted: bool
    part: int
    has_weights: bool
    own_training: tuple[Function, ...] = ()
    runs_on: RunsOn = "device"
    stored: tuple[Function, ...] = ()

    @property
    def ending(self) -> Ending:
        """How ``main`` makes the model and what it does with it."""
        return Ending(self.has_adapted, self.part, self.has_weights, bool(self.stored))

    @property
    def all(self) -> tuple[Function, ...]:
        """All of them and ``main``."""
        main = runs_on.functions(self.runs_on, self.ending)
        own = self.own, self.own_training
        return (
            *self.data, *own[0], *self.network, *self.stored, *own[1], *self.compiling, *self.training, *self.showing,
            *main,
        )  # fmt: skip


@immutable
class Lowered:
    """The module, and what was left out of it and why. ``data_files`` belong beside the file.

    ``not_stacked`` says why its network is no plain chain, "" where it is one.
    """

    module: Module
    problems: tuple[Problem, ...]
    data_files: tuple[str, ...] = ()
    parts: Parts | None = None
    not_stacked: str = ""


def lower(project: Project, catalog: Catalog, style: Style = DEFAULT) -> Lowered:
    """The whole script of a project."""
    place = project.training.runs_on
    network, own = _network(project, catalog, style)
    problems = network.problems
    inputs, outputs = network.inputs, network.outputs
    is_listed = project.training.are_inputs_listed
    loaded = loading(project.data, network.bindings, inputs, outputs, _names(own, project, catalog), is_listed)
    if loaded.fault:
        problems.append(Problem("no_data", loaded.fault, "hint"))
    compiled, more = training.compile_function(catalog, project.training, outputs, plans.resolved(project))
    known = weighed(project) if project.training.class_weights is not None else None
    has_classes = known is not None and (known.are_unknown or not known.reason)
    trained, still_more = training.train_functions(
        catalog, project.training, has_text=loaded.has_text, has_classes=has_classes, has_weights=loaded.has_weights,
        is_shared=place == "jax", has_validation=project.data.split.validation > 0 and not loaded.fault,
    )  # fmt: skip
    problems += [*more, *still_more]
    adapted, types = _adapted(network.drawing, network.body, inputs)
    has_adapted = bool(types)
    is_everywhere = has_adapted and sum(learns(*layer) for layer in network.body.layers) > len(adapted)
    adapting = (
        [training.adapt_function(adapted, types, len(inputs), is_everywhere, style.layers, loaded.has_weights)]
        if has_adapted
        else []
    )
    split = project.data.split
    part = 0 if loaded.fault else 2 if split.test > 0 else 1 if split.validation > 0 else 0
    takes_rows = any(function.name == "take" for function in loaded.functions)
    predictions = results.predictions_function(
        project, network.bindings, outputs, loaded.classes, len(inputs), takes_rows, loaded.has_text
    )
    taken = [function.name for function in (*loaded.functions, *network.functions)]
    own = without(own, [*taken, *runs_on.NAMES[place], *stored_weights.names(project.training)])
    problems += own.problems
    parts = Parts(
        data=tuple(loaded.functions), own=own.network, network=network.functions, compiling=(compiled, *adapting),
        training=tuple(trained), showing=(predictions, results.curves_function()), has_adapted=has_adapted, part=part,
        has_weights=loaded.has_weights, own_training=own.training, runs_on=place,
        stored=stored_weights.functions(project, catalog),
    )  # fmt: skip
    constants = (*loaded.constants, *training.constants(project.training))
    imports = _imports(loaded, style, own, _by_use(network.functions, catalog, style), project.training)
    module = Module(_title(project), imports, constants, parts.all)
    return Lowered(module, tuple(problems), loaded.data_files, parts, why_not_stacked(network.drawing))


def lower_model(project: Project, catalog: Catalog, style: Style = DEFAULT) -> Lowered:
    """Only what builds the model."""
    network, own = _network(project, catalog, style)
    own = without(own, [function.name for function in network.functions])
    functions = (*own.network, *network.functions)
    imports = _model_imports(style, own, _by_use(network.functions, catalog, style))
    module = Module(_title(project), imports, (), functions, is_script=False)
    problems = (*network.problems, *own.problems)
    return Lowered(module, problems, not_stacked=why_not_stacked(network.drawing))


def lower_block(project: Project, catalog: Catalog, block: str, style: Style = DEFAULT) -> Lowered:
    """Only the function of one block, and of those that it uses."""
    problems: list[Problem] = []
    wanted = [block] if block in project.blocks else []
    own = own_code(project, catalog)
    written, made = block_functions(project, catalog, style, _names(own, project, catalog), problems, wanted)
    functions = in_order_of_use([key for key in wanted if key in written], written, made)
    if block not in written:
        name = project.blocks[block].name if wanted else block
        problems.append(Problem("left_out", f"The block {name} is not finished, so it has no code yet.", "hint"))
    imports = tuple([line for line in style.imports if line.endswith(style.layers) or _says_keras(functions)])
    imports += _by_use(functions, catalog, style)
    own = without(_named_in(own, functions), [function.name for function in functions])
    more = _model_imports(style, own) if own.network else ()
    imports = _sorted({*imports, *more})
    module = Module(_title(project), imports, (), (*own.network, *functions), is_script=False)
    return Lowered(module, (*problems, *own.problems), not_stacked="a block is a function and no model")


def _by_use(functions: Sequence[Function], catalog: Catalog, style: Style) -> tuple[str, ...]:
    """What functions import that few of them need: ``keras.ops`` where one is called by name, numpy for arrays, layers
    that Keras keeps for its ready-made networks."""
    borrowed = {f"{name}.": module for name, module in catalog.borrowed.items()}
    found = used(functions, ("np.", "ops.", *borrowed))
    lines = ["import numpy as np"] if "np." in found else []
    lines += [style.import_of_operations] if "ops." in found else []
    lines += [
        f"from {path.rpartition('.')[0]} import {start[:-1]}" for start, path in borrowed.items() if start in found
    ]
    return tuple(lines)


def _says_keras(functions: Sequence[Function]) -> bool:
    """Whether functions need more of Keras than its layers: initializers with parameters, for example."""
    statements = [statement for function in functions for statement in function.body]
    texts = [each.text for each in statements if isinstance(each, Assign)]
    texts += [row.text for each in statements if isinstance(each, For) for row in (*each.assignments(), *each.rows)]
    texts += [parameter.text for function in functions for parameter in function.parameters]
    return any("keras." in text for text in texts)


def _title(project: Project) -> str:
    return f"{project.title} (drawn with Layer Studio)."


@dataclass(slots=True)
class _Network:
    """The main graph as functions, with its Inputs and Outputs and the keys that they have in dictionaries."""

    drawing: Drawing
    body: Body
    bindings: Mapping[str, Binding]
    functions: tuple[Function, ...]
    inputs: dict[str, str]
    outputs: dict[str, str]
    problems: list[Problem]
    blocks: Collection[str]

    def has(self, use: Use) -> bool:
        """Whether the code has the place where code of the person's own is used."""
        if use.graph not in (MAIN, *self.blocks):
            return False
        left_out = {problem.node for problem in self.problems if problem.code == "left_out"}
        return use.node is None or use.node not in left_out


def _network(project: Project, catalog: Catalog, style: Style) -> tuple[_Network, OwnCode]:
    """The network, and the code of the person's own that it and the plan need. What no line uses is not among it."""
    own = own_code(project, catalog)
    network = _written(project, catalog, style, own)
    if project.snippets:
        less = own_code(project, catalog, network.has)
        if less != own:
            network = _written(project, catalog, style, less)
            less = replace(less, problems=own.problems)
        own = less
    return network, own


def _written(project: Project, catalog: Catalog, style: Style, own: OwnCode) -> _Network:
    names = _names(own, project, catalog)
    problems: list[Problem] = []
    wanted = blocks_used(project, MAIN)
    blocks, functions = block_functions(project, catalog, style, names, problems, wanted)
    drawing = Drawing(project, catalog, MAIN, blocks, style=style)
    drawing.read()
    called = {each.node.block for each in drawing.wired.values()}
    if not called.issuperset(wanted):
        # What only a use that is left out would call is no function either, and takes no name.
        names = _names(own, project, catalog)
        blocks, functions = block_functions(
            project, catalog, style, names, [], [key for key in wanted if key in called]
        )
        drawing = Drawing(project, catalog, MAIN, blocks, style=style)
        drawing.read()
    bindings = resolve(project)
    built, body, inputs, outputs = _build(drawing, bindings, names)
    problems += drawing.problems
    if drawing.other_names:
        # Variables are called as the layers now are: who reads the code back has no other name for them.
        drawing = Drawing(_renamed(project, drawing.other_names), catalog, MAIN, blocks, style=style)
        drawing.read()
        built, body, inputs, outputs = _build(drawing, bindings, names)
    used_first = in_order_of_use(drawing.uses, blocks, functions)
    return _Network(drawing, body, bindings, (*used_first, built), inputs, outputs, problems, blocks.keys())


def _renamed(project: Project, names: Mapping[str, str]) -> Project:
    nodes = {key: replace(project.main.nodes[key], name=name) for key, name in names.items()}
    return replace(project, main=replace(project.main, nodes={**project.main.nodes, **nodes}))


def _names(own: OwnCode, project: Project, catalog: Catalog) -> Names:
    more = [*runs_on.NAMES[project.training.runs_on], *stored_weights.names(project.training)]
    more += ["os"] * training.takes_whole_paths(project.training)
    return Names({*RESERVED, *own.names, *own.at_hand, *catalog.borrowed, *more})


def _imports(loaded: Loading, style: Style, own: OwnCode, more: tuple[str, ...], plan: TrainingPlan) -> tuple[str, ...]:
    place = plan.runs_on
    stored_standard, stored_others = stored_weights.imports(plan)
    paths = {line for line in loaded.imports if line.startswith("from pathlib")}
    if training.takes_whole_paths(plan):
        paths.add("import os")
    own_standard, own_others = runs_on.imports(place)
    standard = _sorted({"import math", *paths, *own.standard, *own_standard, *stored_standard})
    others = {"import numpy as np", *style.imports, *own.imports(style), *more, *own_others, *stored_others}
    if "import pandas as pd" in loaded.imports:
        others.add("import pandas as pd")
    environment = runs_on.environment(place)
    return (*standard, *[""] * bool(environment), *environment, "", *_sorted(others))


def _model_imports(style: Style, own: OwnCode, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What a file imports that only builds the model; without code of the person's own it is Keras alone."""
    standard = {*own.standard, *["import math"] * ("math" in own.at_hand)}
    others = {*style.imports, *own.imports(style), *more, *["import numpy as np"] * ("np" in own.at_hand)}
    return (*_sorted(standard), *[""] * bool(standard), *_sorted(others))


def _sorted(lines: Iterable[str]) -> tuple[str, ...]:
    """Imports as isort would have them: the plain ones first, and one line for all that comes from one module."""
    plain: list[str] = []
    names: dict[str, list[str]] = {}
    for line in sorted(lines):
        module, _, name = line.partition(" import ")
        if name:
            names.setdefault(module, []).append(name)
        else:
            plain.append(line)
    return (*plain, *[f"{module} import {', '.join(found)}" for module, found in names.items()])


def _named_in(own: OwnCode, functions: Sequence[Function]) -> OwnCode:
    """The code of one's own that a few functions need."""
    if not own.network:
        return own
    text = emit_functions(functions)
    words = set(re.findall(r"\w+", text))
    kept: list[Function] = []
    for function in reversed(own.network):
        if function.name in words:
            kept.insert(0, function)
            words |= set(re.findall(r"\w+", function.text))
    return replace(own, network=tuple(kept), training=())


def _build(
    drawing: Drawing, bindings: Mapping[str, Binding], names: Names
) -> tuple[Function, Body, dict[str, str], dict[str, str]]:
    """``build_model``, and the Inputs and Outputs of the model with the keys that they have in its dictionaries."""

    def write_input(node: Node, name: str | None) -> Call:
        binding = bindings.get(node.id)
        shape = binding.shape if binding is not None else own_shape(node)
        dtype = binding.dtype if binding is not None else node.params.get("dtype")
        return input_call(
            node, shape, dtype if isinstance(dtype, str) else "float32", name, drawing.style.input,
        )  # fmt: skip

    stacked = stack(drawing, names.inner(()), write_input) if drawing.style.is_sequential else None
    body = stacked or write(drawing, names.inner(()), write_input)
    needed = drawing.order.leading_to([drawing.source_of(node)[0] for node in drawing.outputs])
    inputs: dict[str, str] = {}
    for number, chain in enumerate(drawing.order.chains):
        node = drawing.wired[chain.nodes[0]].node
        if node.type == INPUT and number in needed:
            inputs[node.id] = node.name
    keys = plans.keys_of_outputs(drawing.project)
    outputs = {node.id: keys[node.id] for node in drawing.outputs}
    docstring = "Build the network; it is not trained yet."
    policy = training.policy_statements(drawing.project.training)
    if stacked is not None:
        return Function("build_model", (), docstring, (*policy, *stacked.statements)), stacked, inputs, outputs
    if inputs and outputs:
        made = call("keras.Model", *_ends(drawing, body, inputs, outputs))
        end: Return | Do = Return((made,), tuple(outputs))
    else:
        end = Do(call("NotImplementedError", Code(literal(drawing.why_no_model))), "raise")
    return Function("build_model", (), docstring, (*policy, *body.statements, end)), body, inputs, outputs


def _ends(drawing: Drawing, body: Body, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> list[Argument]:
    taken = {name: Code(body.variables[(key, 0)]) for key, name in inputs.items()}
    given = {
        outputs[node.id]: Code(body.variables[drawing.source_of(node)])
        for node in drawing.outputs
        if node.id in outputs
    }
    if len(taken) == 1 and len(given) == 1:
        return [Argument(next(iter(taken.values()))), Argument(next(iter(given.values())))]
    is_listed = drawing.project.training.are_inputs_listed
    return [keyword("inputs", _one_or_all(taken, is_listed)), keyword("outputs", _one_or_all(given))]


def _one_or_all(values: Mapping[str, Code], is_listed: bool = False) -> Expression:
    if len(values) == 1:
        return next(iter(values.values()))
    if is_listed:
        return items("[", [*values.values()])
    return Items("{", tuple([Argument(value, f"{literal(name)}: ") for name, value in values.items()]))


def _adapted(drawing: Drawing, body: Body, inputs: Mapping[str, str]) -> tuple[list[training.Adapted], list[str]]:
    """The layers that learn from the data outside blocks, and the types of all of them."""
    types = list(dict.fromkeys([type for type, params in body.layers if learns(type, params)]))
    is_listed = drawing.project.training.are_inputs_listed
    keys: dict[str, str | int] = {key: place if is_listed else name for place, (key, name) in enumerate(inputs.items())}
    found = []
    for each in drawing.wired.values() if types else ():
        node = each.node
        if node.shares is None and learns(node.type, node.params):
            source = each.inputs[0][1][0][0]
            found.append(training.Adapted(node.name, keys.get(source)))
    return found, types
