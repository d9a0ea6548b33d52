"""Modules: the parts of a network between two ranks in which a single item stands, such as one Inception module."""

from __future__ import annotations

from itertools import pairwise

from studio.immutable import immutable
from studio.layout.rows import Order, Rows

_LONGEST_FAN = 24
"""Ranks. A fan of three or more branches that is longer is a whole network; there the main chain matters more."""
_BALANCED = 0.75
_GATHERED, _BROAD = 4, 0.5
"""So many branches that begin by themselves are of equal standing, if at least three stand in so many of the ranks."""


@immutable
class Module:
    """The ranks between ``first`` and ``last``, which hold one item each (or lie outside, at -1 or behind the end).

    ``is_fan``: branches of equal standing, to be drawn evenly around the middle, as papers draw them; otherwise one
    branch is the main one and the rest stands beside it. ``is_gathered``: such branches are merged at the end, but each
    begins by itself; what stands alone in the first rank is only the longest of them.
    """

    first: int
    last: int
    is_fan: bool
    is_gathered: bool


def modules_of(rows: Rows, order: Order) -> list[Module]:
    """The modules from top to bottom."""
    single = [-1, *(rank for rank, row in enumerate(order) if len(row) == 1), len(order)]
    return [
        Module(first, last, _is_fan(rows, order, first, last), _is_gathered(rows, order, first, last))
        for first, last in pairwise(single)
    ]


def _is_fan(rows: Rows, order: Order, first: int, last: int) -> bool:
    """Whether several branches lead from the first item to the last: three, or two that are about equally long.

    Branches that are merged earlier and go on as one do not count, so that a residual connection around a fan leaves
    the main chain where it is.
    """
    ends = [_ends(rows, rows.down, order[first][0], last)] if first >= 0 else []
    ends += [_ends(rows, rows.up, order[last][0], first)] if last < len(order) else []
    if not ends or min(ends) < 2:
        return False
    counts = [sum(map(rows.is_node, row)) for row in order[first + 1 : last]]
    widest = max(counts, default=0)
    if widest >= 3:
        return len(counts) <= _LONGEST_FAN
    return widest == 2 and sum(count == 2 for count in counts) >= _BALANCED * len(counts)


def _is_gathered(rows: Rows, order: Order, first: int, last: int) -> bool:
    """Whether many branches lead to the last item, most of which have inputs of their own."""
    if first < 0 or last >= len(order) or _ends(rows, rows.up, order[last][0], first) < _GATHERED:
        return False
    inner = order[first + 1 : last]
    begins = sum(not rows.up[item] for row in inner for item in row)
    broad = sum(sum(map(rows.is_node, row)) >= 3 for row in inner)
    top = first
    while top > 0 and len(order[top - 1]) == 1:
        top -= 1
    return begins >= _GATHERED - 1 and broad >= _BROAD * (last - top)


def _ends(rows: Rows, joined: list[list[int]], item: int, far: int) -> int:
    """How many branches begin (or end) at an item, without edges that go straight to the far end of the module."""
    count = 0
    for following in joined[item]:
        while not rows.is_node(following) and rows.rank[following] != far:
            following = joined[following][0]
        count += rows.rank[following] != far
    return count
