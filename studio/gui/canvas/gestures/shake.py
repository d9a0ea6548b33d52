"""Tells when the pointer is shaken: quickly there and back again, a few times."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

SWING_PX: Final = 24.0
"""A way back that is shorter than this is a trembling hand."""
TURNS: Final = 3
WITHIN_S: Final = 0.7
"""Slower than this someone looks for a place."""


class Shake:
    """Follows a pointer; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: list[float] = []
        self._farthest: tuple[float, float] | None = None
        self._ways: list[int] = [0, 0]

    def move(self, x: float, y: float) -> bool:
        """The pointer is at this pixel; tells whether it was shaken just now."""
        here = (x, y)
        if self._farthest is None:
            self._farthest = here
        farthest = list(self._farthest)
        is_shaken = False
        for axis in (0, 1):
            gone = here[axis] - farthest[axis]
            way = self._ways[axis]
            if way and gone * way >= 0:
                farthest[axis] = here[axis]
            elif abs(gone) >= SWING_PX:
                self._ways[axis] = 1 if gone > 0 else -1
                farthest[axis] = here[axis]
                is_shaken = (bool(way) and self._turn()) or is_shaken
        self._farthest = (farthest[0], farthest[1])
        return is_shaken

    def _turn(self) -> bool:
        now = self._clock()
        self._turns = [turn for turn in self._turns if now - turn <= WITHIN_S] + [now]
        if len(self._turns) < TURNS:
            return False
        self._turns = []
        return True
