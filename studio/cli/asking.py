"""Asking an engine what Keras makes of a drawing."""

from __future__ import annotations

import time

from studio.cli.opening import catalog_of
from studio.core.project import Project
from studio.protocol import messages
from studio.workbench.engine_client import Engine, EngineEnded
from studio.workbench.inference import InferenceState
from studio.workbench.own_code import CRASHED, SECONDS, TOO_LONG


def infer(engine: Engine, inference: InferenceState, project: Project) -> bool:
    """Have every layer of ``project`` inferred; the answers are in ``inference`` then, and nothing else is.

    False where code of the project ended the engine, or had to be ended with it: another engine has to be asked, which
    will not run that code.
    """
    inference.reset()
    update = inference.update(project, catalog_of(project))
    assert update is not None, "after a reset everything is sent"
    engine.send(update)
    running: tuple[str, ...] = ()
    since = 0.0
    while True:
        try:
            answer = engine.receive()  # a sign of life comes each second
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
