"""Small pictures that many things share: a port, a pill, a ring, drawn once for a theme and a scale."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from studio.gui.canvas import marks
from studio.gui.theme import Theme

PAD: Final = 10.0
"""Room around a node for shadow, stack, ring and octagon, scene px."""

RADIUS: Final = 8.0
_MOST = 2000


class Sprites:
    """Kept by what they show and how large that is."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self._theme: Theme | None = None

    def begin(self, theme: Theme) -> None:
        """Start a frame in these colours."""
        if self._theme is not theme or len(self._kept) > _MOST:
            self._kept.clear()
            self._theme = theme

    def get(self, kind: str, what: str, width: float, height: float, sharp: float) -> QPixmap:
        """A sprite of so many scene px at ``sharp`` device pixels each. ``what`` is a state, a text, a kind of sign."""
        key = (kind, what, width, height, sharp)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        pixmap = QPixmap(math.ceil(width * sharp), math.ceil(height * sharp))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(sharp, sharp)
        theme = self._theme
        assert theme is not None
        match kind:
            case "port":
                marks.port(painter, QPointF(9, 9), what, theme)
            case "pill":
                marks.pill(painter, QRectF(0, 0, width, height), what, theme)
            case "related":
                marks.related_ring(painter, QRectF(PAD, PAD, width - 2 * PAD, height - 2 * PAD), RADIUS, theme)
            case "sign":
                marks.sign(painter, QPointF(10, 10), what, theme)
            case "ring":
                marks.ring(painter, QRectF(PAD, PAD, width - 2 * PAD, height - 2 * PAD), RADIUS, theme)
        painter.end()
        self._kept[key] = pixmap
        return pixmap


def put(painter: QPainter, pixmap: QPixmap, x: float, y: float, ratio: float) -> None:
    """Put a pixmap on whole device pixels: a plain copy, and sharp."""
    x, y = math.floor(x * ratio + 0.5), math.floor(y * ratio + 0.5)
    if ratio == 1.0:
        painter.drawPixmap(x, y, pixmap)
    else:
        target = QRectF(x / ratio, y / ratio, pixmap.width() / ratio, pixmap.height() / ratio)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
