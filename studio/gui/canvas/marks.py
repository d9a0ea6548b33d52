"""Small drawings with a meaning: octagon, triangle, link, port, ring, pill. Plain QPainter code, one function each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from studio.gui.canvas.view import View
from studio.gui.theme import Theme, mono_font, ui_font

NO_PEN = Qt.PenStyle.NoPen
NO_BRUSH = Qt.BrushStyle.NoBrush

PILL_HEIGHT = 22.0


@lru_cache(maxsize=256)
def ink(colour: str) -> QColor:
    """A colour by its name, to be used and not to be changed: reading a name takes longer than filling an area."""
    return QColor(colour)


@lru_cache(maxsize=256)
def line(colour: str, width: float) -> QPen:
    """A plain line, to be used and not to be changed."""
    return QPen(QColor(colour), width)


@contextmanager
def in_scene(painter: QPainter, view: View) -> Iterator[None]:
    """Let the painter of a widget draw in scene px, with smooth edges; it is as before afterwards."""
    painter.save()
    painter.translate(view.x_offset, view.y_offset)
    painter.scale(view.scale, view.scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    yield
    painter.restore()


def octagon(painter: QPainter, centre: QPointF, radius: float, theme: Theme) -> None:
    """The sign of a problem: an octagon with an exclamation mark, so that colour is not alone."""
    corners = [
        QPointF(centre.x() + radius * math.cos(angle), centre.y() + radius * math.sin(angle))
        for angle in (math.pi / 8 + math.pi / 4 * step for step in range(8))
    ]
    painter.setPen(QPen(QColor(theme.node), 1.5))
    painter.setBrush(QColor(theme.problem))
    painter.drawPolygon(QPolygonF(corners))
    _exclamation(painter, centre, radius, QColor(theme.node))


def triangle(painter: QPainter, centre: QPointF, radius: float, theme: Theme) -> None:
    """The sign of a warning: an amber triangle with an exclamation mark."""
    corners = [
        QPointF(centre.x(), centre.y() - radius),
        QPointF(centre.x() + radius, centre.y() + radius * 0.8),
        QPointF(centre.x() - radius, centre.y() + radius * 0.8),
    ]
    painter.setPen(QPen(QColor(theme.node), 1.5, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(QColor(theme.warning))
    painter.drawPolygon(QPolygonF(corners))
    _exclamation(painter, centre + QPointF(0, radius * 0.15), radius * 0.8, QColor(theme.node))


def _exclamation(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    painter.setPen(QPen(colour, radius * 0.26, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(centre + QPointF(0, -radius * 0.5), centre + QPointF(0, radius * 0.05))
    painter.drawPoint(centre + QPointF(0, radius * 0.48))


def link(painter: QPainter, place: QRectF, colour: QColor) -> None:
    """Two chain links: the node calls a layer that another node made."""
    painter.save()
    painter.translate(place.center())
    painter.rotate(-45)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(NO_BRUSH)
    half, height = place.width() * 0.36, place.height() * 0.42
    painter.drawRoundedRect(QRectF(-half - half * 0.55, -height / 2, half * 1.5, height), height / 2, height / 2)
    painter.drawRoundedRect(QRectF(half * 0.05, -height / 2, half * 1.5, height), height / 2, height / 2)
    painter.restore()


def snowflake(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    """Six arms with barbs: training does not change this node."""
    painter.save()
    painter.translate(centre)
    painter.setPen(QPen(colour, 1.3, c=Qt.PenCapStyle.RoundCap))
    for _ in range(6):
        painter.drawLine(QPointF(0, 0), QPointF(0, -radius))
        painter.drawLine(QPointF(0, -radius * 0.62), QPointF(radius * 0.28, -radius * 0.88))
        painter.drawLine(QPointF(0, -radius * 0.62), QPointF(-radius * 0.28, -radius * 0.88))
        painter.rotate(60)
    painter.restore()


def bookmark(painter: QPainter, place: QRectF, theme: Theme) -> None:
    """A ribbon that hangs from the upper edge: one comes back here."""
    corners = [
        place.topLeft(), place.topRight(), place.bottomRight(),
        QPointF(place.center().x(), place.bottom() - place.width() * 0.4), place.bottomLeft(),
    ]  # fmt: skip
    painter.setPen(NO_PEN)
    painter.setBrush(QColor(theme.accent))
    painter.drawPolygon(QPolygonF(corners))


def sign(painter: QPainter, centre: QPointF, kind: str, theme: Theme) -> None:
    """The sign of a "problem", of a "warning", or of what happened to a node since another version."""
    match kind:
        case "problem":
            octagon(painter, centre, 8.5, theme)
        case "warning":
            triangle(painter, centre, 8, theme)
        case _:
            version(painter, centre, kind, theme)


def version(painter: QPainter, centre: QPointF, kind: str, theme: Theme) -> None:
    """What happened to a node since another version: a disc with a plus, a minus, or the sign for "not equal"."""
    colour = theme.problem if kind == "removed" else theme.accent if kind == "added" else theme.text
    painter.setPen(QPen(QColor(theme.node), 1.5))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(centre, 8, 8)
    painter.setPen(QPen(QColor(theme.node), 1.8, c=Qt.PenCapStyle.RoundCap))
    heights = (-1.8, 1.8) if kind == "changed" else (0.0,)
    for y in heights:
        painter.drawLine(centre + QPointF(-3.5, y), centre + QPointF(3.5, y))
    if kind == "added":
        painter.drawLine(centre + QPointF(0, -3.5), centre + QPointF(0, 3.5))
    elif kind == "changed":
        painter.drawLine(centre + QPointF(-2, 4), centre + QPointF(2, -4))


def related_ring(painter: QPainter, body: QRectF, radius: float, theme: Theme) -> None:
    """The ring of a node that calls the same layer as a selected one: dashed, where the selected one's is whole."""
    painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(NO_BRUSH)
    painter.drawRoundedRect(body.adjusted(-3, -3, 3, 3), radius + 3, radius + 3)


