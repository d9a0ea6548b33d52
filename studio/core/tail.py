"""The end of a network: the last activation and width before an Output, found by walking back over the edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studio.catalog.spec import OPERATION
from studio.catalog.values import KerasObject, ParameterRef, Value
from studio.core.naming import to_snake_case
from studio.core.ports import is_operation
from studio.core.project import BLOCK, INPUT, OUTPUT, Graph, Node, Project
from studio.core.topology import edges_into
from studio.immutable import immutable

TRANSPARENT = frozenset({
    "Dropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity", "Flatten", "Reshape",
    "Permute", "Cropping1D", "Cropping2D", "Cropping3D", "RepeatVector",
})  # fmt: skip
"""Layers after which values have the range they had before."""

_TRANSPARENT_OPERATIONS = frozenset({
    "ops.copy", "ops.expand_dims", "ops.flip", "ops.get_item", "ops.moveaxis", "ops.ravel", "ops.reshape",
    "ops.squeeze", "ops.stop_gradient", "ops.swapaxes", "ops.take", "ops.transpose",
})  # fmt: skip
_BENDING_OPERATIONS = frozenset({
    "ops.elu", "ops.gelu", "ops.hard_sigmoid", "ops.leaky_relu", "ops.log_softmax", "ops.relu", "ops.selu",
    "ops.sigmoid", "ops.silu", "ops.softmax", "ops.softplus", "ops.sparsemax", "ops.tanh",
})  # fmt: skip

ACTIVATION_LAYERS = frozenset({"Softmax", "ReLU", "LeakyReLU", "PReLU", "ELU"})

_AVERAGES = frozenset({"Average", "Maximum", "Minimum"})
"""Merges of probabilities that give something like probabilities again."""

_DEEPEST = 50
"""Blocks inside of blocks that are looked into: a damaged file may have a block that uses itself."""

_RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"})
_WIDTHS = {"Dense": "units", "LSTM": "units", "GRU": "units", "SimpleRNN": "units"}


@immutable
class Tail:
    """What stands before an Output.

    ``activation`` is the last one in lower case, "linear" where there is none, "" where nothing is connected.
    ``width`` is the number of units of the last layer that has units, or None. ``maker`` is the id of the node that has
    the activation, ``layer`` of the one that has the width; in a block both are the block's use in the main graph.
    ``after`` are the nodes between the activation and the Output, nearest to the Output first. ``squashings`` counts
    softmaxes and sigmoids that follow each other. ``is_editable`` tells whether the width can be set at ``layer``.
    """

    activation: str = ""
    width: int | None = None
    maker: str | None = None
    layer: str | None = None
    after: tuple[str, ...] = ()
    squashings: int = 0
    is_editable: bool = True

    @property
    def is_logits(self) -> bool:
        """Whether raw scores come out, which a loss has to be told of."""
        return self.activation not in ("softmax", "sigmoid", "hard_sigmoid", "sparsemax", "")


SQUASHING = frozenset({"softmax", "sigmoid", "hard_sigmoid", "sparsemax"})


def tail(project: Project, output_id: str) -> Tail:
    """What stands before the Output ``output_id`` of the main graph."""
    return _walk(project, project.main, output_id, {}, 0)


def _walk(project: Project, graph: Graph, start: str, values: Mapping[str, Value], depth: int) -> Tail:
    found = Tail()
    current = start
    own = {"Lambda", *(snippet.name for snippet in project.snippets.values())}
    for _ in range(len(graph.nodes)):
        edges = edges_into(graph, current)
        if not edges:
            return found
        node = graph.nodes[edges[0].source.node]
        current = node.id
        if node.is_bypassed:
            continue
        if node.type == INPUT:
            return replace(found, activation=found.activation or "linear")
        if node.type == BLOCK:
            return _in_block(project, node, edges[0].source.port, found, values, depth)
        is_open = is_operation(node) and node.type not in _BENDING_OPERATIONS | _TRANSPARENT_OPERATIONS
        if is_open or node.type in own:
            return found  # Which range its numbers have is not known: nothing is said about it.
        found = _with(found, node, values)
        if found.width is not None:
            return found
        is_passed = is_operation(node) or node.type in (*TRANSPARENT, *ACTIVATION_LAYERS, *_AVERAGES, "Activation")
        if not is_passed:
            return replace(found, activation=found.activation or "linear")
    return found


def _with(found: Tail, node: Node, values: Mapping[str, Value]) -> Tail:
    activation = activation_of(node, values)
    if activation == "linear" and node.type in ("Activation", *TRANSPARENT, *_AVERAGES):
        activation = None  # It changes nothing; what counts stands before it.
    if activation is not None:
        if not found.activation:
            found = replace(found, activation=activation, maker=node.id)
        if activation in SQUASHING:
            found = replace(found, squashings=found.squashings + 1)
    elif not found.activation:
        found = replace(found, after=(*found.after, node.id))
    name = _WIDTHS.get(node.type, "")
    width = _given(node.params.get(name), values) if name else None
    if isinstance(width, int) and not isinstance(width, bool):
        is_editable = not isinstance(node.params.get(name), ParameterRef)
        found = replace(found, width=width, layer=node.id, is_editable=is_editable)
    return found


def _in_block(project: Project, use: Node, port: str, found: Tail, values: Mapping[str, Value], depth: int) -> Tail:
    block = project.blocks.get(use.block or "")
    if block is None or depth > _DEEPEST:
        return replace(found, activation=found.activation or "linear")
    inner = {parameter.name: parameter.default for parameter in block.parameters}
    inner |= {name: _given(value, values) for name, value in use.params.items()}
    output = next((node for node in block.graph.nodes.values() if node.type == OUTPUT and node.name == port), None)
    if output is None:
        return replace(found, activation=found.activation or "linear")
    inside = _walk(project, block.graph, output.id, inner, depth + 1)
    return Tail(
        found.activation or inside.activation or "linear", inside.width, found.maker or use.id, use.id,
        found.after, found.squashings + inside.squashings, False,
    )  # fmt: skip


def activation_of(node: Node, values: Mapping[str, Value] | None = None) -> str | None:
    """The activation with which a layer ends, in lower case; None where the layer has no say in it."""
    if node.type in ACTIVATION_LAYERS:
        return _function_of(node.type)
    if node.type in TRANSPARENT or node.type in _AVERAGES or node.type in _TRANSPARENT_OPERATIONS:
        return None
    if is_operation(node):
        return node.type.removeprefix(OPERATION) if node.type in _BENDING_OPERATIONS else ""
    default = "tanh" if node.type in _RECURRENT else None
    value = _given(node.params.get("activation", default), values or {})
    if value is None:
        return "linear"
    while isinstance(value, KerasObject) and value.type == "Activation":
        value = value.params.get("activation")
    if isinstance(value, KerasObject) and value.type in ACTIVATION_LAYERS:
        return _function_of(value.type)
    return value.lower() if isinstance(value, str) else ""  # code of one's own gives whatever it likes


def _function_of(type: str) -> str:
    return to_snake_case(type) if type != "Softmax" else "softmax"


def _given(value: Value, values: Mapping[str, Value]) -> Value:
    return values.get(value.name) if isinstance(value, ParameterRef) else value
