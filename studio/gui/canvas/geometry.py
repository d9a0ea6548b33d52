"""Where things are: pure functions on plain numbers and arrays. No Qt, no widget, no project.

Scene coordinates are pixels at 100 %. A node's position is its top left corner. ``direction`` is "down" (inputs on
the top edge, outputs on the bottom edge) or "right" (inputs left, outputs right).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from studio.catalog.spec import Port

Array = npt.NDArray[np.float64]
Slots = npt.NDArray[np.intp]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

NODE_WIDTH: Final = 184.0
NODE_HEIGHT: Final = 60.0
FOLDED_HEIGHT: Final = 32.0
"""Of a node that shows its name only."""
GRID: Final = 8.0
PORT_TARGET: Final = 12.0
"""Radius of the area that takes a press: a target of 24 px."""

_SAMPLES: Final = 24
"""Straight pieces that stand for one cubic when the distance to it is measured: an error below 1 px."""


# ---- ports -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def port_offsets(
    inputs: tuple[Port, ...], outputs: tuple[Port, ...], width: float, height: float, direction: str
) -> tuple[dict[str, tuple[float, float]], dict[str, tuple[float, float]]]:
    """Place of each input and output port, relative to the node's top left corner.

    Needed ports share the edge evenly, so a single one sits in the middle and chains are straight; optional inputs
    (masks, initial states) stand aside at the end. The dictionaries are shared: do not change them.
    """
    along = width if direction == "down" else height
    needed = [port for port in inputs if not port.is_optional]
    aside = [port for port in inputs if port.is_optional] if needed else []
    step = min(20.0, along / 2 / (len(aside) + 1.5))
    # One needed port stays in the middle; several share what the optional ones leave.
    room = along if len(needed) == 1 else along - step * (len(aside) + 0.4) * bool(aside)
    spots_in = _spread(needed or list(inputs), room)
    spots_in |= {port.name: along - step * (len(aside) - place + 0.4) for place, port in enumerate(aside)}
    spots_out = _spread(list(outputs), along)
    if direction == "down":
        return {n: (a, 0.0) for n, a in spots_in.items()}, {n: (a, height) for n, a in spots_out.items()}
    return {n: (0.0, a) for n, a in spots_in.items()}, {n: (width, a) for n, a in spots_out.items()}


def _spread(ports: Sequence[Port], along: float) -> dict[str, float]:
    count = len(ports)
    return {port.name: along * (place + 1) / (count + 1) for place, port in enumerate(ports)}


# ---- edges -----------------------------------------------------------------------------------------------------------


def ends_of(pos: Array, source: Slots, source_offset: Array, target: Slots, target_offset: Array) -> Array:
    """Both ends of edges (m, 4); one to a node that is missing (slot -1) is out of every view."""
    ends = (
        np.hstack([pos[source] + source_offset, pos[target] + target_offset])
        if len(pos)
        else np.empty((len(source), 4))
    )
    ends[(source < 0) | (target < 0)] = -1e9
    return ends


def curves(ends: Array, direction: str) -> Array:
    """Control points of one cubic per edge, (m, 4, 2), from the ends (m, 4: source x, y, target x, y).

    The handles leave the ports straight along the direction. An edge that runs backwards gets longer handles, so that
    it is seen to turn around.
    """
    main = 1 if direction == "down" else 0
    start, end = ends[:, :2], ends[:, 2:]
    ahead = end[:, main] - start[:, main]
    aside = np.abs(end[:, 1 - main] - start[:, 1 - main])
    forward = np.maximum(ahead * 0.5, np.minimum(40.0, aside * 0.3))
    handle = np.where(ahead >= 0, forward, np.minimum(140.0, 40.0 - ahead * 0.4))
    points = np.empty((len(ends), 4, 2))
    points[:, 0] = start
    points[:, 1] = start
    points[:, 2] = end
    points[:, 3] = end
    points[:, 1, main] += handle
    points[:, 2, main] -= handle
    return points


def routed_curve(end: Sequence[float], route: Sequence[tuple[float, float]], direction: str) -> Array:
    """Control points (3 k + 1, 2) of the chain of cubics from port to port through the way-points."""
    stops = np.array([(end[0], end[1]), *route, (end[2], end[3])], dtype=np.float64)
    pieces = curves(np.hstack([stops[:-1], stops[1:]]), direction)
    chain = np.empty((3 * len(pieces) + 1, 2))
    chain[0] = stops[0]
    chain[1:] = pieces[:, 1:].reshape(-1, 2)
    return chain


def sampled(chain: Array) -> Array:
    """A polyline close to a chain of cubics (3 k + 1, 2)."""
    t = np.linspace(0.0, 1.0, _SAMPLES + 1)[:, None]
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    pieces = [
        sum(weight * chain[first + place] for place, weight in enumerate(weights))
        for first in range(0, len(chain) - 1, 3)
    ]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def middle(chain: Array) -> tuple[float, float]:
    """The point half way along a chain of cubics, by arc length."""
    x, y = along(chain, 0.5)
    return x, y


def along(chain: Array, fraction: float) -> tuple[float, float]:
    """The point at this fraction of the length of a chain of cubics."""
    line = sampled(chain)
    steps = np.hypot(*np.diff(line, axis=0).T)
    distance = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = distance[-1] * fraction
    return float(np.interp(wanted, distance, line[:, 0])), float(np.interp(wanted, distance, line[:, 1]))


def distance_to(chain: Array, x: float, y: float) -> tuple[float, float]:
    """Distance from a point to a chain of cubics, and at which fraction of its length the nearest point is."""
    line = sampled(chain)
    start, step = line[:-1], np.diff(line, axis=0)
    squares = np.maximum((step**2).sum(axis=1), 1e-12)
    t = np.clip(((np.array([x, y]) - start) * step).sum(axis=1) / squares, 0.0, 1.0)
    gaps = np.hypot(*(start + step * t[:, None] - (x, y)).T)
    nearest = int(gaps.argmin())
    lengths = np.sqrt(squares)
    total = float(lengths.sum())
    reached = float(lengths[:nearest].sum() + lengths[nearest] * t[nearest])
    return float(gaps[nearest]), reached / total if total else 0.0


def nearest_on(chain: Array, x: float, y: float) -> Point:
    """The point of a chain of cubics that is nearest to (x, y)."""
    return along(chain, distance_to(chain, x, y)[1])


def crosses(chain: Array, start: Point, stop: Point) -> bool:
    """Whether the straight way from ``start`` to ``stop`` crosses a chain of cubics."""
    line = sampled(chain)
    one, two = line[:-1], line[1:]
    a, b = np.array(start), np.array(stop)

    def side(p: Array, q: Array, r: Array) -> Array:
        found: Array = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            r[..., 0] - p[..., 0]
        )
        return found

    is_between = side(a, b, one) * side(a, b, two) <= 0
    return bool((is_between & (side(one, two, a) * side(one, two, b) < 0)).any())


# ---- hits ------------------------------------------------------------------------------------------------------------


def nodes_in(pos: Array, size: Array, box: Box) -> Slots:
    """Slots of the nodes that touch the box, lowest first."""
    left, top, right, bottom = box
    x, y = pos[:, 0], pos[:, 1]
    hit = (x <= right) & (x + size[:, 0] >= left) & (y <= bottom) & (y + size[:, 1] >= top)
    return np.flatnonzero(hit)


def node_at(pos: Array, size: Array, x: float, y: float) -> int:
    """Slot of the uppermost node under a point, or -1."""
    hits = nodes_in(pos, size, (x, y, x, y))
    return int(hits[-1]) if len(hits) else -1


def boxes_in(bounds: Array, box: Box) -> Slots:
    """Slots of the bounding boxes (m, 4) that touch the box."""
    left, top, right, bottom = box
    hit = (bounds[:, 0] <= right) & (bounds[:, 2] >= left) & (bounds[:, 1] <= bottom) & (bounds[:, 3] >= top)
    return np.flatnonzero(hit)


def port_target(scale: float) -> float:
    """Radius of a port's target in scene px: 12 at 100 %, a little more when zoomed out, never half a node."""
    return min(20.0, max(PORT_TARGET, PORT_TARGET / scale)) if scale < 1 else PORT_TARGET / min(scale, 1.5)


