"""The small pictures of the program: strokes on a 16-pixel grid, in any colour and at any size.

``icon`` and ``attach`` are for buttons, actions and labels, ``paint`` is for who paints by hand (also into SVG and PDF).
``attach`` keeps a picture in the colours of the theme when that changes. Pictures are drawn for the pixels of the
screens that there are: a smaller or larger one, resized, would be pale.
"""

# ruff: noqa: E501 - a path cannot be broken into lines

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol, cast

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel

from studio.gui import theme

_STROKES: Final[dict[str, str]] = {
    "add": "M8 3.5v9M3.5 8h9",
    "back": "M10 3.5 5.5 8l4.5 4.5",
    "block": "M2.5 5.5h8v8h-8zM5.5 5.5v-3h8v8h-3",
    "check": "M3 8.5 6.5 12 13 4.5",
    "chevron_down": "M4 6.2 8 10l4-3.8",
    "chevron_right": "M6.2 4 10 8l-3.8 4",
    "close": "M4 4l8 8M12 4l-8 8",
    "code": "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
    "copy": "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
    "cut": "M3 2.8 11 11M13 2.8 5 11M2.4 12.4a1.7 1.7 0 1 0 3.4 0 1.7 1.7 0 1 0-3.4 0M10.2 12.4a1.7 1.7 0 1 0 3.4 0 1.7 1.7 0 1 0-3.4 0",
    "data": "M2.5 3.5h11v9.5h-11zM2.5 6.5h11M6.2 6.5V13M2.5 9.8h11",
    "delete": "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
    "export": "M8 10.5v-8M5 5.2l3-2.9 3 2.9M3 9.5v4h10v-4",
    "fit": "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
    "forward": "M6 3.5 10.5 8 6 12.5",
    "help": "M5.8 6a2.2 2.2 0 1 1 3.3 1.9c-.8.4-1.1.9-1.1 1.8M8 12v.4",
    "import": "M8 2.5v8M5 7.6l3 2.9 3-2.9M3 9.5v4h10v-4",
    "learn": "M8 4.2C6.3 3 4.4 2.8 2 3v9.2c2.4-.2 4.3 0 6 1.3 1.7-1.3 3.6-1.5 6-1.3V3c-2.4-.2-4.3 0-6 1.2zM8 4.2v9.3",
    "link": "M6.8 9.2a2.6 2.6 0 0 0 3.8 0l2-2a2.7 2.7 0 0 0-3.8-3.8l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.8 0l-2 2a2.7 2.7 0 0 0 3.8 3.8l.9-.9",
    "logo": "M8 2 14.2 5.2 8 8.4 1.8 5.2zM1.8 8.2 8 11.4l6.2-3.2M1.8 11.1 8 14.3l6.2-3.2",
    "minus": "M3.5 8h9",
    "more": "M3.5 8h.01M8 8h.01M12.5 8h.01",
    "new": "M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3",
    "note": "M2.5 3h11v7.5l-3 3h-8zM10.5 13.5v-3h3",
    "open": "M2 12.5v-9h4.2l1.5 2H14v7z",
    "redo": "M10.5 2.8 13.3 5.6l-2.8 2.8M13 5.6H6.4a3.8 3.8 0 0 0 0 7.6h2.8",
    "runs": "M2.5 13.5h11M4.5 11V8.5M8 11V3M11.5 11V6",
    "save": "M2.5 2.5h8.4l2.6 2.6v8.4h-11zM5 2.5v3.5h5v-3.5M4.8 13.5V9.3h6.4v4.2",
    "search": "M2.8 7a4.2 4.2 0 1 0 8.4 0 4.2 4.2 0 1 0-8.4 0M10.2 10.2 13.5 13.5",
    "settings": "M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M8.5 4.5a1.75 1.75 0 1 0 3.5 0 1.75 1.75 0 1 0-3.5 0M4 11.5a1.75 1.75 0 1 0 3.5 0 1.75 1.75 0 1 0-3.5 0",
    "step": "M4 3.5 10 8l-6 4.5zM12.2 3.5v9",
    "tidy": "M5.5 2.5h5v3h-5zM2 10.5h5v3H2zM9 10.5h5v3H9zM8 5.5v2.5M4.5 10.5V8h7v2.5",
    "undo": "M5.5 2.8 2.7 5.6l2.8 2.8M3 5.6h6.6a3.8 3.8 0 0 1 0 7.6H6.8",
}  # fmt: skip
"""Outlines."""

