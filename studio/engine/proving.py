"""The drawing and the model that an exported file built, side by side: the same calls, settings, numbers, predictions.

The model of the drawing is built here from the calls that the window sent, so by another way than that of the file, and
gets the file's weights. What the window was told about shapes and parameters is compared as well.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import keras
import numpy as np

from studio.engine import clean_run
from studio.engine.backbones import PREFIX, build
from studio.engine.expressions import OperationCall, class_name, evaluate, named_call
from studio.engine.flat import FlatGraph
from studio.engine.inference import Spec, building, call_layer, call_operation
from studio.engine.inner_calls import complete
from studio.engine.own_code import OwnCode
from studio.engine.steps import one_step
from studio.engine.workshop import Workshop
from studio.protocol import Answer, Call, Prove, Proved

NEAR: Final = 1e-4
"""Predictions may differ by so much of the largest of them: the two models may add up in another order."""
COARSE: Final = 3e-2
"""The same where layers compute in half precision."""


class Stopped(Exception):
    """Nobody wants to know any more."""


def prove(
    graph: FlatGraph, told: Mapping[str, Answer], own: OwnCode, policy: str, message: Prove,
    stopped: Callable[[], bool] = lambda: False,
) -> Proved | None:  # fmt: skip
    """Compare. Raises nothing: what cannot be built is a difference. None where ``stopped``, which is asked often."""
    try:
        with building(policy):
            return _Proof(graph, told, own, policy, message, stopped).result()
    except Stopped:
        return None
    except Exception as error:
        return Proved(message.id, f"The drawing could not be built beside it: {str(error).splitlines()[0][:300]}")


_Job: TypeAlias = Callable[[Callable[[], bool]], Proved | None]
"""Does a proof; it asks its argument whether it shall stop."""


class Proofs:
    """Proofs that run beside the conversation: each takes seconds, and answers about a drawing must not wait."""

    def __init__(self) -> None:
        self._workshop = Workshop()
        self._stops: dict[int, threading.Event] = {}

    def begin(self, number: int, proof: _Job, send: Callable[[Proved], None]) -> None:
        """Run ``proof``, which asks whether it shall stop, and send what it found unless it did."""
        stop = self._stops[number] = threading.Event()

        def work() -> None:
            found = proof(stop.is_set)
            self._stops.pop(number, None)
            if found is not None and not stop.is_set():
                send(found)

        self._workshop.ask(number, work)

    def forget(self, number: int) -> None:
        """End this proof, if it has not ended yet."""
        self._workshop.forget(number)
        stop = self._stops.pop(number, None)
        if stop is not None:
            stop.set()


class _Proof:
    def __init__(
        self, graph: FlatGraph, told: Mapping[str, Answer], own: OwnCode, policy: str, message: Prove,
        stopped: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._graph, self._told, self._own, self._message, self._stopped = graph, told, own, message, stopped
        self._near = NEAR if policy == "float32" else COARSE
        folder = Path(message.folder)
        self._found: dict[str, Any] = json.loads((folder / clean_run.FOUND).read_text(encoding="utf-8"))
        self._arrays = np.load(folder / clean_run.ARRAYS, allow_pickle=False)
        self._tensors: dict[str, list[Any]] = {}
        self._layers: dict[str, Any] = {}
        self._begins: dict[str, Any] = {}
        """The Input of each block that is applied to every time step, by its use."""
        self._call_of: dict[int, str] = {}
        """The call whose tensor this is, by its id."""

    def _look(self) -> None:
        if self._stopped():
            raise Stopped

    def result(self) -> Proved:
        model = self._build()
        complete(model)
        calls, layers, given = clean_run.calls_of(model)
        where = [*(self._call_of.get(id(tensor), "") for tensor, _ in given), ""]
        found = self._found["calls"]
        for number, (ours, theirs) in enumerate(zip(calls, found, strict=False)):
            difference = _difference(ours, theirs)
            if difference:
                return self._differs(difference, where[number])
        if len(calls) != len(found):
            return self._differs(f"The file has {len(found) - 1} layers and the drawing {len(calls) - 1}.", "")
        if problem := self._told_otherwise():
            return problem
        self._bring_weights(layers)
        self._look()
        rows = [self._arrays[f"input{number}"] for number in range(len(self._message.inputs))]
        given = [keras.ops.convert_to_tensor(each if each.dtype.kind != "U" else each.tolist()) for each in rows]
        predicted = keras.tree.flatten(model(given if len(given) > 1 else given[0], training=False))
        largest = 0.0
        for number, each in enumerate(predicted):
            mine = np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(each, "float32")))
            file = self._arrays[f"output{number}"]
            output = self._message.outputs[number]
            if mine.shape != file.shape:
                return self._differs(f"{{0}} has the shape {file.shape} in the file and {mine.shape} here.", output)
            if not np.array_equal(np.isfinite(mine), np.isfinite(file)):
                return self._differs("{0} is no number in one of the two predictions.", output)
            finite = np.isfinite(mine)
            apart = float(np.max(np.abs(mine[finite] - file[finite]), initial=0.0))
            if apart > self._near * max(1.0, float(np.max(np.abs(file[finite]), initial=0.0))):
                return self._differs(f"The predictions of {{0}} differ by up to {apart:.3g}.", output)
            largest = max(largest, apart)
        return Proved(
            self._message.id, "", "", len(layers), self._found["parameters"], len(rows[0]) if rows else 0, largest
        )  # fmt: skip

    def _differs(self, problem: str, call: str) -> Proved:
        return Proved(self._message.id, problem, call)

    def _build(self) -> Any:
        needed: set[str] = set()
        waiting = list(self._message.outputs)
        while waiting:
            call_id = waiting.pop()
            if call_id in needed:
                continue
            needed.add(call_id)
            waiting += [source for _, sources in self._graph.calls[call_id].inputs for source, _ in sources]
            waiting.append(self._graph.builder(call_id))
        for call_id in self._graph.order:
            if call_id in needed:
                self._look()
                self._tensors[call_id] = self._made(self._graph.calls[call_id])
        inputs = [self._tensors[call_id][0] for call_id in self._message.inputs]
        outputs = [self._tensors[call_id][0] for call_id in self._message.outputs]
        return keras.Model(inputs, outputs)

    def _made(self, call: Call) -> list[Any]:
        if call.kind == "input":
            tensors = [evaluate(call.expression)]
        else:
            ports = [
                (port, [self._tensors[source][at] for source, at in sources])
                for port, sources in call.inputs
                if sources
            ]
            if call.kind == "output":
                return ports[0][1][:1]
            if call.kind == "step":
                return [self._step(call, ports[0][1][0])]
            if call.kind == "steps":
                layer = self._distributed(call, ports[1][1][0])
                tensors = [layer(ports[0][1][0])]
                self._call_of |= {id(tensor): call.id for tensor in tensors}
                return tensors
            layer = self._layer(call, ports[0][1][0].shape)
            if isinstance(layer, OperationCall):
                made = call_operation(layer, ports)
            elif call.expression.startswith(f"keras.{PREFIX}"):
                made = layer(ports[0][1][0])
            else:
                made = call_layer(layer, ports, call.flags)
            tensors = keras.tree.flatten(made)
        self._call_of |= {id(tensor): call.id for tensor in tensors}
        return tensors

    def _step(self, call: Call, whole: Any) -> Any:
        """The Input of a block that is applied to every time step."""
        one = one_step(Spec(tuple(whole.shape), str(whole.dtype)))
        if one.problem:
            raise ValueError(one.problem)
        self._begins[call.id.rpartition("/")[0]] = begin = (
            evaluate(call.expression)
            if call.expression
            else keras.Input(one.outputs[0].shape[1:], dtype=one.outputs[0].dtype)
        )
        return begin

    def _distributed(self, call: Call, end: Any) -> Any:
        """The layer that applies a block to every time step; calls that share it have one."""
        origin = self._graph.origin(call.id)
        assert origin is not None
        if origin.id not in self._layers:
            model = keras.Model(self._begins[call.id], end)
            self._layers[origin.id] = keras.layers.TimeDistributed(model)
        return self._layers[origin.id]

    def _layer(self, call: Call, shape: tuple[int | None, ...]) -> Any:
        origin = self._graph.origin(call.id)
        assert origin is not None
        if origin.id not in self._layers:
            text = origin.expression
            if not text:
                raise ValueError(f"{class_name(text) or 'A layer'} has no code that may run.")
            if text.startswith(f"keras.{PREFIX}"):
                path, given = named_call(text)
                self._layers[origin.id] = build(path.removeprefix(PREFIX), given, shape)
            else:
                self._layers[origin.id] = evaluate(text, self._own.names(origin.own))
        return self._layers[origin.id]

    def _told_otherwise(self) -> Proved | None:
        """What the window shows and this model has not."""
        for call_id, tensors in self._tensors.items():
            answer = self._told.get(call_id)
            shapes = tuple((tuple(each.shape), str(each.dtype)) for each in tensors)
            if answer is not None and answer.outputs != shapes:
                return self._differs("{0} has other shapes than the window shows.", call_id)
        shown = sum(answer.parameters for call_id, answer in self._told.items() if call_id in self._tensors)
        if shown != self._found["parameters"]:
            told = f"The file has {self._found['parameters']:,} parameters and the window shows {shown:,}."
            return self._differs(told, "")
        return None

    def _bring_weights(self, layers: list[Any]) -> None:
        for number, layer in enumerate(layers):
            self._look()
            learned = self._found["learned"][number]
            if learned.get("vocabulary"):
                layer.set_vocabulary(learned["vocabulary"])
            elif "bin_boundaries" in learned:
                layer.bin_boundaries = learned["bin_boundaries"]
            count = len(clean_run.weights_of(layer))
            if count:
                layer.set_weights([self._arrays[f"layer{number}_{place}"] for place in range(count)])
            if hasattr(layer, "finalize_state"):
                layer.finalize_state()


def _difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """What one call of the file has otherwise, in a sentence."""
    if ours["type"] != theirs["type"]:
        return f"{{0}} is a {ours['type']} in the drawing, and the file has a {theirs['type']} there."
    if ours["takes"] != theirs["takes"] or ours["layer"] != theirs["layer"] or ours.get("input") != theirs.get("input"):
        return "{0} is connected otherwise in the file."
    have, wanted = theirs.get("settings", {}), ours.get("settings", {})
    for name in {**wanted, **have}:
        if have.get(name) != wanted.get(name):
            return f"{{0}} has {name} = {_shown(have.get(name))} in the file, and {_shown(wanted.get(name))} here."
    for what, words in (("outputs", "shapes"), ("weights", "weights")):
        if ours.get(what) != theirs.get(what) and not (what == "outputs" and _are_opened(ours, theirs)):
            return (
                f"{{0}} has other {words} in the file: {_shown(theirs.get(what))}, and {_shown(ours.get(what))} here."
            )
    return ""


def _are_opened(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether a model inside the file's leaves sizes open that the drawing has at this call, and nothing else."""
    if not theirs.get("is_inside") or len(ours["outputs"]) != len(theirs["outputs"]):
        return False
    pairs = zip(ours["outputs"], theirs["outputs"], strict=True)
    return all(
        one[1] == other[1]
        and len(one[0]) == len(other[0])
        and all(size in (None, mine) for mine, size in zip(one[0], other[0], strict=True))
        for one, other in pairs
    )


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
