"""The checker: keeps the flat graph as the window draws it, and says what has changed in its answers."""

from __future__ import annotations

import queue
import time
from collections import ChainMap
from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from studio import protocol
from studio.engine import proving
from studio.engine.backbones import PREFIX
from studio.engine.expanding import expand
from studio.engine.flat import FlatGraph
from studio.engine.inference import Inference, Ports, Result, Spec, symbolic
from studio.engine.own_code import OwnCode
from studio.engine.plan_objects import PlanObjects
from studio.engine.proving import Proofs
from studio.engine.requests import answer_request
from studio.engine.steps import all_steps, one_step
from studio.engine.taking import why_not_again, why_not_taken
from studio.engine.wire import Wire
from studio.engine.workshop import Built, Workshop
from studio.protocol import (
    Answer,
    Call,
    CancelBuilding,
    Expand,
    Forget,
    Message,
    Piece,
    Prove,
    Proved,
    TryCalls,
    UpdateGraph,
)

_Results: TypeAlias = MutableMapping[str, Result]
_Blocked: TypeAlias = MutableMapping[str, tuple[str, ...]]

FIRST_SECONDS: Final = 0.002
"""How long a large graph is inferred before its first answers go out. The edited node is among them, and while it is
shown the engine goes on."""
CHUNK_SECONDS: Final = 0.1
"""And before the next ones do; each time costs 5 ms of its own."""

ANSWERS_IN_ONE: Final = 80
"""Reading and showing so many takes the window about a third of a frame."""


