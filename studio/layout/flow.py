"""A graph of numbers without cycles: what all steps of the layout work on."""

from __future__ import annotations

from collections.abc import Sequence

from studio.immutable import immutable

Ends = tuple[int, int]
"""Source and target of an edge, as numbers of nodes."""


@immutable
class Flow:
    """Nodes 0 .. count - 1 and edges between them, none of which closes a cycle.

    ``leaving`` and ``entering`` hold numbers of edges per node; entering ones stand in the order of the node's inputs.
    ``order`` names every node after all nodes from which an edge leads to it.
    """

    count: int
    edges: tuple[Ends, ...]
    leaving: tuple[tuple[int, ...], ...]
    entering: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, count: int, edges: Sequence[Ends]) -> Flow:
        """The flow along edges that are known to close no cycle, given in the order of the inputs where they end."""
        leaving: list[list[int]] = [[] for _ in range(count)]
        entering: list[list[int]] = [[] for _ in range(count)]
        for number, (source, target) in enumerate(edges):
            leaving[source].append(number)
            entering[target].append(number)
        waiting = [len(found) for found in entering]
        order = [node for node in range(count) if not waiting[node]]
        for node in order:  # grows while it is read
            for number in leaving[node]:
                target = edges[number][1]
                waiting[target] -= 1
                if not waiting[target]:
                    order.append(target)
        return cls(count, tuple(edges), tuple(map(tuple, leaving)), tuple(map(tuple, entering)), tuple(order))


def forward_edges(count: int, edges: Sequence[Ends]) -> list[int]:
    """Numbers of the edges that remain when those that lead back into the path they come from are left out.

    A depth-first search, from nodes without inputs first, so that a cycle is entered where data enters it.
    """
    leaving: list[list[int]] = [[] for _ in range(count)]
    has_input = [False] * count
    for number, (source, target) in enumerate(edges):
        leaving[source].append(number)
        has_input[target] = True
    unseen, open_, done = 0, 1, 2
    state = [unseen] * count
    forward: list[int] = []
    for start in sorted(range(count), key=has_input.__getitem__):
        if state[start] != unseen:
            continue
        state[start] = open_
        stack = [(start, iter(leaving[start]))]
        while stack:
            node, left = stack[-1]
            for number in left:
                target = edges[number][1]
                if state[target] == open_:
                    continue
                forward.append(number)
                if state[target] == unseen:
                    state[target] = open_
                    stack.append((target, iter(leaving[target])))
                    break
            else:
                state[node] = done
                stack.pop()
    return sorted(forward)


def longest_path(flow: Flow) -> list[int]:
    """Edges of the longest path: the main chain of the drawing. Of equally long ones that along the first edges."""
    length = [1] * flow.count
    following = [-1] * flow.count
    for node in reversed(flow.order):
        for number in flow.leaving[node]:
            longer = length[flow.edges[number][1]] + 1
            if longer > length[node]:
                length[node] = longer
                following[node] = number
    path = []
    number = following[max(range(flow.count), key=length.__getitem__)] if flow.count else -1
    while number >= 0:
        path.append(number)
        number = following[flow.edges[number][1]]
    return path
