"""How far down the ranks lie: each as high as its highest node, with more room where edges bend widely."""

from __future__ import annotations

from collections.abc import Sequence

from studio.immutable import immutable
from studio.layout.arrangement import Gaps, on_grid, up_to_grid
from studio.layout.rows import Rows

_STRAIGHT_PX = 8.0
_ROOM_PER_PX = 0.125
"""A bend of 224 px, one node to the side, gets 28 px more."""


@immutable
class Lines:
    """Where each rank begins and ends, px, and where each node begins."""

    top: list[float]
    bottom: list[float]
    nodes: list[float]


def lines_of(rows: Rows, middles: Sequence[float], heights: Sequence[float], gaps: Gaps) -> Lines:
    """Put the ranks below each other; nodes of different heights stand in the middle of their rank."""
    high = [0.0] * rows.height
    for node, height in enumerate(heights):
        high[rows.rank[node]] = max(high[rows.rank[node]], height)
    bend = [0.0] * rows.height
    for above, below, _ in rows.segments:
        rank = rows.rank[above]
        bend[rank] = max(bend[rank], abs(middles[above] - middles[below]))
    top: list[float] = []
    at = 0.0
    for height, widest in zip(high, bend, strict=True):
        top.append(at)
        wanted = gaps.ranks + (widest * _ROOM_PER_PX if widest > _STRAIGHT_PX else 0.0)
        at = up_to_grid(at + height + min(wanted, max(gaps.ranks, gaps.bent)))
    bottom = [start + height for start, height in zip(top, high, strict=True)]
    nodes = []
    for node, height in enumerate(heights):
        rank = rows.rank[node]
        middle = top[rank] + (high[rank] - height) / 2
        snapped = on_grid(middle)
        nodes.append(snapped if top[rank] <= snapped and snapped + height <= bottom[rank] else middle)
    return Lines(top, bottom, nodes)
