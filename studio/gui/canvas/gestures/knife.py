"""Cut edges: the right button and Ctrl draw a knife through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.core import edits
from studio.gui import theme
from studio.gui.canvas import geometry, marks
from studio.gui.canvas.far import one_path
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Knife(MouseGesture):
    """Every edge that the pointer's way crosses is cut when the button is let go; all of them are one step."""

    pans_at_border = False

    def __init__(self, canvas: Canvas, point: QPointF) -> None:
        super().__init__(canvas, point)
        self._way = [canvas.view.to_scene(point.x(), point.y())]
        self._cut: dict[int, None] = {}
        canvas.setCursor(Qt.CursorShape.CrossCursor)
        canvas.stage.freeze()

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        old = self.area()
        self.last = QPointF(point)
        scene, start, stop = self.canvas.scene, self._way[-1], self.scene_point
        if start != stop:
            self._way.append(stop)
            left, right = sorted((start[0], stop[0]))
            top, bottom = sorted((start[1], stop[1]))
            for edge in geometry.boxes_in(scene.edges.bounds, (left, top, right, bottom)).tolist():
                if edge not in self._cut and geometry.crosses(scene.edges.chain(edge), start, stop):
                    self._cut[edge] = None
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        session, key = self.canvas.session, self.canvas.session.graph_key
        cut = [self.canvas.scene.edges.ids[edge] for edge in self._cut]
        self._finish()
        if cut:
            name = "Cut edge" if len(cut) == 1 else f"Cut {len(cut)} edges"
            session.apply(lambda project: edits.disconnect(project, cut, graph=key), name)

    def cancel(self) -> None:
        self._finish()

    def _finish(self) -> None:
        self.canvas.unsetCursor()
        self.canvas.stage.thaw()

    def paint(self, painter: QPainter) -> None:
        colours, view = theme.current(), self.canvas.view
        with marks.in_scene(painter, view):
            painter.setBrush(marks.NO_BRUSH)
            # What will go is dashed as well as red: colour is never alone.
            painter.setPen(QPen(QColor(colours.problem), max(3.0, 2.0 / view.scale), Qt.PenStyle.DotLine))
            for edge in self._cut:
                painter.drawPath(one_path(self.canvas.scene.edges.chain(edge)))
            pen = QPen(QColor(colours.text), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in self._way]))

    def area(self) -> QRect:
        way = np.array(self._way)
        boxes = [(*way.min(axis=0).tolist(), *way.max(axis=0).tolist())]
        boxes += [tuple(self.canvas.scene.edges.bounds[edge].tolist()) for edge in self._cut]
        area = QRect()
        for left, top, right, bottom in boxes:
            area = area.united(QRect(*self.canvas.view.widget_box((left, top, right, bottom), 8)))
        return area
