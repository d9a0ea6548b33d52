"""What a ready-made network is made of: its config, as Keras would write it into a file."""

from __future__ import annotations

from typing import Any

import keras

from studio import protocol
from studio.engine import explanations
from studio.engine.applications import builders
from studio.engine.backbones import PREFIX, build
from studio.engine.expressions import ExpressionError, named_call
from studio.engine.inference import symbolic
from studio.engine.wire import Wire
from studio.engine.workshop import Workshop
from studio.protocol import Expand


def expand(workshop: Workshop, wire: Wire, message: Expand) -> None:
    """Have the workshop build the network without weights, and send its config or the reason why there is none."""

    def say(problem: str) -> None:
        wire.send(protocol.Expanded(message.id, problem=problem))

    def work() -> None:
        try:
            wire.send(protocol.Expanded(message.id, config_of(message.expression, message.shape)))
        except ExpressionError as error:
            say(str(error))
        except Exception as error:  # Keras raises whatever it likes
            say(explanations.of_call("", [message.shape], explanations.plain_text(error)))

    workshop.ask(message.id, work, lambda: say("It was not built, because you cancelled."))


def config_of(expression: str, shape: tuple[int | None, ...]) -> dict[str, Any]:
    """The config of the network that ``expression`` makes for pictures of ``shape``."""
    path, given = named_call(expression)
    name = path.removeprefix(PREFIX)
    if not path.startswith(PREFIX) or name not in builders():
        raise ExpressionError("Only a ready-made network of Keras can be expanded.")
    with symbolic():
        model = build(name, given, shape)
        config: dict[str, Any] = keras.saving.serialize_keras_object(model)
    return config
