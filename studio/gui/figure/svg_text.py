"""What Qt leaves out of the text of an SVG: a last resort for the font, and how wide each line has to be.

Readers have other fonts than we. Without ``textLength`` a line in a wider font would run out of its node.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from PySide6.QtGui import QFont, QFontMetricsF

_TEXT = re.compile(
    r'(<text [^>]*?font-family="([^"]*)" font-size="(\d+)" font-weight="(\d+)"[^>]*?)>([^<]*)</text>', re.DOTALL
)


def steadied(svg: str) -> str:
    """The SVG that ``QSvgGenerator`` wrote, with text that keeps its place and width in every viewer."""
    return _TEXT.sub(_steady, svg)


def _steady(found: re.Match[str]) -> str:
    start, families, px, weight, text = found.groups()
    if not text.strip():
        return found[0]
    generic = "monospace" if "Mono" in families else "sans-serif"
    start = start.replace(f'"{families}"', f'"{families},{generic}"').rstrip()
    width = _width(families, int(px), int(weight), text)
    return f'{start} textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs">{text}</text>'


@lru_cache(maxsize=4096)
def _width(families: str, px: int, weight: int, text: str) -> float:
    # Names of types and shapes come again on many nodes; measuring is a quarter of the time of a figure.
    return _metrics(families, px, weight).horizontalAdvance(unescape(text))


@lru_cache(maxsize=64)
def _metrics(families: str, px: int, weight: int) -> QFontMetricsF:
    font = QFont(families.split(","))
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return QFontMetricsF(font)
