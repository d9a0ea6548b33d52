"""The style of ``keras.utils.plot_model``: a small table per layer, with what goes in and what comes out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from studio.gui.canvas import marks
from studio.gui.canvas.card import Card, Flag
from studio.gui.canvas.numbers import count_text
from studio.gui.figure.fitting import MakeFont, fitted
from studio.gui.figure.paper import BACKGROUND, INK
from studio.gui.theme import mono_font, ui_font

_HEAD: Final = 22.0
_TALL_HEAD: Final = 29.0
"""Height of the head where name and type stand below each other."""

_SMALLEST_HEAD_PX: Final = 11
_WORD: Final = 42.0
"""Width of the column with "Input" and "Output"."""

_FONTS: dict[str, tuple[int, MakeFont]] = {
    "head": (12, lambda px: ui_font(px, QFont.Weight.DemiBold)),
    "type": (10, ui_font),
    "word": (11, ui_font),
    "shape": (11, mono_font),
}


Room = tuple[float, float, float, float]
"""Left, top, width and height."""


def fits_in_one(card: Card, width: float) -> bool:
    """Whether name and type have room beside each other in the head of the table."""
    return fitted(*_FONTS["head"], _named(card), width - 12.0).font.pixelSize() >= _SMALLEST_HEAD_PX


def draw_card(painter: QPainter, card: Card, taken: str, width: float, height: float, *, is_tall: bool) -> None:
    """Draw a node with its top left corner at (0, 0); ``taken`` are the shapes that go in, "" for none.

    ``is_tall`` writes the type below the name, and the number of parameters beside it.
    """
    body = QRectF(0, 0, width, height).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(marks.line(INK, 1.0))
    painter.setBrush(marks.ink(BACKGROUND))
    if card.flags & Flag.BLOCK:
        painter.drawRect(body.translated(4, 4))
    painter.drawRect(body)
    is_tall &= not card.flags & Flag.FOLDED
    rows = [(word, shape) for word, shape in (("Input", taken), ("Output", card.shape)) if shape]
    count = count_text(card.parameters) if card.parameters else ""
    if card.flags & Flag.FOLDED:
        rows = []
    elif count and not is_tall:
        rows.append(("Params", count))
    tall_head = (_TALL_HEAD if is_tall else _HEAD) if rows else height
    painter.fillRect(QRectF(0, 0, width, tall_head), marks.ink(INK))
    room = width - (30.0 if card.flags & Flag.SHARED else 12.0)
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(width - 19, tall_head / 2 - 6.5, 13, 13), marks.ink(BACKGROUND))
    if is_tall:
        kind = f"{_type(card)} · {count} params" if count else _type(card)
        _write(painter, "head", card.title, (6.0, tall_head / 2 - 13, room, 14.0), BACKGROUND, is_centred=True)
        _write(painter, "type", kind, (6.0, tall_head / 2, room, 13.0), BACKGROUND, is_centred=True)
    else:
        _write(painter, "head", _named(card), (6.0, 0.0, room, tall_head), BACKGROUND, is_centred=True)
    if not rows:
        return
    line = marks.line(INK, 1.0)
    painter.setPen(line)
    painter.drawLine(QPointF(_WORD, tall_head), QPointF(_WORD, height - 0.5))
    tall = (height - tall_head) / len(rows)
    for number, (word, shape) in enumerate(rows):
        top = tall_head + number * tall
        if number:
            painter.setPen(line)
            painter.drawLine(QPointF(0.5, top), QPointF(width - 0.5, top))
        _write(painter, "word", word, (4, top, _WORD - 6, tall), INK)
        _write(painter, "shape", shape, (_WORD + 4, top, width - _WORD - 8, tall), INK)


def _type(card: Card) -> str:
    return card.kind.partition(" · ")[0]


def _named(card: Card) -> str:
    return f"{card.title} ({_type(card)})" if card.kind else card.title


def _write(painter: QPainter, name: str, text: str, room: Room, colour: str, *, is_centred: bool = False) -> None:
    left, top, width, height = room
    line = fitted(*_FONTS[name], text, width)
    painter.setFont(line.font)
    painter.setPen(marks.ink(colour))
    left += (width - line.width) / 2 if is_centred else 0
    painter.drawText(QPointF(left, top + (height + line.capitals) / 2), line.text)
