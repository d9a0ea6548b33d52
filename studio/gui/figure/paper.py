"""The style for print: white, thin dark outlines, the family's colour as a light fill, arrow heads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from studio.gui.canvas import marks
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.pictures import family_colour
from studio.gui.figure.fitting import Fitted, MakeFont, counted, fitted, fitted_name
from studio.gui.figure.svg import once
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
_LEADING = {"title": 17.0, "half": 13.0, "kind": 15.0, "shape": 14.0}
_TIGHT = {"title": 17.0, "half": 13.0, "kind": 13.5, "shape": 13.0}
"""Where the name takes two lines, each called half."""

Line = tuple[str, Fitted]
"""Which kind of line it is, and what it says."""


def draw_card(painter: QPainter, card: Card, width: float, height: float) -> None:
    """Draw a node with its top left corner at (0, 0): name, type and output shape below each other."""
    once(painter, (card.family, card.flags, width, height), partial(_draw_body, painter, card, width, height))
    lines = _lines(card, width - 2 * _ROOM)
    leading = _LEADING if len(lines) < 4 else _TIGHT
    top = (height - sum([leading[name] for name, _ in lines])) / 2
    title, other = marks.ink(INK), marks.ink(SECOND_INK)
    for name, line in lines:
        middle = top + leading[name] / 2
        colour = title if name in ("title", "half") else other
        line.write(painter, width / 2, middle + line.capitals / 2, colour, "middle")
        top += leading[name]


def _draw_body(painter: QPainter, card: Card, width: float, height: float) -> None:
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


def _lines(card: Card, room: float) -> list[Line]:
    if card.flags & Flag.FOLDED:
        return [("title", fitted(*_FONTS["title"], card.title, room))]
    parts = fitted_name(*_FONTS["title"], card.title, room)
    found = [("title" if len(parts) == 1 else "half", part) for part in parts if part.text]
    count = counted(card)
    kind = f"{card.kind} · {count} params" if count else card.kind
    return found + [(name, fitted(*_FONTS[name], text, room)) for name, text in (("kind", kind), ("shape", card.shape))
                    if text]  # fmt: skip


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
        painter.drawPolygon([QPointF(x, y), QPointF(bx + sx, by + sy), QPointF(bx - sx, by - sy)])
