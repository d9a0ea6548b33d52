"""How notes look: a sheet in their colour with a folded corner, by which they are made larger or smaller."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout, QTextOption

from studio.core.project import FrameColour, Note
from studio.gui.canvas import areas, geometry, marks
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View
from studio.gui.theme import Theme, ui_font

PADDING: Final = 10.0
CORNER: Final = 14.0
"""The folded corner at the lower right, scene px."""
TEXT_PX: Final = 13.0
_TEXT_FROM_SCALE: Final = 0.42
"""From here on letters are five pixels high; below nobody could read them."""
_FILL, _BORDER, _FOLD = 0.16, 0.55, 0.34


def text_height(text: str, width: float) -> float:
    """How high a note of this width has to be for all of its text."""
    lines = _lines(text, width - 2 * PADDING)
    return max(1, len(lines)) * _metrics().lineSpacing() + 2 * PADDING


def corner_at(scene: Scene, x: float, y: float, scale: float = 1.0) -> int:
    """The number of the uppermost note whose folded corner holds a point, or -1; it is at least 12 px on screen."""
    number = scene.notes.at(x, y)
    if number < 0:
        return -1
    reach = max(CORNER, 12 / scale)
    _, _, right, bottom = scene.notes.box(number)
    return number if x >= right - reach and y >= bottom - reach else -1


def shown(note: Note) -> tuple[str, bool]:
    """The text as it is written on the note, lines included, and whether it is all of it."""
    lines = _lines(note.text, note.width - 2 * PADDING)
    room = max(1, int((note.height - 2 * PADDING + 1) // _metrics().lineSpacing()))
    if len(lines) <= room:
        return "\n".join(lines), True
    last = _metrics().elidedText(f"{lines[room - 1]}…", Qt.TextElideMode.ElideRight, note.width - 2 * PADDING)
    return "\n".join((*lines[: room - 1], last)), False


def paint(
    painter: QPainter, scene: Scene, view: View, theme: Theme, exposed: QRectF, *,
    only: Collection[int] | np.ndarray | None = None, without: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Paint the notes that touch ``exposed`` (px of the target); ``without`` masks those that are left out."""
    rows = scene.notes
    if not len(rows):
        return
    box = view.scene_box(exposed.left() - 4, exposed.top() - 4, exposed.right() + 4, exposed.bottom() + 4)
    numbers = geometry.nodes_in(rows.pos, rows.size, box).tolist()
    with marks.in_scene(painter, view):
        for number in numbers:
            if (only is not None and number not in only) or (without is not None and without[number]):
                continue
            left, top, right, bottom = rows.box(number)
            place = QRectF(QPointF(left, top), QPointF(right, bottom))
            note = rows.notes[number]
            draw(painter, note, place, theme, has_text=view.scale >= _TEXT_FROM_SCALE)
            if rows.is_selected[number]:
                marks.ring(painter, place, 4, theme)
            if note.id in scene.versions:
                marks.version(painter, QPointF(left + 2, top + 2), scene.versions[note.id], theme)


def draw(painter: QPainter, note: Note, place: QRectF, theme: Theme, *, has_text: bool = True) -> None:
    """Draw one note at a place. The painter is in scene px."""
    colour = areas.colour_of(theme, note.colour)
    corner = min(CORNER, place.width() / 2, place.height() / 2)
    inner = place.adjusted(0.5, 0.5, -0.5, -0.5)
    sheet = QPainterPath(inner.topLeft())
    sheet.lineTo(inner.topRight())
    sheet.lineTo(inner.right(), inner.bottom() - corner)
    sheet.lineTo(inner.right() - corner, inner.bottom())
    sheet.lineTo(inner.bottomLeft())
    sheet.closeSubpath()
    painter.setPen(QPen(mixed(theme, colour, 1.0 if theme.name == "contrast" else _BORDER), 1.0))
    painter.setBrush(mixed(theme, colour, _FILL))
    painter.drawPath(sheet)
    fold = QPainterPath(QPointF(inner.right(), inner.bottom() - corner))
    fold.lineTo(inner.right() - corner, inner.bottom() - corner)
    fold.lineTo(inner.right() - corner, inner.bottom())
    fold.closeSubpath()
    painter.setBrush(mixed(theme, colour, _FOLD))
    painter.drawPath(fold)
    if has_text and note.text:
        painter.setFont(font())
        painter.setPen(QColor(theme.text))
        metrics, left = _metrics(), place.left() + PADDING
        line_at = place.top() + PADDING + metrics.ascent()
        # The rectangle of the note may be in the hand while its size changes.
        sized = Note(note.id, note.text, width=place.width(), height=place.height())
        for line in shown(sized)[0].split("\n"):
            painter.drawText(QPointF(left, line_at), line)
            line_at += metrics.lineSpacing()


def mixed(theme: Theme, colour: QColor, share: float) -> QColor:
    """A share of the colour on a node's ground: nothing shines through, so text stays easy to read."""
    ground = QColor(theme.node)
    parts = zip(
        (ground.red(), ground.green(), ground.blue()), (colour.red(), colour.green(), colour.blue()), strict=True
    )
    return QColor(*(round(below * (1 - share) + above * share) for below, above in parts))


def ground(theme: Theme, colour: FrameColour) -> QColor:
    """The colour of the sheet."""
    return mixed(theme, areas.colour_of(theme, colour), _FILL)


def font() -> QFont:
    """The font of notes in scene px."""
    return ui_font(TEXT_PX)


def _metrics() -> QFontMetricsF:
    return QFontMetricsF(font())


@lru_cache(maxsize=512)
def _broken(text: str, width: float, family: str) -> tuple[str, ...]:
    """Lines of a text as they fit; lines are broken in scene px, so that they are the same however far one zooms."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    found: list[str] = []
    for paragraph in text.replace("\t", "    ").split("\n"):
        layout = QTextLayout(paragraph, font())
        layout.setTextOption(option)
        layout.beginLayout()
        # Places in Qt's text count UTF-16 units, of which some characters take two.
        units = paragraph.encode("utf-16-le", "surrogatepass")
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(8.0, width))
            start, stop = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
            found.append(units[start:stop].decode("utf-16-le", "surrogatepass").rstrip())
        layout.endLayout()
        if not paragraph:
            found.append("")
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _lines(text: str, width: float) -> tuple[str, ...]:
    return _broken(text, width, font().family())
