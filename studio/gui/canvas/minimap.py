"""The whole drawing in a corner of the canvas, with the part that is in view: press or drag there to move the view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.canvas import areas, geometry, marks, menus, sticky
from studio.gui.canvas.card import FAMILY_NAMES, Flag
from studio.gui.canvas.geometry import Array, Box, Point
from studio.gui.canvas.gestures.gesture import NO_MODIFIER
from studio.gui.canvas.gestures.pan import Pan
from studio.gui.canvas.pictures import family_colour
from studio.gui.canvas.scene import Scene
from studio.gui.theme import Theme

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

SIZE: Final = QSize(136, 96)
_MARGIN_PX = 10.0
_CROWDED = 1000
"""With more nodes than this each one is a few pixels."""
_MOST_SIGNS = 300
"""Where more nodes have problems, the map is full of them."""
_LEAST_VIEW = QSizeF(9, 7)
"""The smallest rectangle of the view: still seen, and met with the pointer."""
_LEAST_ROOM = QSize(480, 320)
"""A canvas smaller than this needs its room for the drawing."""


class Minimap(QWidget):
    """Shows itself while a part of the drawing is out of view. The picture is painted once per change of the scene."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._is_wanted = True
        self._bounds: Box | None = None
        self._bounds_key: tuple[int, int] | None = None
        self._picture: QPixmap | None = None
        self._picture_key: tuple[object, ...] | None = None
        self.setObjectName("minimap")
        self.setAccessibleName(self.tr("Map of the drawing"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFixedSize(SIZE)
        self.hide()

    @property
    def is_wanted(self) -> bool:
        """Whether it shows itself where it is of use."""
        return self._is_wanted

    def set_wanted(self, is_on: bool) -> None:
        """Show it where it is of use, or never."""
        self._is_wanted = is_on
        self.follow()

    def follow(self) -> None:
        """The view or the drawing is another one."""
        canvas = self._canvas
        key = (canvas.scene.structure, canvas.scene.revision)
        if key != self._bounds_key:
            self._bounds_key, self._bounds = (
                key,
                canvas.scene.notes.around(geometry.bounds_of(canvas.scene.pos, canvas.scene.size)),
            )
        self.setVisible(self._is_wanted and self._has_room() and self._is_part_hidden())
        if self.isVisible():
            self.update()

    def _has_room(self) -> bool:
        return self._canvas.width() >= _LEAST_ROOM.width() and self._canvas.height() >= _LEAST_ROOM.height()

    def _is_part_hidden(self) -> bool:
        if self._bounds is None:
            return False
        seen, box = self._seen(), self._bounds
        return box[0] < seen[0] or box[1] < seen[1] or box[2] > seen[2] or box[3] > seen[3]

    def _seen(self) -> Box:
        return self._canvas.view.scene_box(0, 0, self._canvas.width(), self._canvas.height())

    def _scale(self) -> tuple[float, float, float]:
        """Scale and offsets from the scene to this map."""
        scale, x, y, _ = geometry.fit(
            self._bounds or (0, 0, 1, 1), self.width(), self.height(), margin=_MARGIN_PX, largest=0.2
        )
        return scale, x, y

    def view_rectangle(self) -> QRectF:
        """What the canvas shows, as far as the map reaches, in pixels of the map."""
        scale, x, y = self._scale()
        left, top, right, bottom = self._seen()
        seen = QRectF(QPointF(left * scale + x, top * scale + y), QPointF(right * scale + x, bottom * scale + y))
        centre = seen.center()
        seen.setSize(seen.size().expandedTo(_LEAST_VIEW))
        seen.moveCenter(centre)
        return seen.intersected(QRectF(self.rect()).adjusted(4, 4, -4, -4))

    def to_scene(self, point: QPointF) -> Point:
        """The scene point under a pixel of the map."""
        scale, x, y = self._scale()
        return (point.x() - x) / scale, (point.y() - y) / scale

    def _drawn(self, colours: Theme) -> QPixmap:
        """The frame with all nodes; while a gesture moves nodes the picture from before it."""
        canvas, ratio = self._canvas, self.devicePixelRatioF()
        key = (colours.name, ratio, canvas.scene.structure, canvas.scene.revision)
        if self._picture is None or (key != self._picture_key and canvas.gesture is None):
            self._picture_key = key
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.setBrush(QColor(colours.surface))
            painter.drawPath(marks.rounded(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8))
            paint_notes(painter, canvas.scene, self._scale(), colours)
            paint_nodes(painter, canvas.scene, self._scale(), colours)
            paint_problems(painter, canvas.scene, self._scale(), colours)
            painter.end()
        return self._picture

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn(colours))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent, seen = QColor(colours.accent), self.view_rectangle()
        painter.setBrush(marks.NO_BRUSH)
        painter.setPen(
            QPen(QColor(colours.surface), 4.0)
        )  # a light edge, so that it is seen on nodes of its own colour
        painter.drawRoundedRect(seen, 3, 3)
        painter.setPen(QPen(accent, 1.5))
        accent.setAlpha(20)
        painter.setBrush(accent)
        painter.drawRoundedRect(seen, 3, 3)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        canvas = self._canvas
        canvas.cancel_gesture()
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        canvas.places.note()
        canvas.gesture = MapDrag(canvas, self, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._canvas.gesture
        if event.buttons() & Qt.MouseButton.LeftButton and isinstance(drag, MapDrag):
            drag.go_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton and isinstance(self._canvas.gesture, MapDrag):
            self._canvas.gesture = None
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        self._canvas.cancel_gesture()
        menus.pop_up(self, menus.of_map(self._canvas), event.globalPos())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class MapDrag(Pan):
    """The rectangle of the view in the hand, which another view follows. Like every gesture it can be given up."""

    def __init__(self, canvas: Canvas, small: Minimap, point: QPointF) -> None:
        super().__init__(canvas, point)
        canvas.unsetCursor()
        self._small = small
        seen = small.view_rectangle()
        self._grip = point - seen.center() if seen.contains(point) else QPointF()
        self.go_to(point)

    def go_to(self, point: QPointF) -> None:
        """Show what lies under a pixel of the map."""
        self.canvas.camera.centre_on(self._small.to_scene(point - self._grip))

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """Nothing: the drawing tells of pixels that are not those of the map."""

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """Nothing, for the same reason."""


def paint_notes(painter: QPainter, scene: Scene, scale: tuple[float, float, float], colours: Theme) -> None:
    """A sheet per note, below the nodes."""
    factor, x, y = scale
    painter.setPen(marks.NO_PEN)
    for number, note in enumerate(scene.notes.notes):
        left, top, right, bottom = scene.notes.box(number)
        painter.setBrush(sticky.mixed(colours, areas.colour_of(colours, note.colour), 0.4))
        wide, high = max(2.0, (right - left) * factor), max(1.5, (bottom - top) * factor)
        painter.drawRect(QRectF(left * factor + x, top * factor + y, wide, high))


def paint_nodes(painter: QPainter, scene: Scene, scale: tuple[float, float, float], colours: Theme) -> None:
    """A rectangle per node in the colour of its family, never so small that it vanishes."""
    if not len(scene):
        return
    factor, x, y = scale
    corner = scene.pos * factor + (x, y)
    kind = np.where((scene.flags & Flag.PROBLEM) != 0, len(FAMILY_NAMES), scene.family)
    palette = [*(family_colour(colours, number) for number in range(len(FAMILY_NAMES))), QColor(colours.problem)]
    if len(scene) > _CROWDED:
        size = np.maximum(np.round(scene.size.max(axis=0) * factor), 2).astype(int)
        _paint_pixels(painter, corner, (int(size[0]), int(size[1])), kind, palette)
        return
    painter.setPen(marks.NO_PEN)
    boxes = np.hstack([corner, np.maximum(scene.size * factor, (2.0, 1.5))])
    for number in np.flatnonzero(np.bincount(kind)).tolist():
        painter.setBrush(palette[number])
        painter.drawRects([QRectF(*box) for box in boxes[kind == number].tolist()])


def paint_problems(painter: QPainter, scene: Scene, scale: tuple[float, float, float], colours: Theme) -> None:
    """The sign of a problem on every node that has one, so that colour is not alone."""
    factor, x, y = scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    slots = np.flatnonzero(scene.flags & Flag.PROBLEM)[:_MOST_SIGNS]
    for cx, cy in ((scene.pos[slots] + scene.size[slots] / 2) * factor + (x, y)).tolist():
        marks.octagon(painter, QPointF(cx, cy), 4.5, colours)


def _paint_pixels(
    painter: QPainter, corner: Array, size: tuple[int, int], kind: np.ndarray, palette: list[QColor]
) -> None:
    """Nodes of the size of a few pixels, written into an image: thousands of rectangles would take 20 ms."""
    width, height = SIZE.width(), SIZE.height()
    pixels = np.zeros((height, width), np.uint32)
    colour = np.array([each.rgba() for each in palette], np.uint32)[kind]
    at = np.round(corner).astype(int)
    for dx in range(size[0]):
        for dy in range(size[1]):
            pixels[np.clip(at[:, 1] + dy, 0, height - 1), np.clip(at[:, 0] + dx, 0, width - 1)] = colour
    image = QImage(pixels.tobytes(), width, height, QImage.Format.Format_ARGB32)
    painter.drawImage(0, 0, image)
