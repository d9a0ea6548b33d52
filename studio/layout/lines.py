"""How far down the ranks lie: each as high as its highest node, with more room where edges bend widely."""

from __future__ import annotations

from collections.abc import Sequence

from studio.immutable import immutable
from studio.layout.arrangement import Gaps, Reach, on_grid, up_to_grid
from studio.layout.rows import Rows

_STRAIGHT_PX = 8.0
_ROOM_PER_PX = 0.125
"""A bend of 224 px, one node to the side, gets 28 px more."""
_WIDE_PX, _MORE_PER_PX = 600.0, 0.05
"""The curves of a wide fan, past three nodes and more, would lie on each other without more room."""


@immutable
class Lines:
    """Where each rank begins and ends, px, and where each node begins."""

    top: list[float]
    bottom: list[float]
    nodes: list[float]


def lines_of(rows: Rows, middles: Sequence[float], reaches: Sequence[Reach], gaps: Gaps) -> Lines:
    """Put the ranks below each other; nodes of different heights stand on the middle line of their rank."""
    up, down = [0.0] * rows.height, [0.0] * rows.height
    for node, reach in enumerate(reaches):
        rank = rows.rank[node]
        up[rank], down[rank] = max(up[rank], reach.up), max(down[rank], reach.down)
    bend = [0.0] * rows.height
    for above, below, _ in rows.segments:
        rank = rows.rank[above]
        bend[rank] = max(bend[rank], abs(middles[above] - middles[below]))
    top: list[float] = []
    at = 0.0
    for rank, widest in enumerate(bend):
        top.append(at)
        wanted = gaps.ranks + (widest * _ROOM_PER_PX if widest > _STRAIGHT_PX else 0.0)
        more = min(max(0.0, widest - _WIDE_PX) * _MORE_PER_PX, gaps.bent)
        at = up_to_grid(at + up[rank] + down[rank] + min(wanted, max(gaps.ranks, gaps.bent)) + more)
    bottom = [start + up[rank] + down[rank] for rank, start in enumerate(top)]
    nodes = []
    for node, reach in enumerate(reaches):
        rank = rows.rank[node]
        begin = top[rank] + up[rank] - reach.up
        snapped = on_grid(begin)
        nodes.append(snapped if top[rank] <= snapped <= bottom[rank] - reach.up - reach.down else begin)
    return Lines(top, bottom, nodes)
