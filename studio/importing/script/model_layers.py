"""The layers of a model that a script asks for, and their tensors: ``model.layers``, ``model.get_layer("encoded")``.

Keras puts the layers of a functional model in an order of its own, by how far they are from the end; the same order is
worked out here. A Sequential has no tensors until somebody asks for them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from studio.catalog.spec import OPERATION
from studio.core.naming import to_snake_case
from studio.core.project import INPUT
from studio.importing.plain import shown
from studio.importing.script import insides
from studio.importing.script.routines import NoBlock
from studio.importing.script.run import Run
from studio.importing.script.things import Call, Instance, MadeLayer, Network, NotPlain, OwnClass, Tensor, Thing

if TYPE_CHECKING:
    from studio.importing.script.models import Models


def ends_of(reader: Models, network: Network, name: str, line: int) -> Thing:
    """``model.input``, ``model.outputs`` and the like."""
    if network.stack is not None:
        tensors = _tensors(reader, network, line)
        ends: tuple[tuple[str, Tensor], ...] = (("", tensors[0] if name.startswith("in") else tensors[-1]),)
    else:
        ends = network.inputs if name.startswith("in") else network.outputs
    if not name.endswith("s") and len(ends) == 1:
        return ends[0][1]
    if not name.endswith("s") and all(key for key, _ in ends):
        return dict(ends)
    if all(key for key, _ in ends):
        ends = tuple(sorted(ends, key=lambda pair: pair[0]))  # Keras's own order of a dictionary
    return [tensor for _, tensor in ends]


def layers_of(reader: Models, network: Network, line: int) -> list[Thing]:
    """What ``model.layers`` gives; an Input is an object with its tensor as output."""
    if network.parts:
        return insides.layers_of(network)
    if network.stack is not None:
        return [each for each in network.stack if isinstance(each, Network | MadeLayer) and not _is_input(each)]
    return [each for call in _in_order(reader.run, network, line) if (each := _layer_of(call)) is not None]


def layer_of(reader: Models, network: Network, name: Thing, at: Thing, line: int) -> Thing:
    """``model.get_layer("hidden")`` or ``get_layer(index=2)``."""
    layers = layers_of(reader, network, line)
    if isinstance(at, int):
        found = layers[at] if -len(layers) <= at < len(layers) else None
    else:
        names = _names(reader.run)
        own = [each for each in layers if isinstance(each, MadeLayer | Network)]
        found = next((each for each in own if name and name in (each.name, names.get(id(each)))), None)
    if found is None:
        raise NotPlain(line, f"The network has no layer {shown(str(name if at is None else at))}.")
    return found


def output_of(reader: Models, layer: MadeLayer, name: str, line: int) -> Tensor | None:
    """``layer.output`` or ``layer.input`` of a layer that is called once; None for all others."""
    run = reader.run
    made = run.made if run.trial is None else run.trial.made
    calls = [each for each in made if isinstance(each, Call) and each.layer is layer]
    if not calls:
        stacks = [each for each in run.networks if each.stack is not None and any(it is layer for it in each.stack)]
        if len(stacks) == 1:
            _tensors(reader, stacks[0], line)
            calls = [each for each in made if isinstance(each, Call) and each.layer is layer]
    if len(calls) != 1 or len(calls[0].outputs) != 1:
        return None
    if name == "output":
        return Tensor(calls[0])
    return calls[0].takes[0][1] if len(calls[0].takes) == 1 else None


def _tensors(reader: Models, network: Network, line: int) -> list[Tensor]:
    """The tensors between the layers of a Sequential, which is called on an Input of its own for that."""
    if reader.run.trial is not None:
        raise NoBlock
    stack = [] if network.stack is None else network.stack
    if len(network.opened) == 1 + sum(not isinstance(each, Tensor) for each in stack):
        return network.opened
    first = stack[0] if stack else None
    sizes = first.input_shape if isinstance(first, MadeLayer) else None
    if isinstance(first, Tensor):
        x = first
    elif isinstance(first, MadeLayer) and _is_input(first):
        given = first.params.get("shape")
        x = reader.begin(given if isinstance(given, tuple) else (), line)
    elif isinstance(sizes, tuple | list) and all(size is None or isinstance(size, int) for size in sizes):
        x = reader.begin(tuple(sizes), line)
    else:
        raise NotPlain(line, "What this model takes does not stand here; give it an Input.")
    place = ast.Constant(None, lineno=line, col_offset=0, end_lineno=line)
    network.opened = [x]
    for each in stack:
        if isinstance(each, Network):
            x = reader.call_network(each, [x], {}, place)
        elif isinstance(each, MadeLayer) and not _is_input(each):
            x = reader.call_layer(each, [x], {}, place)
        else:
            continue
        network.opened.append(x)
    return network.opened


def _in_order(run: Run, network: Network, line: int) -> list[Call]:
    """The calls of a functional model in Keras's order, the first of each layer alone."""
    indices: dict[int, int] = {}
    first: dict[int, Call] = {}
    finished: list[Call] = []
    seen: set[int] = set()
    waiting = [(tensor.call, False) for _, tensor in reversed(network.outputs)]
    while waiting:
        call, is_done = waiting.pop()
        if is_done:
            finished.append(call)
        elif id(call) not in seen:
            if call.block is not None:
                run.to_inline.add(call.block.line)
                raise NotPlain(line, "The layers of a model with parts that are used several times are not read.")
            seen.add(id(call))
            first.setdefault(_key(call), call)
            indices.setdefault(_key(call), len(indices))
            waiting.append((call, True))
            waiting += [(tensor.call, False) for _, tensor in reversed(call.takes)]
    depths: dict[int, int] = {}
    of_layers: dict[int, int] = {}
    for call in reversed(finished):
        depth = max(depths.get(id(call), 0), of_layers.get(_key(call), 0))
        depths[id(call)] = of_layers[_key(call)] = depth
        for _, tensor in call.takes:
            depths[id(tensor.call)] = max(depth + 1, depths.get(id(tensor.call), 0))
    return [first[key] for key in sorted(of_layers, key=lambda key: (-of_layers[key], indices[key]))]


def _key(call: Call) -> int:
    """What tells the layer of a call from others."""
    return id(call.layer if call.layer is not None else call.model if call.model is not None else call)


def _layer_of(call: Call) -> Thing:
    if call.kind == "input":
        begin = Tensor(call)
        return Instance(OwnClass("InputLayer", frozenset(), 0), (), {"output": begin, "input": begin})
    if call.layer is not None:
        return None if call.layer.type.startswith(OPERATION) else call.layer
    return call.model


def _is_input(thing: Thing) -> bool:
    return isinstance(thing, MadeLayer) and thing.type == INPUT


def _names(run: Run) -> dict[int, str]:
    """The names that Keras gives layers by itself, as far as nothing else than layers counts for them."""
    counts: dict[str, int] = {}
    found: dict[int, str] = {}
    for each in run.made:
        if isinstance(each, MadeLayer) and each.name is None:
            stem = to_snake_case(each.type.removeprefix(OPERATION))
            number = counts.get(stem, 0)
            counts[stem] = number + 1
            found[id(each)] = f"{stem}_{number}" if number else stem
    return found
