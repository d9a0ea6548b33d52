"""Nodes of another version that are gone: shown faint and dashed where they stood, with a minus and their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.gui.canvas import marks
from studio.gui.canvas.geometry import NODE_HEIGHT, NODE_WIDTH
from studio.gui.canvas.view import View
from studio.gui.theme import Theme, ui_font

if TYPE_CHECKING:
    from studio.gui.canvas.scene import Scene

_NAMES_FROM_SCALE = 0.3


def paint(painter: QPainter, scene: Scene, view: View, theme: Theme, exposed: QRectF) -> None:
    """Paint those of the open graph that lie under ``exposed``, below everything else."""
    ghosts = scene.ghosts.get(scene.graph_key, ())
    if not ghosts:
        return
    box = QRectF(
        *view.to_scene(exposed.left(), exposed.top()), exposed.width() / view.scale, exposed.height() / view.scale
    )
    with marks.in_scene(painter, view):
        for ghost in ghosts:
            body = QRectF(ghost.x, ghost.y, NODE_WIDTH, NODE_HEIGHT)
            if not body.adjusted(-14, -14, 14, 14).intersects(box):
                continue
            painter.setPen(QPen(QColor(theme.secondary), 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(theme.canvas))
            painter.drawPath(marks.rounded(body.adjusted(0.5, 0.5, -0.5, -0.5), 8))
            if view.scale >= _NAMES_FROM_SCALE:
                font = ui_font(13.5)
                font.setStrikeOut(True)
                painter.setFont(font)
                painter.setPen(QColor(theme.secondary))
                painter.drawText(body.adjusted(16, 0, -12, 0), int(Qt.AlignmentFlag.AlignVCenter), ghost.name)
            marks.version(painter, QPointF(body.left() + 2, body.top() + 2), "removed", theme)
