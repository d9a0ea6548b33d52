"""The order from which the search for few crossings begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from studio.layout.flow import Flow
from studio.layout.rows import Order, Rows


def from_outputs(flow: Flow, rows: Rows) -> Order:
    """Depth-first from the outputs upwards, at each merge along its inputs in their order.

    Most networks come out without a crossing, and the branches of a merge stand in the order of its inputs.
    """
    ends = [node for node in range(flow.count) if not flow.leaving[node]]
    return _depth_first(rows, ends, lambda item: rows.up[item])


def from_inputs(flow: Flow, rows: Rows, main: Iterable[int]) -> Order:
    """Depth-first from the inputs downwards, along the main chain first."""
    following = {}
    for number in main:
        chain = rows.chains[number]
        source, target = flow.edges[number]
        following[source] = chain[0] if chain else target
    starts = sorted(
        (node for node in range(flow.count) if not flow.entering[node]), key=lambda node: node not in following
    )

    def below(item: int) -> Sequence[int]:
        first = following.get(item)
        return rows.down[item] if first is None else sorted(rows.down[item], key=lambda end: end != first)

    return _depth_first(rows, starts, below)


def _depth_first(rows: Rows, starts: Iterable[int], following: Callable[[int], Sequence[int]]) -> Order:
    order: Order = [[] for _ in range(rows.height)]
    seen = [False] * len(rows.rank)
    for start in starts:
        stack = [start]
        while stack:
            item = stack.pop()
            if not seen[item]:
                seen[item] = True
                order[rows.rank[item]].append(item)
                stack += [end for end in reversed(following(item)) if not seen[end]]
    return order
