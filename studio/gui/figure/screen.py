"""The styles that look like the canvas: its nodes, written on so that all nodes of a figure have letters of one size.

On the canvas a name that is too long is cut, and pointing at the node tells it. Nobody can point at paper: where one
node of a figure has not enough room for two lines, all of them have three.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from studio.gui.canvas import marks
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.numbers import short_count
from studio.gui.canvas.pictures import LEFT, RIGHT, draw_body, ink
from studio.gui.figure.fitting import MakeFont, counted, fitted, fitted_name
from studio.gui.figure.svg import once
from studio.gui.theme import Theme, mono_font, ui_font

_BETWEEN: Final = 10.0
_MARK: Final = 20.0

_TOPS_OF_TWO: Final = {True: (14.0, 27.0, 40.0, 53.0), False: (18.0, 32.0, 48.0)}
"""Base lines where the name has two lines, with and without a shape."""

_FONTS: dict[str, tuple[int, MakeFont]] = {
    "title": (14, lambda px: ui_font(px, QFont.Weight.DemiBold)),
    "kind": (12, ui_font),
    "shape": (12, mono_font),
}


def fits_in_two(card: Card, width: float) -> bool:
    """Whether name and type, and shape and count, have room beside each other in letters of full size."""
    count, room = counted(card), width - LEFT - RIGHT
    first = _wide("title", card.title) + (_BETWEEN + _wide("kind", card.kind) if _is_beside(card) else 0)
    second = _wide("shape", card.shape) + (_BETWEEN + _wide("shape", count) if count else 0)
    return first <= room - (_MARK if card.flags & Flag.SHARED else 0) and second <= room


def draw_card(painter: QPainter, card: Card, width: float, height: float, theme: Theme, *, is_tall: bool) -> None:
    """Draw a node with its top left corner at (0, 0); ``is_tall`` writes the type below the name."""
    once(painter, (card.family, card.flags, width, height), partial(draw_body, painter, card, width, height, theme))
    right = width - RIGHT
    is_folded = bool(card.flags & Flag.FOLDED)
    top = 20.5 if is_folded else 20.0 if is_tall and card.shape else 24.0
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(right - 13, top - 12, 13, 13), marks.ink(theme.secondary))
        right -= _MARK
    dark, quiet = ink(card, theme), marks.ink(theme.secondary)
    if is_folded or (_is_beside(card) and not is_tall):
        title = fitted(*_FONTS["title"], card.title, right - LEFT)
        kind = fitted(*_FONTS["kind"], card.kind, max(0.0, right - LEFT - title.width - _BETWEEN))
        title.write(painter, LEFT, top, dark)
        if kind.text == card.kind:
            kind.write(painter, right, top, quiet, "end")
        if not is_folded:
            _pair(painter, ("shape", card.shape), card, width, 46.0, quiet)
        return
    name = fitted_name(*_FONTS["title"], card.title, right - LEFT)
    tops = _TOPS_OF_TWO[bool(card.shape)] if len(name) > 1 else (top, 36.0 if card.shape else 45.0, 51.5)
    for line, y in zip(name, tops, strict=False):
        line.write(painter, LEFT, y, dark)
    _pair(painter, ("kind", card.kind), card, width, tops[len(name)], quiet)
    if card.shape:
        fitted(*_FONTS["shape"], card.shape, width - LEFT - RIGHT).write(painter, LEFT, tops[-1], quiet)


def _is_beside(card: Card) -> bool:
    """Whether the second line is taken, so that the type goes to the end of the first."""
    return bool(card.shape or counted(card))


def _pair(painter: QPainter, left: tuple[str, str], card: Card, width: float, y: float, colour: QColor) -> None:
    """Something at the left and the count at the right, which is shorter where there is little room."""
    whole = width - LEFT - RIGHT
    for told in (counted(card), short_count(card.parameters)) if card.parameters else ("",):
        number = fitted(*_FONTS["shape"], told, whole)
        first = fitted(*_FONTS[left[0]], left[1], whole - (number.width + _BETWEEN if told else 0))
        if first.font.pixelSize() == _FONTS[left[0]][0]:
            break
    first.write(painter, LEFT, y, colour)
    number.write(painter, width - RIGHT, y, colour, "end")


def _wide(name: str, text: str) -> float:
    return fitted(*_FONTS[name], text, 1e6).width
