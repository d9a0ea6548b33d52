"""Masks that a script gives to a call: tensors at ports that the layer has only where it is given one."""

from __future__ import annotations

from collections.abc import Mapping

from studio.importing.script.run import Run
from studio.importing.script.things import MadeLayer, Thing, holds_tensor

_MASK = "mask"


def at_ports(
    run: Run, layer: MadeLayer, args: list[Thing], kwargs: Mapping[str, Thing]
) -> tuple[list[Thing], Mapping[str, Thing]]:
    """The arguments of a call with its masks by the names of their ports, which the layer gets.

    A mask may stand behind the tensors without its name (``Softmax()(x, mask)``), and between them what is not given.
    """
    spec = run.catalog.layers[layer.type]
    if _MASK not in spec.inputs_if:
        return args, kwargs
    if len(args) > len(spec.inputs) and _MASK not in kwargs and holds_tensor(args[-1]):
        between = args[len(spec.inputs) : -1]
        if all(each is None or each is False for each in between):
            args, kwargs = args[: len(spec.inputs)], {**kwargs, _MASK: args[-1]}
    if not holds_tensor(kwargs.get(_MASK)):
        return args, kwargs
    layer.params[_MASK] = True
    places = spec.inputs_if[_MASK]
    given = kwargs[_MASK]
    if not places[0].argument or not isinstance(given, list | tuple) or len(given) > len(places):
        return args, kwargs
    named = {port.name: each for port, each in zip(places, given, strict=False) if each is not None}
    return args, {**{name: thing for name, thing in kwargs.items() if name != _MASK}, **named}
