"""Where the shapes on edges stand: on their own edge, never over a card or a port, one for each port that says it.

What one label needs to know is near it, so every part of the drawing can be painted alone and still looks the same:
labels depend on the node that they leave and on the cards around, never on what is just in view.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from studio.gui.canvas import geometry, marks
from studio.gui.canvas.geometry import Box, Point
from studio.gui.canvas.scene import Scene

LABEL_REACH: Final = 190.0
"""How far a label may reach from its edge, scene px: the shape of a tensor of rank 5, beside its edge."""

_PORT_ROOM = 5.0
_CARD_ROOM = 2.0
_FRACTIONS = (0.5, 0.35, 0.65, 0.2, 0.8)
"""Where along an edge a label is tried."""


@lru_cache(maxsize=4096)
def pill_width(text: str) -> float:
    """How wide the label with this shape is."""
    return marks.pill_width(text, is_mono=True)


def shape_on(scene: Scene, edge: int) -> str:
    """The shape that an edge carries, or nothing while it is unknown."""
    source = int(scene.source[edge])
    return "" if source < 0 else scene.cards[source].shape_of(scene.edges[edge].source.port)


class Labels:
    """The places of labels (their middles, scene px), kept until the scene changes."""

    def __init__(self) -> None:
        self._key: tuple[int, int, int] | None = None
        self._of_node: dict[int, dict[int, Point]] = {}

    def all_of(self, scene: Scene, slot: int) -> dict[int, Point]:
        """Labels of all edges that leave a node, by edge: one for each port that has an edge, as far as they fit."""
        key = (id(scene), scene.structure, scene.revision)
        if key != self._key:
            self._key = key
            self._of_node.clear()
        found = self._of_node.get(slot)
        if found is None:
            found = self._of_node[slot] = _place_all(scene, slot)
        return found

    def place(self, scene: Scene, edge: int) -> Point | None:
        """The place of this edge's label where shapes stand on all edges; None where it carries none."""
        source = int(scene.source[edge])
        return None if source < 0 else self.all_of(scene, source).get(edge)


def single_place(scene: Scene, edge: int, *, is_alone: bool = True) -> Point:
    """The place of one label that is asked for: by the middle of its edge, or near its source where several are shown.

    It may leave its edge, but it is shown.
    """
    width = pill_width(shape_on(scene, edge))
    ports: list[Point] = [(x, y) for x, y in scene.ends[edge].reshape(2, 2).tolist()]
    places = (*_along(scene, edge), *_beside(scene, edge, width)) if is_alone else _candidates(scene, [edge], width)
    for place in places:
        if _is_free(scene, _box(place, width), ports, ()):
            return place
    x, y = geometry.middle(scene.chain(edge))
    if scene.direction == "down":
        return x + width / 2 + 12, y
    ends = [scene.source[edge], scene.target[edge]]
    return x, float((scene.pos[ends, 1] + scene.size[ends, 1]).max()) + marks.PILL_HEIGHT / 2 + 6


def _place_all(scene: Scene, slot: int) -> dict[int, Point]:
    by_port: dict[str, list[int]] = {}
    for edge in np.flatnonzero(scene.source == slot).tolist():
        by_port.setdefault(scene.edges[edge].source.port, []).append(edge)
    places: dict[int, Point] = {}
    taken: list[Box] = []
    for edges in by_port.values():
        text = shape_on(scene, edges[0])
        if not text:
            continue
        width = pill_width(text)
        ports: list[Point] = [(float(scene.ends[edges[0], 0]), float(scene.ends[edges[0], 1]))]
        ports += [(x, y) for x, y in scene.ends[edges, 2:].tolist()]
        for place in _candidates(scene, edges, width):
            box = _box(place, width)
            if _is_free(scene, box, ports, taken):
                places[edges[0]] = place
                taken.append(box)
                break
    return places


def _candidates(scene: Scene, edges: list[int], width: float) -> Iterator[Point]:
    """Places to try, the best first: near the port where edges part or will meet others, else half way."""
    edge = edges[0]
    x, y = scene.ends[edge, :2].tolist()
    is_crowded = len(edges) > 1 or _has_company(scene, edge)
    near = (x, y + 13 + _PORT_ROOM) if scene.direction == "down" else (x + width / 2 + 2 + _PORT_ROOM, y)
    if is_crowded:
        yield near
    yield from _along(scene, edge)
    if not is_crowded:
        yield near
    yield from _beside(scene, edge, width)


def _has_company(scene: Scene, edge: int) -> bool:
    """Whether other edges end at the same port."""
    target = scene.edges[edge].target
    others = np.flatnonzero(scene.target == scene.target[edge]).tolist()
    return sum(scene.edges[other].target == target for other in others) > 1


def _along(scene: Scene, edge: int) -> Iterator[Point]:
    chain = scene.chain(edge)
    for fraction in _FRACTIONS:
        yield geometry.along(chain, fraction)


def _beside(scene: Scene, edge: int, width: float) -> Iterator[Point]:
    """In the gap below the node but next to the edge: the gap of a chain has no room for label and ports in line."""
    if scene.direction != "down":
        return
    x, y = scene.ends[edge, :2].tolist()
    ahead = float(scene.ends[edge, 3]) - y
    room = marks.PILL_HEIGHT / 2 + _CARD_ROOM
    if ahead >= 2 * room:
        down = min(ahead / 2, room + 12)
        yield x + width / 2 + 12, y + down
        yield x - width / 2 - 12, y + down


def _box(place: Point, width: float) -> Box:
    x, y = place
    return x - width / 2, y - marks.PILL_HEIGHT / 2, x + width / 2, y + marks.PILL_HEIGHT / 2


def _is_free(scene: Scene, box: Box, ports: list[Point], taken: list[Box] | tuple[Box, ...]) -> bool:
    left, top, right, bottom = box
    for x, y in ports:
        if left - _PORT_ROOM < x < right + _PORT_ROOM and top - _PORT_ROOM < y < bottom + _PORT_ROOM:
            return False
    for other in taken:
        if left < other[2] + 4 and other[0] - 4 < right and top < other[3] + 2 and other[1] - 2 < bottom:
            return False
    room = _CARD_ROOM
    return not len(geometry.nodes_in(scene.pos, scene.size, (left - room, top - room, right + room, bottom + room)))
