"""Models in a script: how they are made, called, compiled and trained."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, cast

from studio.catalog.spec import ObjectKind, Port
from studio.core.project import INPUT
from studio.importing.plain import shown
from studio.importing.report import called_with_training
from studio.importing.script import insides, routines
from studio.importing.script.arithmetic import Arithmetic
from studio.importing.script.things import (
    Call,
    Configured,
    Instance,
    MadeLayer,
    Method,
    Network,
    NotPlain,
    OwnClass,
    Routine,
    Tensor,
    Thing,
    Unclear,
)  # fmt: skip

_FUNCTIONS = {"loss": "loss", "metrics": "metric", "weighted_metrics": "metric"}
"""What a function of the script is that stands in these arguments of ``compile``."""


class Models(Arithmetic):
    """``keras.Model`` and ``keras.Sequential``, and what is done with them."""

    def take(self, call: Call, port: str, thing: Thing, line: int) -> None:
        """Let a call take tensors at a port."""
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
        routines.refuse_outside(self.run, network.trial)
        call = Call("model", node.lineno, node.end_lineno or node.lineno, self.run.trial, model=network)
        if isinstance(said := kwargs.get("training"), bool):
            called = text_of(network.name) or network.variable or "a model"
            self.run.changed[node.lineno] = called_with_training(said).format(called)
        given = args[0] if args else kwargs.get("inputs")
        if isinstance(given, dict):
            given = [given[key] for key in sorted(given)]
        self.take(call, "", given, node.lineno)
        expected = 1 if network.stack is not None else len(network.inputs)
        if len(call.takes) != expected:
            raise NotPlain(node.lineno, f"This model takes {expected} inputs, and here are {len(call.takes)}.")
        call.outputs = tuple([Port(str(at)) for at in range(1 if network.stack is not None else len(network.outputs))])
        self.run.make(call)
        tensors = [Tensor(call, at) for at in range(len(call.outputs))]
        if len(tensors) == 1:
            return tensors[0]
        if all(key for key, _ in network.outputs):
            return {key: tensor for (key, _), tensor in zip(network.outputs, tensors, strict=True)}
        return tensors

    def of_network(self, network: Network, name: str, line: int) -> Thing:
        if network.stack is None:
            ends = {"input": network.inputs, "output": network.outputs, "inputs": network.inputs,
                    "outputs": network.outputs}.get(name)  # fmt: skip
            if ends is not None:
                tensors = [tensor for _, tensor in ends]
                return tensors if name.endswith("s") else tensors[0]
        if name == "layers" and network.parts:
            return insides.layers_of(network)
        if name == "layers" and network.stack is not None:
            return [each for each in network.stack if isinstance(each, Network) or is_layer(each)]
        if name in ("layers", "weights", "trainable_weights", "variables"):
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
            return Unclear(line, "What fit gives is known only when the script runs.")
        if name == "get_layer" and network.stack is None:
            wanted = args[0] if args else kwargs.get("name")
            if network.parts:
                at = kwargs.get("index", args[1] if len(args) > 1 else None)
                found = insides.layer_of(network, wanted, at)
                if found is None:
                    raise NotPlain(line, f"The network has no layer {shown(str(wanted if at is None else at))}.")
                return found
            for each in self.run.made:
                if isinstance(each, Call) and each.layer is not None and each.layer.name == wanted and wanted:
                    return Instance(OwnClass("layer", frozenset(), line), (), {"output": Tensor(each)})
        return Unclear(line, f"What {shown(name)} of a model gives is known only when the script runs.")

    def _own_functions(self, thing: Thing, kind: str) -> Thing:
        """Losses and metrics that are functions of the script, as objects."""
        if isinstance(thing, Routine) and kind and self.run.own_code is not None:
            return Configured(cast(ObjectKind, kind), self.run.own_code.function(thing, kind).type, {})
        if isinstance(thing, dict):
            return {key: self._own_functions(each, kind) for key, each in thing.items()}
        return [self._own_functions(each, kind) for each in thing] if isinstance(thing, list | tuple) else thing


def is_layer(thing: Thing) -> bool:
    """Whether it counts among the layers of a Sequential: an Input does not."""
    return isinstance(thing, MadeLayer) and thing.type != INPUT


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
