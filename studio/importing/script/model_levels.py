"""Models inside models that share layers with what is around them.

A block has layers of its own, so what is called inside a model and outside of it would be two layers in a drawing. Such
a model is drawn in place, where its layers can be shared.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.catalog.spec import OPERATION
from studio.importing.script.run import MOST_CALLS, Run
from studio.importing.script.things import Call, MadeLayer, Network, NotPlain, Tensor, Thing
from studio.importing.script.ways import leading_to

if TYPE_CHECKING:
    from studio.importing.script.models import Models


def torn(run: Run, network: Network) -> frozenset[int]:
    """The lines of the models that must be drawn in place, so that no layer is torn apart."""
    parts: dict[int, dict[int, MadeLayer | Network]] = {}
    levels: dict[int, Network] = {}
    waiting = [network]
    count = 0
    while waiting:
        level = waiting.pop()
        if id(level) in levels:
            continue
        levels[id(level)] = level
        parts[id(level)] = inside = {id(each): each for each in _parts(level)}
        count += len(inside) + 1
        if count > MOST_CALLS:  # refused in any case when it is drawn
            return frozenset()
        waiting += [each for each in inside.values() if isinstance(each, Network)]
    found: set[int] = set()
    while more := _sharing(run, parts, found) - found - {id(network)}:
        found |= more
    return frozenset(levels[key].line for key in found)


def _sharing(run: Run, parts: Mapping[int, Mapping[int, MadeLayer | Network]], in_place: set[int]) -> set[int]:
    """The models that share something with another, while those of ``in_place`` are drawn in what calls them."""
    where: dict[int, set[int]] = {}
    for level in parts.keys() - in_place:
        seen: set[int] = set()
        waiting = [level]
        while waiting:
            for key, each in parts[waiting.pop()].items():
                if key in seen:
                    continue
                seen.add(key)
                if key in in_place:
                    waiting.append(key)
                elif isinstance(each, Network) or _has_weights(run, each):
                    where.setdefault(key, set()).add(level)
    return {level for many in where.values() if len(many) > 1 for level in many}


def in_place(reader: Models, network: Network, given: list[Tensor], node: ast.expr) -> Thing:
    """What a model gives for tensors, with its layers called where it is."""
    if network.stack is not None:
        x: Thing = given[0]
        for each in network.stack:
            if isinstance(each, Network):
                x = reader.call_network(each, [x], {}, node)
            elif isinstance(each, MadeLayer) and each.type != "Input":
                x = reader.call_layer(each, [x], {}, node)
        return x
    results: dict[tuple[int, int], Tensor] = {
        (id(begin.call), begin.index): tensor for (_, begin), tensor in zip(network.inputs, given, strict=True)
    }
    for call in leading_to(*[tensor for _, tensor in network.outputs]):
        if call.block is not None:
            reader.run.to_inline.add(call.block.line)
            raise NotPlain(node.lineno, "A part that is used several times stands in a model that shares layers.")
        if call.kind == "input":
            continue
        takes = [(port, results[id(tensor.call), tensor.index]) for port, tensor in call.takes]
        if call.model is not None:
            made = reader.call_network(call.model, [[tensor for _, tensor in takes]], {}, node)
            many = list(made.values()) if isinstance(made, dict) else made if isinstance(made, list) else [made]
        else:
            copy = Call(
                call.kind, call.line, call.end_line, reader.run.trial, call.layer, takes=takes, outputs=call.outputs,
                params=dict(call.params),
            )  # fmt: skip
            reader.run.make(copy)
            many = [Tensor(copy, at) for at in range(len(copy.outputs))]
        results |= {(id(call), at): tensor for at, tensor in enumerate(many)}
    ends = [(key, results[id(tensor.call), tensor.index]) for key, tensor in network.outputs]
    if len(ends) == 1:
        return ends[0][1]
    return dict(ends) if all(key for key, _ in ends) else [tensor for _, tensor in ends]


def _parts(network: Network) -> list[MadeLayer | Network]:
    """The layers that a model calls, and the models."""
    if network.stack is not None:
        found = [each for each in network.stack if isinstance(each, MadeLayer | Network)]
    else:
        calls = [each for each in leading_to(*[tensor for _, tensor in network.outputs]) if each.block is None]
        found = [each for call in calls if (each := call.layer or call.model) is not None]
    return [each.applied or each if isinstance(each, MadeLayer) else each for each in found]


def _has_weights(run: Run, layer: MadeLayer) -> bool:
    if layer.type.startswith(OPERATION):
        return False
    spec = run.catalog.layers.get(layer.type)
    return spec is None or spec.may_have_weights