def port(painter: QPainter, centre: QPointF, state: str, theme: Theme) -> None:
    """A port: "plain", "optional", "legal" (grown, accent), "lit" (under the pointer) or "faded"."""
    fill, edge, radius, width = theme.node, theme.edge, 4.5, 1.5
    match state:
        case "optional":
            radius = 3.5
        case "legal":
            fill, edge, radius, width = theme.accent_background, theme.accent, 6.5, 2.0
        case "lit":
            fill, edge, radius = theme.accent, theme.accent, 7.5
        case "faded":
            edge, radius = theme.border, 3.5
    painter.setPen(line(edge, width))
    painter.setBrush(ink(fill))
    painter.drawEllipse(centre, radius - width / 2, radius - width / 2)


def hatched(painter: QPainter, body: QRectF, radius: float, theme: Theme) -> None:
    """Slanting lines and a dashed border for a node that is bypassed: it is there, and does nothing.

    The lines are quiet, because what is written stands on them; the dashes are seen without them.
    """
    inner = body.adjusted(5, 1, -1, -1)
    pen = QPen(QColor(theme.hatch), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for start, end in _slanting(inner, radius - 1, 9.0):
        painter.drawLine(start, end)
    painter.setPen(QPen(QColor(theme.secondary), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(NO_BRUSH)
    painter.drawPath(rounded(body.adjusted(0.75, 0.75, -0.75, -0.75), radius - 0.75))


def _slanting(place: QRectF, radius: float, step: float) -> Iterator[tuple[QPointF, QPointF]]:
    """Lines from the lower left to the upper right that end at a rounded border.

    Not a clip: some readers of SVG know none, and Qt writes none.
    """
    width, height = place.width(), place.height()
    across = step
    while across < width + height:  # the line on which x and what is left of y (from below) add up to this
        low, high = max(0.0, across - height), min(width, across)  # x of its ends on the rectangle
        for cx, cy in (
            (radius, radius),
            (width - radius, radius),
            (radius, height - radius),
            (width - radius, height - radius),
        ):
            # Nearest point of the line to the middle of the corner, and half of what the circle leaves of the line.
            foot = (cx - cy + across) / 2
            inside = radius**2 - (cx + cy - across) ** 2 / 2
            half = math.sqrt(inside / 2) if inside > 0 else 0.0
            if _is_outside(low, across - low, cx, cy, width, height):
                low = max(low, foot - half) if inside > 0 else high
            if _is_outside(high, across - high, cx, cy, width, height):
                high = min(high, foot + half) if inside > 0 else low
        if high - low > 0.5:
            yield (
                QPointF(place.left() + low, place.top() + across - low),
                QPointF(place.left() + high, place.top() + across - high),
            )
        across += step


def _is_outside(x: float, y: float, cx: float, cy: float, width: float, height: float) -> bool:
    """Whether a point lies in the corner around whose middle the border is a circle."""
    return (x < cx if cx < width / 2 else x > cx) and (y < cy if cy < height / 2 else y > cy)


def way_point(painter: QPainter, centre: QPointF, theme: Theme, *, is_meant: bool = False) -> None:
    """A point by which an edge is led; it can be moved. The one that keys move is larger and filled."""
    painter.setPen(QPen(QColor(theme.accent), 2.0))
    painter.setBrush(QColor(theme.accent if is_meant else theme.node))
    half = 7 if is_meant else 5
    painter.drawRoundedRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half), 3, 3)


def plus(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """A disc with a plus: something will be put in here."""
    painter.setPen(QPen(QColor(theme.surface), 2.0))
    painter.setBrush(QColor(theme.accent))
    painter.drawEllipse(centre, 11, 11)
    painter.setPen(QPen(QColor(theme.surface), 2.0, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(centre - QPointF(5, 0), centre + QPointF(5, 0))
    painter.drawLine(centre - QPointF(0, 5), centre + QPointF(0, 5))


def ring(painter: QPainter, body: QRectF, radius: float, theme: Theme) -> None:
    """The ring of a selected node: 2 px of accent, 3 px outside."""
    painter.setPen(QPen(QColor(theme.accent), 2.0))
    painter.setBrush(NO_BRUSH)
    painter.drawRoundedRect(body.adjusted(-3, -3, 3, 3), radius + 3, radius + 3)


def rounded(body: QRectF, radius: float) -> QPainterPath:
    """A rounded rectangle as a path."""
    path = QPainterPath()
    path.addRoundedRect(body, radius, radius)
    return path


def pill_width(text: str, *, is_mono: bool) -> float:
    """How wide a pill with this text is."""
    font = mono_font(11) if is_mono else ui_font(12)
    return math.ceil(QFontMetricsF(font).horizontalAdvance(text)) + 20


def pill(
    painter: QPainter, place: QRectF, text: str, theme: Theme, *, is_mono: bool = True, is_bad: bool = False
) -> None:
    """A capsule with one line of text: a shape, or a reason why not."""
    painter.setPen(QPen(QColor(theme.problem if is_bad else theme.border), 1.0))
    painter.setBrush(QColor(theme.problem_background if is_bad else theme.surface))
    painter.drawPath(rounded(place.adjusted(0.5, 0.5, -0.5, -0.5), min(place.height() / 2, 11) - 0.5))
    painter.setPen(QColor(theme.problem if is_bad else theme.secondary if is_mono else theme.text))
    painter.setFont(mono_font(11) if is_mono else ui_font(12))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def note_size(text: str, width: float = 252.0) -> tuple[float, float]:
    """Width and height of a note that holds a sentence, wrapped at ``width``."""
    flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    area = QFontMetricsF(ui_font(12)).boundingRect(QRectF(0, 0, width - 24, 1000), int(flags.value), text)
    return math.ceil(area.width()) + 25, math.ceil(area.height()) + 15


def note(painter: QPainter, place: QRectF, text: str, theme: Theme) -> None:
    """A sentence in a rounded box: what is wrong, beside the node where it is wrong."""
    painter.setPen(QPen(QColor(theme.problem), 1.0))
    painter.setBrush(QColor(theme.problem_background))
    painter.drawPath(rounded(place.adjusted(0.5, 0.5, -0.5, -0.5), 8))
    painter.setPen(QColor(theme.problem))
    painter.setFont(ui_font(12))
    painter.drawText(place.adjusted(12, 7, -12, -7), Qt.TextFlag.TextWordWrap, text)
