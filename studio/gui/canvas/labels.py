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
    source = int(scene.edges.source[edge])
    if source < 0:
        return ""
    port = scene.edges[edge].source.port
    named = scene.named_shapes.get((scene.ids[source], port)) if scene.named_shapes else None
    return named or scene.cards[source].shape_of(port)


class Labels:
    """The places of labels (their middles, scene px), kept until the scene changes."""

    def __init__(self) -> None:
        self._key: tuple[int, int, int] | None = None
        self._on_edge: dict[int, dict[int, Point]] = {}
        self._of_node: dict[int, dict[int, Point]] = {}

    def all_of(self, scene: Scene, slot: int) -> dict[int, Point]:
        """Labels of all edges that leave a node, by edge: one for each port that has an edge, as far as they fit."""
        key = (id(scene), scene.structure, scene.revision)
        if key != self._key:
            self._key = key
            self._on_edge.clear()
            self._of_node.clear()
        found = self._of_node.get(slot)
        if found is None:
            found = self._of_node[slot] = self._with_those_beside(scene, slot)
        return found

    def place(self, scene: Scene, edge: int) -> Point | None:
        """The place of this edge's label where shapes stand on all edges; None where it carries none."""
        source = int(scene.edges.source[edge])
        return None if source < 0 else self.all_of(scene, source).get(edge)

    def _all_on_edge(self, scene: Scene, slot: int) -> dict[int, Point]:
        found = self._on_edge.get(slot)
        if found is None:
            found = self._on_edge[slot] = _places_on_edges(scene, slot)
        return found

    def _with_those_beside(self, scene: Scene, slot: int) -> dict[int, Point]:
        """Labels on their edges, and those that found no room there beside them, where nobody else's stand.

        Always to the right, so that the labels of two neighbours that both stand aside do not meet.
        """
        places = dict(self._all_on_edge(scene, slot))
        for edges in _by_port(scene, slot):
            edge, text = edges[0], shape_on(scene, edges[0])
            if edge in places or not text:
                continue
            width = pill_width(text)
            for place in _beside(scene, edge, width):
                box = _box(place, width)
                if _is_free(scene, box, _ports(scene, edges), [*_boxes(scene, places), *self._near(scene, slot, box)]):
                    places[edge] = place
        return places

    def _near(self, scene: Scene, slot: int, box: Box) -> list[Box]:
        """Labels on the edges of the nodes around."""
        around = (box[0] - LABEL_REACH / 2, box[1] - 60, box[2] + LABEL_REACH / 2, box[3])
        others = geometry.nodes_in(scene.pos, scene.size, around).tolist()
        return [found for other in others if other != slot for found in _boxes(scene, self._all_on_edge(scene, other))]


def single_place(scene: Scene, edge: int, *, is_alone: bool = True) -> Point:
    """The place of one label that is asked for: by the middle of its edge, or near its source where several are shown.

    It may leave its edge, but it is shown.
    """
    width = pill_width(shape_on(scene, edge))
    ports = _ports(scene, [edge])
    places = _along(scene, edge) if is_alone else _candidates(scene, [edge], width)
    for place in (*places, *_beside(scene, edge, width)):
        if _is_free(scene, _box(place, width), ports, []):
            return place
    x, y = geometry.middle(scene.edges.chain(edge))
    if scene.direction == "down":
        return x + width / 2 + 12, y
    ends = [scene.edges.source[edge], scene.edges.target[edge]]
    return x, float((scene.pos[ends, 1] + scene.size[ends, 1]).max()) + marks.PILL_HEIGHT / 2 + 6


def _by_port(scene: Scene, slot: int) -> list[list[int]]:
    """The edges that leave a node, those of one port together."""
    found: dict[str, list[int]] = {}
    for edge in np.flatnonzero(scene.edges.source == slot).tolist():
        found.setdefault(scene.edges[edge].source.port, []).append(edge)
    return list(found.values())


def _ports(scene: Scene, edges: list[int]) -> list[Point]:
    """The ends of edges of one port."""
    return [(x, y) for x, y in (scene.edges.ends[edges[0], :2].tolist(), *scene.edges.ends[edges, 2:].tolist())]


def _places_on_edges(scene: Scene, slot: int) -> dict[int, Point]:
    places: dict[int, Point] = {}
    for edges in _by_port(scene, slot):
        text = shape_on(scene, edges[0])
        if text:
            width, ports, taken = pill_width(text), _ports(scene, edges), _boxes(scene, places)
            for place in _candidates(scene, edges, width):
                if _is_free(scene, _box(place, width), ports, taken):
                    places[edges[0]] = place
                    break
    return places


def _boxes(scene: Scene, places: dict[int, Point]) -> list[Box]:
    return [_box(place, pill_width(shape_on(scene, edge))) for edge, place in places.items()]


def _candidates(scene: Scene, edges: list[int], width: float) -> Iterator[Point]:
    """Places to try on the edge, the best first: near the port where edges part or will meet others, else half way."""
    edge = edges[0]
    x, y = scene.edges.ends[edge, :2].tolist()
    is_crowded = len(edges) > 1 or _has_company(scene, edge)
    near = (x, y + 13 + _PORT_ROOM) if scene.direction == "down" else (x + width / 2 + 2 + _PORT_ROOM, y)
    if is_crowded:
        yield near
    yield from _along(scene, edge)
    if not is_crowded:
        yield near


def _has_company(scene: Scene, edge: int) -> bool:
    """Whether other edges end at the same port."""
    target = scene.edges[edge].target
    others = np.flatnonzero(scene.edges.target == scene.edges.target[edge]).tolist()
    return sum(scene.edges[other].target == target for other in others) > 1


def _along(scene: Scene, edge: int) -> Iterator[Point]:
    chain = scene.edges.chain(edge)
    for fraction in _FRACTIONS:
        yield geometry.along(chain, fraction)


def _beside(scene: Scene, edge: int, width: float) -> Iterator[Point]:
    """In the gap below the node but next to the edge: the gap of a chain has no room for label and ports in line."""
    if scene.direction != "down":
        return
    x, y = scene.edges.ends[edge, :2].tolist()
    ahead = float(scene.edges.ends[edge, 3]) - y
    room = marks.PILL_HEIGHT / 2 + _CARD_ROOM
    if ahead >= 2 * room:
        down = min(ahead / 2, room + 12)
        yield x + width / 2 + 12, y + down


def _box(place: Point, width: float) -> Box:
    x, y = place
    return x - width / 2, y - marks.PILL_HEIGHT / 2, x + width / 2, y + marks.PILL_HEIGHT / 2


def _is_free(scene: Scene, box: Box, ports: list[Point], taken: list[Box]) -> bool:
    left, top, right, bottom = box
    for x, y in ports:
        if left - _PORT_ROOM < x < right + _PORT_ROOM and top - _PORT_ROOM < y < bottom + _PORT_ROOM:
            return False
    for other in taken:
        if left < other[2] + 4 and other[0] - 4 < right and top < other[3] + 2 and other[1] - 2 < bottom:
            return False
    room = _CARD_ROOM
    return not len(geometry.nodes_in(scene.pos, scene.size, (left - room, top - room, right + room, bottom + room)))
