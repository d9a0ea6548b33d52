"""Requests that either role answers: documentation and facts of the installed Keras."""

from __future__ import annotations

import inspect

import keras

from studio import protocol
from studio.engine.wire import Wire
from studio.engine.workshop import Built
from studio.protocol import Docs, Facts, Message

_MODULES = (
    keras.layers,
    keras.losses,
    keras.optimizers,
    keras.optimizers.schedules,
    keras.metrics,
    keras.callbacks,
    keras.initializers,
    keras.regularizers,
    keras.constraints,
    keras.activations,
)


def answer_request(wire: Wire, message: Message | Built) -> None:
    """Answer ``message``, or say that it is nothing for this engine."""
    try:
        if isinstance(message, Built):
            return
        if isinstance(message, Docs):
            wire.send(protocol.DocsText(message.id, message.type, documentation(message.type)))
        elif isinstance(message, Facts):
            from studio.engine import facts

            wire.send(protocol.FactsText(message.id, facts.facts()))
        else:
            kind = type(message).__name__
            wire.send(protocol.Failed(getattr(message, "id", 0), f"This engine does not answer {kind} messages."))
    except Exception as error:
        wire.send(protocol.Failed(getattr(message, "id", 0), "The engine could not answer.", repr(error)))


def documentation(name: str) -> str:
    """Keras's own text about one of its public classes or activations; empty where there is none."""
    if name.startswith("ops."):
        place, _, own = name.removeprefix("ops.").rpartition(".")
        module = {"": keras.ops, "image": keras.ops.image}.get(place)
        return inspect.getdoc(getattr(module, own)) or "" if module is not None and own in dir(module) else ""
    for module in _MODULES:
        if not name.startswith("_") and name in dir(module):
            return inspect.getdoc(getattr(module, name)) or ""
    return ""
