"""What an arrangement is made from and what it is: plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from studio.immutable import immutable

Point = tuple[float, float]

GRID_PX = 8.0
"""The grid of the canvas. Distances are rounded up to it, so that rounding places cannot bring nodes too close."""


class Cancelled(Exception):
    """The person did not want to wait any longer."""


class Reach(NamedTuple):
    """How far a node reaches from the lines that run through it along and across a drawing that runs downwards, px."""

    left: float
    up: float
    right: float
    down: float


@immutable
class Box:
    """The size of a node, px. ``axis`` is the point of it, from its corner, that stands in line with other nodes and
    in whose line edges begin and end; the middle where there is none."""

    width: float
    height: float
    axis: Point | None = None

    def reach(self, *, is_down: bool) -> Reach:
        """From the axis to the four sides; of a drawing to the right as if it ran downwards."""
        x, y = self.axis or (self.width / 2, self.height / 2)
        right, down = self.width - x, self.height - y
        return Reach(x, y, right, down) if is_down else Reach(y, x, down, right)


@immutable
class Edge:
    """An edge between two nodes; ``rank`` orders the edges that end at one node (the inputs of a Concatenate).

    ``is_firm`` asks for its ends to stand straight below each other before anything else is made straight. ``leaves``
    and ``arrives`` say how far beside the axes of its nodes it begins and ends, px.
    """

    id: str
    source: str
    target: str
    rank: int = 0
    is_firm: bool = False
    leaves: float = 0.0
    arrives: float = 0.0


@immutable
class Gaps:
    """Room that is left free, px. Sideways is across the direction of the drawing.

    ``sideways`` lies between two nodes of a rank, ``ranks`` between two ranks. Where edges bend between two ranks the
    room grows with the widest of them, up to ``bent`` (for wide fans up to twice as much), because a wide bend in a low
    gap looks like a bus bar. ``lane``
    lies between a long edge and what it passes, ``parts`` between parts of the drawing that no edge joins.
    """

    sideways: float = 40.0
    ranks: float = 28.0
    bent: float = 60.0
    lane: float = 24.0
    parts: float = 80.0


@immutable
class Arrangement:
    """Top left corners of the nodes and way-points of the edges that need some, px; how often edges cross."""

    positions: Mapping[str, Point]
    routes: Mapping[str, tuple[Point, ...]]
    crossings: int


@immutable
class Effort:
    """How long an arrangement may search. It depends on the size alone, never on the clock: same input, same result.

    ``sweeps``, ``sifts`` and ``steps`` bound the search for fewer crossings (in a step one chain passes another, which
    takes about 2 µs), ``exact_columns`` is the largest number of columns whose places are found exactly,
    ``has_shortest_ranks`` asks for the network simplex.
    """

    sweeps: int
    sifts: int
    steps: int
    exact_columns: int
    has_shortest_ranks: bool


THOROUGH = Effort(sweeps=24, sifts=6, steps=150_000, exact_columns=4000, has_shortest_ranks=True)
"""All that helps, for drawings that people make."""
QUICK = Effort(sweeps=4, sifts=1, steps=50_000, exact_columns=0, has_shortest_ranks=False)
"""What 5,000 nodes bear: 2 s instead of 20."""
HASTY = Effort(sweeps=0, sifts=0, steps=0, exact_columns=0, has_shortest_ranks=False)
"""Sound, not pretty: where every node is joined to every other there is nothing to see anyway."""
MANY_NODES = 1500
MANY_PIECES, FAR_TOO_MANY_PIECES = 8_000, 20_000
"""Pieces of edges between two ranks. NASNetMobile has 1,500; 60 nodes that are all joined to each other have 36,000."""


def effort_for(nodes: int, pieces: int = 0) -> Effort:
    """How long to search for an arrangement of so many nodes and, once they are known, pieces of edges."""
    if pieces > FAR_TOO_MANY_PIECES:
        return HASTY
    return QUICK if nodes > MANY_NODES or pieces > MANY_PIECES else THOROUGH


Question = Callable[[], bool]
"""Asked now and then: whether to stop."""


def never() -> bool:
    """Nobody wants to stop."""
    return False


def stop_if(cancelled: Question) -> None:
    """Raise ``Cancelled`` where that is wanted."""
    if cancelled():
        raise Cancelled


def on_grid(value: float) -> float:
    """The nearest multiple of the grid; halves go up, so that order and distances on the grid survive."""
    return (value / GRID_PX + 0.5) // 1 * GRID_PX


def up_to_grid(value: float) -> float:
    """The next multiple of the grid that is not smaller."""
    return -(-value // GRID_PX) * GRID_PX


@immutable
class Padding:
    """Room between the border of a cluster and the nodes in it, px."""

    around: float = 16.0
    above: float = 38.0