class Checker:
    """The graph, the results of its calls, and what the window has been told of them."""

    def __init__(self, tell: Callable[[tuple[str, ...], bool], None] = lambda digests, is_running: None) -> None:
        """``tell`` hears when code of the person's own begins and ends to run."""
        self._graph = FlatGraph()
        self._own = OwnCode(tell)
        self._inference = Inference(self._own)
        self._objects = PlanObjects(self._own)
        self._waiting: set[str] = set()
        self._results: dict[str, Result] = {}
        self._blocked_by: dict[str, tuple[str, ...]] = {}
        self._dirty: set[str] = set()
        self._told: dict[str, Answer] = {}

    @property
    def is_settled(self) -> bool:
        """Whether every answer is known."""
        return not self._dirty

    @property
    def only_waits(self) -> bool:
        """Whether all answers that are missing wait for the workshop."""
        return bool(self._dirty) and self._dirty <= self._waiting

    @property
    def building(self) -> tuple[str, ...]:
        """The ready-made networks whose answers wait for the workshop."""
        calls = self._graph.calls
        return tuple(sorted(each for each in self._waiting & self._dirty if _is_network(calls[each].expression)))

    def build_beside(self, workshop: Workshop, on_built: Callable[[], None]) -> None:
        """Have ready-made networks built by the workshop from now on; ``on_built`` is called on its thread."""
        self._inference.workshop, self._inference.on_built = workshop, on_built

    def update(self, message: UpdateGraph) -> None:
        """Take a change of the graph, without inferring anything yet."""
        self._own.learn(message.code)
        if message.reset:
            self._graph = FlatGraph()
            self._results, self._blocked_by, self._told = {}, {}, {}
            self._dirty = set()
        if message.dtype_policy != self._inference.dtype_policy:
            self._inference.dtype_policy = message.dtype_policy
            self._dirty.update(self._graph.calls)
        for call_id in message.remove:
            for known in (self._results, self._blocked_by, self._told):
                known.pop(call_id, None)
        self._dirty |= self._graph.update(message.set, message.remove)
        self._dirty &= self._graph.calls.keys()

    def infer(self, should_pause: Callable[[], bool] = lambda: False) -> dict[str, Answer]:
        """Infer what is open, until done or told to pause; gives the answers that the window does not know yet."""
        news: dict[str, Answer] = {}
        objects = self._dirty & self._graph.objects
        for call_id in objects:  # There are few, but what is of the person's own may take long: the drawing goes first.
            if not self._graph.calls[call_id].own:
                self._judge(call_id, news)
        left = objects & self._dirty
        self._dirty -= left
        try:
            self._infer_layers(should_pause, news)
        finally:
            self._dirty |= left
        if left >= self._dirty and not news and not should_pause():
            for call_id in left:
                self._judge(call_id, news)
        return news

    def _judge(self, call_id: str, news: dict[str, Answer]) -> None:
        call = self._graph.calls[call_id]
        self._settle(call_id, self._objects.judge(call.expression, call.own), (), news)

    def _infer_layers(self, should_pause: Callable[[], bool], news: dict[str, Answer]) -> None:
        waiting = self._waiting = set()
        with symbolic(self._inference.dtype_policy):
            for call_id in self._order():
                if call_id not in self._dirty:
                    continue
                if waiting and self._needs(call_id, waiting):
                    waiting.add(call_id)
                    continue
                # Code of the person's own may never end: what is known goes out before it.
                if should_pause() or (news and self._graph.calls[call_id].own):
                    break
                if not self._infer_call(call_id, news):
                    waiting.add(call_id)
            else:
                for call_id in self._graph.on_cycles & self._dirty:
                    self._settle(call_id, Result(), (call_id,), news)
                self._dirty &= waiting

    def _needs(self, call_id: str, others: set[str]) -> bool:
        """Whether a call takes an output of one of the others, or a layer that one of them builds."""
        if self._graph.builder(call_id) in others:
            return True
        return any(source in others for _, sources in self._graph.calls[call_id].inputs for source, _ in sources)

    def try_calls(self, calls: tuple[Call, ...], code: tuple[Piece, ...] = ()) -> tuple[Answer, ...]:
        """What these calls would give, each of which may also take outputs of those before it."""
        self._own.learn(code)
        results: dict[str, Result] = {}
        blocked: dict[str, tuple[str, ...]] = {}
        answers: list[Answer] = []
        with symbolic(self._inference.dtype_policy):
            for call in calls:
                found = self._result(call, results, blocked)
                results[call.id], blocked[call.id] = found or (Result(), ())
                answers.append(_answer(call, results[call.id], blocked[call.id]))
        return tuple(answers)

    def proof(self, message: Prove) -> Callable[[Callable[[], bool]], Proved | None]:
        """What compares the graph as it is now with what an exported file built, on whatever thread it is called.

        It takes seconds, and the memory of the model; it asks its argument whether it shall stop.
        """
        graph, policy = FlatGraph(), self._inference.dtype_policy
        graph.update(self._graph.calls.values(), ())
        return partial(proving.prove, graph, dict(self._told), self._own, policy, message)

    def _order(self) -> tuple[str, ...]:
        """The order of the graph; what needs code of the person's own, and all that waits for it, comes last."""
        calls, order = self._graph.calls, self._graph.order
        if not any(call.own for call in calls.values()):
            return order
        late: set[str] = set()
        for call_id in order:
            call = calls[call_id]
            needs = [source for _, sources in call.inputs for source, _ in sources]
            needs += [call.shares or call_id, self._graph.builder(call_id)]
            if call.own or not late.isdisjoint(needs):
                late.add(call_id)
        return (*(call_id for call_id in order if call_id not in late), *(each for each in order if each in late))

    def _infer_call(self, call_id: str, news: dict[str, Answer]) -> bool:
        """Settle a call; False where its answer is still being built."""
        found = self._result(self._graph.calls[call_id], {}, {})
        if found is None:
            return False
        result, blocked_by = found
        is_builder = self._graph.builder(call_id) == call_id
        before = self._results.get(call_id), self._blocked_by.get(call_id)
        self._settle(call_id, result, blocked_by, news)
        old = before[0]
        if old is None or (old.outputs, not old.problem, before[1]) != (result.outputs, not result.problem, blocked_by):
            self._dirty.update(self._graph.dependants(call_id))
        elif is_builder:  # its outputs are the same, but the layer may have been built for other inputs
            self._dirty.update(
                other for other in self._graph.dependants(call_id) if self._graph.builder(other) == call_id
            )
        return True

    def _settle(self, call_id: str, result: Result, blocked_by: tuple[str, ...], news: dict[str, Answer]) -> None:
        self._results[call_id] = result
        self._blocked_by[call_id] = blocked_by
        self._dirty.discard(call_id)
        answer = _answer(self._graph.calls[call_id], result, blocked_by)
        if self._told.get(call_id) != answer:
            self._told[call_id] = news[call_id] = answer

    def _result(self, call: Call, tried: _Results, tried_blocked: _Blocked) -> tuple[Result, tuple[str, ...]] | None:
        """The result of a call and whom it waits for; None while it is being built.

        ``tried`` are hypothetical calls, which go before the graph's.
        """
        results = ChainMap(tried, self._results) if tried else self._results
        blocked = ChainMap(tried_blocked, self._blocked_by) if tried else self._blocked_by
        if call.kind == "input":
            return self._inference.source(call.expression), ()
        origin = self._graph.origin(call.shares) if call.shares is not None else call
        if origin is None:
            return Result(), (call.id,)
        first: Ports = ()
        builder_id = self._graph.builder(origin.id)
        if builder_id != call.id and builder_id in self._graph.calls:
            built = _ports(self._graph.calls[builder_id], results, blocked)
            waits = _roots(builder_id, results, blocked) or built.waits
            if waits or built.problem:
                return Result(), waits or (builder_id,)
            first = built.ports
        entering = _ports(call, results, blocked)
        if entering.waits and call.kind == "layer" and not _is_network(origin.expression):
            made = self._inference.making(origin.expression, origin.own)
            if made.is_refused:  # It is wrong already, before it is connected.
                return made, ()
        if entering.problem or entering.waits:
            return Result(problem=entering.problem), entering.waits
        if call.kind == "steps":
            whole, step = (specs[0] for _, specs in entering.ports)
            return all_steps(whole, step), ()
        if call.kind in ("output", "step"):
            given = entering.ports[0][1][:1]
            if call.kind == "step":
                one = one_step(given[0])
                if one.problem:
                    return one, ()
                given = one.outputs
            if call.expression:
                begin = self._inference.source(call.expression)
                return (begin if begin.problem else Result(given, problem=why_not_taken(begin, given[0]))), ()
            begun = results[builder_id].outputs[0] if first else None
            return Result(given, problem=why_not_again(begun, given[0]) if begun is not None else ""), ()
        result = self._inference.layer(origin.expression, entering.ports, first, call.flags, origin.own)
        return None if result is None else (result, ())


