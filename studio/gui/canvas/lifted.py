"""The picture of nodes that move together over the drawing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from studio.gui import theme
from studio.gui.canvas.geometry import Box, Slots, bounds_of

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_FEW = 8
"""So few nodes are painted as quickly as a picture of them is put."""

_MOST_VIEWS = 2.5
"""What takes more room than so many views is painted as far as it is in view, frame by frame."""


class Lifted:
    """Some nodes and edges that a drag moves. Between them nothing changes, so a picture of them is moved.

    Edges that lead to others, and those with way-points, which stay where they are, are painted in every frame.
    """

    def __init__(self, canvas: Canvas, nodes: Slots, edges: Slots) -> None:
        scene = canvas.scene
        self._canvas, self._nodes, self._edges = canvas, nodes, edges
        moving = np.zeros(len(scene) + 1, bool)
        moving[nodes] = True
        is_inner = moving[scene.edges.source[edges]] & moving[scene.edges.target[edges]]
        is_inner &= np.array([k not in scene.edges.chains for k in edges.tolist()], bool)
        self._inner, self._outer = edges[is_inner], edges[~is_inner]
        self._key: tuple[object, ...] = ()
        self._picture: QPixmap | None = None
        self._place = QPointF()
        """Pixels of the widget at which the picture was taken, and from where the scene's origin was then."""

    def paint(self, painter: QPainter) -> None:
        """Paint them where they are now."""
        stage, ratio = self._canvas.stage, self._canvas.devicePixelRatioF()
        if len(self._nodes) > _FEW:
            self._take(ratio)
        if self._picture is None:
            stage.paint_parts(painter, self._nodes, self._edges)
            return
        stage.paint_parts(painter, self._nodes[:0], self._outer)
        x, y = self._anchor()
        x, y = (math.floor(v * ratio + 0.5) / ratio for v in (x + self._place.x(), y + self._place.y()))
        painter.drawPixmap(QPointF(x, y), self._picture)

    def _anchor(self) -> tuple[float, float]:
        """The pixel of the corner of the first node, which all others keep their distance to."""
        return self._canvas.view.to_widget(*self._canvas.scene.pos[self._nodes[0]].tolist())

    def _take(self, ratio: float) -> None:
        """Take the picture, where there is none of what they look like now or some of them were not ready."""
        canvas = self._canvas
        scene, view = canvas.scene, canvas.view
        stamp = int(scene.stamp[self._nodes].max())
        key = (view.scale, ratio, stamp, canvas.camera.is_exact, canvas.shows_shapes, theme.current(), scene.structure)
        if key == self._key:
            return
        self._key, self._picture = key, None
        left, top, width, height = view.widget_box(self._bounds(), 16 * max(1.0, view.scale))
        if width * height > _MOST_VIEWS * canvas.width() * canvas.height():
            return
        self._picture = QPixmap(QSize(width, height) * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        inner = QPainter(self._picture)
        if not canvas.stage.paint_parts(inner, self._nodes, self._inner, view.moved(-left, -top)):
            self._key = ()
        inner.end()
        x, y = self._anchor()
        self._place = QPointF(left - x, top - y)

    def _bounds(self) -> Box:
        scene = self._canvas.scene
        box = bounds_of(scene.pos[self._nodes], scene.size[self._nodes])
        assert box is not None
        if not len(self._inner):
            return box
        low, high = scene.edges.bounds[self._inner, :2].min(axis=0), scene.edges.bounds[self._inner, 2:].max(axis=0)
        least, most = np.minimum(low, box[:2]), np.maximum(high, box[2:])
        return float(least[0]), float(least[1]), float(most[0]), float(most[1])