# ---- the whole -------------------------------------------------------------------------------------------------------


def bounds_of(pos: Array, size: Array) -> Box | None:
    """The box around all nodes, or None without nodes."""
    if not len(pos):
        return None
    low, high = pos.min(axis=0), (pos + size).max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def united(one: Box | None, other: Box | None) -> Box | None:
    """The box around both, where both are there."""
    if one is None or other is None:
        return other if one is None else one
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def fit(box: Box, width: float, height: float, *, margin: float = 24.0, largest: float = 1.0) -> Box:
    """Scale and offset that show the whole box in a view: (scale, x offset, y offset, 0). Never above ``largest``."""
    left, top, right, bottom = box
    room_x, room_y = max(1.0, width - 2 * margin), max(1.0, height - 2 * margin)
    scale = min(largest, room_x / max(1.0, right - left), room_y / max(1.0, bottom - top))
    return scale, width / 2 - scale * (left + right) / 2, height / 2 - scale * (top + bottom) / 2, 0.0


def begin(
    whole: Box, first: Box, scale: float, width: float, height: float, *, margin: float = 48.0
) -> tuple[float, float, float]:
    """Scale and offsets that show the first node of a drawing at a scale, and as much as there is room for after it.

    The node stands in the middle of the side on which the drawing begins. No room is left free beside the drawing.
    """
    left, top, right, bottom = (scale * each for each in whole)
    x, y = scale * (first[0] + first[2]) / 2, scale * (first[1] + first[3]) / 2

    def offset(low: float, high: float, middle: float, room: float) -> float:
        if high - low <= room - 2 * margin:
            return room / 2 - (low + high) / 2
        return max(min(room / 2 - middle, margin - low), room - margin - high)

    return scale, offset(left, right, x, width), offset(top, bottom, y, height)


def snapped(value: float, step: float = GRID) -> float:
    """The nearest multiple of the grid."""
    return round(value / step) * step


def free_side(
    pos: Array, size: Array, slot: int, width: float, height: float, direction: str, visible: Box | None = None
) -> Point | None:
    """Where a note of this size fits beside a node, in view and without covering another one; None if nowhere."""
    x, y = pos[slot].tolist()
    w, h = size[slot].tolist()
    right, left = (x + w + 16, y + (h - height) / 2), (x - 16 - width, y + (h - height) / 2)
    under, above = (x, y + h + 14), (x, y - 14 - height)
    for left_side, top in (right, left, under) if direction == "down" else (under, above, right):
        box = (left_side, top, left_side + width, top + height)
        is_in_view = visible is None or (
            visible[0] <= box[0] and visible[1] <= box[1] and box[2] <= visible[2] and box[3] <= visible[3]
        )
        if is_in_view and not len(nodes_in(pos, size, box)):
            return left_side, top
    return None
