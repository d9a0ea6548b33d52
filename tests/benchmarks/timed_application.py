"""An application that takes the time of everything its event loop does."""

from __future__ import annotations

import cProfile
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from studio.gui.background import beside_the_loop

Handler = tuple[float, float, str]
"""Wall milliseconds, processor milliseconds, what it was."""

SHORTEST_MS = 0.5
"""Shorter ones are not noted."""

_deliver = QApplication.notify


class TimedApplication(QApplication):
    """Notes how long the delivery of each event takes, the outermost one only.

    What is delivered inside of a delivery goes through here as well, a thousand events when a window is arranged
    anew. What that call of Python costs is measured at first and taken off the handler.
    """

    def __init__(self) -> None:
        super().__init__(["large-window"])
        self.handled: list[Handler] = []
        self._is_inside = False
        self._nested = 0
        self._waited = [0.0, 0.0]
        self.profile: cProfile.Profile | None = None
        """Set to see what is inside of the handlers."""
        self.hook_ms = self._measure_hook()
        """What one delivery inside of another costs because of this class."""

    def _measure_hook(self, count: int = 5000) -> float:
        receiver, event = QObject(), QEvent(QEvent.Type.User)
        receiver.event(event)
        self._is_inside = True
        taken = []
        for send in (lambda: self.sendEvent(receiver, event), lambda: receiver.event(event)):
            rounds = []
            for _ in range(5):
                started = time.thread_time()
                for _ in range(count):
                    send()
                rounds.append(time.thread_time() - started)
            taken.append(min(rounds))
        self._is_inside = False
        return max(0.0, taken[0] - taken[1]) * 1e3 / count

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self._is_inside:
            self._nested += 1
            return _deliver(self, receiver, event)
        self._is_inside, self._nested = True, 0
        if self.profile is not None:
            self.profile.enable()
        what = f"{event.type().name} {type(receiver).__name__} {receiver.objectName()}".strip()
        waited, self._waited = self._waited, [0.0, 0.0]
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return _deliver(self, receiver, event)
        finally:
            hook = self._nested * self.hook_ms
            spent = (time.perf_counter() - wall - self._waited[0]) * 1e3 - hook
            if spent > SHORTEST_MS:
                self.handled.append((spent, (time.thread_time() - cpu - self._waited[1]) * 1e3 - hook, what))
            self._is_inside, self._waited = False, waited
            if self.profile is not None:
                self.profile.disable()

    def wait(self, work: Callable[[], Any]) -> Any:
        """``beside_the_loop``, whose loop goes on delivering: what it delivers counts for itself."""
        wall, cpu = time.perf_counter(), time.thread_time()
        was_inside, self._is_inside = self._is_inside, False
        try:
            return beside_the_loop(work)
        finally:
            self._is_inside = was_inside
            self._waited[0] += time.perf_counter() - wall
            self._waited[1] += time.thread_time() - cpu
