"""A trainer for the window that measures what the window costs it: blocks of batches in one long fit, some reported.

The window draws whenever something is reported and rests otherwise. A block lasts several of its pictures; how the
block begins is left out, since the window is still drawing (or not yet drawing) then. The results go to a file:
seconds per batch of each block, and when each reported batch ended.

    streaming_engine.py SECONDS_PER_BLOCK BLOCKS RESULT
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from studio import protocol
from studio.engine.control import RunControl
from studio.engine.reporter import Reporter
from studio.engine.wire import Wire

sys.path.insert(0, str(Path(__file__).parent))  # a script: it runs where the tests are no package
from streaming_fit import BATCH_SIZE, ROWS, network

SETTLING_SHARE = 0.4


class WindowBlocks(keras.callbacks.CallbackList):  # type: ignore[misc]
    """Alternates plain blocks with reported ones and with a control, and takes the time of every batch."""

    def __init__(self, reporter: Reporter, model: Any, seconds: float, blocks: int, steps: int) -> None:
        super().__init__([], add_history=True, add_progbar=False, model=model, epochs=1, steps=steps, verbose=0)
        self.reporter, self.seconds, self.blocks = reporter, seconds, blocks
        reporter.set_model(model)
        reporter.set_params({"epochs": 1, "steps": steps})
        self.idle = keras.callbacks.Callback()
        self.taken: list[tuple[str, float]] = []
        self.ends: list[tuple[int, float]] = []
        self.batches: list[float] = []
        self.kind, self.dice = "plain", random.Random(1)
        self.started = self.last = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        self.reporter.on_train_begin()
        super().on_train_begin(logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.reporter.on_epoch_begin(0)
        super().on_epoch_begin(epoch, logs)
        self.started = self.last = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        logs = {name: float(value) for name, value in logs.items()}
        if self.kind == "reported":
            self.ends.append((batch + 1, time.monotonic()))
            self.reporter.on_train_batch_end(batch, logs=logs)
        elif self.kind == "control":
            self.idle.on_train_batch_end(batch, logs=logs)
        now = time.monotonic()
        if now - self.started > SETTLING_SHARE * self.seconds:
            self.batches.append(now - self.last)
        self.last = now
        if now - self.started > self.seconds:
            # The mean, not the median: a picture that holds up one batch in ten is a cost, too.
            self.taken.append((self.kind, statistics.fmean(self.batches)))
            self.batches.clear()
            self.kind = "plain" if self.kind != "plain" else self.dice.choice(["reported", "reported", "control"])
            self.started = self.last = time.monotonic()
            self.model.stop_training = len(self.taken) >= self.blocks


def main(wire: Wire) -> None:
    """Wait for the wish to train, fit, and write the results down."""
    seconds, blocks, result = float(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    wire.send(protocol.Ready(keras.__version__, "", ("CPU",), 0.0))
    while not isinstance(message := wire.inbox.get(), protocol.Train):
        if isinstance(message, protocol.Warm):
            wire.send(protocol.Warmed(message.id, 0.0))
    keras.utils.set_random_seed(1)
    model = network("cnn")
    numbers = np.random.default_rng(0)
    x = numbers.normal(size=(ROWS, *model.input_shape[1:])).astype("float32")
    y = numbers.integers(0, 10, ROWS)
    model.fit(x, y, batch_size=BATCH_SIZE, epochs=1, verbose=0)
    rows = tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH_SIZE, drop_remainder=True).repeat()
    steps = 1_000_000  # one epoch without end: what an epoch's end costs is no matter of streaming
    reporter = Reporter(wire.send, RunControl(message.run))
    found = WindowBlocks(reporter, model, seconds, blocks, steps)
    model.fit(rows, steps_per_epoch=steps, epochs=1, verbose=0, callbacks=found)
    reporter.finish()
    result.write_text(json.dumps({"taken": found.taken, "ends": found.ends}), encoding="utf-8")
    wire.send(protocol.RunEnded(message.run, "finished", "Measured."))
    time.sleep(1)


if __name__ == "__main__":
    descriptor = os.dup(1)
    os.dup2(2, 1)  # what Keras prints is no message
    found_wire = Wire(descriptor)
    found_wire.start()
    main(found_wire)
