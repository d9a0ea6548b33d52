"""Reading that takes longer than a frame happens on one thread beside the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, QRunnable, QThread, QThreadPool, Signal

T = TypeVar("T")


class _Voice(QObject):
    """Carries a result from the thread to the event loop. Lives as long as its work does."""

    done = Signal(int, object)


class _Work(QRunnable):
    def __init__(self, number: int, work: Callable[[], object], voice: _Voice) -> None:
        super().__init__()
        self._number, self._work, self._voice = number, work, voice

    def run(self) -> None:
        try:
            result: object = self._work()
        except Exception as error:  # told by whoever asked; an exception must not die silently in a thread
            result = error
        self._voice.done.emit(self._number, result)


class Background(QObject):
    """Does one thing at a time and tells only the result of what was asked last: older wishes are out of date."""

    waiting_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)  # its destructor waits for the thread
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._then: Callable[[object], None] | None = None
        self._voices: dict[int, _Voice] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether a result is still to come."""
        return self._then is not None

    def ask(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Run ``work`` on the thread, then give its result, or the exception that it raised, to ``then``."""
        self._number += 1
        self._then = then
        voice = self._voices[self._number] = _Voice()
        voice.done.connect(self._done)
        self._pool.clear()
        self.waiting_changed.emit(True)
        self._pool.start(_Work(self._number, work, voice))

    def forget(self) -> None:
        """What was asked is of no interest any more."""
        if self._then is not None:
            self._number += 1
            self._then = None
            self.waiting_changed.emit(False)

    def finish(self) -> None:
        """Forget what was asked, and wait until nothing runs any more: who asks wants to touch the same things."""
        self.forget()
        self._pool.clear()
        self._pool.waitForDone()

    def _done(self, number: int, result: object) -> None:
        self._voices.pop(number, None)
        if number != self._number or self._then is None:
            return
        then, self._then = self._then, None
        self._voices.clear()
        self.waiting_changed.emit(False)
        then(result)


def beside_the_loop(work: Callable[[], T]) -> T:
    """Run ``work`` on a thread and come back with its result, or the exception that it raised.

    The window goes on painting meanwhile, and takes no clicks and keys: what they would change is being read or
    written.
    """
    loop = QEventLoop()
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # told to the caller below
            errors.append(error)

    thread = _Thread(run)
    thread.finished.connect(loop.quit)
    thread.start()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    thread.wait()
    if errors:
        raise errors[0]
    return results[0]


class _Thread(QThread):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    # Qt

    def run(self) -> None:
        self._work()
