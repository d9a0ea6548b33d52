"""Answers about immutable values, found again by the identity of the value.

Projects share everything that an edit did not touch, so identity is the cheapest key there is: after an edit of one
node, 999 of 1,000 answers are still there. The values themselves are not hashable (they hold dictionaries).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
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


class Followed(Generic[K, V]):
    """Answers about every value of a mapping, kept up while edits make new mappings of mostly the same values.

    A ``place`` is what such mappings follow each other in (a graph by its key, for example); its last few mappings are
    remembered, since undo comes back to one, together with the ``context`` on which answers depend besides. All of it
    is compared by identity.
    """

    _MOST_LAST = 4

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._last: dict[Hashable, tuple[tuple[object, Mapping[str, K], dict[str, V]], ...]] = {}

    def get(self, place: Hashable, context: object, values: Mapping[str, K], make: Callable[[K], V]) -> Mapping[str, V]:
        """An answer for each key, in the order of ``values``; the same mapping where nothing has changed."""
        latest = [each for each in self._last.get(place, ()) if each[0] is context]
        for _, before, known in latest:
            if before is values:
                return known
        if not latest:
            found = {key: make(value) for key, value in values.items()}
        else:
            _, before, known = latest[0]
            changed = {key: make(value) for key, value in values.items() if before.get(key) is not value}
            if not changed and len(before) == len(values) and list(before) == list(values):
                return known
            found = {key: changed[key] if key in changed else known[key] for key in values}
        if len(self._last) >= self._limit:
            self._last.clear()
        self._last[place] = ((context, values, found), *latest[: self._MOST_LAST - 1])
        return found
