"""Models in a script: how they are made, called, compiled and trained."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, cast

from studio.catalog.spec import ObjectKind, Port
from studio.importing.plain import shown
from studio.importing.report import called_with_training
from studio.importing.script import arrays, data, held, model_layers, model_levels, routines
from studio.importing.script.arithmetic import Arithmetic
from studio.importing.script.things import (
    Call,
    Configured,
    MadeLayer,
    Method,
    Network,
    NotPlain,
    Open,
    Routine,
    Tensor,
    Thing,
    Unclear,
    flat,
)  # fmt: skip

_FUNCTIONS = {"loss": "loss", "metrics": "metric", "weighted_metrics": "metric"}
"""What a function of the script is that stands in these arguments of ``compile``."""


class Models(Arithmetic):
    """``keras.Model`` and ``keras.Sequential``, and what is done with them."""

    def take(self, call: Call, port: str, thing: Thing, line: int) -> None:
        """Let a call take tensors at a port."""
        raise NotImplementedError

    def begin(self, sizes: tuple[Thing, ...], line: int) -> Tensor:
        """An Input that the script does not write."""
        raise NotImplementedError

    def call_layer(self, layer: MadeLayer, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.expr) -> Thing:
        """A layer called on tensors."""
        raise NotImplementedError

    def set_trainable(self, layer: MadeLayer, is_trainable: bool | Open) -> None:
        """Let a layer learn or not."""
        raise NotImplementedError

    def network(self, args: list[Thing], kwargs: dict[str, Thing], node: ast.Call) -> Network:
        """``keras.Model(inputs, outputs)``."""
        given = dict(zip(("inputs", "outputs", "name"), args, strict=False)) | kwargs
        ends = []
        for key in ("inputs", "outputs"):
            thing = given.get(key)
            if isinstance(thing, Unclear):
                raise NotPlain(thing.line, thing.reason)
            pairs = _ends(thing)
            if not pairs or not all(isinstance(tensor, Tensor) for _, tensor in pairs):
                unclear = next((each for _, each in pairs if isinstance(each, Unclear)), None)
                if unclear is not None:
                    raise NotPlain(unclear.line, unclear.reason)
                raise NotPlain(node.lineno, f"The {key} of a model are tensors, and these are not.")
            ends.append(tuple(pairs))
        if any(tensor.call.kind != "input" for _, tensor in ends[0]):
            raise NotPlain(node.lineno, "A model that begins in the middle of another one cannot be drawn.")
        where = next((each.value for each in node.keywords if each.arg == "outputs"), None)
        where = where or (node.args[1] if len(node.args) > 1 else None)
        found = Network(node.lineno, text_of(given.get("name")), ends[0], ends[1], output_names=_variables(where),
                        trial=self.run.trial, end_line=node.end_lineno or node.lineno)  # fmt: skip
        self.run.networks.append(found)
        return found

    def sequential(self, args: list[Thing], kwargs: dict[str, Thing], line: int) -> Network:
        """``keras.Sequential([...])``."""
        layers = args[0] if args else kwargs.get("layers")
        if isinstance(layers, Unclear):
            raise NotPlain(layers.line, layers.reason)
        found = Network(line, text_of(kwargs.get("name", args[1] if len(args) > 1 else None)), stack=[],
                        trial=self.run.trial)  # fmt: skip
        for each in layers if isinstance(layers, list | tuple) else []:
            self._add(found, each, line)
        self.run.networks.append(found)
        return found

    def _take_off(self, network: Network, line: int) -> None:
        """``model.pop()``."""
        if not network.stack or isinstance(network.stack[-1], Tensor):
            raise NotPlain(line, "There is no layer here that could be taken off.")
        network.stack.pop()
        network.opened = []

    def _build(self, network: Network, shape: Thing) -> None:
        """``model.build((None, 8))`` of a Sequential that has no Input."""
        shape = self.plain(shape)
        first = network.stack[0] if network.stack else None
        if isinstance(first, MadeLayer) and first.input_shape is None and isinstance(shape, tuple | list) and shape:
            first.input_shape = tuple(shape)[1:]

    def _add(self, network: Network, layer: Thing, line: int) -> None:
        if isinstance(layer, Unclear):
            raise NotPlain(layer.line, layer.reason)
        is_start = isinstance(layer, Tensor) and layer.call.kind == "input"
        if network.stack is None or not (is_start or isinstance(layer, MadeLayer | Network)):
            raise NotPlain(line, "Only layers can stand in a Sequential, and this is none.")
        made = layer.call if isinstance(layer, Tensor) else layer
        note = self.run.notes.pop(made.line, "") if made.line > network.line else ""
        if note and isinstance(made, MadeLayer | Call):
            made.note = note
        network.stack.append(layer)

    def call_network(self, network: Network, args: list[Thing], kwargs: Mapping[str, Thing], node: ast.expr) -> Thing:
        """A model called on tensors."""
        if (shape := _sizes(args[0] if args else kwargs.get("inputs"))) is not None:
            self._build(network, shape)
            return Unclear(node.lineno, "What a model makes of data is known only when the script runs.")
        routines.refuse_outside(self.run, network.trial)
        call = Call("model", node.lineno, node.end_lineno or node.lineno, self.run.trial, model=network)
        if isinstance(said := kwargs.get("training"), bool):
            called = text_of(network.name) or network.variable or "a model"
            self.run.changed[node.lineno] = called_with_training(said).format(called)
        given = args[0] if args else kwargs.get("inputs")
        if isinstance(given, dict):
            given = _in_order(network, given, node.lineno)
        elif isinstance(given, list | tuple) and len(given) == len(network.inputs):
            given = _by_keys(network, given)
        self.take(call, "", given, node.lineno)
        expected = 1 if network.stack is not None else len(network.inputs)
        if len(call.takes) != expected:
            raise NotPlain(node.lineno, f"This model takes {expected} inputs, and here are {len(call.takes)}.")
        call.outputs = tuple([Port(str(at)) for at in range(1 if network.stack is not None else len(network.outputs))])
        held.note_model(self.run, network, node.lineno)
        if network.line in self.run.flattened:
            return model_levels.in_place(self, network, [tensor for _, tensor in call.takes], node)
        self.run.make(call)
        tensors = [Tensor(call, at) for at in range(len(call.outputs))]
        if len(tensors) == 1:
            return tensors[0]
        if all(key for key, _ in network.outputs):
            return {key: tensor for (key, _), tensor in zip(network.outputs, tensors, strict=True)}
        return tensors

    def of_network(self, network: Network, name: str, line: int) -> Thing:
        if name in ("input", "output", "inputs", "outputs"):
            return model_layers.ends_of(self, network, name, line)
        if name in ("input_shape", "output_shape"):
            ends = model_layers.ends_of(self, network, name.removesuffix("_shape"), line)
            if isinstance(ends, dict):
                return {key: self.of_tensor(each, "shape", line) for key, each in ends.items()}
            shapes = [self.of_tensor(each, "shape", line) for each in flat([ends])]
            return shapes[0] if isinstance(ends, Tensor) else shapes
        if name == "layers" and self.run.is_ours:  # what our own files do with them changes nothing that is drawn
            return Unclear(line, "The layers of a model are known only when the script runs.")
        if name == "layers":
            return self.run.own(model_layers.layers_of(self, network, line))
        if name == "name" and network.name:
            return network.name
        if name in ("weights", "trainable_weights", "variables"):
            return Unclear(line, f"The {name} of a model are known only when the script runs.")
        return Method(network, name)

    def method_of_network(
        self, network: Network, name: str, args: list[Thing], kwargs: dict[str, Thing], line: int
    ) -> Thing:
        """``model.compile(...)`` and the like."""
        if name == "add" and network.stack is not None and args:
            self._add(network, args[0], line)
            return None
        if name == "compile":
            order = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
            given = dict(zip(order, args, strict=False)) | kwargs
            network.compiled = {
                key: self._own_functions(thing, _FUNCTIONS.get(key, "")) for key, thing in given.items()
            }
            return None
        if name == "fit":
            fits = ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split")
            network.fitted = dict(zip(fits, args, strict=False)) | kwargs
            self._build(network, _sizes(network.fitted.get("x")))
            return Unclear(line, "What fit gives is known only when the script runs.")
        if name == "get_layer":
            wanted = args[0] if args else kwargs.get("name")
            at = kwargs.get("index", args[1] if len(args) > 1 else None)
            return model_layers.layer_of(self, network, wanted, at, line)
        if name == "pop" and network.stack is not None:
            self._take_off(network, line)
            return None
        if name == "build" and network.stack is not None and (args or kwargs):
            self._build(network, [*args, *kwargs.values()][0])
            return None
        return Unclear(line, f"What {shown(name)} of a model gives is known only when the script runs.")

    def _own_functions(self, thing: Thing, kind: str) -> Thing:
        """Losses and metrics that are functions of the script, as objects."""
        if isinstance(thing, Routine) and kind and self.run.own_code is not None:
            return Configured(cast(ObjectKind, kind), self.run.own_code.function(thing, kind).type, {})
        if isinstance(thing, dict):
            return {key: self._own_functions(each, kind) for key, each in thing.items()}
        return [self._own_functions(each, kind) for each in thing] if isinstance(thing, list | tuple) else thing


def _in_order(network: Network, given: dict[Thing, Thing], line: int) -> list[Thing]:
    """What a model is given in a dictionary, in the order of its Inputs: by their keys, or by their names."""
    keys = [key or tensor.call.name or tensor.call.variable for key, tensor in network.inputs]
    if set(keys) == given.keys() and len(keys) == len(given):
        return [given[key] for key in keys]
    raise NotPlain(line, "Which Input each of these tensors is for is known only when the script runs.")


def _by_keys(network: Network, given: Sequence[Thing]) -> Sequence[Thing]:
    """What a model is given in a list, in the order of its Inputs: Keras goes through those with keys by the keys."""
    keys = [key for key, _ in network.inputs]
    if not all(keys):
        return given
    places = sorted(range(len(keys)), key=keys.__getitem__)
    return [given[places.index(place)] for place in range(len(keys))]


def _sizes(thing: Thing) -> Thing:
    """The sizes of an array that a model is given, or None."""
    return arrays.attribute(thing, "shape") if isinstance(thing, arrays.Array) else data.sizes_of(thing)


def text_of(thing: Thing) -> str | None:
    """A text, or None for everything else."""
    return thing if isinstance(thing, str) else None


def _ends(thing: Thing) -> list[tuple[str, Any]]:
    if isinstance(thing, dict):
        return [(str(key), each) for key, each in thing.items()]
    if isinstance(thing, list | tuple):
        return [pair for each in thing for pair in (_ends(each) if isinstance(each, list | tuple) else [("", each)])]
    return [] if thing is None else [("", thing)]


def _variables(node: ast.expr | None) -> tuple[str, ...]:
    """The variables that stand as the ends of a model, "" for other expressions."""
    if isinstance(node, ast.Dict):
        parts: list[ast.expr] = node.values
    elif isinstance(node, ast.List | ast.Tuple):
        parts = node.elts
    else:
        parts = [] if node is None else [node]
    return tuple([part.id if isinstance(part, ast.Name) else "" for part in parts])
