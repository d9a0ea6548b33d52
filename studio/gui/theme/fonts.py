"""The fonts that ship with the program, so that it looks the same everywhere: Inter and JetBrains Mono."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from studio.assets import resource

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
_FALLBACK = ("Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans")
_MONO_FALLBACK = ("Cascadia Mono", "Menlo", "DejaVu Sans Mono")


@lru_cache(maxsize=1)
def load_fonts() -> tuple[str, ...]:
    """Make the shipped fonts known to Qt, once. Needs a QGuiApplication. Returns the families that were found."""
    families: dict[str, None] = {}
    folder = resource("fonts")
    for path in sorted(folder.glob("*.?tf")) if folder.is_dir() else ():
        number = QFontDatabase.addApplicationFont(str(path))
        if number >= 0:
            families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    return tuple(families)


@lru_cache(maxsize=64)
def _font(families: tuple[str, ...], px: float, weight: QFont.Weight) -> QFont:
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(max(1, round(px)))  # Qt takes whole pixels only: 13.5 becomes 14
    font.setWeight(weight)
    return font


def ui_font(px: float = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of all text, ``px`` pixels high (look.md: 11, 12, 13, 13.5 and 16)."""
    return QFont(_font((UI_FAMILY, *_FALLBACK), px, weight))


def mono_font(px: float = 12, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of shapes, code and numbers in tables."""
    font = QFont(_font((MONO_FAMILY, *_MONO_FALLBACK), px, weight))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: a reader who learns Python must see that "->" is two signs
    return font
