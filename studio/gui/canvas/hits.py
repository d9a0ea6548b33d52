"""What lies under a point of the scene: ports and edges. No Qt."""

from __future__ import annotations

import math

from studio.gui.canvas import geometry
from studio.gui.canvas.scene import Scene
from studio.immutable import immutable

_PORTS_FROM_SCALE = 0.3  # below it nodes are too small to aim at a port


@immutable
class PortHit:
    """A port of the node in row ``slot`` of the scene."""

    slot: int
    name: str
    is_input: bool


def port_near(scene: Scene, scale: float, x: float, y: float, reach: float = 1.0) -> PortHit | None:
    """The nearest port whose target holds the point; of two equally near ones that of the upper node."""
    if scale < _PORTS_FROM_SCALE:
        return None
    limit = geometry.port_target(scale) * reach
    nearest, best = None, limit
    for slot in geometry.nodes_in(scene.pos, scene.size, (x - limit, y - limit, x + limit, y + limit)).tolist():
        left, top = scene.pos[slot].tolist()
        for places, is_input in zip(scene.ports(slot), (True, False), strict=True):
            for name, (dx, dy) in places.items():
                gap = math.hypot(left + dx - x, top + dy - y)
                if gap <= best:
                    nearest, best = PortHit(slot, name, is_input), gap
    return nearest


def edge_near(scene: Scene, x: float, y: float, reach: float) -> int:
    """Slot of the edge nearest to the point within ``reach`` scene px, or -1."""
    nearest, best = -1, reach
    for edge in geometry.boxes_in(scene.edges.bounds, (x - reach, y - reach, x + reach, y + reach)).tolist():
        gap, _ = geometry.distance_to(scene.edges.chain(edge), x, y)
        if gap <= best:
            nearest, best = edge, gap
    return nearest


def port_point(scene: Scene, slot: int, port: str, *, is_input: bool) -> tuple[float, float] | None:
    """The scene point of a port, or None where there is no such port."""
    if not 0 <= slot < len(scene):
        return None
    place = scene.ports(slot)[0 if is_input else 1].get(port)
    if place is None:
        return None
    left, top = scene.pos[slot].tolist()
    return left + place[0], top + place[1]
