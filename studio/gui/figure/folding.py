"""A figure folded as a U: the scene's nodes at other places, and the curves of its edges."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.scene import Scene
from studio.layout import Box, Edge, folded
from studio.workbench.figures import FigureError

_SHEET_PX = 4.0
_NUMBER = re.compile(r"\d+")


def fold(scene: Scene, nodes: list[int], edges: list[int]) -> list[Sequence[Sequence[float]]]:
    """Move these nodes of the scene to where a U has them; returns the control points of each edge.

    FigureError where the drawing has nothing to fold it by.
    """
    boxes = {scene.ids[slot]: Box(*scene.size[slot].tolist()) for slot in nodes}
    volumes = {
        scene.ids[slot]: math.prod(float(number) for number in _NUMBER.findall(scene.cards[slot].shapes[0]))
        for slot in nodes
        if scene.cards[slot].shapes
    }
    chosen = [scene.edges[k] for k in edges]
    found = folded(boxes, [Edge(edge.id, edge.source.node, edge.target.node, edge.rank) for edge in chosen], volumes)
    if found is None:
        raise FigureError(
            "There is nothing to fold: a U needs skips from an encoder to a decoder, or a layer that is much narrower"
            " than both ends. Draw it straight."
        )
    for slot in nodes:
        scene.pos[slot] = found.positions[scene.ids[slot]]
    return [_to_sheet(found.curves[edge.id], scene.cards[scene.slot[edge.target.node]]) for edge in chosen]


def _to_sheet(chain: Sequence[Sequence[float]], target: Card) -> Sequence[Sequence[float]]:
    """A curve that comes from below ends at the second sheet of a block, which would cover the arrow head."""
    (_, from_y), (x, y) = chain[-2], chain[-1]
    return [*chain[:-1], (x, y + _SHEET_PX)] if target.flags & Flag.BLOCK and from_y > y else chain
