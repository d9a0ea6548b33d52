"""Where columns stand, across the direction of the drawing: close to what they are joined to, at their distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.layout.arrangement import GRID_PX, Effort, Gaps, Question, Reach, on_grid, stop_if
from studio.layout.columns import Columns
from studio.layout.rows import Order, Rows
from studio.layout.separation import Distances, distances_of, packed, pushed_apart, separated

_LANE_PULL = 4.0
"""A bend inside of a long edge is worth avoiding more than one at a node."""
_ANCHOR_PULL = 6.0
"""How strongly each item of a column holds to where it stood before, against 1 for an edge."""
_STEP = 0.75
"""Of the way to the wanted place per round: all columns move at once, and whole steps would swing."""
_EXACT_ROUNDS, _ROUGH_ROUNDS, _FIRST_ROUGH_ROUNDS, _POLISH_ROUNDS = 24, 40, 4, 8
_STILL_PX = 0.5


def middles_of(
    rows: Rows,
    order: Order,
    columns: Columns,
    reaches: Sequence[Reach],
    before: Mapping[int, float],
    gaps: Gaps,
    effort: Effort,
    cancelled: Question,
) -> list[float]:
    """The middle of every item, px, on such a grid that nodes of the widest kind begin at multiples of the grid.

    ``before`` has the middles of items that stood somewhere already.
    """
    distances = distances_of(rows, order, columns, reaches, gaps)
    pulls = _Pulls(rows, columns, before)
    x = _relaxed(distances, pulls, effort, cancelled)
    _polish(x, distances, pulls, cancelled)
    shift = max((reach.left for reach in reaches), default=0.0) % GRID_PX
    # Distances are multiples of the grid, so places that keep them do so after rounding.
    x = [on_grid(place - shift) + shift for place in x]
    return [x[column] for column in columns.of]


class _Pulls:
    """What draws each column: other columns that edges join it to, and the place where it stood before."""

    def __init__(self, rows: Rows, columns: Columns, before: Mapping[int, float]) -> None:
        of = columns.of
        strength: dict[tuple[int, int], float] = {}
        for above, below, _ in rows.segments:
            one, other = of[above], of[below]
            if one != other:
                key = (one, other) if one < other else (other, one)
                is_lane = not rows.is_node(above) and not rows.is_node(below)
                strength[key] = strength.get(key, 0.0) + (_LANE_PULL if is_lane else 1.0)
        self.joined: list[list[tuple[int, float]]] = [[] for _ in range(columns.count)]
        for (one, other), pull in strength.items():
            self.joined[one].append((other, pull))
            self.joined[other].append((one, pull))
        stood: dict[int, list[float]] = {}
        for item, place in before.items():
            stood.setdefault(of[item], []).append(place)
        self.anchors = {
            column: (sorted(places)[len(places) // 2], _ANCHOR_PULL * len(places)) for column, places in stood.items()
        }
        self.branching = {of[node] for node in range(rows.nodes) if len(rows.up[node]) > 1 or len(rows.down[node]) > 1}
        self.weights = [
            sum(pull for _, pull in joined) + (self.anchors[column][1] if column in self.anchors else 0.0) or 0.01
            for column, joined in enumerate(self.joined)
        ]

    def on(self, column: int, x: Sequence[float]) -> list[tuple[float, float]]:
        """Places to which a column is drawn, with the strength of it."""
        found = [(x[other], pull) for other, pull in self.joined[column]]
        if column in self.anchors:
            found.append(self.anchors[column])
        return found


def _relaxed(distances: Distances, pulls: _Pulls, effort: Effort, cancelled: Question) -> list[float]:
    """Move every column to the weighted mean of what draws it, restore the distances, and again."""
    x = packed(distances)
    for column, (place, _) in pulls.anchors.items():
        x[column] = place
    is_exact = len(x) <= effort.exact_columns
    for turn in range(_EXACT_ROUNDS if is_exact else _ROUGH_ROUNDS):
        stop_if(cancelled)
        wanted = x.copy()
        for column in range(len(x)):
            drawn = pulls.on(column, x)
            if drawn:
                wanted[column] += (_STEP if is_exact else 1.0) * (_mean(drawn) - x[column])
        if is_exact and turn >= _FIRST_ROUGH_ROUNDS:
            moved = separated(wanted, pulls.weights, distances)
        else:
            moved = pushed_apart(wanted, distances)
        largest = max((abs(one - other) for one, other in zip(x, moved, strict=True)), default=0.0)
        x = moved
        if largest < _STILL_PX:
            break
    return x


def _polish(x: list[float], distances: Distances, pulls: _Pulls, cancelled: Question) -> None:
    """Move every column to the weighted median of what draws it, as far as its neighbours let it.

    Medians make edges straight where means leave all of them a little bent. Where a range of places is as good, the
    mean puts a node in the middle of its branches; a column that passes on only stays, and has one bend, not two.
    """
    for turn in range(_POLISH_ROUNDS):
        stop_if(cancelled)
        moved = 0.0
        for column in distances.order if turn % 2 else reversed(distances.order):
            drawn = pulls.on(column, x)
            if not drawn:
                continue
            low, high = _medians(drawn)
            place = min(max(_mean(drawn) if column in pulls.branching else x[column], low), high)
            place = max([place, *(x[other] + distance for other, distance in distances.left[column])])
            place = min([place, *(x[other] - distance for other, distance in distances.right[column])])
            moved += abs(place - x[column])
            x[column] = place
        if moved < _STILL_PX:
            return


def _mean(drawn: list[tuple[float, float]]) -> float:
    return sum(place * pull for place, pull in drawn) / sum(pull for _, pull in drawn)


def _medians(drawn: list[tuple[float, float]]) -> tuple[float, float]:
    """The ends of the range in which the sum of weighted distances is least."""
    drawn.sort()
    half = sum(pull for _, pull in drawn) / 2
    reached = 0.0
    low = None
    for place, pull in drawn:
        reached += pull
        if low is None and reached >= half:
            low = place
        if low is not None and reached > half:
            return low, place
    return drawn[-1][0] if low is None else low, drawn[-1][0]
