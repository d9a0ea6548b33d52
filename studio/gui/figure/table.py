"""The style of ``keras.utils.plot_model``: a small table per layer, with what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from studio.gui.canvas import marks
from studio.gui.canvas.card import Card, Flag
from studio.gui.figure.fitting import Fitted, MakeFont, counted, fitted, fitted_name
from studio.gui.figure.paper import BACKGROUND, INK
from studio.gui.figure.svg import once
from studio.gui.theme import mono_font, ui_font

_HEAD: Final = 22.0
_TALL_HEAD: Final = 29.0
"""Height of the head where name and type stand below each other."""

_TALLEST_HEAD: Final = 34.0
"""The same with a name in two lines."""

_LINE, _SMALL_LINE, _LOOSE_LINE = 12.0, 10.75, 16.0
"""Heights of lines in these heads, and where there is nothing but a head."""

_HALF_PX, _LARGE_HALF_PX = 10, 12
"""The largest letters of a name in two lines, above rows and alone."""

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


def draw_card(
    painter: QPainter, card: Card, taken: Sequence[str], width: float, height: float, *, is_tall: bool
) -> None:
    """Draw a node with its top left corner at (0, 0); ``taken`` are the shapes that go in, in ways from long to short.

    ``is_tall`` writes the type below the name, and the number of parameters beside it.
    """
    is_tall &= not card.flags & Flag.FOLDED
    going_in = _first_that_fits(taken, width - _WORD - 8)
    rows = [(word, shape) for word, shape in (("Input", going_in), ("Output", card.shape)) if shape]
    count = counted(card)
    if card.flags & Flag.FOLDED:
        rows = []
    elif count and not is_tall:
        rows.append(("Params", count))
    room = width - (30.0 if card.flags & Flag.SHARED else 12.0)
    name = fitted_name(*_FONTS["head"], card.title, room, _HALF_PX if rows else _LARGE_HALF_PX) if is_tall else ()
    head = height if not rows else _HEAD if not is_tall else _TALL_HEAD if len(name) == 1 else _TALLEST_HEAD
    key = (card.flags, width, height, head, len(rows))
    once(painter, key, partial(_draw_body, painter, card, width, height, head, len(rows)))
    ground = marks.ink(BACKGROUND)
    if is_tall:
        kind = fitted(*_FONTS["type"], f"{_type(card)} · {count} params" if count else _type(card), room)
        lines = (*name, kind)
        tall = (_LINE if len(lines) == 2 else _SMALL_LINE) if rows else _LOOSE_LINE
        top = (head - tall * len(lines)) / 2
        for at, line in enumerate(lines):
            _centred(painter, line, (6.0, top + at * tall, room, tall), ground)
    else:
        _centred(painter, fitted(*_FONTS["head"], _named(card), room), (6.0, 0.0, room, head), ground)
    ink, wide = marks.ink(INK), width - _WORD - 8
    largest, mono = _FONTS["shape"]
    # What came in and what goes out are compared: both in the letters in which the longer one fits.
    same = min((fitted(largest, mono, shape, wide).font.pixelSize() for _, shape in rows), default=largest)
    for number, (word, shape) in enumerate(rows):
        tall = (height - head) / len(rows)
        top = head + number * tall
        words = fitted(*_FONTS["word"], word, _WORD - 6), fitted(same, mono, shape, wide)
        for line, left in zip(words, (4.0, _WORD + 4), strict=True):
            line.write(painter, left, top + (tall + line.capitals) / 2, ink)


def _first_that_fits(texts: Sequence[str], room: float) -> str:
    """The first of these that is not cut, or the last."""
    return next(
        (text for text in texts if fitted(*_FONTS["shape"], text, room).text == text), texts[-1] if texts else ""
    )


def _draw_body(painter: QPainter, card: Card, width: float, height: float, head: float, rows: int) -> None:
    body = QRectF(0, 0, width, height).adjusted(0.5, 0.5, -0.5, -0.5)
    line = marks.line(INK, 1.0)
    painter.setPen(line)
    painter.setBrush(marks.ink(BACKGROUND))
    if card.flags & Flag.BLOCK:
        painter.drawRect(body.translated(4, 4))
    painter.drawRect(body)
    painter.fillRect(QRectF(0, 0, width, head), marks.ink(INK))
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(width - 19, head / 2 - 6.5, 13, 13), marks.ink(BACKGROUND))
    if rows:
        painter.setPen(line)
        painter.drawLine(QPointF(_WORD, head), QPointF(_WORD, height - 0.5))
        for number in range(1, rows):
            y = head + number * (height - head) / rows
            painter.drawLine(QPointF(0.5, y), QPointF(width - 0.5, y))


def _type(card: Card) -> str:
    return card.kind.partition(" · ")[0]


def _named(card: Card) -> str:
    return f"{card.title} ({_type(card)})" if card.kind else card.title


def _centred(painter: QPainter, line: Fitted, place: Room, colour: QColor) -> None:
    left, top, width, height = place
    line.write(painter, left + width / 2, top + (height + line.capitals) / 2, colour, "middle")
