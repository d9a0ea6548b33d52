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
_WORD: Final = 46.0
"""Width of the column with "Input" and "Output"."""

_FONTS: dict[str, tuple[int, MakeFont]] = {
    "head": (12, lambda px: ui_font(px, QFont.Weight.DemiBold)),
    "word": (11, ui_font),
    "shape": (11, mono_font),
}


Room = tuple[float, float, float, float]
"""Left, top, width and height."""


def draw_card(painter: QPainter, card: Card, taken: str, width: float, height: float) -> None:
    """Draw a node with its top left corner at (0, 0); ``taken`` are the shapes that go in, "" for none."""
    body = QRectF(0, 0, width, height).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(marks.line(INK, 1.0))
    painter.setBrush(marks.ink(BACKGROUND))
    if card.flags & Flag.BLOCK:
        painter.drawRect(body.translated(4, 4))
    painter.drawRect(body)
    rows = [(word, shape) for word, shape in (("Input", taken), ("Output", card.shape)) if shape]
    count = count_text(card.parameters) if card.parameters else ""
    if card.flags & Flag.FOLDED:
        rows = []
    elif count:
        rows.append(("Params", count))
    head = QRectF(0, 0, width, _HEAD if rows else height)
    painter.fillRect(head, marks.ink(INK))
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(width - 19, head.center().y() - 6.5, 13, 13), marks.ink(BACKGROUND))
    name = f"{card.title} ({card.kind.partition(' · ')[0]})" if card.kind else card.title
    room = (6.0, 0.0, width - (30 if card.flags & Flag.SHARED else 12), head.height())
    _write(painter, "head", name, room, BACKGROUND, is_centred=True)
    if not rows:
        return
    line = marks.line(INK, 1.0)
    painter.setPen(line)
    painter.drawLine(QPointF(_WORD, _HEAD), QPointF(_WORD, height - 0.5))
    tall = (height - _HEAD) / len(rows)
    for number, (word, shape) in enumerate(rows):
        top = _HEAD + number * tall
        if number:
            painter.setPen(line)
            painter.drawLine(QPointF(0.5, top), QPointF(width - 0.5, top))
        _write(painter, "word", word, (5, top, _WORD - 8, tall), INK)
        _write(painter, "shape", shape, (_WORD + 5, top, width - _WORD - 9, tall), INK)


def _write(painter: QPainter, name: str, text: str, room: Room, colour: str, *, is_centred: bool = False) -> None:
    left, top, width, height = room
    line = fitted(*_FONTS[name], text, width)
    painter.setFont(line.font)
    painter.setPen(marks.ink(colour))
    left += (width - line.width) / 2 if is_centred else 0
    painter.drawText(QPointF(left, top + (height + line.capitals) / 2), line.text)
