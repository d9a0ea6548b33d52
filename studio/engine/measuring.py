"""How long each layer takes for one batch, and how large its gradient is: measured on the model that a script builds.

Calls stand in the order of ``clean_run.calls_of``, which follows from the connections alone, so that the window finds
its own calls by walking from the outputs.
"""

from __future__ import annotations

import math
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from studio.engine import memory, script
from studio.engine.clean_run import Place, behind, calls_of, made
from studio.engine.control import RunControl
from studio.engine.training_explanations import of_training
from studio.protocol import Measure, Measured, Measuring, Message

_REPEATS: Final = 9
_LONGEST_SECONDS: Final = 0.15
"""A layer is timed up to nine times, and not again after this: a long one is measured well enough by few."""

_TELL_SECONDS: Final = 0.2


class Given(Exception):
    """It was asked to stop."""


def measure(message: Measure, control: RunControl, send: Callable[[Message], None]) -> Measured:
    """Do what the script does up to the training, then measure. Raises nothing: what cannot be measured is told."""
    path = Path(message.script)
    try:
        with script.loaded(path) as module:
            refusal = memory.why_not_build(module.build_model)
            if refusal:
                return Measured(message.run, problem=refusal)
            model, data = made(vars(module))
            return measured(message.run, module, model, data, control, send)
    except (Exception, SystemExit) as error:
        line = script.line_of(error, path)
        details = "".join(traceback.format_exception(error))
        return Measured(message.run, problem=of_training(error, line), details=details)


def measured(
    run: str, module: Any, model: Any, data: Any, control: RunControl, send: Callable[[Message], None], step: int = 0
) -> Measured:
    """Measure a compiled model on the first rows of its training data; ``step`` is how many batches it has learned."""
    rows = getattr(module, "BATCH_SIZE", 32)
    x, y, *weights = (keras.tree.map_structure(lambda array: np.asarray(array[:rows]), part) for part in data[0])
    count = min((len(array) for array in keras.tree.flatten(x)), default=0)
    try:
        run_of = _Run(model, x, lambda done, whole: _tell(run, done, whole, control, send))
        seconds = run_of.seconds()
        gradients = _gradients(model, x, y, weights[0] if weights else None, run_of.operations)
    except Given:
        return Measured(run, problem="Stopped.")
    return Measured(
        run,
        takes=run_of.takes,
        ends=run_of.ends,
        milliseconds=tuple(1000 * each for each in seconds),
        gradients=gradients,
        rows=count,
        step=step,
    )


def _tell(run: str, done: int, whole: int, control: RunControl, send: Callable[[Message], None]) -> None:
    if control.is_stopping:
        raise Given
    send(Measuring(run, done, whole))


class _Run:
    """One forward pass, a call after the other; what no later call needs is let go."""

    def __init__(self, model: Any, x: Any, tell: Callable[[int, int], None]) -> None:
        calls, operations, given = calls_of(model)
        self._calls, self._operations, self._given, self._tell = calls[:-1], operations, given, tell
        self.takes = tuple(tuple(call for call, _ in each["takes"]) for each in self._calls)
        self.ends = tuple(call for call, _ in calls[-1]["takes"])
        self.operations = tuple(operations[call["layer"]] for call in self._calls)
        self._x = [tf.convert_to_tensor(array) for array in keras.tree.flatten(x)]

    def seconds(self) -> list[float]:
        """Of each call; an Input takes none."""
        nodes = [_node(tensor) for tensor, _ in self._given]
        places = [place for _, place in self._given]
        taken = [
            [(id(tensor), _value(*behind(tensor, place))) for tensor in _tensors(node.arguments)]
            for node, place in zip(nodes, places, strict=True)
        ]
        left = Counter(key for each in taken for _, key in each)
        values: dict[_Value, Any] = {}
        least, found, told = _overhead(), [], time.monotonic()
        for number, (call, operation, node, place) in enumerate(
            zip(self._calls, self.operations, nodes, places, strict=True)
        ):
            if number == 0 or time.monotonic() - told > _TELL_SECONDS:
                self._tell(number, len(self._calls))
                told = time.monotonic()
            if call["input"] >= 0:
                values[_value(node.output_tensors[0], place)] = _cast(self._x[call["input"]], node.output_tensors[0])
                found.append(0.0)
                continue
            given = {own: values[key] for own, key in taken[number]}
            made, seconds = _timed(operation, *node.arguments.fill_in(given))
            found.append(max(0.0, seconds - least))
            for tensor, value in zip(node.output_tensors, keras.tree.flatten(made), strict=False):
                values[_value(tensor, place)] = value
            for _, key in taken[number]:
                left[key] -= 1
                if not left[key]:
                    values.pop(key, None)
        return found


