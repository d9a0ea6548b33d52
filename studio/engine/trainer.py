"""The trainer: runs one script after the other and stays warm between them."""

from __future__ import annotations

import importlib
import time

import keras
import numpy as np

from studio import protocol
from studio.engine import measuring, training
from studio.engine.control import RunControls
from studio.engine.requests import answer_request
from studio.engine.wire import Wire
from studio.protocol import Measure, Train, Warm


def serve(wire: Wire, controls: RunControls) -> None:
    """Train what the window asks for, for ever."""
    while True:
        message = wire.inbox.get()
        wire.is_busy = True
        if isinstance(message, Train):
            wire.send(protocol.RunState(message.run, "waiting"))
            ended = training.run(message, controls.of(message.run), wire.send)
            controls.drop(message.run)
            wire.send(ended)
            training.forget()
        elif isinstance(message, Measure):
            found = measuring.measure(message, controls.of(message.run), wire.send)
            controls.drop(message.run)
            wire.send(found)
            training.forget()
        elif isinstance(message, Warm):
            wire.send(protocol.Warmed(message.id, warm()))
        else:
            answer_request(wire, message)
        wire.is_busy = False


def warm() -> float:
    """Do a tiny training, so that the first real one finds everything imported and traced once; gives the seconds."""
    started = time.monotonic()
    for module in ("pandas", "h5py"):
        importlib.import_module(module)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss, metrics=["accuracy"])
    x, y = np.zeros((8, 3), "float32"), np.zeros(8, "int32")
    model.fit(x, y, batch_size=4, epochs=1, verbose=0, validation_data=(x, y))
    training.forget()
    return time.monotonic() - started
