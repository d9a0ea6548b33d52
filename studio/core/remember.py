"""Answers about immutable values, found again by the identity of the value.

Projects share everything that an edit did not touch, so identity is the cheapest key there is: after an edit of one
node, 999 of 1,000 answers are still there. The values themselves are not hashable (they hold dictionaries).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Keeps up to ``limit`` answers and the values they belong to; forgets all of them when it is full.

    Each entry holds its key alive, so an ``id()`` cannot come to mean another object. Forgetting everything is as good
    as forgetting the oldest here and needs no lock: the window asks from more than one thread.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: dict[int, tuple[K, V]] = {}

    def get(self, key: K, make: Callable[[K], V]) -> V:
        """The answer about ``key``, made by ``make`` at the first question."""
        entry = self._entries.get(id(key))
        if entry is not None and entry[0] is key:
            return entry[1]
        value = make(key)
        if len(self._entries) >= self._limit:
            self._entries.clear()
        self._entries[id(key)] = (key, value)
        return value
