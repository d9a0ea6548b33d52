"""Where the ports of a node are, found again by the identity of its port tuples: nodes of one type share them."""

from __future__ import annotations

from collections.abc import Sequence

from studio.core.project import Point
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.geometry import FOLDED_HEIGHT, NODE_HEIGHT, NODE_WIDTH, Array, port_offsets

Places = tuple[dict[str, Point], dict[str, Point]]
"""Places of input and output ports by name. Shared between nodes: not to be changed."""


def height_of(card: Card) -> float:
    """How high a node with this card is, scene px."""
    return FOLDED_HEIGHT if card.flags & Flag.FOLDED else NODE_HEIGHT


class PortPlaces:
    """The places that were asked for, as long as the direction of the drawing stays."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int, float], tuple[Card, Places]] = {}

    def clear(self) -> None:
        """Forget them."""
        self._kept.clear()

    def of(self, card: Card, direction: str) -> Places:
        """Places of a card's ports, relative to the corner of the node."""
        height = height_of(card)
        key = (id(card.inputs), id(card.outputs), height)
        kept = self._kept.get(key)
        if kept is None or kept[0].inputs is not card.inputs or kept[0].outputs is not card.outputs:
            if len(self._kept) > 1000:
                self._kept.clear()
            places = port_offsets(card.inputs, card.outputs, NODE_WIDTH, height, direction)
            kept = self._kept[key] = (card, places)  # the card keeps the tuples alive, so ids stay theirs
        return kept[1]


def offsets_of(
    places: Sequence[Places], sizes: Array, direction: str, slots: list[int], ports: list[str], *, is_input: bool
) -> list[Point]:
    """Places of these ports of these nodes; one that does not exist any more stands in the middle of its side."""
    side = 0 if is_input else 1
    found = [places[k][side].get(port) if k >= 0 else _NOWHERE for k, port in zip(slots, ports, strict=True)]
    return [
        _middle_of_side(sizes[slot].tolist(), direction, is_input=is_input) if place is None else place
        for slot, place in zip(slots, found, strict=True)
    ]


def _middle_of_side(size: Point, direction: str, *, is_input: bool) -> Point:
    width, height = size
    if direction == "down":
        return width / 2, 0.0 if is_input else height
    return 0.0 if is_input else width, height / 2


_NOWHERE: Point = (0.0, 0.0)
