"""Text in little room on a figure: smaller letters first, cut in the middle only at the last."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

_SMALLEST_PX = 8

MakeFont = Callable[[int], QFont]
"""From a size in px to a font."""


@lru_cache(maxsize=4096)
def fitted(largest_px: int, make: MakeFont, text: str, room: float) -> tuple[QFont, QFontMetricsF, str]:
    """The font in which ``text`` fits into ``room`` px, with its metrics, and what is written in it."""
    for px in range(largest_px, _SMALLEST_PX - 1, -1):
        font, metrics = _font(make, px)
        if metrics.horizontalAdvance(text) <= room:
            return font, metrics, text
    font, metrics = _font(make, _SMALLEST_PX)
    return font, metrics, metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)


@lru_cache(maxsize=64)
def _font(make: MakeFont, px: int) -> tuple[QFont, QFontMetricsF]:
    font = make(px)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font, QFontMetricsF(font)
