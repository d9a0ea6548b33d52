"""Distances that columns must keep, and how to move columns as little as possible so that they do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studio.immutable import immutable
from studio.layout.arrangement import Gaps, Reach, up_to_grid
from studio.layout.columns import Columns
from studio.layout.rows import Order, Rows

_TOUCH_PX = 1e-7


@immutable
class Distances:
    """For each column its neighbours on the left and on the right and how far their middles are apart at least, px.

    ``order`` names every column after all columns on its left.
    """

    left: list[list[tuple[int, float]]]
    right: list[list[tuple[int, float]]]
    order: list[int]


def distances_of(rows: Rows, order: Order, columns: Columns, reaches: Sequence[Reach], gaps: Gaps) -> Distances:
    """What the sizes of the items and the gaps between them ask for. All distances are multiples of the grid."""
    lanes = [0.0] * (len(rows.rank) - rows.nodes)
    to_left, to_right = [reach.left for reach in reaches] + lanes, [reach.right for reach in reaches] + lanes
    least: dict[tuple[int, int], float] = {}
    of = columns.of
    for row in order:
        for one, other in pairwise(row):
            gap = gaps.sideways if rows.is_node(one) and rows.is_node(other) else gaps.lane
            distance = to_right[one] + to_left[other] + gap
            key = of[one], of[other]
            if least.get(key, 0.0) < distance:
                least[key] = distance
    left: list[list[tuple[int, float]]] = [[] for _ in range(columns.count)]
    right: list[list[tuple[int, float]]] = [[] for _ in range(columns.count)]
    for (one, other), distance in least.items():
        distance = up_to_grid(distance)
        right[one].append((other, distance))
        left[other].append((one, distance))
    waiting = [len(found) for found in left]
    sequence = [column for column in range(columns.count) if not waiting[column]]
    for column in sequence:  # grows while it is read
        for other, _ in right[column]:
            waiting[other] -= 1
            if not waiting[other]:
                sequence.append(other)
    if len(sequence) < columns.count:
        raise AssertionError("columns that stand left of each other")
    return Distances(left, right, sequence)


def packed(distances: Distances) -> list[float]:
    """Every column as far to the left as it can be."""
    x = [0.0] * len(distances.order)
    for column in distances.order:
        for other, distance in distances.right[column]:
            x[other] = max(x[other], x[column] + distance)
    return x


def pushed_apart(wanted: Sequence[float], distances: Distances) -> list[float]:
    """Places that keep the distances: the mean of pushing everything to the right and everything to the left."""
    to_right = list(wanted)
    for column in distances.order:
        for other, distance in distances.left[column]:
            to_right[column] = max(to_right[column], to_right[other] + distance)
    to_left = list(wanted)
    for column in reversed(distances.order):
        for other, distance in distances.right[column]:
            to_left[column] = min(to_left[column], to_left[other] - distance)
    return [(one + other) / 2 for one, other in zip(to_right, to_left, strict=True)]


def separated(wanted: Sequence[float], weights: Sequence[float], distances: Distances) -> list[float]:
    """Places that keep the distances and lie close to the wanted ones by weighted squares.

    Dwyer, Marriott and Stuckey, "Fast node overlap removal" (2005), the pass ``satisfy_VPSC``: from left to right,
    a column that stands too close is glued to the group that it touches, and the group goes to its weighted mean.
    """
    group = list(range(len(wanted)))
    members = [[column] for column in group]
    offset = [0.0] * len(group)
    place = list(wanted)
    weight = list(weights)
    for column in distances.order:
        here = column
        while True:
            worst, touched, shift = _TOUCH_PX, -1, 0.0
            for member in members[here]:
                stands = place[here] + offset[member]
                for other, distance in distances.left[member]:
                    there = group[other]
                    if there != here:
                        missing = place[there] + offset[other] + distance - stands
                        if missing > worst:
                            worst, touched, shift = missing, there, offset[other] + distance - offset[member]
            if touched < 0:
                break
            total = weight[touched] + weight[here]
            place[touched] = (place[touched] * weight[touched] + (place[here] - shift) * weight[here]) / total
            weight[touched] = total
            for member in members[here]:
                offset[member] += shift
                group[member] = touched
            members[touched] += members[here]
            members[here] = []
            here = touched
    return [place[group[column]] + offset[column] for column in range(len(group))]
