"""The person's own shortcuts: which keys an action has instead of those of the table, and who has a key already.

``use`` puts changes into force for the whole program; they are remembered by ``gui.settings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeySequence

from studio.gui.canvas import keys

if TYPE_CHECKING:
    from studio.gui.actions import ActionRow

Changes = Mapping[str, tuple[str, ...]]
"""Key texts by the id of an action, for those that are not as in the table."""

_STAYS: Final = "Esc"
"""The one key that nobody may give away: it leads out of everything."""

_FUNCTION_KEY: Final = re.compile(r"(Shift\+)?F\d+")

_changes: dict[str, tuple[str, ...]] = {}


def use(changes: Changes, table: Iterable[ActionRow]) -> None:
    """Put these changes into force; what is not in them is as in the table."""
    _changes.clear()
    _changes.update(changes)
    taken: dict[keys.Combination, str] = {}
    for row in table:
        if row.is_canvas_key and row.id in changes:
            taken |= {found: "" for text in row.shortcuts if (found := keys.combination(text)) is not None}
    for row in table:
        if row.is_canvas_key and row.id in changes:
            taken |= {found: row.id for text in changes[row.id] if (found := keys.combination(text)) is not None}
    texts = ((row.id, text) for row in table if row.is_canvas_key for text in row.shortcuts)
    keys.remap(taken, {found: id for id, text in texts if (found := keys.combination(text)) is not None})


def keys_of(row: ActionRow) -> tuple[str, ...]:
    """The shortcuts that an action has now, the one to show first."""
    return _changes.get(row.id, row.shortcuts)


def normal(text: str) -> str:
    """A key text as Qt writes it, or "" for what is no single key."""
    sequence = QKeySequence(text)
    return sequence.toString() if sequence.count() == 1 and keys.combination(sequence.toString()) is not None else ""


def why_not(row: ActionRow, text: str) -> str:
    """Why an action cannot have this key, in one sentence; "" where it can."""
    found = keys.combination(text)
    if found is None:
        return "This is no key that can be a shortcut."
    if text == _STAYS:
        return f"{_STAYS} cancels and leads out of everything; it cannot be given away."
    is_bare = found[1] in (keys.NONE, keys.SHIFT) and not _FUNCTION_KEY.fullmatch(text)
    if is_bare and not row.is_canvas_key:
        return "A key without Ctrl or Alt works in the drawing only: elsewhere one types with it."
    return ""


def holders(row: ActionRow, text: str, changes: Changes, table: Sequence[ActionRow]) -> list[ActionRow]:
    """The other actions that have this key. Two may share one on purpose: in the drawing and outside of it."""
    found = keys.combination(text)
    return [
        other
        for other in table
        if other.id != row.id
        and any(keys.combination(each) == found for each in changes.get(other.id, other.shortcuts))
    ]


def read(stored: Mapping[str, object], table: Iterable[ActionRow]) -> dict[str, tuple[str, ...]]:
    """The changes in what was stored; what is not understood is passed over."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table:
        if row.id in stored:
            texts = stored[row.id]
            listed = texts if isinstance(texts, (list, tuple)) else str(texts or "").split(", ")
            wanted = tuple(filter(None, map(normal, map(str, listed))))
            if wanted or not any(map(str, listed)):
                found[row.id] = wanted
    return found
