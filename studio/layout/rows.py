"""Nodes and way-points by rank, with edges between neighbouring ranks only: what ordering and placing work on."""

from __future__ import annotations

from collections.abc import Sequence

from studio.immutable import immutable
from studio.layout.flow import Flow

Order = list[list[int]]
"""The items of each rank from left to right."""


@immutable
class Rows:
    """Items 0 .. nodes - 1 are the nodes, those from ``nodes`` on are way-points: one per rank that a long edge passes.

    ``up`` and ``down`` hold the items to which each item is joined in the rank above and below; what stands above a
    node is in the order of its inputs. ``chains`` has the way-points of each edge, ``segments`` the upper item, the
    lower item and the edge of every piece between two ranks.
    """

    nodes: int
    height: int
    rank: list[int]
    up: list[list[int]]
    down: list[list[int]]
    chains: list[list[int]]
    segments: list[tuple[int, int, int]]

    def is_node(self, item: int) -> bool:
        """Whether the item is a node, not a way-point."""
        return item < self.nodes


def rows_of(flow: Flow, ranks: Sequence[int]) -> Rows:
    """Put a way-point into every rank that an edge passes."""
    rank = list(ranks)
    up: list[list[int]] = [[] for _ in rank]
    down: list[list[int]] = [[] for _ in rank]
    chains: list[list[int]] = []
    segments: list[tuple[int, int, int]] = []
    for number, (source, target) in enumerate(flow.edges):
        above = source
        chain = list(range(len(rank), len(rank) + ranks[target] - ranks[source] - 1))
        for item in chain:
            rank.append(rank[above] + 1)
            up.append([above])
            down.append([])
            down[above].append(item)
            segments.append((above, item, number))
            above = item
        down[above].append(target)
        up[target].append(above)  # edges come in the order of inputs, so these do, too
        segments.append((above, target, number))
        chains.append(chain)
    return Rows(flow.count, max(rank, default=-1) + 1, rank, up, down, chains, segments)
