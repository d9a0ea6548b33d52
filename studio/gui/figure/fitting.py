"""Text in little room on a figure: smaller letters first, cut in the middle only at the last."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

_SMALLEST_PX = 8

MakeFont = Callable[[int], QFont]
"""From a size in px to a font."""


class Fitted(NamedTuple):
    """A line of text in a font; ``width`` of the whole line and height of its capitals in px."""

    font: QFont
    text: str
    width: float
    capitals: float


@lru_cache(maxsize=4096)
def fitted(largest_px: int, make: MakeFont, text: str, room: float) -> Fitted:
    """The font in which ``text`` fits into ``room`` px, and what is written in it."""
    for px in range(largest_px, _SMALLEST_PX - 1, -1):
        font, metrics, tall = _font(make, px)
        width = metrics.horizontalAdvance(text)
        if width <= room:
            return Fitted(font, text, width, tall)
    font, metrics, tall = _font(make, _SMALLEST_PX)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
    return Fitted(font, shown, metrics.horizontalAdvance(shown), tall)


@lru_cache(maxsize=64)
def _font(make: MakeFont, px: int) -> tuple[QFont, QFontMetricsF, float]:
    font = make(px)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    metrics = QFontMetricsF(font)
    return font, metrics, metrics.capHeight()