class _Entering(NamedTuple):
    """What enters a call: its specs, or whom it waits for, or why they cannot enter."""

    ports: Ports = ()
    waits: tuple[str, ...] = ()
    problem: str = ""


def _ports(call: Call, results: _Results, blocked: _Blocked) -> _Entering:
    """What enters a call. It waits for the calls with a problem, and for itself where an input is missing."""
    waits: dict[str, None] = {}
    ports: list[tuple[str, tuple[Spec, ...]]] = []
    for port, sources in call.inputs:
        specs: list[Spec] = []
        for source, index in sources:
            roots = _roots(source, results, blocked)
            if source not in results:
                waits[call.id] = None
            elif roots:
                waits.update(dict.fromkeys(roots))
            elif not 0 <= index < len(results[source].outputs):
                given = len(results[source].outputs)
                have = "one output" if given == 1 else f"{given} outputs"
                return _Entering(problem=f"This takes output {index + 1} of a layer that has {have} now.")
            else:
                specs.append(results[source].outputs[index])
        if specs:
            ports.append((port, tuple(specs)))
    if not ports and not waits:
        waits[call.id] = None
    return _Entering(tuple(ports), tuple(waits))


def _roots(call_id: str, results: _Results, blocked: _Blocked) -> tuple[str, ...]:
    if call_id in results and results[call_id].problem:
        return (call_id,)
    return blocked.get(call_id, ())


def _answer(call: Call, result: Result, blocked_by: tuple[str, ...]) -> Answer:
    counts = call.shares is None
    return Answer(
        tuple((spec.shape, spec.dtype) for spec in result.outputs),
        result.parameters if counts else 0,
        result.trainable_parameters if counts else 0,
        result.problem,
        result.details,
        blocked_by,
        result.is_refused,
    )


def _is_network(expression: str) -> bool:
    return expression.startswith(f"keras.{PREFIX}")


def serve(wire: Wire) -> None:
    """Answer the window for ever. Several waiting updates count as one: only the last of them is answered."""
    checker = Checker(lambda digests, is_running: wire.send(protocol.OwnCode(digests, is_running)))
    workshop, proofs = Workshop(), Proofs()
    checker.build_beside(workshop, lambda: wire.inbox.put(Built()))
    latest: UpdateGraph | None = None
    chunk_seconds = FIRST_SECONDS
    others: list[Message] = []
    told: tuple[str, ...] = ()
    while True:
        is_idle = checker.is_settled and latest is None
        wire.is_busy = not is_idle
        for message in _waiting(wire.inbox, block=is_idle or checker.only_waits):
            if isinstance(message, Built):
                continue
            if isinstance(message, CancelBuilding):
                workshop.cancel()
                continue
            if isinstance(message, UpdateGraph):
                checker.update(message)
                latest = message
                chunk_seconds = FIRST_SECONDS
            else:
                others.append(message)
        if latest is not None:
            deadline, chunk_seconds = time.monotonic() + chunk_seconds, CHUNK_SECONDS
            news = checker.infer(partial(_should_pause, wire.inbox, deadline))
            for answers, is_last_part in _in_parts(news):
                is_last = is_last_part and checker.is_settled
                if answers or is_last:
                    wire.send(protocol.Inferred(latest.id, latest.revision, answers, is_last))
            if checker.building != told:
                told = checker.building
                wire.send(protocol.Building(told))
            if checker.is_settled:
                latest = None
            elif not checker.only_waits:
                continue
        for message in others:
            if isinstance(message, Expand):
                expand(workshop, wire, message)
            elif isinstance(message, Prove):
                proofs.begin(message.id, checker.proof(message), wire.send)
            elif isinstance(message, Forget):
                proofs.forget(message.id)
            elif isinstance(message, TryCalls):
                wire.send(protocol.Tried(message.id, checker.try_calls(message.calls, message.code)))
            else:
                answer_request(wire, message)
        others.clear()


def _in_parts(news: dict[str, Answer]) -> Iterator[tuple[dict[str, Answer], bool]]:
    """The answers as messages that can each be read within a frame, and whether it is the last; one at least."""
    items = list(news.items())
    for start in range(0, len(items) or 1, ANSWERS_IN_ONE):
        yield dict(items[start : start + ANSWERS_IN_ONE]), start + ANSWERS_IN_ONE >= len(items)


def _should_pause(inbox: queue.SimpleQueue[Message | Built], deadline: float) -> bool:
    return time.monotonic() > deadline or not inbox.empty()


def _waiting(inbox: queue.SimpleQueue[Message | Built], *, block: bool) -> list[Message | Built]:
    """All messages that are there; waits for the first one where there is nothing else to do."""
    messages = [inbox.get()] if block else []
    while True:
        try:
            messages.append(inbox.get_nowait())
        except queue.Empty:
            return messages
