"""What a person adds after what: counted as they draw, remembered by the settings, never part of a project."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

_MOST: Final = 2_000
"""Above so many additions all counts are halved: what one did last year fades."""


class Habits:
    """Counts of (type before, type added). ``keep`` gets the text from which they can be read again."""

    def __init__(self, text: str = "", keep: Callable[[str], object] = lambda text: None) -> None:
        self._keep = keep
        self._counts = _read(text)
        self._count_all()

    def note(self, before: str, added: str) -> None:
        """A layer was added after another one; ``before`` is "" where it stands alone."""
        counts = self._counts.setdefault(before, {})
        counts[added] = counts.get(added, 0) + 1
        if len(self) >= _MOST:
            halved = {key: {type: n // 2 for type, n in found.items() if n > 1} for key, found in self._counts.items()}
            self._counts = {key: found for key, found in halved.items() if found}
        self._count_all()
        self._keep(json.dumps(self._counts, separators=(",", ":"), sort_keys=True))

    def forget(self) -> None:
        """Begin anew."""
        self._counts = {}
        self._count_all()
        self._keep("")

    def __len__(self) -> int:
        return self._whole

    @property
    def types(self) -> Collection[str]:
        """All types that were added."""
        return self._anywhere.keys()

    def after(self, before: str, added: str) -> float:
        """The share of a type among what was added after another; near 0 while there are few."""
        counts = self._counts.get(before, {})
        return counts.get(added, 0) / (sum(counts.values()) + _FEW)

    def at_all(self, added: str) -> float:
        """The share of a type among all that was added."""
        return self._anywhere[added] / (self._whole + 5 * _FEW)

    def _count_all(self) -> None:
        self._anywhere: Counter[str] = Counter()
        for found in self._counts.values():
            self._anywhere.update(found)
        self._whole = self._anywhere.total()


_FEW: Final = 2
"""One addition is not a habit yet: it makes a third, three make 60 %."""


def _read(text: str) -> dict[str, dict[str, int]]:
    """What a text says; what cannot be read was never counted."""
    try:
        plain = json.loads(text) if text else {}
    except ValueError:
        return {}
    found: dict[str, dict[str, int]] = {}
    for before, counts in plain.items() if isinstance(plain, dict) else ():
        if isinstance(counts, dict):
            whole = {str(type): n for type, n in counts.items() if _is_count(n)}
            found |= {before: whole} if whole else {}
    return found


def _is_count(number: object) -> bool:
    """Whether a stored count is one."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number <= _MOST
