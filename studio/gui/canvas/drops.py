"""Layers that are dragged in from the palette: Qt's drag events become a gesture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from studio.gui.canvas import commands
from studio.gui.canvas.gestures.drop_layer import DropLayer, dragged_type

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


def enter(canvas: Canvas, event: QDragEnterEvent) -> None:
    """Something is dragged over the canvas: take it if it is a layer or block that is known."""
    type = dragged_type(event.mimeData())
    if commands.is_known(canvas.session, type):
        canvas.cancel_gesture()
        canvas.gesture = DropLayer(canvas, event.position(), type)
        event.acceptProposedAction()


def move(canvas: Canvas, event: QDragMoveEvent) -> None:
    """It moves on."""
    if isinstance(canvas.gesture, DropLayer):
        canvas.gesture.move(event.position(), event.modifiers())
        event.acceptProposedAction()


def drop(canvas: Canvas, event: QDropEvent) -> None:
    """It is let go."""
    gesture, canvas.gesture = canvas.gesture, None
    if isinstance(gesture, DropLayer):
        gesture.release(event.position(), event.modifiers())
        event.acceptProposedAction()
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)
