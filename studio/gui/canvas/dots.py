"""The quiet grid of dots behind a drawing."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from studio.gui.canvas.view import View
from studio.gui.theme import Theme

DOT_GAP: Final = 24.0


class Dots:
    """A picture of one row is made and put once per row: Qt's calls per dot would cost more than all nodes."""

    def __init__(self) -> None:
        self._row: tuple[tuple[object, ...], int, QPixmap] | None = None

    def paint(self, painter: QPainter, view: View, exposed: QRectF, theme: Theme) -> None:
        """Paint those under ``exposed`` (px of the target) on the bare canvas; from afar every second one."""
        gap = DOT_GAP * view.scale
        while gap < 16:
            gap *= 2
        ratio = painter.device().devicePixelRatio()
        dot = max(1, round(1.5 * ratio * min(1.3, view.scale + 0.3)))
        first = math.floor((exposed.left() - view.x_offset) / gap)
        count = math.ceil((exposed.right() - view.x_offset) / gap) - first + 1
        left = view.x_offset + gap * first
        row = self._row_of(round(left * ratio % 1, 3), gap * ratio, count, dot, theme)
        top = math.floor((exposed.top() - view.y_offset) / gap)
        bottom = math.ceil((exposed.bottom() - view.y_offset) / gap)
        x = math.floor(left * ratio) / ratio
        width, height = row.width() / ratio, row.height() / ratio
        source = QRectF(row.rect())
        for k in range(top, bottom + 1):
            y = math.floor((view.y_offset + gap * k) * ratio + 0.5) / ratio
            painter.drawPixmap(QRectF(x, y, width, height), row, source)

    def _row_of(self, start: float, gap: float, count: int, dot: int, theme: Theme) -> QPixmap:
        """A row of dots in device pixels, the first one ``start`` of a pixel from the left; the last one is kept."""
        key = (start, gap, dot, theme.name)
        if self._row is None or self._row[0] != key or self._row[1] < count:
            row = QPixmap(math.ceil(gap * count) + dot + 1, dot)
            row.fill(QColor(theme.canvas))  # nothing lies below it: opaque it is copied, not blended
            painter = QPainter(row)
            colour = QColor(theme.grid)
            for k in range(count):
                painter.fillRect(math.floor(start + gap * k + 0.5), 0, dot, dot, colour)
            painter.end()
            self._row = (key, count, row)
        return self._row[2]
