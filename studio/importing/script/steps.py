"""Models that a ``TimeDistributed`` applies to every time step: a use of a block, unless they are layers in a row."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.catalog.spec import BACKBONE, OPERATION, TIME_DISTRIBUTED, LayerSpec
from studio.core.naming import to_snake_case
from studio.importing.script import routines
from studio.importing.script.insides import layers_in
from studio.importing.script.layers import in_a_row
from studio.importing.script.things import Call, MadeLayer, Network, NotPlain, Tensor, Thing, Unclear

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling


def taken_out(
    reader: Calling, spec: LayerSpec, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call
) -> tuple[Network | None, list[Thing], dict[str, Thing]]:
    """The model that a TimeDistributed is given, which is a block then, and what else its constructor is given."""
    thing = args[0] if args else kwargs.get("layer")
    if spec.type != TIME_DISTRIBUTED or not isinstance(thing, MadeLayer | Network):
        return None, args, kwargs
    if isinstance(thing, MadeLayer) and _is_held(thing):
        return None, args, kwargs
    if isinstance(thing, Network) and thing.stack is not None and _is_held(thing):
        return None, args, kwargs
    network = thing if isinstance(thing, Network) else _around(reader, thing, node)
    run, line = reader.run, node.lineno
    routines.refuse_outside(run, network.trial)
    if network.line in run.flattened:
        called = network.name or network.variable or "a model"
        run.changed[line] = (
            "Has layers that are called elsewhere, too; in the drawing those that are applied to every time step have"
            f" weights of their own: {called}."
        )
    rest = {key: each for key, each in kwargs.items() if key != "layer"}
    if reader.plain(rest.pop("trainable", True)) is False:
        for layer in layers_in(network, line):
            reader.set_trainable(layer, False)
    return network, args[1:], rest


def why_not_called(layer: MadeLayer, args: list[Thing], kwargs: Mapping[str, Thing]) -> str:
    """Why a call of a TimeDistributed around a model cannot be drawn, in a sentence; "" where it can."""
    if layer.applied is not None and (len(args) > 1 or kwargs.get("mask") is not None):
        return "A mask that a model is given for every time step cannot be drawn; leave it out."
    return ""


def _is_held(thing: Thing) -> bool:
    """Whether it can stand inside of a layer as a value: one layer of Keras's, or several in a row."""
    if isinstance(thing, MadeLayer):
        return thing.applied is None and not thing.type.startswith((BACKBONE, OPERATION))
    if not isinstance(thing, Network):
        return isinstance(thing, Tensor)
    row = in_a_row(thing)
    return row is not None and all(map(_is_held, row))


def _around(reader: Calling, layer: MadeLayer, node: ast.Call) -> Network:
    """The model of one layer that no value can be: a ready-made network, or one of other steps."""
    run, line = reader.run, node.lineno
    begin = Call("input", line, line, run.trial, name="step")
    ready = run.ready.get(id(layer))
    sizes = ready.shape if ready is not None else None
    if isinstance(sizes, Unclear):
        raise NotPlain(sizes.line, sizes.reason)
    if isinstance(sizes, tuple | list) and all(size is None or isinstance(size, int) for size in sizes):
        begin.params = {"shape": tuple(sizes)}
    run.make(begin)
    end = reader.call_layer(layer, [Tensor(begin)], {}, node)
    if not isinstance(end, Tensor):
        raise NotPlain(line, f"{layer.type} cannot be applied to every time step.")
    name = layer.name or to_snake_case(layer.type.removeprefix(BACKBONE))
    network = Network(line, name, (("", Tensor(begin)),), (("", end),), trial=run.trial, end_line=line)
    run.networks.append(network)
    return network
