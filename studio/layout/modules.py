"""Modules: the parts of a network between two ranks in which a single item stands, such as one Inception module."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from studio.layout.rows import Order, Rows

_LONGEST_FAN = 24
"""Ranks. A fan of three or more branches that is longer is a whole network; there the main chain matters more."""
_BALANCED = 0.75


@dataclass(frozen=True, slots=True)
class Module:
    """The ranks between ``first`` and ``last``, which hold one item each (or lie outside, at -1 or behind the end).

    ``is_fan``: branches of equal standing, to be drawn evenly around the middle, as papers draw them; otherwise one
    branch is the main one and the rest stands beside it.
    """

    first: int
    last: int
    is_fan: bool


def modules_of(rows: Rows, order: Order) -> list[Module]:
    """The modules from top to bottom."""
    single = [-1, *(rank for rank, row in enumerate(order) if len(row) == 1), len(order)]
    return [
        Module(first, last, _is_fan([sum(map(rows.is_node, row)) for row in order[first + 1 : last]]))
        for first, last in pairwise(single)
    ]


def _is_fan(nodes: list[int]) -> bool:
    """Judged by the number of nodes side by side in each rank: three branches, or two that are about equally long."""
    widest = max(nodes, default=0)
    if widest >= 3:
        return len(nodes) <= _LONGEST_FAN
    return widest == 2 and sum(count == 2 for count in nodes) >= _BALANCED * len(nodes)
