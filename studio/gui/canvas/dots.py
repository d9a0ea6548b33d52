"""The quiet grid of dots behind a drawing."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from studio.gui.canvas.view import View
from studio.gui.theme import Theme

DOT_GAP: Final = 24.0
_MORE: Final = 16
"""So many dots more than needed are in the picture at either side: panning needs them next."""


class Dots:
    """A picture of one row is made and put once per row: Qt's calls per dot would cost more than all nodes."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._row: QPixmap | None = None
        self._first = self._last = 0
        """Which dots are in the picture, counted from the origin of the scene."""

    def paint(self, painter: QPainter, view: View, exposed: QRectF, theme: Theme) -> None:
        """Paint those under ``exposed`` (px of the target) on the bare canvas; from afar every second one."""
        gap = DOT_GAP * view.scale
        while gap < 16:
            gap *= 2
        ratio = painter.device().devicePixelRatio()
        dot = max(1, round(1.5 * ratio * min(1.3, view.scale + 0.3)))
        first, last = (math.floor((side - view.x_offset) / gap) for side in (exposed.left() - dot, exposed.right()))
        origin = math.floor(view.x_offset * ratio)
        row = self._row_of(first, last, round(view.x_offset * ratio - origin, 4), gap * ratio, dot, theme)
        top = math.floor((exposed.top() - view.y_offset) / gap)
        bottom = math.ceil((exposed.bottom() - view.y_offset) / gap)
        x = (origin + self._left_of(self._first, gap * ratio)) / ratio
        width, height = row.width() / ratio, row.height() / ratio
        source = QRectF(row.rect())
        for k in range(top, bottom + 1):
            y = math.floor((view.y_offset + gap * k) * ratio + 0.5) / ratio
            painter.drawPixmap(QRectF(x, y, width, height), row, source)

    def _row_of(self, first: int, last: int, fraction: float, gap: float, dot: int, theme: Theme) -> QPixmap:
        """A row that has the dots from ``first`` to ``last``, in device pixels. The last one is kept.

        Where a dot lies depends on its number, not on where the row begins: else a dot half a pixel away would be
        elsewhere in a strip that was painted by itself.
        """
        key = (fraction, gap, dot, theme.name)
        if self._row is None or self._key != key or first < self._first or last > self._last:
            self._key, self._first, self._last = key, first - _MORE, last + _MORE
            left = self._left_of(self._first, gap)
            row = QPixmap(self._left_of(self._last, gap) - left + dot + 2, dot)
            row.fill(QColor(theme.canvas))  # nothing lies below it: opaque it is copied, not blended
            painter = QPainter(row)
            colour = QColor(theme.grid)
            for number in range(self._first, self._last + 1):
                painter.fillRect(math.floor(fraction + gap * number + 0.5) - left, 0, dot, dot, colour)
            painter.end()
            self._row = row
        return self._row

    def _left_of(self, number: int, gap: float) -> int:
        """The device pixel, counted from the origin's, from which a dot and what is right of it are in the picture."""
        return math.floor(gap * number)