_FILLED: Final[dict[str, str]] = {
    "pause": "M4 3h2.8v10H4zM9.2 3H12v10H9.2z",
    "play": "M4.5 2.5 13 8l-8.5 5.5z",
    "stop": "M3.5 3.5h9v9h-9z",
    "dot": "M4 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0",
}
"""Solid shapes."""

# A problem is told by its shape as well as by its colour: octagon, triangle, circle.
_SIGNS: Final[dict[str, tuple[str, str]]] = {
    "error": ("M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z", "M8 4.6v4M8 11.2v.1"),
    "warning": ("M8 1.8 15 14H1z", "M8 6.2v3.6M8 11.9v.1"),
    "hint": ("M1.5 8a6.5 6.5 0 1 0 13 0 6.5 6.5 0 1 0-13 0", "M8 7.4v3.8M8 4.8v.1"),
}

NAMES: Final[frozenset[str]] = frozenset(_STROKES) | frozenset(_FILLED) | frozenset(_SIGNS)


class _Carrier(Protocol):
    """Whatever shows an icon: a button or an action."""

    def setIcon(self, icon: QIcon, /) -> None: ...


def colour_of(role: str) -> str:
    """The colour of a role of the theme ("text", "secondary", "accent", "problem"); "#..." stays as it is."""
    return role if role.startswith("#") else str(getattr(theme.current(), role))


def sign_colour(severity: str) -> str:
    """The colour of the sign of a problem."""
    now = theme.current()
    return {"error": now.problem, "warning": now.warning}.get(severity, now.accent)


def paint(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Paint a picture into ``rect`` in a colour ("#RRGGBB"). KeyError if no picture has this name."""
    _renderer(name, colour, theme.current().surface).render(painter, rect)


def pixmap(name: str, size: int = 16, colour: str = "text", ratio: float = 0.0) -> QPixmap:
    """A picture of ``size`` logical pixels; ``ratio`` is the device's pixel ratio, without it that of the best screen.

    Who shows it in a label asks ``attach``, which follows the theme.
    """
    ratio = ratio or max(_ratios())
    shade = sign_colour(name) if name in _SIGNS else colour_of(colour)
    return QPixmap(_pixmap(name, size, shade, theme.current().surface, ratio))


def icon(name: str, role: str = "secondary", *sizes: int) -> QIcon:
    """A picture for a button or an action in today's colours; pale where the button is disabled."""
    result = QIcon()
    for ratio in _ratios():
        for size in sizes or (16, 24):
            result.addPixmap(pixmap(name, size, role, ratio))
            result.addPixmap(pixmap(name, size, "faint", ratio), QIcon.Mode.Disabled)
    return result


def _ratios() -> set[float]:
    """The device pixel ratios of all screens."""
    return {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}


def attach(carrier: QObject, name: str, role: str = "secondary", size: int = 16) -> None:
    """Give a button, an action or a label a picture that follows the theme. Calling it again replaces the picture.

    Without a name it has none. ``size`` is for labels; buttons and actions have sizes of their own.
    """
    follower = carrier.findChild(_Follower, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if follower is None:
        follower = _Follower(carrier)
        theme.notifier.changed.connect(follower.refresh)
    follower.name, follower.role, follower.size = name, role, size
    follower.refresh()


class _Follower(QObject):
    """Lives as long as the button or label whose picture it keeps fresh."""

    name = "dot"
    role = "secondary"
    size = 16

    def refresh(self) -> None:
        """Draw the picture again."""
        carrier = self.parent()
        if isinstance(carrier, QLabel):
            carrier.setPixmap(pixmap(self.name, self.size, self.role) if self.name else QPixmap())
            return
        sizes = {carrier.iconSize().height()} if isinstance(carrier, QAbstractButton) else set()
        cast(_Carrier, carrier).setIcon(icon(self.name, self.role, *sizes) if self.name else QIcon())


@lru_cache(maxsize=256)
def _pixmap(name: str, size: int, colour: str, inside: str, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour, inside).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str, inside: str) -> QSvgRenderer:
    line = 'fill="none" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"'
    if name in _SIGNS:
        shape, mark = _SIGNS[name]
        body = f'<path d="{shape}" fill="{colour}"/><path d="{mark}" {line} stroke="{inside}"/>'
    elif name in _FILLED:
        body = f'<path d="{_FILLED[name]}" fill="{colour}" stroke="{colour}" stroke-linejoin="round"/>'
    else:
        body = f'<path d="{_STROKES[name]}" {line} stroke="{colour}"/>'
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{body}</svg>'
    return QSvgRenderer(QByteArray(text.encode()))
