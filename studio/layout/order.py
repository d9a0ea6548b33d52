"""The order of the items in each rank, with few crossings and the inputs of merges in their order."""

from __future__ import annotations

from collections.abc import Sequence, Set

from studio.layout.arrangement import Effort, Question
from studio.layout.chains import Chains
from studio.layout.crossings import Ordering
from studio.layout.flow import Flow
from studio.layout.rows import Order, Rows
from studio.layout.starts import from_inputs, from_outputs

_PATIENCE = 4
"""Sweeps without success after which the search ends."""


def ordered(flow: Flow, rows: Rows, main: Sequence[int], effort: Effort, cancelled: Question) -> tuple[Order, int]:
    """An order with few crossings, and their number."""
    search = _Search(rows, effort, cancelled)
    outwards = from_outputs(flow, rows)
    search.offer(Ordering(rows, outwards, cancelled))
    if search.cost and effort.sweeps:
        inwards = from_inputs(flow, rows, main)
        for start in (outwards, inwards):
            ordering = Ordering(rows, start, cancelled)
            ordering.swap_neighbours()
            search.offer(ordering)
        for start in (search.order, inwards):
            search.sweep(start)
        search.sift()
        search.move_chains()
    return search.order, Ordering(rows, search.order, cancelled).crossings()


def reordered(rows: Rows, start: Order, stood: Set[int], effort: Effort, cancelled: Question) -> tuple[Order, int]:
    """The given order, but for new neighbours that cross less the other way round; and the crossings that remain.

    Inputs of a merge that stand in another order were put so by hand, and stay.
    """
    ordering = Ordering(rows, start, cancelled)
    crossings = ordering.crossings()
    if crossings and effort.sweeps:
        ordering.swap_neighbours(stood=stood)
        crossings = ordering.crossings()
    return ordering.order, crossings


class _Search:
    """Keeps the best order seen."""

    def __init__(self, rows: Rows, effort: Effort, cancelled: Question) -> None:
        self.rows = rows
        self.effort = effort
        self.cancelled = cancelled
        self.order: Order = []
        self.cost = -1

    def offer(self, ordering: Ordering) -> int:
        """Keep this order if it is better; returns its cost."""
        found = ordering.cost()
        if self.cost < 0 or found < self.cost:
            self.order, self.cost = ordering.copy(), found
        return found

    def sweep(self, start: Order) -> None:
        """Down and up in turns, sort each rank by the places of what it is joined to; twice by their mean, twice by
        their median (Sugiyama et al. 1981; Eades and Wormald 1994), neighbours exchanged after each sweep."""
        ordering = Ordering(self.rows, start, self.cancelled)
        best_here = -1
        patience = _PATIENCE
        for turn in range(self.effort.sweeps):
            if not self.cost or not patience:
                return
            self._sort_once(ordering, is_downwards=turn % 2 == 0, is_by_median=turn % 4 >= 2)
            ordering.swap_neighbours()
            found = self.offer(ordering)
            if best_here < 0 or found < best_here:
                best_here, patience = found, _PATIENCE
            else:
                patience -= 1

    def _sort_once(self, ordering: Ordering, *, is_downwards: bool, is_by_median: bool) -> None:
        place = ordering.place
        joined = self.rows.up if is_downwards else self.rows.down
        rows = ordering.order[1:] if is_downwards else ordering.order[-2::-1]
        for row in rows:
            if len(row) < 2:
                continue
            keys: dict[int, float] = {}
            for item in row:
                ends = [place[end] for end in joined[item]]
                if not ends:
                    keys[item] = place[item]
                elif is_by_median:
                    ends.sort()
                    keys[item] = (ends[(len(ends) - 1) // 2] + ends[len(ends) // 2]) / 2
                else:
                    keys[item] = sum(ends) / len(ends)
            row.sort(key=keys.__getitem__)
            ordering.number(row)

    def sift(self) -> None:
        """Sift the best order as long as it gets better."""
        ordering = Ordering(self.rows, self.order, self.cancelled)
        for _ in range(self.effort.sifts):
            before = self.cost
            if not before or not ordering.sift():
                return
            ordering.swap_neighbours()
            if self.offer(ordering) >= before:
                return

    def move_chains(self) -> None:
        """Sift whole chains of the best order as long as that saves anything."""
        steps = self.effort.steps
        if not self.cost or not steps:
            return
        chains = Chains(self.rows, self.order, self.cancelled)
        saved = 1
        while saved and steps:
            saved, steps = chains.sift(steps)
        self.offer(Ordering(self.rows, chains.in_ranks(), self.cancelled))
