"""What gestures paint above the drawing: the edge that is being drawn, the edge on which a layer would be put."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from studio.gui import theme
from studio.gui.canvas import geometry, marks
from studio.gui.canvas.far import one_path
from studio.gui.canvas.geometry import Point
from studio.gui.canvas.pictures import RADIUS

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


def loose_chain(canvas: Canvas, start: Point, stop: Point, *, is_input: bool) -> geometry.Array:
    """The curve of an edge that is not plugged in yet; ``start`` is its fixed end, an input if ``is_input``."""
    ends = np.array([[*stop, *start] if is_input else [*start, *stop]])
    chain: geometry.Array = geometry.curves(ends, canvas.scene.direction)[0]
    return chain


def paint_loose_edge(
    canvas: Canvas, painter: QPainter, chain: geometry.Array, plugs: list[Point], *, is_bad: bool = False
) -> None:
    """Paint the curve, and a lit port at each end that is plugged in."""
    colours, view = theme.current(), canvas.view
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.translate(view.x_offset, view.y_offset)
    painter.scale(view.scale, view.scale)
    painter.setPen(QPen(QColor(colours.problem if is_bad else colours.accent), max(2.5, 1.5 / view.scale)))
    painter.setBrush(marks.NO_BRUSH)
    painter.drawPath(one_path(chain))
    for x, y in plugs:
        marks.port(painter, QPointF(x, y), "lit", colours)
    painter.restore()


def paint_insertion(canvas: Canvas, painter: QPainter, edge: int) -> None:
    """Light the edge on which a layer would be put."""
    if edge >= 0:
        paint_loose_edge(canvas, painter, canvas.scene.chain(edge), [])


def insertion_text(canvas: Canvas, edge: int) -> str:
    """Between whom the layer would stand."""
    scene = canvas.scene
    source, target = int(scene.source[edge]), int(scene.target[edge])
    return canvas.tr("between {} and {}").format(scene.cards[source].title, scene.cards[target].title)


def paint_insertion_note(canvas: Canvas, painter: QPainter, edge: int, corner: Point) -> None:
    """Ring the layer that would be put on an edge, and tell between whom it would stand."""
    if edge < 0:
        return
    view, colours = canvas.view, theme.current()
    x, y = view.to_widget(*corner)
    body = QRectF(x, y, geometry.NODE_WIDTH * view.scale, geometry.NODE_HEIGHT * view.scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    marks.ring(painter, body, RADIUS * view.scale, colours)
    marks.pill(painter, _note_place(canvas, edge, body), insertion_text(canvas, edge), colours, is_mono=False)


def insertion_area(canvas: Canvas, edge: int, corner: Point) -> QRect:
    """The pixels that lit edge, ring and note touch."""
    if edge < 0:
        return QRect()
    view = canvas.view
    left, top, right, bottom = canvas.scene.bounds[edge].tolist()
    area = QRect(*view.widget_box((left, top, right, bottom), 8 * max(1.0, view.scale)))
    x, y = view.to_widget(*corner)
    body = QRectF(x, y, geometry.NODE_WIDTH * view.scale, geometry.NODE_HEIGHT * view.scale)
    return area.united(body.united(_note_place(canvas, edge, body)).toAlignedRect().adjusted(-8, -8, 8, 8))


def _note_place(canvas: Canvas, edge: int, body: QRectF) -> QRectF:
    width = marks.pill_width(insertion_text(canvas, edge), is_mono=False)
    return QRectF(body.right() + 14, body.center().y() - 13, width, 26)
