"""A ready-made network of a script with all its layers, where the script asks for some of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.catalog.spec import OPERATION
from studio.core.project import BLOCK, INPUT, OUTPUT, Edge, Graph, Node, PortRef, Project
from studio.importing.plain import shown
from studio.importing.script.shapes import shape_of
from studio.importing.script.things import (
    Call,
    Instance,
    MadeLayer,
    Network,
    NotPlain,
    OwnClass,
    ReadyMade,
    Tensor,
    Thing,
)

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling


def source_inputs(tensor: Tensor) -> list[Tensor]:
    """The Inputs from which a tensor comes."""
    found: list[Tensor] = []
    seen: set[int] = set()
    waiting = [tensor.call]
    while waiting:
        call = waiting.pop()
        if id(call) in seen:
            continue
        seen.add(id(call))
        if call.kind == "input":
            found.append(Tensor(call))
        waiting += [each.call for _, each in reversed(call.takes)]
    return found


def opened(reader: Calling, ready: ReadyMade, line: int) -> Network | None:
    """The network as a model whose layers can be asked for; None where nobody can tell them."""
    run = reader.run
    shape = shape_of(run, ready.begin) if ready.begin is not None else None
    sizes = shape[1:] if shape is not None else sizes_of(ready, line)
    if not all(size is None or isinstance(size, int) for size in sizes):
        return None
    config = run.look_inside(_question(ready.layer, sizes))
    if config is None:
        return None
    from studio.importing.model import from_config  # which most scripts never need

    project = from_config(config, run.keras).project
    if any(node.type == BLOCK and node.shares for node in project.main.nodes.values()):
        return None
    begin = ready.begin if ready.begin is not None else reader.begin(sizes, line)
    parts: list[MadeLayer | Tensor] = []
    end = _inlined(reader, project, project.main, begin, line, parts)
    name = ready.layer.name or str(config.get("config", {}).get("name", ""))
    parts = [*_before(begin), *parts]
    return Network(line, name, tuple([("", each) for each in source_inputs(begin)]), (("", end),), parts=tuple(parts),
                   trial=run.trial, end_line=line)  # fmt: skip


def _before(tensor: Tensor) -> list[MadeLayer | Tensor]:
    """The layers and Inputs that lead to where a network begins: they are layers of it, too."""
    found: list[MadeLayer | Tensor] = []
    seen: set[int] = set()
    waiting = [tensor.call]
    while waiting:
        call = waiting.pop(0)
        if id(call) in seen:
            continue
        seen.add(id(call))
        if call.kind == "input":
            found.append(Tensor(call))
        elif call.layer is not None and not call.layer.type.startswith(OPERATION):
            found.append(call.layer)
        waiting += [each.call for _, each in call.takes]
    return found[::-1]


def layers_in(network: Network, line: int) -> list[MadeLayer]:
    """All layers of a model, those of models in it too. NotPlain where functions that are blocks are among them."""
    if network.parts:
        return [each for each in network.parts if isinstance(each, MadeLayer)]
    found: list[MadeLayer] = []
    for each in network.stack or ():
        inner = each if isinstance(each, Network) else each.applied if isinstance(each, MadeLayer) else None
        found += layers_in(inner, line) if inner is not None else [each] if isinstance(each, MadeLayer) else []
    seen: set[int] = set()
    waiting = [tensor.call for _, tensor in network.outputs]
    while waiting:
        call = waiting.pop()
        if id(call) in seen:
            continue
        seen.add(id(call))
        if call.block is not None:
            reason = "A model with parts that are used several times cannot be frozen as a whole; freeze its layers."
            raise NotPlain(line, reason)
        if call.network is not None:
            found += layers_in(call.network, line)
        elif call.layer is not None and call.layer.type != INPUT:
            found.append(call.layer)
        waiting += [tensor.call for _, tensor in call.takes]
    return found


def layers_of(network: Network) -> list[Thing]:
    """What ``.layers`` of such a network gives: its Inputs count as layers, too."""
    return [each if isinstance(each, MadeLayer) else _as_layer(each) for each in network.parts]


def layer_of(network: Network, name: Thing, at: Thing) -> Thing:
    """``network.get_layer(name)`` or ``get_layer(index=at)``; None where it has none of that name or place."""
    layers = layers_of(network)
    if isinstance(at, int):
        return layers[at] if -len(layers) <= at < len(layers) else None
    return next((each for each in layers if isinstance(each, MadeLayer) and name and each.name == name), None)


def sizes_of(ready: ReadyMade, line: int) -> tuple[Thing, ...]:
    """The size of the pictures that a network takes."""
    if isinstance(ready.shape, tuple | list):
        return tuple(ready.shape)
    if ready.layer.params.get("include_top") is False:
        return (None, None, 3)
    name = shown(ready.layer.type.rpartition(".")[2])
    raise NotPlain(line, f"The size of the pictures of {name} does not stand here; give it an input_shape.")


def _as_layer(begin: Tensor) -> Instance:
    return Instance(OwnClass("InputLayer", frozenset(), 0), (), {"output": begin, "input": begin})


def _question(layer: MadeLayer, sizes: tuple[int | None, ...]) -> Project:
    nodes = [
        Node("n1", INPUT, "pictures", {"shape": tuple(sizes)}),
        Node("n2", layer.type, "network", layer.params),
        Node("n3", OUTPUT, "output"),
    ]
    edges = [
        Edge("e4", PortRef("n1", "output"), PortRef("n2", "inputs")),
        Edge("e5", PortRef("n2", "output"), PortRef("n3", "inputs")),
    ]
    return Project(main=Graph({each.id: each for each in nodes}, {each.id: each for each in edges}), next_id=6)


def _inlined(
    reader: Calling, project: Project, graph: Graph, begin: Tensor, line: int, parts: list[MadeLayer | Tensor]
) -> Tensor:
    """Make the layers and calls of a drawing in the script; gives what arrives at its one Output."""
    run = reader.run
    where: dict[tuple[str, str], Tensor] = {}
    layers: dict[str, MadeLayer] = {}
    for node, arriving in _in_order(graph):
        takes = [(edge.target.port, where[edge.source.node, edge.source.port]) for edge in arriving]
        if node.type == INPUT:
            where[node.id, "output"] = begin
        elif node.type == OUTPUT:
            return takes[0][1]
        elif node.type == BLOCK:
            inside = project.blocks[node.block or ""].graph
            end = next(each for each in inside.nodes.values() if each.type == OUTPUT)
            where[node.id, end.name] = _inlined(reader, project, inside, takes[0][1], line, parts)
        else:
            layer = layers.get(node.shares or "")
            if layer is None:
                is_operation = node.type.startswith(OPERATION)
                layer = MadeLayer(node.type, dict(node.params), None if is_operation else node.name, line, run.trial)
                layers[node.id] = layer
                run.make(layer)
                if not is_operation:
                    parts.append(layer)
            call = Call("layer", line, line, run.trial, layer, takes=takes)
            call.outputs = run.catalog.ports(node.type, node.params)[1]
            layer.is_called = True
            run.make(call)
            for at, port in enumerate(call.outputs):
                where[node.id, port.name] = Tensor(call, at)
    raise NotPlain(line, "The network has no end.")


def _in_order(graph: Graph) -> Iterator[tuple[Node, list[Edge]]]:
    """The nodes, each after all that it takes, with the edges into it in order; the Outputs last."""
    into: dict[str, list[Edge]] = {}
    for edge in graph.edges.values():
        into.setdefault(edge.target.node, []).append(edge)
    done: set[str] = set()
    waiting = sorted(graph.nodes.values(), key=lambda node: node.type == OUTPUT)
    while waiting:
        left = []
        for node in waiting:
            edges = sorted(into.get(node.id, ()), key=lambda edge: edge.rank)
            if all(edge.source.node in done for edge in edges):
                done.add(node.id)
                yield node, edges
            else:
                left.append(node)
        if len(left) == len(waiting):
            return
        waiting = left
