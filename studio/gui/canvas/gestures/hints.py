"""What gestures paint above the drawing: the edge that is being drawn, the edge on which a layer would be put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.gui import theme
from studio.gui.canvas import geometry, marks
from studio.gui.canvas.far import one_path
from studio.gui.canvas.geometry import Point
from studio.gui.canvas.sprites import RADIUS

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

INSERTED_OPACITY: Final = 0.5
"""Of a layer that is held over the edge on which it would be put: the edge must be seen through it."""


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
    with marks.in_scene(painter, view):
        painter.setPen(QPen(QColor(colours.problem if is_bad else colours.accent), max(2.5, 1.5 / view.scale)))
        painter.setBrush(marks.NO_BRUSH)
        painter.drawPath(one_path(chain))
        for x, y in plugs:
            marks.port(painter, QPointF(x, y), "lit", colours)


def place_at_pointer(canvas: Canvas, pointer: QPointF, text: str, *, is_bad: bool) -> QRectF:
    """Where a word stands beside the pointer, inside of the widget; nothing for no text."""
    if not text:
        return QRectF()
    width, height = marks.note_size(text, 300) if is_bad else (marks.pill_width(text, is_mono=False), 26.0)
    x, y = pointer.x() + 18, pointer.y() + 16
    x = min(x, canvas.width() - width - 8)
    if y + height > canvas.height() - 8:
        y = pointer.y() - height - 12
    return QRectF(x, y, width, height)


def paint_at_pointer(painter: QPainter, place: QRectF, text: str, is_bad: bool) -> None:
    """A word about what would happen, or the reason why not."""
    if not text:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if is_bad:
        marks.note(painter, place, text, theme.current())
    else:
        marks.pill(painter, place, text, theme.current(), is_mono=False)


def paint_insertion(canvas: Canvas, painter: QPainter, edge: int, corner: Point) -> None:
    """Light the edge on which a layer at ``corner`` would be put, above this layer; ring the layer; say it in words.

    The layer itself is to be painted with ``INSERTED_OPACITY`` below: it must not hide what will happen.
    """
    if edge < 0:
        return
    view, colours, chain = canvas.view, theme.current(), canvas.scene.edges.chain(edge)
    body = _body(canvas, corner)
    halo = QColor(colours.accent)
    halo.setAlpha(60)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    marks.ring(painter, body, RADIUS * view.scale, colours)
    painter.translate(view.x_offset, view.y_offset)
    painter.scale(view.scale, view.scale)
    painter.setBrush(marks.NO_BRUSH)
    for colour, width in ((halo, 12.0), (QColor(colours.accent), 3.0)):
        painter.setPen(QPen(colour, width / min(1.0, view.scale), c=Qt.PenCapStyle.RoundCap))
        painter.drawPath(one_path(chain))
    painter.restore()
    at = view.to_widget(*geometry.nearest_on(chain, *_middle(corner)))
    marks.plus(painter, QPointF(*at), colours)
    marks.pill(painter, _note_place(canvas, edge, body), insertion_text(canvas, edge), colours, is_mono=False)


def insertion_text(canvas: Canvas, edge: int) -> str:
    """Between whom the layer would stand."""
    scene = canvas.scene
    source, target = int(scene.edges.source[edge]), int(scene.edges.target[edge])
    return canvas.tr("between {} and {}").format(scene.cards[source].title, scene.cards[target].title)


def insertion_area(canvas: Canvas, edge: int, corner: Point) -> QRect:
    """The pixels that lit edge, ring and note touch."""
    if edge < 0:
        return QRect()
    view = canvas.view
    left, top, right, bottom = canvas.scene.edges.bounds[edge].tolist()
    area = QRect(*view.widget_box((left, top, right, bottom), 14 * max(1.0, view.scale)))
    body = _body(canvas, corner)
    return area.united(body.united(_note_place(canvas, edge, body)).toAlignedRect().adjusted(-8, -8, 8, 8))


def _body(canvas: Canvas, corner: Point) -> QRectF:
    scale = canvas.view.scale
    x, y = canvas.view.to_widget(*corner)
    return QRectF(x, y, geometry.NODE_WIDTH * scale, geometry.NODE_HEIGHT * scale)


def _middle(corner: Point) -> Point:
    return corner[0] + geometry.NODE_WIDTH / 2, corner[1] + geometry.NODE_HEIGHT / 2


def _note_place(canvas: Canvas, edge: int, body: QRectF) -> QRectF:
    width = marks.pill_width(insertion_text(canvas, edge), is_mono=False)
    return QRectF(body.right() + 14, body.center().y() - 13, width, 26)
