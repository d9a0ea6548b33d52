"""Move a way-point of an edge, to lead it around something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.core import edits
from studio.core.project import Edge, Point
from studio.gui import theme
from studio.gui.canvas import geometry, marks
from studio.gui.canvas.far import one_path
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture
from studio.gui.canvas.guides import PointGuides

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class MovePoint(MouseGesture):
    """The point follows the pointer, in line with its neighbours and with ports, else on the grid, with Ctrl anywhere.

    The edge shows its new way.
    """

    def __init__(self, canvas: Canvas, point: QPointF, edge: Edge, number: int) -> None:
        super().__init__(canvas, point)
        self._edge = edge
        self._number = number
        self._place: Point | None = None

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self._place is None:
            if not self.is_far_enough(point):
                return
            self.canvas.stage.freeze(without_edge=self._edge.id)
            self._guides = PointGuides(self.canvas, self._edge, self._number)
        old = self.area()
        self.last = QPointF(point)
        is_free = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self._place = self._guides.placed(*self.scene_point, is_free=is_free)
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        if self._place is None:
            return
        self.canvas.stage.thaw()
        session, key, edge, route = self.canvas.session, self.canvas.session.graph_key, self._edge.id, self._route()
        session.apply(lambda project: edits.set_route(project, edge, route, graph=key), "Move a point of the edge")

    def cancel(self) -> None:
        if self._place is not None:
            self.canvas.stage.thaw()

    def paint(self, painter: QPainter) -> None:
        if self._place is None:
            return
        view, colours = self.canvas.view, theme.current()
        with marks.in_scene(painter, view):
            painter.setBrush(marks.NO_BRUSH)
            painter.setPen(QPen(QColor(colours.accent), max(3.0, 2.0 / view.scale)))
            painter.drawPath(one_path(self._chain()))
            for place in self._route():
                marks.way_point(painter, QPointF(*place), colours)
        self._guides.paint(painter)

    def area(self) -> QRect:
        if self._place is None:
            return QRect()
        chain = self._chain()
        box = (*chain.min(axis=0).tolist(), *chain.max(axis=0).tolist())
        area = QRect(*self.canvas.view.widget_box(box, 16 * max(1.0, self.canvas.view.scale)))
        return area.united(self._guides.area())

    def _route(self) -> tuple[Point, ...]:
        assert self._place is not None
        route = self._edge.route
        return (*route[: self._number], self._place, *route[self._number + 1 :])

    def _chain(self) -> geometry.Array:
        scene = self.canvas.scene
        ends = scene.edges.ends[scene.edges.slot[self._edge.id]].tolist()
        return geometry.routed_curve(ends, self._route(), scene.direction)
