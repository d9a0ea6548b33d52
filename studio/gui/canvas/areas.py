"""Frames on the canvas: where their areas are, what of them lies under a point, and how they look."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from studio.core.project import FrameColour
from studio.gui.canvas import marks
from studio.gui.canvas.geometry import Box
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View
from studio.gui.theme import Theme, ui_font
from studio.layout import Padding

_PADDING: Final = Padding()
AROUND: Final = _PADDING.around
TITLE_HEIGHT: Final = _PADDING.above - 8
"""Room between the nodes of a frame and its border, and for its title above them, scene px."""

_FAMILY_OF: dict[FrameColour, str] = {
    "blue": "core", "green": "convolution", "orange": "merging", "purple": "preprocessing", "red": "attention",
}  # fmt: skip
"""Frames have the colours of families, which can be told apart by everybody."""

_FILL, _BORDER = 0.09, 0.45
_PATCH_PX = 3.0
_TITLE_PX = 13.0
_SMALLEST_TITLE_PX = 11.0
"""On the screen: from far away titles are what one finds one's way by."""


def area(scene: Scene, frame: int) -> Box:
    """Left, top, right and bottom of a frame's area."""
    left, top, right, bottom = scene.framing.boxes(scene.pos, scene.size, scene.notes, scene.revision)[frame].tolist()
    return left - AROUND, top - _PADDING.above, right + AROUND, bottom + AROUND


def area_at(scene: Scene, x: float, y: float) -> int:
    """The number of the uppermost frame whose area holds a point, or -1."""
    return next((k for k in reversed(range(len(scene.framing))) if _holds(area(scene, k), x, y)), -1)


def title_at(scene: Scene, x: float, y: float, scale: float = 1.0) -> int:
    """The number of the uppermost frame whose title bar holds a point, or -1; the bar is at least 20 px on screen."""
    bar = max(TITLE_HEIGHT, 20 / scale)
    for number in reversed(range(len(scene.framing))):
        left, top, right, _ = area(scene, number)
        if _holds((left, top, right, top + bar), x, y):
            return number
    return -1


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def colour_of(theme: Theme, colour: FrameColour) -> QColor:
    """The full colour of a frame; its area has a little of it."""
    return QColor(theme.families.get(_FAMILY_OF.get(colour, ""), theme.secondary))


def paint(
    painter: QPainter, scene: Scene, view: View, theme: Theme, exposed: QRectF, *,
    only: Collection[int] | None = None, without: Collection[int] = (), lit: int = -1, has_titles: bool = True,
) -> None:  # fmt: skip
    """Paint frames that touch ``exposed`` (px of the target); ``lit`` is the one that would take what is dragged."""
    if not len(scene.framing):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for number, frame in enumerate(scene.framing.frames):
        if number in without or (only is not None and number not in only):
            continue
        place = _place(scene, number, view)
        if place.adjusted(-2, -2, 2, 2).intersects(exposed):
            _paint_one(painter, place, view.scale, colour_of(theme, frame.colour), theme, number == lit)
            if has_titles:
                _paint_title(painter, place, view.scale, frame.title, theme)


def paint_titles(
    painter: QPainter, scene: Scene, view: View, theme: Theme, exposed: QRectF, ground: QColor | None, *,
    only: Collection[int] | None = None, without: Collection[int] = (),
) -> None:  # fmt: skip
    """Paint the titles of these frames alone, over edges that run into them: on a patch of the frame's colour on
    ``ground``, or on none."""
    for number, frame in enumerate(scene.framing.frames):
        if number in without or (only is not None and number not in only):
            continue
        place = _place(scene, number, view)
        if place.intersects(exposed):
            patch = None if ground is None else _over(ground, colour_of(theme, frame.colour))
            _paint_title(painter, place, view.scale, frame.title, theme, patch)


def _over(ground: QColor, colour: QColor) -> QColor:
    """What the colour of a frame makes of the ground, as an opaque colour."""
    one, other = ((each.red(), each.green(), each.blue()) for each in (ground, colour))
    parts = zip(one, other, strict=True)
    return QColor(*(round(below * (1 - _FILL) + above * _FILL) for below, above in parts))


def _place(scene: Scene, number: int, view: View) -> QRectF:
    left, top, right, bottom = area(scene, number)
    return QRectF(QPointF(*view.to_widget(left, top)), QPointF(*view.to_widget(right, bottom)))


def _paint_one(painter: QPainter, place: QRectF, scale: float, colour: QColor, theme: Theme, is_lit: bool) -> None:
    fill, border = QColor(colour), QColor(colour)
    fill.setAlphaF(_FILL * (2 if is_lit else 1))
    border.setAlphaF(_BORDER)
    painter.setPen(QPen(QColor(theme.accent), 2.0) if is_lit else QPen(border, 1.0))
    painter.setBrush(fill)
    painter.drawPath(marks.rounded(place.adjusted(0.5, 0.5, -0.5, -0.5), 10 * min(1.0, scale)))


def _paint_title(
    painter: QPainter, place: QRectF, scale: float, title: str, theme: Theme, patch: QColor | None = None
) -> None:
    size = max(_SMALLEST_TITLE_PX, _TITLE_PX * scale)
    font = ui_font(size, QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    room = place.width() - 2 * max(6.0, 12 * scale)
    shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
    if room < 24 or metrics.horizontalAdvance(shown) > room + 1:
        return
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    x, y = place.left() + max(6.0, 12 * scale), place.top() + max(3.0, 8 * scale) + metrics.ascent()
    if patch is not None:
        covered = QRectF(x, y - metrics.ascent(), metrics.horizontalAdvance(shown), metrics.height())
        painter.fillRect(covered.adjusted(-_PATCH_PX, 0, _PATCH_PX, 0), patch)
    painter.drawText(QPointF(x, y), shown)
