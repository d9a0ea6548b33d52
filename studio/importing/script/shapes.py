"""The shapes of tensors in a script: those of Inputs stand there, all others only Keras can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from studio.core.project import INPUT, Graph, Node, Project
from studio.importing.errors import ModelFileError
from studio.importing.report import Findings
from studio.importing.script.drawing import Drawer
from studio.importing.script.routines import NoBlock
from studio.importing.script.run import Run
from studio.importing.script.things import Network, Tensor

Shape = tuple[int | None, ...]


def shape_of(run: Run, tensor: Tensor) -> Shape | None:
    """The shape of a tensor with its rows, None for each size that is open; None where nobody can tell.

    NoBlock inside a function that is being read as a block: the shape differs from use to use.
    """
    call = tensor.call
    if run.trial is not None:
        raise NoBlock
    if call.kind == "input":
        sizes = call.params.get("shape", ())
        if isinstance(sizes, tuple) and all(size is None or isinstance(size, int) for size in sizes):
            rows = call.params.get("batch_size")
            return (rows if isinstance(rows, int) else None, *cast(Shape, sizes))
    return None if run.shapes is None else run.ask(_leading_to(run, tensor))


def _leading_to(run: Run, tensor: Tensor) -> Project:
    """A drawing of all that leads to a tensor."""
    begins, seen, waiting = [], set(), [tensor.call]
    while waiting:
        call = waiting.pop()
        if id(call) not in seen:
            seen.add(id(call))
            if call.kind == "input":
                begins.append(("", Tensor(call)))
            waiting += [each.call for _, each in call.takes]
    network = Network(tensor.call.line, None, tuple(begins), (("", tensor),))
    before = [(each, each.inputs, each.outputs) for each in run.networks if each.stack is not None]
    drawer = Drawer(run, Findings())
    try:
        graph, _ = drawer.draw(network)
    except RecursionError:
        raise ModelFileError("The models of the script are nested too deeply.") from None
    finally:
        for each, inputs, outputs in before:  # a Sequential may get further layers
            each.inputs, each.outputs = inputs, outputs
    return Project(main=_with_told_shapes(graph), blocks=drawer.blocks, next_id=drawer.next_id)


def _with_told_shapes(graph: Graph) -> Graph:
    """The same with an Input for each Lambda that tells the shape of its output: Keras takes its word, and its function
    is code that nobody runs."""
    nodes = dict(graph.nodes)
    for key, node in graph.nodes.items():
        sizes = node.params.get("output_shape")
        if node.type == "Lambda" and isinstance(sizes, tuple):
            nodes[key] = Node(key, INPUT, node.name, {"shape": sizes}, x=node.x, y=node.y)
    if nodes == graph.nodes:
        return graph
    edges = {key: edge for key, edge in graph.edges.items() if nodes[edge.target.node].type != INPUT}
    return replace(graph, nodes=nodes, edges=edges)
