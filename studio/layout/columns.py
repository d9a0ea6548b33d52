"""Columns: items that stand exactly below each other, so that the edges between them are straight.

Chosen one segment after the other by importance, no two crossing, as blocks are in Brandes and Köpf, "Fast and simple
horizontal coordinate assignment" (2001), but with our priorities: the main chain, lanes of long edges, chains, others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Set

from studio.immutable import immutable
from studio.layout.modules import Module, modules_of
from studio.layout.rows import Order, Rows

_SAME_PLACE_PX = 24.0
"""What stood further apart was put apart on purpose, or by a module that spread evenly; around it, it stays so."""


@immutable
class Columns:
    """``of`` says for each item in which of the ``count`` columns it stands."""

    of: list[int]
    count: int


def columns_of(rows: Rows, order: Order, main: Iterable[int], firm: Set[int], before: Mapping[int, float]) -> Columns:
    """Join items into columns, but for those that stood apart ``before`` (middles of items, px)."""
    modules = modules_of(rows, order)
    stacked = _Stacked(rows, order, before)
    for segments in _by_importance(rows, modules, set(main), firm):
        for above, below in segments:
            stacked.join(above, below)
    return _with_trunk(stacked, modules)


class _Stacked:
    """Which item stands straight below which. Joined segments never cross."""

    def __init__(self, rows: Rows, order: Order, before: Mapping[int, float]) -> None:
        self.rows = rows
        self.order = order
        self.before = before
        self.place = [0] * len(rows.rank)
        for row in order:
            for place, item in enumerate(row):
                self.place[item] = place
        self.below = [-1] * len(rows.rank)
        self.above = [-1] * len(rows.rank)
        # Places of the joined segments under each rank: upper ends, and the lower ends in the same order.
        self._joined: list[tuple[list[int], list[int]]] = [([], []) for _ in order]

    def join(self, above: int, below: int) -> None:
        """Put one item straight below another, unless one of them or a joined segment is in the way."""
        if self.below[above] >= 0 or self.above[below] >= 0 or self.stood_apart(above, below):
            return
        uppers, lowers = self._joined[self.rows.rank[above]]
        upper, lower = self.place[above], self.place[below]
        at = bisect_left(uppers, upper)
        if (at > 0 and lowers[at - 1] >= lower) or (at < len(lowers) and lowers[at] <= lower):
            return
        uppers.insert(at, upper)
        lowers.insert(at, lower)
        self.below[above] = below
        self.above[below] = above

    def stood_apart(self, one: int, other: int) -> bool:
        """Whether what ends with ``one`` and what begins with ``other`` had places before, and not the same ones."""
        if not self.before:
            return False
        upper, lower = self._stood(one, self.above), self._stood(other, self.below)
        return upper is not None and lower is not None and abs(upper - lower) > _SAME_PLACE_PX

    def _stood(self, item: int, following: list[int]) -> float | None:
        """The place of the nearest item on the way along ``following`` that had one."""
        while item >= 0 and item not in self.before:
            item = following[item]
        return self.before.get(item)


def _by_importance(rows: Rows, modules: list[Module], main: set[int], firm: Set[int]) -> list[list[tuple[int, int]]]:
    """The segments that may become straight, in classes. Where a fan begins and ends its branches are equals."""
    fork_ranks = {module.first for module in modules if module.is_fan}
    join_ranks = {module.last - 1 for module in modules if module.is_fan or module.is_gathered}
    out = [len(below) for below in rows.down]
    into = [len(above) for above in rows.up]
    nodes_below = [sum(map(rows.is_node, below)) for below in rows.down]
    nodes_above = [sum(map(rows.is_node, above)) for above in rows.up]
    first: list[tuple[int, int]] = []
    main_chain: list[tuple[int, int]] = []
    lanes: list[tuple[int, int]] = []
    chains: list[tuple[int, int]] = []
    rest: list[tuple[int, int]] = []
    for above, below, edge in rows.segments:
        rank = rows.rank[above]
        segment = (above, below)
        if edge in firm:
            first.append(segment)
        elif rank in fork_ranks or rank in join_ranks:
            continue
        elif edge in main:
            main_chain.append(segment)
        elif not rows.is_node(above) and not rows.is_node(below):
            lanes.append(segment)
        elif rows.is_node(above) and out[above] == 1 and (into[below] == 1 or not rows.is_node(below)):
            chains.append(segment)
        elif rows.is_node(above) and rows.is_node(below) and nodes_below[above] == 1 == nodes_above[below]:
            rest.append(segment)
    return [first, main_chain, lanes, chains, rest]


def _with_trunk(stacked: _Stacked, modules: list[Module]) -> Columns:
    """Number the columns; those of items that stand alone in their rank become one, the trunk of the drawing.

    Nothing passes a rank with a single item. So joining two such columns cannot contradict the order, as long as at
    most one of them reaches into the module between them.
    """
    order, rank = stacked.order, stacked.rows.rank
    of = [-1] * len(rank)
    count = 0
    for row in order:
        for item in row:
            above = stacked.above[item]
            if above >= 0:
                of[item] = of[above]
            else:
                of[item] = count
                count += 1
    same = list(range(count))
    for module in modules:
        if module.first < 0 or module.last >= len(order) or module.is_gathered:
            continue
        upper, lower = order[module.first][0], order[module.last][0]
        reaches_down = module.last - module.first > 1 and stacked.below[upper] >= 0
        reaches_up = module.last - module.first > 1 and stacked.above[lower] >= 0
        if not (reaches_down and reaches_up) and not stacked.stood_apart(upper, lower):
            same[of[lower]] = same[of[upper]]
    numbers: dict[int, int] = {}
    return Columns([numbers.setdefault(same[column], len(numbers)) for column in of], len(numbers))
