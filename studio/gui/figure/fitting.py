"""Text in little room on a figure: smaller letters first, long names in two lines, cut in the middle at the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from studio.gui.canvas.card import Card
from studio.gui.canvas.numbers import count_text
from studio.gui.figure.svg import SvgPainter

_SMALLEST_PX = 8

_READABLE_PX: Final = 11
"""A name that only fits in smaller letters is better read in two lines."""

_SMALLEST_NAME_PX: Final = 9

_BREAK_AFTER: Final = "_/.- "

MakeFont = Callable[[int], QFont]
"""From a size in px to a font."""


End = Literal["start", "middle", "end"]
"""What of a line stands at the place where it is written, in the words of SVG."""

_SHARES: Final[dict[End, float]] = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Fitted(NamedTuple):
    """A line of text in a font; ``width`` of the whole line and height of its capitals in px."""

    font: QFont
    text: str
    width: float
    capitals: float

    def write(self, painter: QPainter | SvgPainter, x: float, y: float, colour: QColor, end: End = "start") -> None:
        """Write it from the left end of its base line; or so that its middle, or its right end, comes to ``x``."""
        painter.setFont(self.font)
        painter.setPen(colour)
        if isinstance(painter, SvgPainter):  # whoever reads it has other fonts, in which the line is not as long
            painter.write(QPointF(x, y), self.text, end)
        else:
            painter.drawText(QPointF(x - _SHARES[end] * self.width, y), self.text)


@lru_cache(maxsize=4096)
def fitted(largest_px: int, make: MakeFont, text: str, room: float) -> Fitted:
    """The font in which ``text`` fits into ``room`` px, and what is written in it."""
    for px in range(largest_px, _SMALLEST_PX - 1, -1):
        font, metrics, tall = _font(make, px)
        width = metrics.horizontalAdvance(text)
        if width <= room:
            return Fitted(font, text, width, tall)
    return _line(make, _SMALLEST_PX, _font(make, _SMALLEST_PX)[1].elidedText(text, _MIDDLE, room))


@lru_cache(maxsize=4096)
def fitted_name(
    largest_px: int, make: MakeFont, text: str, room: float, half_px: int = _READABLE_PX + 1
) -> tuple[Fitted, ...]:
    """The same for a name, which may have two lines where one would be small: broken behind "_", "/" and the like.

    Letters of two lines have at most ``half_px``.
    """
    one = fitted(largest_px, make, text, room)
    if one.text == text and one.font.pixelSize() >= _READABLE_PX:
        return (one,)
    for cut_at in (_BREAK_AFTER, ""):
        for px in range(half_px, _SMALLEST_NAME_PX - 1, -1):
            metrics = _font(make, px)[1]
            ends = (at for at in range(1, len(text)) if not cut_at or text[at - 1] in cut_at)
            if parts := _halves(text, ends, metrics, room):
                return tuple(_line(make, px, part.strip()) for part in parts)
    metrics = _font(make, _SMALLEST_NAME_PX)[1]
    head, tail = metrics.elidedText(text, _RIGHT, room), metrics.elidedText(text, _LEFT, room)
    return tuple(_line(make, _SMALLEST_NAME_PX, part) for part in (head, tail.removeprefix("…")))


def _halves(text: str, ends: Iterable[int], metrics: QFontMetricsF, room: float) -> tuple[str, str] | None:
    """The text in two parts that both fit, as equal as can be; None where it does not fit."""
    found: tuple[float, str, str] | None = None
    for at in ends:
        first, second = metrics.horizontalAdvance(text[:at]), metrics.horizontalAdvance(text[at:])
        if max(first, second) <= room and (found is None or max(first, second) < found[0]):
            found = (max(first, second), text[:at], text[at:])
    return None if found is None else found[1:]


def counted(card: Card) -> str:
    """How many parameters, as written on paper, where a zero says nothing."""
    return count_text(card.parameters) if card.parameters else ""


_LEFT, _MIDDLE, _RIGHT = Qt.TextElideMode.ElideLeft, Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight


def _line(make: MakeFont, px: int, text: str) -> Fitted:
    font, metrics, tall = _font(make, px)
    return Fitted(font, text, metrics.horizontalAdvance(text), tall)


@lru_cache(maxsize=64)
def _font(make: MakeFont, px: int) -> tuple[QFont, QFontMetricsF, float]:
    font = make(px)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    metrics = QFontMetricsF(font)
    return font, metrics, metrics.capHeight()
