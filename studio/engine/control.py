"""What the window wants of a run: set on the reader thread, obeyed by the training thread between batches."""

from __future__ import annotations

import threading

from studio.protocol import Measure, Message, Pause, Resume, SetLearningRate, Step, Stop, Train


class RunControl:
    """The wishes for one run. ``has_news`` is the one thing that a batch without wishes looks at."""

    def __init__(self, run: str, *, start_paused: bool = False) -> None:
        self.run = run
        self.has_news = start_paused
        self._changed = threading.Condition()
        self._is_paused = start_paused
        self._steps = 0
        self._is_stopping = False
        self._learning_rate: float | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether the run shall end at the next boundary."""
        return self._is_stopping

    def take(self, message: Message) -> bool:
        """Note a wish of the window; False where the message is none, or is for another run."""
        if not isinstance(message, Pause | Resume | Step | Stop | SetLearningRate) or message.run != self.run:
            return False
        with self._changed:
            match message:
                case Pause():
                    self._is_paused, self._steps = True, 0
                case Resume():
                    self._is_paused, self._steps = False, 0
                case Step():
                    self._is_paused = True
                    self._steps += 1
                case Stop():
                    self._is_stopping = True
                case SetLearningRate(value=value):
                    self._learning_rate = value
            self.has_news = True
            self._changed.notify_all()
        return True

    def take_learning_rate(self) -> float | None:
        """The learning rate that was wished for since the last time, or None."""
        with self._changed:
            value, self._learning_rate = self._learning_rate, None
            return value

    def may_go_on(self) -> bool:
        """Whether the next batch may begin: not while paused, unless a step is left, which this uses up."""
        with self._changed:
            if self._is_stopping or not self._is_paused:
                self.has_news = self._is_stopping or self._learning_rate is not None
                return True
            if self._steps:
                self._steps -= 1
                return True
            return False

    def wait(self) -> None:
        """Sleep until something changes. Ask ``may_go_on`` and ``take_learning_rate`` again after it."""
        with self._changed:
            if not (self._is_stopping or self._steps or not self._is_paused or self._learning_rate is not None):
                self._changed.wait()


class RunControls:
    """The controls of all runs that are asked for. Wishes may come while Keras is still being imported."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._controls: dict[str, RunControl] = {}

    def intercept(self, message: Message) -> bool:
        """Give a wish to its run; True where the message is dealt with.

        A Train or a Measure is noted and left to the trainer.
        """
        with self._lock:
            if isinstance(message, Train | Measure):
                is_held = isinstance(message, Train) and message.start_paused
                self._controls[message.run] = RunControl(message.run, start_paused=is_held)
                return False
            if not isinstance(message, Pause | Resume | Step | Stop | SetLearningRate):
                return False
            control = self._controls.get(message.run)
        if control is not None:
            control.take(message)
        return True  # a wish for a run that is over is late, not wrong

    def of(self, run: str) -> RunControl:
        """The control of a run whose Train has come."""
        with self._lock:
            return self._controls[run]

    def drop(self, run: str) -> None:
        """Forget a run that is over."""
        with self._lock:
            self._controls.pop(run, None)
