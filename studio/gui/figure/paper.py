"""The style for print: white, thin dark outlines, the family's colour as a light fill, arrow heads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPolygonF

from studio.gui.canvas import marks
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.numbers import count_text
from studio.gui.canvas.pictures import family_colour
from studio.gui.figure.fitting import MakeFont, fitted
from studio.gui.theme import LIGHT, mono_font, ui_font

BACKGROUND: Final = "#FFFFFF"
INK: Final = "#1A1F27"
EDGE: Final = INK
EDGE_PX: Final = 1.25
SECOND_INK: Final = "#3B444F"

_OUTLINE_PX = 1.0
_RADIUS = 5.0
_FILL = 0.14
"""How much of the family's colour is in the fill: a grey printer still leaves the text readable."""

_HEAD_LENGTH, _HEAD_WIDTH = 8.0, 6.0
_ROOM = 8.0
_LEADING = {"title": 17.0, "kind": 15.0, "shape": 14.0}

Line = tuple[str, str]
"""Which kind of line it is, and what it says."""


def draw_card(painter: QPainter, card: Card, width: float, height: float) -> None:
    """Draw a node with its top left corner at (0, 0): name, type and output shape below each other."""
    body = QRectF(0, 0, width, height).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(marks.line(INK, _OUTLINE_PX))
    if card.flags & Flag.BLOCK:
        painter.setBrush(marks.ink(BACKGROUND))
        painter.drawRoundedRect(body.translated(4, 4), _RADIUS, _RADIUS)
    painter.setBrush(_fill(card.family))
    painter.drawRoundedRect(body, _RADIUS, _RADIUS)
    if card.flags & Flag.BYPASSED:
        marks.hatched(painter, body, _RADIUS, LIGHT)
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(width - 20, 6, 13, 13), QColor(SECOND_INK))
    lines = _lines(card)[: 1 if card.flags & Flag.FOLDED else 3]
    total = sum(_LEADING[name] for name, _ in lines)
    top = (height - total) / 2
    for name, text in lines:
        _write(painter, name, text, width, top)
        top += _LEADING[name]


def _lines(card: Card) -> list[Line]:
    kind = card.kind
    if card.parameters:  # on paper a zero says nothing
        kind = f"{kind} · {count_text(card.parameters)} params"
    found = (("title", card.title), ("kind", kind), ("shape", card.shape))
    return [(name, text) for name, text in found if text]


def _write(painter: QPainter, name: str, text: str, width: float, top: float) -> None:
    """One centred line: smaller where it does not fit, cut in the middle only at the last."""
    line = fitted(*_FONTS[name], text, width - 2 * _ROOM)
    painter.setFont(line.font)
    painter.setPen(marks.ink(INK if name == "title" else SECOND_INK))
    middle = top + _LEADING[name] / 2
    painter.drawText(QPointF((width - line.width) / 2, middle + line.capitals / 2), line.text)


_FONTS: dict[str, tuple[int, MakeFont]] = {
    "title": (13, lambda px: ui_font(px, QFont.Weight.DemiBold)),
    "kind": (12, ui_font),
    "shape": (11, mono_font),
}


@lru_cache(maxsize=32)
def _fill(family: int) -> QColor:
    """The family's colour on white, as an opaque colour: printers handle those best."""
    colour = family_colour(LIGHT, family)
    parts = (round(255 + (part - 255) * _FILL) for part in (colour.red(), colour.green(), colour.blue()))
    return QColor(*parts)


def arrow_heads(
    painter: QPainter, chains: Iterable[Sequence[Sequence[float]]], direction: str, colour: str = EDGE
) -> None:
    """A small filled head at the end of every edge, along the way in which the curve arrives."""
    painter.setPen(marks.NO_PEN)
    painter.setBrush(QColor(colour))
    ahead = (0.0, 1.0) if direction == "down" else (1.0, 0.0)
    for chain in chains:
        (fx, fy), (x, y) = chain[-2], chain[-1]
        length = math.hypot(x - fx, y - fy)
        dx, dy = ((x - fx) / length, (y - fy) / length) if length > 1e-6 else ahead
        bx, by, sx, sy = x - dx * _HEAD_LENGTH, y - dy * _HEAD_LENGTH, -dy * _HEAD_WIDTH / 2, dx * _HEAD_WIDTH / 2
        painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(bx + sx, by + sy), QPointF(bx - sx, by - sy)]))
