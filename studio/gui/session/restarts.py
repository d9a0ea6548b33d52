"""How often an engine that died is started again without being asked."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MOST_DEATHS = 3
WITHIN_SECONDS = 60.0
"""A drawing that kills the engine would kill the next one too, for ever; Keras takes a few seconds to import."""


class Restarts:
    """Counts deaths. ``note_death`` tells whether the engine should be started again by itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    def note_death(self) -> bool:
        """Note that the engine died now. False where it died so often lately that it would only die again."""
        now = self._clock()
        self._deaths.append(now)
        return len(self._deaths) < MOST_DEATHS or now - self._deaths[0] > WITHIN_SECONDS

    def forget(self) -> None:
        """A person wants it to be started: count from now."""
        self._deaths.clear()
