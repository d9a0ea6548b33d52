"""The one callback that the engine adds to a training: it tells the window, and obeys it between batches."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Literal

import keras

from studio import protocol
from studio.engine.batches import BatchValues, metric_names, names_of_no_means
from studio.engine.control import RunControl
from studio.engine.watching import Watched
from studio.protocol import EpochEnded, Message

SEND_SECONDS: Final = 0.05
"""Faster than a curve is redrawn, slower than a message costs: 20 a second leave fit as quick as it was."""
LEFTOVER_SECONDS: Final = 1.2 * SEND_SECONDS
"""A point that no later batch takes along waits no longer: with a picture's 220 ms it is seen within 300."""


class StoppedBeforeTraining(Exception):
    """Stop came while the run was held before its first batch."""


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Collects what each batch gives and sends it every 50 ms.

    ``end`` tells why the training ended early, if the reporter ended it. ``epochs`` are the epochs so far.
    """

    def __init__(
        self,
        send: Callable[[Message], None],
        control: RunControl,
        *,
        samples_of: Callable[[int], int] = int,
        watched: Watched | None = None,
        on_epoch: Callable[[EpochEnded], None] = lambda epoch: None,
    ) -> None:
        super().__init__()
        self.end: Literal["", "stopped", "diverged"] = ""
        self.epochs: list[EpochEnded] = []
        self.step = 0
        self._send = send
        self._control = control
        self._run = control.run
        self._samples_of = samples_of
        self._watched = watched
        self._on_epoch = on_epoch
        self._epoch = 0
        self._epoch_started = 0.0
        self._step_before_epoch = 0
        self._batches = 0
        self._is_partial = False
        self._values: BatchValues | None = None
        # A deque, whose append and popleft are atomic: two threads take part.
        self._pending: deque[tuple[int, int, dict[str, float]]] = deque()
        self._last_sent = 0.0
        self._flushing = threading.Lock()
        self._is_over = threading.Event()

    # Keras calls the methods below, with exactly these parameter names.

    def on_train_begin(self, logs: Any = None) -> None:
        names = metric_names(self.model)
        steps, epochs = self.params.get("steps") or 0, self.params.get("epochs") or 0
        self._send(protocol.RunStarted(self._run, self.model.count_params(), epochs, steps, names))
        self._send(protocol.RunState(self._run, "running"))
        threading.Thread(target=self._flush_leftovers, name="points", daemon=True).start()
        self._predict()
        if self._control.has_news:
            self._obey()
        if self.end:
            raise StoppedBeforeTraining

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._flush()
        self._epoch = epoch + 1
        self._epoch_started = time.monotonic()
        self._step_before_epoch = self.step
        self._batches = 0
        self._is_partial = False
        if self._values is not None:
            self._values.start_epoch()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        steps = self.params["steps"]
        # With several steps per execution Keras's last index overshoots.
        self._batches = batch + 1 if not steps or batch < steps else steps
        self.step = self._step_before_epoch + self._batches
        self._pending.append((self.step, self._batches, logs))
        now = time.monotonic()
        if now - self._last_sent >= SEND_SECONDS:
            self._flush()
        loss = logs["loss"]
        if loss - loss != 0.0:  # NaN and infinity alone
            self._stop("diverged")
        elif self._watched is not None and self._watched.is_due:
            self._predict()
        # At the last batch the epoch is finished first, so that a person who steps sees its result.
        if self._control.has_news and (not steps or self._batches < steps):
            self._obey()

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        if self._control.is_stopping and not self.end:
            self._stop("stopped")
        if self.end:
            self.model.stop_evaluating = True  # fit would do the whole validation before it stops
            self._is_partial = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._flush()
        logs = {name: float(value) for name, value in (logs or {}).items()}
        if self._is_partial:
            logs = {name: value for name, value in logs.items() if not name.startswith("val_")}
        ended = EpochEnded(
            self._run,
            self._epoch,
            logs,
            self._is_partial or bool(self.params["steps"] and self._batches < self.params["steps"]),
            self._learning_rate(),
            time.monotonic() - self._epoch_started,
            self.step,
        )
        self.epochs.append(ended)
        self._send(ended)
        self._on_epoch(ended)
        if self._control.has_news and self._epoch < self.params["epochs"]:
            self._obey()

    def on_train_end(self, logs: Any = None) -> None:
        self.finish()

    def finish(self) -> None:
        """Send what is left. Also called when fit ended with an error."""
        self._is_over.set()
        self._flush()

    def predict_last(self) -> None:
        """Tell what the trained model says about the watched rows."""
        self._predict()

    def _stop(self, end: Literal["stopped", "diverged"]) -> None:
        self.end = end
        self.model.stop_training = True

    def _obey(self) -> None:
        """Do what the window wished, and hold here while it wants a pause."""
        is_held = False
        while True:
            self._set_learning_rate()
            if self._control.may_go_on():
                break
            if not is_held:
                is_held = True
                self._flush()
                self._predict()
                self._send(protocol.RunState(self._run, "paused"))
            self._control.wait()
        if self._control.is_stopping:
            if not self.end:
                self._stop("stopped")
                self._send(protocol.RunState(self._run, "stopping"))
        elif is_held:
            self._send(protocol.RunState(self._run, "running"))

    def _set_learning_rate(self) -> None:
        value = self._control.take_learning_rate()
        if value is None:
            return
        try:
            self.model.optimizer.learning_rate = value
        except TypeError as error:
            message = "The learning rate follows a schedule in this run, so it cannot be set by hand."
            self._send(protocol.Failed(0, message, str(error)))

    def _learning_rate(self) -> float:
        try:
            return float(self.model.optimizer.learning_rate)
        except (AttributeError, TypeError, ValueError):
            return math.nan

    def _predict(self) -> None:
        if self._watched is None:
            return
        inputs = self._watched.inputs if self.step == 0 else {}
        self._send(protocol.Predictions(self._run, self.step, self._watched.predict(self.model), inputs))

    def _flush(self) -> None:
        with self._flushing:
            pending: list[tuple[int, int, dict[str, float]]] = []
            while self._pending:
                pending.append(self._pending.popleft())
            self._last_sent = time.monotonic()
            if not pending:
                return
            if self._values is None:  # the metrics exist only since the first batch was traced
                self._values = BatchValues(self._samples_of, names_of_no_means(self.model.metrics))
            values: dict[str, list[float]] = {}
            for _, batches, logs in pending:
                for name, value in self._values.split(batches, logs).items():
                    values.setdefault(name, []).append(value)
        steps = tuple(step for step, _, _ in pending)
        self._send(protocol.Points(self._run, steps, {name: tuple(found) for name, found in values.items()}))

    def _flush_leftovers(self) -> None:
        """Send the point of a batch that ended just after a message, though the next batch takes long."""
        wait = LEFTOVER_SECONDS
        while not self._is_over.wait(wait):
            wait = self._last_sent + LEFTOVER_SECONDS - time.monotonic()  # batches send by themselves meanwhile
            if wait <= 0.0:
                wait = LEFTOVER_SECONDS
                if self._pending:
                    self._flush()
