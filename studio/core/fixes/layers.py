"""Repairs of what a layer is and of what feeds it: parameters, shapes, columns, widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.core import edits
from studio.core.bindings import ends, resolve
from studio.core.fixes.case import Case, Fix
from studio.core.fixes.drawing import delete, insert_new
from studio.core.plan import task_of
from studio.core.project import OUTPUT, Project
from studio.core.rules.width import wanted_width
from studio.core.tail import ACTIVATION_LAYERS, tail
from studio.core.topology import edges_from


def reset(case: Case) -> Iterator[Fix]:
    """Give the parameter its initial value, or take it out."""
    parameter = case.problem.parameter
    node = case.graph.nodes.get(case.id)
    if parameter is None or node is None:
        return
    initial = case.catalog.initial_params(node.type) if case.catalog.layer(node.type) is not None else {}
    if parameter in initial:
        value = initial[parameter]
        label = f"Set {parameter} to {value}"
        yield Fix(label, lambda project: edits.set_param(project, case.id, parameter, value, graph=case.key))
    else:
        label = f"Take out {parameter}"
        yield Fix(label, lambda project: edits.reset_param(project, case.id, parameter, graph=case.key))


def set_to(parameter: str, value: int | float | str | None, label: str) -> Callable[[Case], Iterator[Fix]]:
    """A repair that sets a parameter of the node."""

    def make(case: Case) -> Iterator[Fix]:
        yield Fix(
            label.format(name=case.name),
            lambda project: edits.set_param(
                project, case.id, parameter, value, catalog=case.catalog, graph=case.key
            ),
        )  # fmt: skip

    return make


def open_sizes(case: Case) -> Iterator[Fix]:
    """Let the Input of a block, which is called again with another size, take all the sizes that arrive."""
    cure = case.problem.remedy
    block = next((each for each in case.project.blocks.values() if cure and cure.node in each.graph.nodes), None)
    if cure is None or block is None:
        return

    def edit(project: Project) -> Project:
        return edits.set_params(project, cure.node, dict(cure.params), catalog=case.catalog, graph=block.id)

    sizes = dict(cure.params).get("shape")
    said = [str(size) if isinstance(size, int) else "any" for size in sizes] if isinstance(sizes, tuple) else []
    yield Fix(f"Let {block.name} take {' × '.join(said)}", edit)


def follow_block(case: Case) -> Iterator[Fix]:
    """Let all layers of the block learn only where the block does."""
    yield Fix("Freeze it with the block", lambda project: edits.let_follow(project, case.catalog, case.key))


def no_activation(case: Case) -> Iterator[Fix]:
    """Take the activation away."""
    node = case.graph.nodes.get(case.id)
    if node is not None and (node.type == "Activation" or node.type in ACTIVATION_LAYERS):
        yield from delete(case)
    elif node is not None:
        label = f"Let {case.name} have no activation"
        # None is no activation for every layer, also for an LSTM, whose default is tanh.
        yield Fix(
            label,
            lambda project: edits.set_param(
                project, case.id, "activation", None, catalog=case.catalog, graph=case.key
            ),
        )  # fmt: skip


def in_float32(case: Case) -> Iterator[Fix]:
    """Let the last layer compute in float32; behind what has no dtype of its own, put a layer that does."""
    node = case.graph.nodes.get(case.id)
    spec = case.catalog.layer(node.type) if node is not None and node.block is None else None
    if spec is not None and spec.operation is None and spec.parameter("dtype") is not None:
        yield from set_to("dtype", "float32", "Let {name} compute in float32")(case)
        return

    def insert(project: Project) -> Project:
        graph = project.graph(case.key)
        edge = next((edge for edge in edges_from(graph, case.id) if graph.nodes[edge.target.node].type == OUTPUT), None)
        new = f"n{project.next_id}"
        made = insert_new(project, case.catalog, "Activation", edge.id, case.key) if edge is not None else project
        if made is project:
            return project
        made = edits.set_param(made, new, "activation", "linear", catalog=case.catalog, graph=case.key)
        return edits.set_param(made, new, "dtype", "float32", catalog=case.catalog, graph=case.key)

    yield Fix("Insert a layer of float32", insert)


def data_shape(case: Case) -> Iterator[Fix]:
    """Give the Input the shape of the data."""
    binding = resolve(case.project).get(case.id)
    if binding is not None and binding.data_shape is not None:
        shape = binding.data_shape
        yield Fix("Use the shape of the data", lambda project: edits.reset_param(project, case.id, "shape"))
        yield Fix(f"Set the shape to {shape}", lambda project: edits.set_param(project, case.id, "shape", shape))


def choose_again(case: Case) -> Iterator[Fix]:
    """Leave the choice of columns to the program."""
    yield Fix(f"Let the program choose for {case.name}", lambda project: edits.bind(project, case.id, None))


def set_width(case: Case) -> Iterator[Fix]:
    """Give the last layer as many units as the data asks for."""
    wanted = _wanted_width(case)
    if wanted is not None:
        yield Fix(f"Set units to {wanted}", lambda project: edits.set_param(project, case.id, "units", wanted))


def _wanted_width(case: Case) -> int | None:
    bindings = resolve(case.project)
    for output in ends(case.project, OUTPUT):
        end, binding = tail(case.project, output.id), bindings.get(output.id)
        if end.layer == case.id and end.is_editable and binding is not None:
            return wanted_width(binding, task_of(binding, end))
    return None
