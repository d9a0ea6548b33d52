"""How an engine is started again: after its death, unless it dies again and again, and where a person asks for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from studio.gui.session.engine_process import EngineProcess

MOST_DEATHS = 3
WITHIN_SECONDS = 60.0
"""A drawing that kills the engine would kill the next one too, for ever; Keras takes a few seconds to import."""


class Restarts(QObject):
    """Says when an engine should be started (``due``); whoever owns the engine starts it, with what it has to hear."""

    due = Signal()
    ended = Signal()
    """The engine ended because of ``restart``; ``due`` follows in the next turn of the loop."""

    def __init__(self, engine: EngineProcess, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(engine)
        self._engine = engine
        self._clock = clock
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._is_asked = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.due)
        engine.state_changed.connect(self._engine_state_changed)

    def start(self) -> None:
        """A person wants the engine: start it now, and count deaths from now."""
        self.forget()
        self._soon.stop()
        self.due.emit()

    def restart(self) -> None:
        """End the engine, where it is alive, and start a new one."""
        if self._engine.is_alive:
            self.forget()
            self._is_asked = True
            self._engine.kill(quietly=True)
        else:
            self.start()

    def soon(self) -> None:
        """Start the engine in the next turn of the loop: its end is still being told."""
        self._soon.start()

    def note_death(self) -> bool:
        """The engine died now; it is started again soon. False where it died so often lately that it only would die
        again: then it is not."""
        now = self._clock()
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] <= WITHIN_SECONDS:
            return False
        self.soon()
        return True

    def forget(self) -> None:
        """Count deaths from now."""
        self._deaths.clear()

    def cancel(self) -> None:
        """Start nothing any more: the engine is about to be closed."""
        self._is_asked = False
        self._soon.stop()

    def _engine_state_changed(self, state: str) -> None:
        if state == "off" and self._is_asked:
            self._is_asked = False
            self.ended.emit()
            self._soon.start()
