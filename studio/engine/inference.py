"""What one call gives: Keras itself builds the layer symbolically, in a scope that allocates no memory.

Answers are remembered by (expression, specs of the inputs) as plain values, so nothing of Keras's graph stays alive.
"""

from __future__ import annotations

import inspect
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import keras

from studio.engine import explanations
from studio.engine.applications import builders
from studio.engine.backbones import PREFIX, build
from studio.engine.expressions import ExpressionError, OperationCall, class_name, evaluate, named_call
from studio.engine.inner_calls import gone_through, holds_activation_layer
from studio.engine.mask_facts import MASK, MASK_LISTS
from studio.engine.own_code import OwnCode, OwnCodeError
from studio.engine.workshop import Workshop

MEMO_SIZE: Final = 20_000
"""More than the largest drawing; then the memory starts afresh rather than growing with every key press."""


CANCELLED: Final = "It was not built, because you cancelled. Change it, or restart the engine, to have it built."


class Spec(NamedTuple):
    """What is known of a tensor before there is one; ``shape`` includes the batch."""

    shape: tuple[int | None, ...]
    dtype: str
    is_sparse: bool = False
    is_ragged: bool = False


Ports = tuple[tuple[str, tuple[Spec, ...]], ...]
Flags = tuple[tuple[str, bool], ...]
Tensors = Sequence[tuple[str, list[Any]]]
"""What enters a call at its ports, as tensors of Keras."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gives, or why it gives nothing."""

    outputs: tuple[Spec, ...] = ()
    parameters: int = 0
    trainable_parameters: int = 0
    problem: str = ""
    details: str = ""
    is_refused: bool = False


_clearing = threading.Lock()
_scopes = 0


@contextmanager
def symbolic(dtype_policy: str = "float32") -> Iterator[None]:
    """Where calls are inferred: variables have shapes and no memory. Keras keeps the policy for each thread.

    WORKAROUND(Keras 3.15): variables whose initialization was skipped stay in a global list, and the next ordinary
    build would allocate them all. clear_session drops the list; with free_memory=True it would take 240 ms, not 4.
    Remove when StatelessScope(initialize_variables=False) leaves nothing behind.
    """
    with building(dtype_policy), keras.StatelessScope(initialize_variables=False):
        yield


@contextmanager
def building(dtype_policy: str) -> Iterator[None]:
    """Where layers are made; what Keras remembers of them is dropped when no thread is in here any more."""
    global _scopes
    with _clearing:
        _scopes += 1
    try:
        keras.config.set_dtype_policy(dtype_policy)
        yield
    finally:
        keras.config.set_dtype_policy("float32")
        with _clearing:
            _scopes -= 1
            if not _scopes:  # It clears the state of all threads: the last one that is inside does it.
                keras.backend.clear_session(free_memory=False)


class Inference:
    """Infers calls and remembers what came out. To be used inside ``symbolic(dtype_policy)``."""

    def __init__(self, own: OwnCode | None = None) -> None:
        self._memo: dict[_Question, Result] = {}
        self._own = own or OwnCode()
        self.dtype_policy = "float32"
        """In which numbers layers compute that say nothing themselves."""
        self.workshop: Workshop | None = None
        """Where ready-made networks are built; without one they are built at once."""
        self.on_built: Callable[[], None] = lambda: None
        """Called on the workshop's thread when an answer that was not there is known."""

    def source(self, expression: str) -> Result:
        """The result of a ``keras.Input(...)``."""
        return self._remembered(_Question(self.dtype_policy, expression))

    def layer(
        self, expression: str, ports: Ports, first: Ports = (), flags: Flags = (), own: tuple[str, ...] = ()
    ) -> Result | None:
        """The result of calling the layer with ``ports``, built by ``first`` where an earlier call shares it.

        None while the workshop is building it.

        ``own`` are the digests of the person's own code that the expression takes.
        """
        question = _Question(self.dtype_policy, expression, ports, first, flags, own)
        if self.workshop is None or question in self._memo or not expression.startswith(f"keras.{PREFIX}"):
            return self._remembered(question)

        def build() -> None:
            if question not in self._memo:
                with symbolic(question.dtype_policy):
                    self._memo[question] = _infer(question, self._own)
            self.on_built()

        def give_up() -> None:
            self._memo.setdefault(question, Result(problem=CANCELLED))
            self.on_built()

        self.workshop.ask(question, build, give_up)
        return None

    def making(self, expression: str, own: tuple[str, ...] = ()) -> Result:
        """No problem where Keras makes the layer; it is not called, since there is nothing that it could take yet."""
        return self._remembered(_Question(self.dtype_policy, expression, flags=_ONLY_MADE, own=own))

    def _remembered(self, question: _Question) -> Result:
        found = self._memo.get(question)
        if found is None:
            if len(self._memo) >= MEMO_SIZE:
                self._memo.clear()
            with self._own.running(question.own):
                found = self._memo[question] = _infer(question, self._own)
        return found


