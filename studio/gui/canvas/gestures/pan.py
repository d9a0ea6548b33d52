"""Push the drawing around: middle button, or Space and the left button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Pan(MouseGesture):
    """The view follows the pointer. Not a step: the view is not part of the project."""

    pans_at_border = False

    def __init__(self, canvas: Canvas, point: QPointF) -> None:
        super().__init__(canvas, point)
        self._view, self._followed_size = canvas.view, canvas.camera.follows_size
        canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        dx, dy = round(point.x() - self.last.x()), round(point.y() - self.last.y())
        self.last += QPointF(dx, dy)
        self.canvas.pan_by(dx, dy)

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)

    def cancel(self) -> None:
        self.canvas.camera.set_view(self._view, follows_size=self._followed_size)
