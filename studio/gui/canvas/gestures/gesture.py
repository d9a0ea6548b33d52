"""What all gestures have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class MouseGesture:
    """A press, moves, and a release or a cancel. Points are pixels of the canvas widget."""

    pans_at_border = True
    """Whether the view moves on by itself while the pointer is held at its border."""

    def __init__(self, canvas: Canvas, point: QPointF) -> None:
        self.canvas = canvas
        self.start = QPointF(point)
        self.last = QPointF(point)

    @property
    def scene_point(self) -> tuple[float, float]:
        """The scene point under the pointer."""
        return self.canvas.view.to_scene(self.last.x(), self.last.y())

    def is_far_enough(self, point: QPointF) -> bool:
        """Whether the pointer went so far from the press that a drag is meant, not a click."""
        return (point - self.start).manhattanLength() >= 4

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """The pointer moved, or the view moved under it."""

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """The button was let go: make the step."""

    def cancel(self) -> None:
        """Leave everything as it was at the press."""

    def paint(self, painter: QPainter) -> None:
        """Paint what moves, above the picture of what stands still. The painter is in widget pixels."""

    def area(self) -> QRect:
        """The pixels that ``paint`` may touch just now."""
        return QRect()
