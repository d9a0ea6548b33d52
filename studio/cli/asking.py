"""Asking an engine what Keras makes of a drawing."""

from __future__ import annotations

from studio.cli.engine_client import Engine
from studio.cli.opening import the_catalog
from studio.core.project import Project
from studio.protocol import messages
from studio.workbench.inference import InferenceState


def infer(engine: Engine, inference: InferenceState, project: Project) -> None:
    """Have every layer of ``project`` inferred; the answers are in ``inference`` then, and nothing else is."""
    inference.reset()
    update = inference.update(project, the_catalog())
    assert update is not None, "after a reset everything is sent"
    engine.send(update)
    while True:
        answer = engine.wait_for(messages.Inferred)
        inference.take(answer)
        if answer.is_last and answer.revision == update.revision:
            return
