"""Fewer crossings by moving whole chains, and merges together with the branches that end in them.

Exchanging items of one rank (``crossings``) stops where two branches would have to change places in all their ranks at
once. So here a chain, which is a run of nodes or the lane of a long edge, is taken out of the drawing and put to the
best of all places between the others while these stay: Bachmaier, Brandenburg, Brunner and Hübner, "Global k-level
crossing reduction" (2011). A merge and its branches move as one where that is better than each by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studio.layout.arrangement import Question, stop_if
from studio.layout.crossings import crossings_saved, merged_of, order_saved
from studio.layout.flow import Flow, forward_edges
from studio.layout.rows import Order, Rows


class Chains:
    """The items of all ranks as chains, and all chains in one order from left to right.

    Two chains are only compared where both have an item in a rank. An order that takes chains across each other comes
    out with them side by side.
    """

    def __init__(self, rows: Rows, order: Order, cancelled: Question) -> None:
        self.rows = rows
        self.cancelled = cancelled
        of, self.items = _chains_of(rows, order)
        self.first = [rows.rank[items[0]] for items in self.items]
        self.last = [rows.rank[items[-1]] for items in self.items]
        self.above = [[of[end] for end in rows.up[items[0]]] for items in self.items]
        self.below = [[of[end] for end in rows.down[items[-1]]] for items in self.items]
        merged = merged_of(rows)
        self._merged = [merged[items[-1]] for items in self.items]
        neighbours = list(dict.fromkeys((of[left], of[right]) for row in order for left, right in pairwise(row)))
        forward = [neighbours[number] for number in forward_edges(len(self.items), neighbours)]
        self.order = list(Flow.of(len(self.items), forward).order)
        self.place = [0.0] * len(self.items)
        self._number()
        self._in_rank: list[set[int]] = [set() for _ in order]
        for chain in self.order:
            for rank in range(self.first[chain], self.last[chain] + 1):
                self._in_rank[rank].add(chain)

    def in_ranks(self) -> Order:
        """The order of the items in each rank."""
        order: Order = [[] for _ in self._in_rank]
        for chain in self.order:
            for item in self.items[chain]:
                order[self.rows.rank[item]].append(item)
        return order

    def sift(self, steps: int) -> tuple[int, int]:
        """Move every merge with its branches, and every chain, to its best place. Returns what was saved and how many
        of the ``steps`` are left: in one a chain passes another."""
        saved = 0
        for unit in [*self._merges(), *([chain] for chain in range(len(self.items)))]:
            stop_if(self.cancelled)
            near = self._near(unit)
            steps -= 2 * len(unit) * len(near)
            if steps < 0:
                break
            if near:
                saved += self._sift_unit(unit, near)
        return saved, max(steps, 0)

    def _merges(self) -> list[list[int]]:
        """Merges with their branches, where these lead nowhere else."""
        found = []
        for chain, above in enumerate(self.above):
            branches = list(dict.fromkeys(above))
            if len(branches) > 1 and all(self.below[branch] == [chain] for branch in branches):
                found.append([*branches, chain])
        return found

    def _near(self, unit: Sequence[int]) -> list[int]:
        """The chains beside those of a unit, from left to right."""
        ranks = {rank for chain in unit for rank in range(self.first[chain], self.last[chain] + 1)}
        found = set().union(*(self._in_rank[rank] for rank in ranks)).difference(unit)
        return sorted(found, key=self.place.__getitem__)

    def _sift_unit(self, unit: Sequence[int], near: Sequence[int]) -> int:
        """Take the unit to the far left, then past one chain after the other, and leave it where that saves most."""
        place = self.place
        members = sorted(unit, key=place.__getitem__)
        stood = [place[member] for member in members]
        gap = 1 / (len(members) + 1)
        total = 0
        for at, member in enumerate(members):
            for other in reversed(near):
                if place[other] < place[member]:
                    total += self._saved(other, member)
                    place[member] = place[other] - 1 + gap * (at + 1)
            place[member] = place[near[0]] - 1 + gap * (at + 1)
        best, best_at = (total, 0) if total > 0 else (0, -1)
        for number, other in enumerate(near, 1):
            for at in range(len(members) - 1, -1, -1):
                total += self._saved(members[at], other)
                place[members[at]] = place[other] + gap * (at + 1)
            if total > best:
                best, best_at = total, number
        for member, old in zip(members, stood, strict=True):
            place[member] = old
        if best_at >= 0:
            rest = [chain for chain in self.order if chain not in unit]
            at = rest.index(near[best_at - 1]) + 1 if best_at else rest.index(near[0])
            self.order = [*rest[:at], *members, *rest[at:]]
            self._number()
        return best

    def _number(self) -> None:
        for number, chain in enumerate(self.order):
            self.place[chain] = float(number)

    def _saved(self, left: int, right: int) -> int:
        """What it saves when two chains side by side change places; less than nothing where it costs.

        Only the first and the last rank that both have matter: between them both run straight.
        """
        first, last = max(self.first[left], self.first[right]), min(self.last[left], self.last[right])
        if first > last:
            return 0
        saved = crossings_saved(self._ends(left, first, last), self._ends(right, first, last))
        if self.last[left] == last == self.last[right]:
            saved += order_saved(self._merged[left], self._merged[right])
        return saved

    def _ends(self, chain: int, first: int, last: int) -> tuple[list[float], list[float]]:
        """Places of what a chain is joined to above and below two ranks; its own, where it goes on there."""
        place = self.place
        above = [place[end] for end in self.above[chain]] if self.first[chain] == first else [place[chain]]
        below = [place[end] for end in self.below[chain]] if self.last[chain] == last else [place[chain]]
        above.sort()
        below.sort()
        return above, below


def _chains_of(rows: Rows, order: Order) -> tuple[list[int], list[list[int]]]:
    """The chain of each item, and the items of each chain from top to bottom.

    An edge may cross others below a merge or above a fork, so the node there and the lane are two chains.
    """
    up, down = rows.up, rows.down
    of = [-1] * len(rows.rank)
    chains: list[list[int]] = []
    for row in order:
        for item in row:
            if len(up[item]) == 1 and len(down[item]) < 2:
                above = up[item][0]
                if len(down[above]) == 1 and len(up[above]) < 2:
                    of[item] = of[above]
                    chains[of[item]].append(item)
                    continue
            of[item] = len(chains)
            chains.append([item])
    return of, chains
