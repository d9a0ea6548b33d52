"""What the pointer is over when nothing is pressed: the lit edge, the cursor, the tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from studio.gui.canvas import geometry, sticky, tooltip

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Hover:
    """Lights the edge under the pointer and shows by the cursor what a press would do."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.edge: str | None = None
        """The edge under the pointer."""

    def move(self, point: QPointF) -> None:
        """The pointer is over this pixel."""
        canvas, scene = self._canvas, self._canvas.scene
        x, y = canvas.view.to_scene(point.x(), point.y())
        port = canvas.port_near(x, y)
        edge: str | None = None
        if port is None and not _is_node(canvas, x, y):
            slot = canvas.edge_near(x, y)
            edge = scene.edges.ids[slot] if slot >= 0 else None
        if canvas.is_space_held:
            canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif port is not None:
            canvas.setCursor(Qt.CursorShape.CrossCursor)
        elif edge is not None:
            canvas.setCursor(Qt.CursorShape.PointingHandCursor)
        elif port is None and sticky.corner_at(scene, x, y, canvas.view.scale) >= 0 and not _is_node(canvas, x, y):
            canvas.setCursor(Qt.CursorShape.SizeFDiagCursor)
        else:
            canvas.unsetCursor()
        self._light(edge)

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self._light(None)

    def forget_missing(self) -> None:
        """Let go of an edge that is no longer there."""
        if self.edge not in self._canvas.scene.edges.slot:
            self.edge = None

    def show_tip(self, event: QHelpEvent) -> None:
        """Tell about what is under the pointer. Names and notes are a stranger's text: never markup."""
        from html import escape  # late: see panels.plain

        x, y = self._canvas.view.to_scene(event.pos().x(), event.pos().y())
        text = tooltip.text_at(self._canvas, x, y) if self._canvas.gesture is None else ""
        if text:
            safe = escape(text)
            QToolTip.showText(event.globalPos(), f"<p style='white-space:pre-wrap'>{safe}</p>", self._canvas)
        else:
            QToolTip.hideText()

    def _light(self, edge: str | None) -> None:
        if edge != self.edge:
            self._update(self.edge)
            self.edge = edge
            self._update(edge)

    def _update(self, edge_id: str | None) -> None:
        canvas = self._canvas
        slot = canvas.scene.edges.slot.get(edge_id or "")
        if slot is not None:
            left, top, right, bottom = canvas.scene.edges.bounds[slot].tolist()
            margin = 100 * max(1.0, canvas.view.scale)  # room for the pill with the shape
            canvas.update(QRect(*canvas.view.widget_box((left, top, right, bottom), margin)))


def _is_node(canvas: Canvas, x: float, y: float) -> bool:
    return geometry.node_at(canvas.scene.pos, canvas.scene.size, x, y) >= 0
