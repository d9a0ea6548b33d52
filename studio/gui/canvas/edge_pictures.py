"""Edges from near by: filled outlines, and of short ones a kept picture each, as of nodes.

Filling a wide antialiased curve costs ten times as much as putting a picture of it: half of the time of a frame.
"""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QPixmap

from studio.gui.canvas import marks
from studio.gui.canvas.far import drawn_path
from studio.gui.canvas.geometry import Slots
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.sprites import put
from studio.gui.canvas.view import View
from studio.gui.theme import Theme
from studio.immutable import immutable

WIDTH: Final = 2.0
"""How wide an edge is, scene px."""

_MOST_PIXELS = 40_000
"""A long edge across the drawing has more empty pixels than it would cost to fill its outline."""
_CACHE_PIXELS = 12 << 20


@immutable
class _Picture:
    """``left`` and ``top`` are whole device pixels from where the scene's origin would be without its fraction."""

    stamp: int
    key: tuple[float, float, float]
    """Device pixels per scene px, and the fractions of a device pixel at which the scene's origin lies."""
    left: int
    top: int
    pixmap: QPixmap


class EdgePictures:
    """Draws edges; keeps outlines until the edge moves, pictures until the scale is another one, too."""

    def __init__(self) -> None:
        self._outlines: dict[str, tuple[int, QPainterPath]] = {}
        self._pictures: dict[str, _Picture] = {}
        self._pixels = 0
        self._theme: Theme | None = None
        self._pen = QPainterPathStroker(QPen(QColor(), WIDTH))
        self._pen.setCurveThreshold(0.1)  # scene px: no corner is seen at the largest scale

    def draw(
        self,
        painter: QPainter,
        scene: Scene,
        view: View,
        edges: Slots,
        theme: Theme,
        ratio: float,
        *,
        is_exact: bool = True,
        are_moving: bool = False,
    ) -> None:
        """Draw these edges; the painter is in px of the target. Of those that are moving no picture is kept."""
        if self._theme is not theme or self._pixels > _CACHE_PIXELS:
            self._pictures.clear()
            self._theme, self._pixels = theme, 0
        sharp = round(view.scale * ratio, 4)
        (x, fraction_x), (y, fraction_y) = (_split(offset * ratio) for offset in (view.x_offset, view.y_offset))
        key = (sharp, fraction_x, fraction_y)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        long: list[int] = []
        bounds = scene.edges.bounds[edges] * sharp
        areas = ((bounds[:, 2] - bounds[:, 0] + 4 * sharp) * (bounds[:, 3] - bounds[:, 1] + 4 * sharp)).tolist()
        stamps = scene.edges.stamp[edges].tolist()
        for k, stamp, area in zip(edges.tolist(), stamps, areas, strict=True):
            if are_moving or area > _MOST_PIXELS:
                long.append(k)
                continue
            kept = self._pictures.get(scene.edges.ids[k])
            if kept is None or kept.stamp != stamp or (is_exact and kept.key != key):
                kept = self._make(scene, k, key)
            if kept.key == key:
                put(painter, kept.pixmap, (x + kept.left) / ratio, (y + kept.top) / ratio, ratio)
            else:
                self._put_scaled(painter, kept, view)
        if long:
            self._fill(painter, scene, view, long, theme)

    def _put_scaled(self, painter: QPainter, picture: _Picture, view: View) -> None:
        sharp, fraction_x, fraction_y = picture.key
        scale = view.scale / sharp
        left, top = view.to_widget((picture.left - fraction_x) / sharp, (picture.top - fraction_y) / sharp)
        whole = QRectF(picture.pixmap.rect())
        painter.drawPixmap(QRectF(left, top, whole.width() * scale, whole.height() * scale), picture.pixmap, whole)

    def _fill(self, painter: QPainter, scene: Scene, view: View, edges: list[int], theme: Theme) -> None:
        with marks.in_scene(painter, view):
            painter.setPen(marks.NO_PEN)
            painter.setBrush(QColor(theme.edge))
            for k in edges:
                painter.drawPath(self._outline(scene, k))

    def _make(self, scene: Scene, edge: int, key: tuple[float, float, float]) -> _Picture:
        assert self._theme is not None
        sharp, x, y = key
        room = WIDTH * sharp + 1  # half of the pen, its square end and the shade of antialiasing
        left, top, right, bottom = (scene.edges.bounds[edge] * sharp).tolist()
        left, top = math.floor(left + x - room), math.floor(top + y - room)
        pixmap = QPixmap(math.ceil(right + x + room) - left, math.ceil(bottom + y + room) - top)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(marks.NO_PEN)
        painter.setBrush(QColor(self._theme.edge))
        painter.translate(QPointF(x - left, y - top))
        painter.scale(sharp, sharp)
        painter.drawPath(self._outline(scene, edge))
        painter.end()
        id = scene.edges.ids[edge]
        before = self._pictures.get(id)
        self._pixels += pixmap.width() * pixmap.height()
        if before is not None:
            self._pixels -= before.pixmap.width() * before.pixmap.height()
        picture = self._pictures[id] = _Picture(int(scene.edges.stamp[edge]), key, left, top, pixmap)
        return picture

    def _outline(self, scene: Scene, edge: int) -> QPainterPath:
        """What is filled for an edge: a third quicker than a pen along its curve."""
        id, stamp = scene.edges.ids[edge], int(scene.edges.stamp[edge])
        kept = self._outlines.get(id)
        if kept is None or kept[0] != stamp:
            if len(self._outlines) > 20_000:
                self._outlines.clear()
            kept = self._outlines[id] = (stamp, self._pen.createStroke(drawn_path(scene.edges.chain(edge))))
        return kept[1]


def _split(offset: float) -> tuple[int, float]:
    """Whole pixels and the fraction that is left."""
    whole = math.floor(offset)
    return whole, round(offset - whole, 4)
