"""Moves the view on while a gesture is held at the border of the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_BORDER_PX = 28
_FASTEST_PX = 24
"""The most pixels per tick: a screen takes about a second."""
_TICK_MS = 16


class BorderPan(QTimer):
    """Runs during a gesture that wants it; the nearer the pointer to the border, the faster."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, interval=_TICK_MS)
        self._canvas = canvas
        self.timeout.connect(self._pan)

    def _pan(self) -> None:
        canvas = self._canvas
        if canvas.gesture is None or not canvas.gesture.pans_at_border:
            self.stop()
            return
        x, y = canvas.pointer.x(), canvas.pointer.y()
        dx = max(0.0, _BORDER_PX - x) - max(0.0, x - canvas.width() + _BORDER_PX)
        dy = max(0.0, _BORDER_PX - y) - max(0.0, y - canvas.height() + _BORDER_PX)
        if dx or dy:
            canvas.pan_by(*(round(max(-_FASTEST_PX, min(_FASTEST_PX, way * 0.5))) for way in (dx, dy)))
            canvas.gesture.move(canvas.pointer)
