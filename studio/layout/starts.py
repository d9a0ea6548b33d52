"""The order from which the search for few crossings begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from studio.layout.flow import Flow
from studio.layout.rows import Order, Rows

_ASIDE_PX = 1e-3
"""A new lane goes to the right of what stands at the same place."""


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


def from_places(flow: Flow, rows: Rows, nodes: Mapping[int, float], lanes: Mapping[int, float]) -> Order:
    """As things stand already: nodes and the lanes of edges by x; what is new between what it is joined to."""
    x: dict[int, float] = dict(nodes)
    for _ in range(3):  # new nodes may hang on new nodes
        for node in range(flow.count):
            if node not in x:
                ends = [flow.edges[n][0] for n in flow.entering[node]] + [flow.edges[n][1] for n in flow.leaving[node]]
                known = [x[end] for end in ends if end in x]
                if known:
                    x[node] = sum(known) / len(known) + _ASIDE_PX
    for number, chain in enumerate(rows.chains):
        source, target = flow.edges[number]
        start, end = x.get(source, 0.0), x.get(target, 0.0)
        for step, item in enumerate(chain, 1):
            between = start + (end - start) * step / (len(chain) + 1) + _ASIDE_PX
            x[item] = lanes.get(number, between)
    order: Order = [[] for _ in range(rows.height)]
    for item, rank in enumerate(rows.rank):
        order[rank].append(item)
    for row in order:
        row.sort(key=lambda item: x.get(item, 0.0))
    return order


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
