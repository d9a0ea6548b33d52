"""One long fit in which blocks of batches are reported, plain, or given to a callback that does nothing (the control).

Prints protocol lines as an engine does and, as the last line, one JSON object with the ratios.
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
from keras import layers

from studio import protocol
from studio.engine.control import RunControl
from studio.engine.reporter import Reporter

sys.path.insert(0, str(Path(__file__).parent))  # a script: it runs where the tests are no package
from block_ratio import ratio

BLOCK = {"mlp": 25, "cnn": 10}
BATCH_SIZE = 32
ROWS = 10_000


def network(name: str) -> Any:
    """A small network of either kind, compiled as exported files compile theirs."""
    if name == "mlp":
        parts = [keras.Input((20,)), layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu")]
    else:
        parts = [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
        ]
    model = keras.Sequential([*parts, layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Blocks(keras.callbacks.CallbackList):  # type: ignore[misc]
    """Lets the reporter see only the batches of its blocks, and takes the time of every block."""

    def __init__(self, reporter: Reporter, model: Any, size: int, epochs: int, steps: int) -> None:
        super().__init__([], add_history=True, add_progbar=False, model=model, epochs=epochs, steps=steps, verbose=0)
        self.reporter, self.size = reporter, size
        reporter.set_model(model)
        reporter.set_params({"epochs": epochs, "steps": steps})
        self.idle = keras.callbacks.Callback()
        self.taken: list[tuple[str, float]] = []
        self.kind, self.count, self.started = "", 0, 0.0
        self.dice = random.Random(1)

    def on_train_begin(self, logs: Any = None) -> None:
        self.reporter.on_train_begin()
        super().on_train_begin(logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.reporter.on_epoch_begin(epoch)
        super().on_epoch_begin(epoch, logs)
        self.kind, self.count = "", 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        # As CallbackList does for plain callbacks: logs become floats, then each callback is called.
        logs = {name: float(value) for name, value in logs.items()}
        if self.kind == "reported":
            self.reporter.on_train_batch_end(batch, logs=logs)
        elif self.kind == "control":
            self.idle.on_train_batch_end(batch, logs=logs)
        self.count += 1
        if self.count % self.size == 0:
            now = time.perf_counter()
            if self.kind:
                self.taken.append((self.kind, (now - self.started) / self.size))
            self.kind = "plain" if self.kind != "plain" else self.dice.choice(["reported", "control"])
            self.started = time.perf_counter()


def main() -> None:
    """Fit and print."""
    name, epochs = sys.argv[1], int(sys.argv[2])
    keras.utils.set_random_seed(1)
    model = network(name)
    numbers = np.random.default_rng(0)
    x = numbers.normal(size=(ROWS, *model.input_shape[1:])).astype("float32")
    y = numbers.integers(0, 10, ROWS)
    model.fit(x, y, batch_size=BATCH_SIZE, epochs=1, verbose=0)
    reporter = Reporter(lambda message: _send(protocol.encode(message)), RunControl("benchmark"))
    blocks = Blocks(reporter, model, BLOCK[name], epochs, -(-ROWS // BATCH_SIZE))
    model.fit(x, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0, callbacks=blocks)
    reporter.finish()
    median, low, high, count = ratio(blocks.taken, "reported")
    control = ratio(blocks.taken, "control")[0]
    plain = statistics.median(seconds for kind, seconds in blocks.taken if kind == "plain") * 1e6
    found = {"ratio": median, "low": low, "high": high, "blocks": count, "control": control, "plain_us": plain}
    print(json.dumps(found))


def _send(line: bytes) -> None:
    os.write(1, line)


if __name__ == "__main__":
    main()
