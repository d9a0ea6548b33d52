"""Select the nodes and notes that a box touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.gui import theme
from studio.gui.canvas import geometry
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class SelectBox(MouseGesture):
    """A box from the press to the pointer. With Shift or Ctrl what was selected stays so."""

    def __init__(self, canvas: Canvas, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        super().__init__(canvas, point)
        self._anchor = canvas.view.to_scene(point.x(), point.y())
        adds = modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        self._before = canvas.scene.is_selected.copy() if adds else np.zeros(len(canvas.scene), bool)
        self._notes_before = canvas.scene.notes.is_selected & bool(adds)
        self._is_drag = False

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._is_drag = self._is_drag or self.is_far_enough(point)
        if not self._is_drag:
            return
        old = self.area()
        self.last = QPointF(point)
        self._select()  # ids are made at the end: there may be thousands
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self._is_drag:
            self.move(point, modifiers)
        scene = self.canvas.scene
        if self._is_drag:
            self._select()
        else:
            scene.is_selected[:], scene.notes.is_selected[:] = self._before, self._notes_before
        self.canvas.session.set_selection(scene.selected_ids())

    def cancel(self) -> None:
        self.canvas.scene.select(self.canvas.session.chosen)
        self.canvas.update()

    def paint(self, painter: QPainter) -> None:
        if not self._is_drag:
            return
        colour = QColor(theme.current().accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colour, 1))
        colour.setAlpha(28)
        painter.setBrush(colour)
        painter.drawRect(self._box())

    def area(self) -> QRect:
        # A node touched by the box changes as a whole, with its ring.
        widest = max(geometry.NODE_WIDTH, *self.canvas.scene.notes.size.flat, 0.0)
        grow = int(widest * self.canvas.view.scale) + 16
        return self._box().toAlignedRect().adjusted(-grow, -grow, grow, grow)

    def _box(self) -> QRectF:
        return QRectF(QPointF(*self.canvas.view.to_widget(*self._anchor)), self.last).normalized()

    def _select(self) -> None:
        """Mark what is selected with the box as it is now."""
        x, y = self.scene_point
        left, right = sorted((self._anchor[0], x))
        top, bottom = sorted((self._anchor[1], y))
        scene, notes, box = self.canvas.scene, self.canvas.scene.notes, (left, top, right, bottom)
        scene.is_selected[:], notes.is_selected[:] = self._before, self._notes_before
        scene.is_selected[geometry.nodes_in(scene.pos, scene.size, box)] = True
        notes.is_selected[geometry.nodes_in(notes.pos, notes.size, box)] = True
