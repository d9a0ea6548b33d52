"""Ctrl+C during work that has something to keep: a wish that is looked at, not an exception in the middle of a line."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType


class CtrlC:
    """From ``with`` to its end the first Ctrl+C is noted and ``noticed`` is called; a second one interrupts as ever.

    A process that was started deaf to it, as a shell does with what runs in the background of a script, stays deaf.
    """

    def __init__(self) -> None:
        self.is_pressed = False
        self.noticed: Callable[[], None] = lambda: None
        self._is_listening = False

    def __enter__(self) -> CtrlC:
        is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_usual and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._note)
            self._is_listening = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_listening:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.is_pressed:
            raise KeyboardInterrupt
        self.is_pressed = True
        self.noticed()
