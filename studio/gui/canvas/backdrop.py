"""The picture of what stands still while something is dragged over it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap

from studio.gui.canvas.look import PortState
from studio.immutable import immutable


@immutable
class Left:
    """What the picture leaves out or shows in another way: it belongs to the drag."""

    without_nodes: np.ndarray | None = None
    without_notes: np.ndarray | None = None
    without_edge: str | None = None
    port_state: PortState | None = None


class Backdrop:
    """Taken when it is first painted, and again after the view or the scene changed; dropped at the end of the drag."""

    def __init__(self) -> None:
        self.left: Left | None = None
        self._picture: QPixmap | None = None

    @property
    def is_up(self) -> bool:
        """Whether a drag is under way that uses it."""
        return self.left is not None

    def put_up(self, left: Left) -> None:
        """Use a picture from now on."""
        self.left, self._picture = left, None

    def take_down(self) -> None:
        """Paint the scene itself again."""
        self.left = self._picture = None

    def is_stale(self) -> None:
        """Take the picture anew when it is next painted."""
        self._picture = None

    def paint(
        self, painter: QPainter, rects: list[QRect], size: QSize, ratio: float, take: Callable[[QPainter, Left], None]
    ) -> None:
        """Copy the exposed parts of the picture; ``take`` paints it where it has to be taken anew."""
        assert self.left is not None
        if self._picture is None:
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            inner = QPainter(self._picture)
            take(inner, self.left)
            inner.end()
        for rect in rects:
            area = QRectF(rect)
            source = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
            painter.drawPixmap(area, self._picture, source)
