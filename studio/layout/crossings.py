"""Edges that cross between neighbouring ranks: counting them, and the exchanges within a rank that make them fewer.

Two inputs of a merge that stand in another order than they are merged are as bad as ``_TURNED`` crossings. All edges of
a merge end at one point, where nobody would see that they are the wrong way round.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence, Set
from typing import TypeVar

from studio.layout.arrangement import Question, stop_if
from studio.layout.rows import Order, Rows

P = TypeVar("P", int, float)

_WIDEST_SIFTED = 60
"""Sifting tries every place for every item of a rank; in wider ranks it takes longer than it is worth."""
_SWAP_PASSES = 6
_TURNED = 3
"""With 1, NASNetLarge gives up the order at 44 merges for half of its crossings."""


class Ordering:
    """An order of the items of each rank that can be changed, and the place of each item in it."""

    def __init__(self, rows: Rows, order: Order, cancelled: Question) -> None:
        self.rows = rows
        self.cancelled = cancelled
        self.order = [row.copy() for row in order]
        self.place = [0] * len(rows.rank)
        for row in self.order:
            self.number(row)
        self._merged = merged_of(rows)

    def number(self, row: list[int]) -> None:
        """Write down where the items of a rank stand now."""
        for place, item in enumerate(row):
            self.place[item] = place

    def copy(self) -> Order:
        """The order as it is now, for keeping."""
        return [row.copy() for row in self.order]

    def crossings(self) -> int:
        """How often edges cross: the inversions in the lower ends, read along the upper ends."""
        place, down = self.place, self.rows.down
        total = 0
        for row in self.order:
            stop_if(self.cancelled)
            passed: list[int] = []
            for item in row:
                ends = sorted(place[below] for below in down[item])
                if passed and ends and ends[0] < passed[-1]:
                    total += sum(len(passed) - bisect_right(passed, end) for end in ends)
                    for end in ends:
                        insort(passed, end)
                else:
                    passed += ends
        return total

    def cost(self) -> int:
        """Crossings, and pairs of inputs in another order than they are merged. No order is better than one at 0."""
        return self.crossings() + _TURNED * self.turned()

    def turned(self) -> int:
        """How many pairs of inputs of a merge stand in another order than they are merged."""
        total = 0
        for node in range(self.rows.nodes):
            if len(self.rows.up[node]) > 1:
                passed: list[int] = []
                for end in self.rows.up[node]:
                    place = self.place[end]
                    total += len(passed) - bisect_right(passed, place)
                    insort(passed, place)
        return total

    def swap_neighbours(self, *, stood: Set[int] | None = None) -> None:
        """Exchange items side by side as long as that costs less (the "transpose" of Gansner et al. 1993).

        With items that ``stood`` somewhere before, two of these stay side by side as they are, only crossings count,
        and no merge gets its inputs out of their order for them.
        """
        place = self.place
        for _ in range(_SWAP_PASSES):
            has_changed = False
            for row in self.order:
                if len(row) < 2:
                    continue
                stop_if(self.cancelled)
                ends = [self._ends(item) for item in row]
                for at in range(len(row) - 1):
                    if stood is not None and row[at] in stood and row[at + 1] in stood:
                        continue
                    saved, in_order = crossings_saved(ends[at], ends[at + 1]), self._order_saved(row[at], row[at + 1])
                    if (saved + in_order if stood is None else min(saved, in_order + 1)) > 0:
                        row[at], row[at + 1] = row[at + 1], row[at]
                        ends[at], ends[at + 1] = ends[at + 1], ends[at]
                        place[row[at]], place[row[at + 1]] = at, at + 1
                        has_changed = True
            if not has_changed:
                return

    def sift(self) -> bool:
        """Move every item to the best place of its rank while the others stay, those with most edges first.

        Matuszewski, Schönfeld and Molitor, "Using sifting for k-layer straightline crossing minimization" (1999).
        """
        has_changed = False
        for row in self.order:
            if 2 < len(row) <= _WIDEST_SIFTED:
                stop_if(self.cancelled)
                has_changed |= self._sift_row(row)
                self.number(row)
        return has_changed

    def _sift_row(self, row: list[int]) -> bool:
        ends = {item: self._ends(item) for item in row}
        known: dict[tuple[int, int], int] = {}

        def saving(left: int, right: int) -> int:
            found = known.get((left, right))
            if found is None:
                found = known[left, right] = crossings_saved(ends[left], ends[right]) + self._order_saved(left, right)
                known[right, left] = -found
            return found

        has_changed = False
        for item in sorted(row, key=lambda item: -len(ends[item][0]) - len(ends[item][1])):
            at = best_at = row.index(item)
            best = total = 0
            for to in range(at + 1, len(row)):
                total += saving(item, row[to])
                if total > best:
                    best, best_at = total, to
            total = 0
            for to in range(at - 1, -1, -1):
                total += saving(row[to], item)
                if total > best:
                    best, best_at = total, to
            if best_at != at:
                row.insert(best_at, row.pop(at))
                has_changed = True
        return has_changed

    def _order_saved(self, left: int, right: int) -> int:
        return order_saved(self._merged[left], self._merged[right])

    def _ends(self, item: int) -> tuple[list[int], list[int]]:
        """Places of what is joined to an item above and below, from left to right."""
        place, rows = self.place, self.rows
        above, below = rows.up[item], rows.down[item]
        return (
            sorted(place[end] for end in above) if len(above) > 1 else [place[end] for end in above],
            sorted(place[end] for end in below) if len(below) > 1 else [place[end] for end in below],
        )


def order_saved(left: Mapping[int, Sequence[int]], right: Mapping[int, Sequence[int]]) -> int:
    """What it saves in the order of merges when two neighbours change places; less than nothing where it costs.

    Takes what ``merged_of`` tells of both.
    """
    if not left or not right:
        return 0
    return sum(
        _TURNED if number > other else -_TURNED
        for merge in left.keys() & right.keys()
        for number in left[merge]
        for other in right[merge]
    )


def merged_of(rows: Rows) -> list[dict[int, list[int]]]:
    """For each item the merges into which it goes, and as which of their inputs."""
    found: list[dict[int, list[int]]] = [{} for _ in rows.rank]
    for node in range(rows.nodes):
        if len(rows.up[node]) > 1:
            for number, item in enumerate(rows.up[node]):
                found[item].setdefault(node, []).append(number)
    return found


def crossings_saved(left: tuple[list[P], list[P]], right: tuple[list[P], list[P]]) -> int:
    """How many crossings go away when two neighbours change places, given the sorted ends of both above and below."""
    saved = 0
    for ends, others in zip(left, right, strict=True):
        if ends and others and ends[-1] > others[0]:
            saved += _crossed(ends, others)
        if ends and others and others[-1] > ends[0]:
            saved -= _crossed(others, ends)
    return saved


def _crossed(ends: list[P], others: list[P]) -> int:
    """Crossings of edges to ``ends`` from the left item with edges to ``others`` from the right one."""
    return sum(len(ends) - bisect_right(ends, other) for other in others)