_ONLY_MADE: Final[Flags] = (("", True),)
"""No call is told this."""


class _Question(NamedTuple):
    """Everything on which the result of a call depends."""

    dtype_policy: str
    expression: str
    ports: Ports = ()
    first: Ports = ()
    flags: Flags = ()
    own: tuple[str, ...] = ()


def _infer(question: _Question, own: OwnCode) -> Result:
    _, expression, ports, first, flags, digests = question
    name = class_name(expression)
    is_made = False
    try:
        names = own.names(digests)
        if expression.startswith(f"keras.{PREFIX}"):
            try:
                return _backbone(expression, ports, first)
            except Exception:
                is_made = _is_built_from_pictures(expression)
                raise
        made = evaluate(expression, names)
        is_made = True
        if flags == _ONLY_MADE:
            return Result()
        if not ports:
            return _of_tensors(made)
        try:
            return _call_layer(made, ports, first, flags)
        except ValueError as error:
            if "create a variable while in a stateless scope" not in str(error):
                raise
            return _call_layer(_without_state(evaluate(expression, names)), ports, first, flags)
    except ExpressionError as error:
        return Result(problem=str(error))
    except OwnCodeError as error:
        return Result(problem=str(error), details=error.details)
    except BaseException as error:  # Keras raises whatever it likes; each of them is one bad node, not a dead engine
        if not isinstance(error, Exception) and not digests:
            raise
        if (told := own.explained(error, digests)) is not None:
            return Result(problem=str(told), details=told.details, is_refused=not is_made)
        shapes = [spec.shape for _, specs in ports for spec in specs]
        return Result(
            problem=explanations.of_call(name, shapes, explanations.plain_text(error)),
            details=f"{type(error).__name__}: {explanations.plain_text(error)}",
            is_refused=not is_made,
        )


def _backbone(expression: str, ports: Ports, first: Ports) -> Result:
    """A ready-made network is built for the first shape that it gets, and is a layer from then on."""
    path, given = named_call(expression)
    name = path.removeprefix(PREFIX)
    if name not in builders():
        raise ExpressionError(f"There is no network called {name} in this version of Keras.")
    shapes = [specs[0].shape for _, specs in (first or ports)]
    model = build(name, given, shapes[0])
    spec = ports[0][1][0]
    if spec.shape[1:] == shapes[0][1:]:  # What it was built for: its own outputs are the answer, but for the batch.
        found = _of_tensors(model.outputs).outputs
        outputs = tuple(each._replace(shape=(spec.shape[0], *each.shape[1:])) for each in found)
    else:
        outputs = _of_tensors(model(keras.KerasTensor(spec.shape, spec.dtype))).outputs
    return Result(outputs, _count(model.weights), _count(model.trainable_weights))


def _is_built_from_pictures(expression: str) -> bool:
    """Whether a network that could not be built for what arrives can be built at all: from pictures of usual size."""
    path, given = named_call(expression)
    try:
        build(path.removeprefix(PREFIX), given, _PICTURES)
    except Exception:
        return False
    return True


_PICTURES: Final = (None, 224, 224, 3)
"""What ``keras.applications`` calls the default input of most networks; all of them take it without weights."""


def _call_layer(layer: Any, ports: Ports, first: Ports, flags: Flags) -> Result:
    if isinstance(layer, OperationCall):
        return _of_tensors(call_operation(layer, _entering(ports)))
    if not isinstance(layer, keras.layers.Layer):
        raise ExpressionError("This is not a layer of Keras.")
    if first:
        call_layer(layer, _entering(first))
    outputs = _of_tensors(call_layer(layer, _entering(ports), flags))
    if holds_activation_layer(layer):
        _call_all_inside(layer, ports, flags, outputs)
    return Result(outputs.outputs, _count(layer.weights), _count(layer.trainable_weights))


