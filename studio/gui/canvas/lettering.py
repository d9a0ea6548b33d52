"""What is written on a card in the room that it has: smaller letters first, then fewer, and a cut at the last."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from studio.gui.canvas.card import Card
from studio.gui.canvas.heat import Warmth
from studio.gui.canvas.numbers import count_text, short_count
from studio.gui.theme import mono_font, ui_font

_GAP: Final = 10.0
"""Between what stands left and what stands right on a line."""

_ENOUGH_OF_KIND: Final = 64.0
"""So much of a type tells which one it is."""

_BREAK_AFTER: Final = "_/.- "

_MIDDLE = Qt.TextElideMode.ElideMiddle


@lru_cache(maxsize=8)
def _fonts() -> dict[str, tuple[QFont, QFontMetricsF]]:
    fonts = {
        "title": ui_font(13.5, QFont.Weight.DemiBold),
        "small title": ui_font(12, QFont.Weight.DemiBold),
        "smallest title": ui_font(11, QFont.Weight.DemiBold),
        "kind": ui_font(12),
        "small kind": ui_font(11),
        "mono": mono_font(12),
        "small mono": mono_font(11),
        "middle": ui_font(19, QFont.Weight.DemiBold),
        "large": ui_font(24, QFont.Weight.DemiBold),
    }
    for font in fonts.values():
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # the same widths at every scale
    return {name: (font, QFontMetricsF(font)) for name, font in fonts.items()}


def font(name: str) -> QFont:
    """One of the fonts of a card."""
    return _fonts()[name][0]


@lru_cache(maxsize=8192)
def wide(name: str, text: str) -> float:
    """How wide a text is in one of the fonts. The same types and shapes stand on many nodes."""
    return _fonts()[name][1].horizontalAdvance(text)


def cut(name: str, text: str, room: float) -> str:
    """The text in one of the fonts, with its middle left out where it is too long."""
    return _fonts()[name][1].elidedText(text, _MIDDLE, room)


class FirstLine(NamedTuple):
    """The name and the type, each with its font."""

    title: str
    title_font: str
    kind: str
    kind_font: str


_FIRST_LINES: Final = (("title", "kind"), ("small title", "small kind"), ("smallest title", "small kind"))


def first_line(card: Card, room: float) -> FirstLine:
    """The letters of the type give way first, then what makes it special, then the letters of the name; then the type,
    but it keeps enough to be known by.

    ``room`` is that of both beside the gap between them."""
    left = room - wide("title", card.title)
    if wide("small kind", card.kind) <= left < wide("kind", card.kind):
        return FirstLine(card.title, "title", card.kind, "small kind")  # that it ends in softmax is worth a point
    for title_font, kind_font in _FIRST_LINES:
        left = room - wide(title_font, card.title)
        kind = fitting_kind(card, left, kind_font)
        if wide(kind_font, kind) <= (left if kind else left + _GAP):
            return FirstLine(card.title, title_font, kind, kind_font)
    width = min(wide(kind_font, kind), max(left, _ENOUGH_OF_KIND))
    kind = _fonts()[kind_font][1].elidedText(kind, Qt.TextElideMode.ElideRight, width + 0.5)
    rest = room - wide(kind_font, kind) + (0 if kind else _GAP)
    return FirstLine(cut(title_font, card.title, rest), title_font, kind, kind_font)


def fitting_kind(card: Card, room: float, name: str = "kind") -> str:
    """The type and what makes it special, as much as fits; a name that tells the type already needs no type."""
    if wide(name, card.kind) <= room:
        return card.kind
    type, _, special = card.kind.partition(" · ")
    if type == "Block" or wide(name, type) <= room:
        return type
    if type.lower() in card.title.replace("_", "").lower():
        return special if wide(name, special) <= room else ""
    return type


def second_line(card: Card, room: float, warmth: Warmth | None = None) -> tuple[str, str, str]:
    """Shape, count and font that fit beside each other: smaller letters first, then fewer, the shape cut last."""
    count = count_text(card.parameters)
    short = "" if card.parameters is None else short_count(card.parameters)
    if warmth is not None and warmth.text is not None:
        count = short = warmth.text
    tight = card.shape.replace(", ", ",")
    tries = ((card.shape, count, "mono"), (card.shape, count, "small mono"), (card.shape, short, "small mono"))
    for shape, told, name in (*tries, (tight, short, "small mono")):
        if wide(name, shape) + wide(name, told) + (_GAP if told else 0) <= room:
            return shape, told, name
    left = room - wide("small mono", short) - (_GAP if short else 0)
    return cut("small mono", tight, left), short, "small mono"


@lru_cache(maxsize=4096)
def name_alone(title: str, room: float, *, is_low: bool) -> tuple[str, tuple[str, ...]]:
    """The font and the lines of a name that is all a card says; ``is_low``: there is room for one line of it only."""
    if not is_low and wide("large", title) <= room:
        return "large", (title,)
    if is_low or wide("middle", title) <= room:
        return "middle", (cut("middle", title, room),)
    ends = (at for at in range(1, len(title)) if title[at - 1] in _BREAK_AFTER)
    halves = ((title[:at].rstrip(), title[at:]) for at in ends)
    fitting = [(max(wide("middle", part) for part in both), both) for both in halves]
    width, both = min(fitting, default=(room + 1, ()))
    return "middle", both if width <= room else (cut("middle", title, room),)
