"""Where notes go when the nodes around them get other places."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from studio.layout.arrangement import Point
from studio.layout.parts import Rectangle

_ROOM_PX = 16.0


def follow(
    notes: Mapping[str, Rectangle], before: Mapping[str, Rectangle], after: Mapping[str, Rectangle]
) -> dict[str, Point]:
    """The new corner of each note (left, top): it goes along with the node that was nearest, and covers none.

    ``before`` and ``after`` are the rectangles of the nodes (left, top, right, bottom).
    """
    found: dict[str, Point] = {}
    taken: list[Rectangle] = list(after.values())
    for id, note in notes.items():
        near = min(before, key=lambda node: (_gap(before[node], note), node), default=None)
        dx = dy = 0.0
        if near is not None and near in after:
            dx, dy = after[near][0] - before[near][0], after[near][1] - before[near][1]
        was_over = any(_overlap(node, note, 0.0) for node in before.values())
        place = (note[0] + dx, note[1] + dy, note[2] + dx, note[3] + dy)
        if not was_over:  # who laid it over nodes meant that
            place = _pushed(place, taken)
        taken.append(place)
        found[id] = place[:2]
    return found


def _pushed(place: Rectangle, taken: Collection[Rectangle]) -> Rectangle:
    """The nearest place to the right of what it would cover."""
    for _ in range(len(taken) + 1):
        hits = [each for each in taken if _overlap(each, place, _ROOM_PX - 1)]
        if not hits:
            break
        step = max(each[2] for each in hits) + _ROOM_PX - place[0]
        place = (place[0] + step, place[1], place[2] + step, place[3])
    return place


def _gap(one: Rectangle, other: Rectangle) -> float:
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    along = max(one[1] - other[3], other[1] - one[3], 0.0)
    return across * across + along * along


def _overlap(one: Rectangle, other: Rectangle, room: float) -> bool:
    is_beside = one[2] + room <= other[0] or other[2] + room <= one[0]
    return not is_beside and one[1] < other[3] + room and other[1] < one[3] + room
