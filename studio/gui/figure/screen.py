"""The styles that look like the canvas: its nodes, written on so that all nodes of a figure have letters of one size.

On the canvas a name that is too long is cut, and pointing at the node tells it. Nobody can point at paper: where one
node of a figure has not enough room for two lines, all of them have three.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from studio.gui.canvas import marks
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.numbers import count_text
from studio.gui.canvas.pictures import LEFT, RIGHT, draw_body, ink
from studio.gui.figure.fitting import Fitted, MakeFont, fitted
from studio.gui.theme import Theme, mono_font, ui_font

_BETWEEN: Final = 10.0
_MARK: Final = 20.0

_FONTS: dict[str, tuple[int, MakeFont]] = {
    "title": (14, lambda px: ui_font(px, QFont.Weight.DemiBold)),
    "kind": (12, ui_font),
    "shape": (12, mono_font),
}


def fits_in_two(card: Card, width: float) -> bool:
    """Whether name and type, and shape and count, have room beside each other in letters of full size."""
    count, room = _count(card), width - LEFT - RIGHT
    first = _wide("title", card.title) + (_BETWEEN + _wide("kind", card.kind) if _is_beside(card) else 0)
    second = _wide("shape", card.shape) + (_BETWEEN + _wide("shape", count) if count else 0)
    return first <= room - (_MARK if card.flags & Flag.SHARED else 0) and second <= room


def draw_card(painter: QPainter, card: Card, width: float, height: float, theme: Theme, *, is_tall: bool) -> None:
    """Draw a node with its top left corner at (0, 0); ``is_tall`` writes the type below the name."""
    draw_body(painter, card, width, height, theme)
    right = width - RIGHT
    is_folded = bool(card.flags & Flag.FOLDED)
    top = 20.5 if is_folded else 20.0 if is_tall and card.shape else 24.0
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(right - 13, top - 12, 13, 13), marks.ink(theme.secondary))
        right -= _MARK
    dark, quiet, count = ink(card, theme), marks.ink(theme.secondary), _count(card)
    if is_folded or (_is_beside(card) and not is_tall):
        title = fitted(*_FONTS["title"], card.title, right - LEFT)
        kind = fitted(*_FONTS["kind"], card.kind, max(0.0, right - LEFT - title.width - _BETWEEN))
        _write(painter, title, LEFT, top, dark)
        if kind.text == card.kind:
            _write(painter, kind, right - kind.width, top, quiet)
        if not is_folded:
            _pair(painter, ("shape", card.shape), count, width, 46.0, quiet)
        return
    _write(painter, fitted(*_FONTS["title"], card.title, right - LEFT), LEFT, top, dark)
    _pair(painter, ("kind", card.kind), count, width, 36.0 if card.shape else 45.0, quiet)
    if card.shape:
        _write(painter, fitted(*_FONTS["shape"], card.shape, width - LEFT - RIGHT), LEFT, 51.5, quiet)


def _is_beside(card: Card) -> bool:
    """Whether the second line is taken, so that the type goes to the end of the first."""
    return bool(card.shape or _count(card))


def _count(card: Card) -> str:
    return count_text(card.parameters) if card.parameters else ""  # on paper a zero says nothing


def _pair(painter: QPainter, left: tuple[str, str], count: str, width: float, y: float, colour: QColor) -> None:
    """Something at the left and the count at the right."""
    number = fitted(*_FONTS["shape"], count, width - LEFT - RIGHT)
    room = width - LEFT - RIGHT - (number.width + _BETWEEN if count else 0)
    _write(painter, fitted(*_FONTS[left[0]], left[1], room), LEFT, y, colour)
    _write(painter, number, width - RIGHT - number.width, y, colour)


def _write(painter: QPainter, line: Fitted, x: float, y: float, colour: QColor) -> None:
    painter.setFont(line.font)
    painter.setPen(colour)
    painter.drawText(QPointF(x, y), line.text)


def _wide(name: str, text: str) -> float:
    return fitted(*_FONTS[name], text, 1e6).width
