"""Asking an engine what Keras makes of a drawing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from studio.catalog import Catalog
from studio.core.project import Project
from studio.layout.arrangement import Question, never, stop_if
from studio.protocol import Message, messages
from studio.workbench.engine_client import SILENT, SILENT_AFTER_S, Engine, EngineEnded
from studio.workbench.inference import InferenceState
from studio.workbench.own_code import CRASHED, SECONDS, TOO_LONG

_Wanted = TypeVar("_Wanted", bound=Message)

_OFTEN_S = 0.2
"""Between two questions whether somebody has cancelled: soon for a hand, seldom for the processor."""


def infer(
    engine: Engine, inference: InferenceState, project: Project, catalog: Catalog, cancelled: Question = never
) -> bool:
    """Have every layer of ``project`` inferred that ``inference`` has not told this engine of; it has the answers then.

    False where code of the project ended the engine, or had to be ended with it: another engine has to be asked, from
    the beginning, which will not run that code. ``layout.Cancelled`` where ``cancelled`` says yes; the engine is of no
    use any more then.
    """
    update = inference.update(project, catalog)
    if update is None:
        return True
    engine.send(update)
    running: tuple[str, ...] = ()
    since = 0.0
    while True:
        try:
            answer = _next(engine, cancelled)
        except EngineEnded:
            if not running:
                raise
            inference.stop(running, CRASHED)
            return False
        match answer:
            case messages.OwnCode():
                running = answer.digests if answer.is_running else ()
                since = time.monotonic()
            case messages.Failed():
                raise EngineEnded(answer.message)
            case messages.Inferred():
                inference.take(answer)
                if answer.is_last and answer.revision == update.revision:
                    return True
        if running and time.monotonic() - since > SECONDS:
            inference.stop(running, TOO_LONG)
            engine.kill()
            return False


def infer_anew(
    start: Callable[[], Engine],
    inference: InferenceState,
    project: Project,
    catalog: Catalog,
    engine: Engine | None = None,
) -> Engine:
    """Have all of ``project`` inferred from the beginning; gives the engine that did it.

    ``engine`` is asked where there is one, else the one that ``start`` gives, and the next one where code of the
    project takes it along: that code is not run again.
    """
    while True:
        engine = engine or start()
        inference.reset()
        if infer(engine, inference, project, catalog):
            return engine
        engine = None


def ask(engine: Engine, message: Message, kind: type[_Wanted], cancelled: Question = never) -> _Wanted:
    """The answer of this kind to a message; ``layout.Cancelled`` where ``cancelled`` says yes."""
    engine.send(message)
    while True:
        answer = _next(engine, cancelled)
        if isinstance(answer, kind):
            return answer
        if isinstance(answer, messages.Failed):
            raise EngineEnded(answer.message)


def _next(engine: Engine, cancelled: Question) -> Message:
    """The next message; a sign of life comes each second."""
    latest = time.monotonic() + SILENT_AFTER_S
    while time.monotonic() < latest:
        stop_if(cancelled)
        message = engine.poll(_OFTEN_S)
        if message is not None:
            return message
    raise EngineEnded(SILENT)