def _call_all_inside(layer: Any, ports: Ports, flags: Flags, told: Result) -> None:
    """Let the layers inside that stand as activations make their weights, and judge what they give."""
    entering = _entering(ports)
    names = [name for name, tensors in entering for _ in tensors]

    def function(tensors: list[Any]) -> Any:
        given: dict[str, list[Any]] = {name: [] for name in names}
        for name, tensor in zip(names, tensors, strict=True):
            given[name].append(tensor)
        return call_layer(layer, list(given.items()), flags)

    found = _of_tensors(gone_through(function, [tensor for _, tensors in entering for tensor in tensors]))
    for before, after in zip(told.outputs, found.outputs, strict=True):
        if before.shape != after.shape:
            raise ExpressionError(
                "An activation must give the shape that it takes, but the layer that stands as activation here turns"
                f" {explanations.in_words(before.shape)} into {explanations.in_words(after.shape)}."
            )


def _entering(ports: Ports) -> Tensors:
    """Fresh tensors as they are told."""
    return tuple(
        (port, [keras.KerasTensor(spec.shape, spec.dtype, spec.is_sparse, spec.is_ragged) for spec in specs])
        for port, specs in ports
    )


def call_layer(layer: Any, ports: Tensors, flags: Flags = ()) -> Any:
    """What a layer makes of the tensors at its ports."""
    names = _call_names(layer.__class__)
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    loose: list[Any] = []
    listed = MASK_LISTS.get(layer.__class__.__name__, ())
    for port, tensors in ports:
        if port in listed:
            keywords.setdefault(MASK, [None] * len(listed))[listed.index(port)] = tensors[0]
        elif port not in names:
            loose += tensors
        elif port == names[0]:
            takes_list = len(tensors) != 1 or isinstance(layer, _list_layers())
            positional.append(tensors if takes_list else tensors[0])
        else:
            keywords[port] = tensors if len(tensors) != 1 else tensors[0]
    if loose:  # ports that are no arguments are the members of the one list that the layer takes (Attention)
        positional.insert(0, loose if len(loose) != 1 or isinstance(layer, _list_layers()) else loose[0])
    keywords |= {name: value for name, value in flags if name in names}
    return layer(*positional, **keywords)


def call_operation(call: OperationCall, ports: Tensors) -> Any:
    """Call a function of ``keras.ops`` by the names of its arguments; a starred one takes all of its port."""
    given: dict[str, Any] = dict(call.arguments)
    parameters = inspect.signature(call.function).parameters.values()
    starred = next((each.name for each in parameters if each.kind is each.VAR_POSITIONAL), "")
    lists = _list_arguments(call.function)
    for port, tensors in ports:
        given[port] = tensors if port == starred or port in lists or len(tensors) != 1 else tensors[0]
    positional: list[Any] = []
    if starred:
        before = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
        positional = [given.pop(name) for name in before if name in given] + given.pop(starred, [])
    return call.function(*positional, **given)


def _of_tensors(made: Any) -> Result:
    tensors = keras.tree.flatten(made)
    if not all(isinstance(tensor, keras.KerasTensor) for tensor in tensors):
        raise ExpressionError("This is not a tensor of Keras.")
    return Result(
        tuple(
            Spec(tuple(tensor.shape), str(tensor.dtype), bool(tensor.sparse), bool(getattr(tensor, "ragged", False)))
            for tensor in tensors
        )
    )


def _count(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _without_state(layer: Any) -> Any:
    """The layer, not stateful: the states are no weights, and making them is what the scope forbids."""
    parts: list[Any] = [layer, getattr(layer, "forward_layer", None), getattr(layer, "backward_layer", None)]
    for part in parts:
        if getattr(part, "stateful", False):
            part.stateful = False
    return layer


@cache
def _call_names(layer_type: Any) -> tuple[str, ...]:
    parameters = inspect.signature(layer_type.call).parameters.values()
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return tuple(parameter.name for parameter in parameters if parameter.kind in plain)[1:] or ("inputs",)


@cache
def _list_arguments(function: Any) -> frozenset[str]:
    """The arguments of a function of ``keras.ops`` that are lists of tensors: a single one cannot be iterated."""
    parameters = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    return frozenset(each.name for each in parameters if each.name in ("xs", "condlist", "choicelist")) | (
        frozenset(("x",)) if function is keras.ops.stack else frozenset()
    )


@cache
def _list_layers() -> tuple[type, ...]:
    """The layers that insist on a list, also for a single tensor."""
    merge = keras.layers.Add.__mro__[1]  # the base class of all merging layers has no public name
    return (merge, keras.layers.Attention, keras.layers.AdditiveAttention, keras.layers.HashedCrossing)