_Value: TypeAlias = "tuple[int, Place | None]"


def _value(tensor: Any, place: Place | None) -> _Value:
    """By what the value of a tensor is found: it has another one in each call of a model inside the model."""
    return id(tensor), place


def _node(tensor: Any) -> Any:
    operation, place, _ = tensor._keras_history
    return operation._inbound_nodes[place]


def _tensors(arguments: Any) -> Iterable[Any]:
    flat = keras.tree.flatten((arguments.args, arguments.kwargs))
    return (each for each in flat if isinstance(each, keras.KerasTensor))


def _cast(value: Any, tensor: Any) -> Any:
    return value if tensor.dtype == "string" else tf.cast(value, tensor.dtype)


def _timed(operation: Any, args: Any, kwargs: Any) -> tuple[Any, float]:
    """What an operation gives, and how long it takes: as a graph of TensorFlow, which is how it is trained."""
    if getattr(operation, "_call_has_training_arg", False):
        kwargs = {**kwargs, "training": False}
    flat = keras.tree.flatten((args, kwargs))
    places = [place for place, each in enumerate(flat) if isinstance(each, tf.Tensor)]

    def call(tensors: list[Any]) -> Any:
        whole = list(flat)
        for place, tensor in zip(places, tensors, strict=True):
            whole[place] = tensor
        inner_args, inner_kwargs = keras.tree.pack_sequence_as((args, kwargs), whole)
        return operation(*inner_args, **inner_kwargs)

    given = [flat[place] for place in places]
    try:
        graph = tf.function(call)
        made = graph(given)
    except Exception:  # an operation that no graph can hold is timed as it is
        graph = call
        made = graph(given)
    return made, _shortest(lambda: graph(given))


def _shortest(call: Callable[[], Any]) -> float:
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < _REPEATS and time.perf_counter() - began < _LONGEST_SECONDS:
        start = time.perf_counter()
        made = call()
        for tensor in keras.tree.flatten(made)[:1]:
            if isinstance(tensor, tf.Tensor):
                tensor.numpy()  # a graphics card works on after the call
        times.append(time.perf_counter() - start)
    return min(times)


def _overhead() -> float:
    """What a call costs that does nothing."""
    graph = tf.function(lambda tensors: tensors)
    tensor = [tf.zeros((1,))]
    graph(tensor)
    return min(_shortest(lambda: graph(tensor)) for _ in range(3))


def _gradients(model: Any, x: Any, y: Any, weights: Any, operations: Iterable[Any]) -> tuple[float, ...]:
    """The length of the gradient of each call's layer, for the loss of these rows; NaN for one that learns nothing.

    What training changes besides the weights (moving means, seeds) is put back: measuring must not change a model.
    """
    kept = [(variable, tf.identity(variable.value)) for variable in model.non_trainable_variables]
    variables = model.trainable_variables
    try:
        with tf.GradientTape() as tape:
            said = model(keras.tree.map_structure(tf.convert_to_tensor, x), training=True)
            loss = model.compute_loss(x=x, y=y, y_pred=said, sample_weight=weights, training=True)
        gradients = tape.gradient(loss, [variable.value for variable in variables])
    finally:
        for variable, value in kept:
            variable.assign(value)
    squares = {}
    for variable, gradient in zip(variables, gradients, strict=True):
        if isinstance(gradient, tf.IndexedSlices):
            gradient = tf.convert_to_tensor(gradient)
        squares[id(variable)] = 0.0 if gradient is None else float(tf.reduce_sum(tf.cast(gradient, "float64") ** 2))
    found = []
    for operation in operations:
        mine = [squares[id(each)] for each in getattr(operation, "trainable_variables", ()) if id(each) in squares]
        found.append(math.sqrt(sum(mine)) if mine else math.nan)
    return tuple(found)
