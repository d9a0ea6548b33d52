"""Make a note larger or smaller by its folded corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from studio.core import edits
from studio.core.edits.notes import LEAST_HEIGHT, LEAST_WIDTH
from studio.core.project import Note
from studio.gui import theme
from studio.gui.canvas import geometry, marks, sticky
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class ResizeNote(MouseGesture):
    """The corner follows the pointer on the grid, with Ctrl anywhere; lines are broken anew meanwhile."""

    def __init__(self, canvas: Canvas, point: QPointF, number: int) -> None:
        super().__init__(canvas, point)
        self._note: Note = canvas.scene.notes.notes[number]
        x, y = canvas.view.to_scene(point.x(), point.y())
        _, _, right, bottom = canvas.scene.notes.box(number)
        self._grip = right - x, bottom - y
        self._size: tuple[float, float] | None = None

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        scene = self.canvas.scene
        if self._size is None:
            if not self.is_far_enough(point):
                return
            without = scene.notes.is_selected.copy()
            without[:] = False
            without[scene.notes.slot[self._note.id]] = True
            self.canvas.stage.freeze(without_notes=without)
        old = self.area()
        self.last = QPointF(point)
        x, y = self.scene_point
        right, bottom = x + self._grip[0], y + self._grip[1]
        if not modifiers & Qt.KeyboardModifier.ControlModifier:
            right, bottom = geometry.snapped(right), geometry.snapped(bottom)
        self._size = max(LEAST_WIDTH, right - self._note.x), max(LEAST_HEIGHT, bottom - self._note.y)
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        if self._size is None:
            self.canvas.session.set_selection([self._note.id])
            return
        self.canvas.stage.thaw()
        session, key, id, size = self.canvas.session, self.canvas.session.graph_key, self._note.id, self._size
        session.apply(lambda project: edits.change_note(project, id, size=size, graph=key), "Resize the note")

    def cancel(self) -> None:
        if self._size is not None:
            self.canvas.stage.thaw()

    def paint(self, painter: QPainter) -> None:
        if self._size is None:
            return
        view, now = self.canvas.view, theme.current()
        with marks.in_scene(painter, view):
            place = QRectF(self._note.x, self._note.y, *self._size)
            sticky.draw(painter, self._note, place, now)
            marks.ring(painter, place, 4, now)

    def area(self) -> QRect:
        if self._size is None:
            return QRect()
        left, top = self._note.x, self._note.y
        box = (left, top, left + self._size[0], top + self._size[1])
        return QRect(*self.canvas.view.widget_box(box, 8 * max(1.0, self.canvas.view.scale)))
