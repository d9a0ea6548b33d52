"""``keras.models.clone_model``: the same model once more, with layers and weights of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studio.importing.script.things import Call, MadeLayer, Network, Tensor, Thing, Unclear
from studio.importing.script.ways import leading_to

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

CLONE = "keras.models.clone_model"


def cloned(reader: Calling, args: list[Thing], kwargs: dict[str, Thing], line: int) -> Thing:
    """What ``clone_model`` gives; Unclear where it is told to change something on the way."""
    given = reader.plain(args[0] if args else kwargs.get("model"))
    if isinstance(given, Network) and len(args) + len(kwargs) == 1 and not given.parts:
        return _Cloning(reader, line).network(given)
    return Unclear(line, "What clone_model gives here is known only when the script runs.")


class _Cloning:
    """One clone: a layer or a model that comes again is the same copy again."""

    def __init__(self, reader: Calling, line: int) -> None:
        self._reader = reader
        self._line = line
        self._layers: dict[int, MadeLayer] = {}
        self._networks: dict[int, Network] = {}

    def network(self, network: Network) -> Network:
        """The copy of a model."""
        if id(network) in self._networks:
            return self._networks[id(network)]
        trial = self._reader.run.trial
        found = Network(self._line, network.name, trial=trial, end_line=self._line, output_names=network.output_names)
        self._networks[id(network)] = found
        if network.stack is not None:
            found.stack = [self._part(each) for each in network.stack]
        else:
            copies: dict[int, Call] = {}
            begins = [tensor.call for _, tensor in network.inputs]
            for call in dict.fromkeys([*begins, *leading_to(*[tensor for _, tensor in network.outputs])]):
                copies[id(call)] = self._call(call, copies)
            ends = (network.inputs, network.outputs)
            found.inputs, found.outputs = (
                tuple([(key, Tensor(copies[id(tensor.call)], tensor.index)) for key, tensor in many]) for many in ends
            )
        self._reader.run.networks.append(found)
        return found

    def _part(self, part: Thing) -> Thing:
        if isinstance(part, Tensor):
            return Tensor(self._call(part.call, {}), part.index)
        if isinstance(part, Network):
            return self.network(part)
        return self._layer(part) if isinstance(part, MadeLayer) else part

    def _layer(self, layer: MadeLayer) -> MadeLayer:
        if id(layer) not in self._layers:
            copy = replace(
                layer, params=dict(layer.params), line=self._line, trial=self._reader.run.trial,
                applied=None if layer.applied is None else self.network(layer.applied),
            )  # fmt: skip
            self._layers[id(layer)] = copy
            self._reader.run.make(copy)
        return self._layers[id(layer)]

    def _call(self, call: Call, copies: dict[int, Call]) -> Call:
        copy = replace(
            call, line=self._line, end_line=self._line, trial=self._reader.run.trial,
            layer=None if call.layer is None else self._layer(call.layer),
            model=None if call.model is None else self.network(call.model),
            takes=[(port, Tensor(copies[id(tensor.call)], tensor.index)) for port, tensor in call.takes],
            params=dict(call.params),
        )  # fmt: skip
        self._reader.run.make(copy)
        return copy
