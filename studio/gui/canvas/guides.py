"""Lines along which what is dragged stands in line with others: it clings to them more than to the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.core.project import Edge
from studio.gui import theme
from studio.gui.canvas import geometry
from studio.gui.canvas.geometry import Array, Box, Point
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

REACH_PX: Final = 6.0
"""On the screen: less than the step of the grid looks, so that both can be had."""
_OVER: Final = 10.0
"""A line begins and ends so far outside of the nodes, scene px."""


@immutable
class Guide:
    """A line along which nodes stand; ``axis`` 0 is a vertical one, at this x."""

    axis: int
    at: float
    start: float
    stop: float

    @property
    def box(self) -> Box:
        """Where it is, in the scene."""
        if self.axis == 0:
            return self.at, self.start, self.at, self.stop
        return self.start, self.at, self.stop, self.at


class Lines:
    """The lines that are found, and how they look."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.found: tuple[Guide, ...] = ()

    def paint(self, painter: QPainter) -> None:
        """Paint the lines. The painter is in widget pixels."""
        if not self.found:
            return
        view = self._canvas.view
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme.current().accent), 1, Qt.PenStyle.DashLine))
        for guide in self.found:
            left, top, right, bottom = guide.box
            ends = QPointF(*view.to_widget(left, top)), QPointF(*view.to_widget(right, bottom))
            painter.drawLine(QLineF(*ends))
        painter.restore()

    def area(self) -> QRect:
        """The pixels of the lines."""
        area = QRect()
        for guide in self.found:
            area = area.united(QRect(*self._canvas.view.widget_box(guide.box, 3)))
        return area


class PointGuides(Lines):
    """For a way-point: the points before and after it on its edge, ports and way-points of the edges in view."""

    def __init__(self, canvas: Canvas, edge: Edge, number: int) -> None:
        super().__init__(canvas)
        scene = canvas.scene
        here = scene.edges.slot[edge.id]
        ends = scene.edges.ends[here].tolist()
        stops = [(ends[0], ends[1]), *edge.route, (ends[2], ends[3])]
        box = canvas.view.scene_box(0, 0, canvas.width(), canvas.height())
        seen = geometry.boxes_in(scene.edges.bounds, box)
        ports = scene.edges.ends[seen[seen != here]].reshape(-1, 2)
        others = [point for k in seen.tolist() if k != here for point in scene.edges[k].route]
        rest = np.array([stops[number], stops[number + 2], *others]).reshape(-1, 2)
        self._points: Array = np.vstack([rest, ports])

    def placed(self, x: float, y: float, *, is_free: bool = False) -> Point:
        """Where the point goes that is held here: in line with others, else on the grid; ``is_free``: here."""
        self.found = ()
        if is_free:
            return x, y
        reach, held = REACH_PX / self._canvas.view.scale, np.array([x, y])
        place = [geometry.snapped(x), geometry.snapped(y)]
        gaps = np.abs(self._points - held)
        near: dict[int, Array] = {}
        for axis in (0, 1):
            at = int(gaps[:, axis].argmin())
            if gaps[at, axis] <= reach:
                place[axis] = float(self._points[at, axis])
                on_line = self._points[np.abs(self._points[:, axis] - place[axis]) < 0.5]
                across = np.abs(on_line[:, 1 - axis] - held[1 - axis])
                near[axis] = on_line[int(across.argmin())]
        guides = []
        for axis, point in near.items():
            ends = sorted((place[1 - axis], float(point[1 - axis])))
            guides.append(Guide(axis, place[axis], ends[0] - _OVER, ends[1] + _OVER))
        self.found = tuple(guides)
        return place[0], place[1]


class Guides(Lines):
    """The nodes and notes that stand still in view, and the lines between them and the one that is dragged."""

    def __init__(self, canvas: Canvas, moving: np.ndarray, notes: np.ndarray | None = None) -> None:
        """``moving`` masks the nodes that move along, ``notes`` the notes."""
        super().__init__(canvas)
        scene, rows = canvas.scene, canvas.scene.notes
        still = np.flatnonzero(~moving)
        self._low: Array = scene.pos[still]
        self._high: Array = scene.pos[still] + scene.size[still]
        if len(rows):
            resting = np.flatnonzero(~notes) if notes is not None else np.arange(len(rows))
            self._low = np.vstack([self._low, rows.pos[resting]])
            self._high = np.vstack([self._high, rows.pos[resting] + rows.size[resting]])

    def placed(self, x: float, y: float, width: float, height: float, *, is_free: bool = False) -> Point:
        """Where a node goes that is held at this place: in line with others, else on the grid; ``is_free``: there."""
        if is_free:
            self.found = ()
            return x, y
        low, size = np.array([x, y]), np.array([width, height])
        place, guides = [geometry.snapped(x), geometry.snapped(y)], []
        seen = self._in_view()
        for axis in (0, 1):
            gap = self._gap(axis, low, size, seen)
            if gap is not None:
                place[axis] = float(low[axis]) + gap
        at = np.array(place)
        for axis in (0, 1):
            guide = self._guide(axis, at, size, seen)
            if guide is not None:
                guides.append(guide)
        self.found = tuple(guides)
        return place[0], place[1]

    def _in_view(self) -> np.ndarray:
        canvas = self._canvas
        left, top = canvas.view.to_scene(0, 0)
        right, bottom = canvas.view.to_scene(canvas.width(), canvas.height())
        is_seen = (self._high >= (left, top)).all(axis=1) & (self._low <= (right, bottom)).all(axis=1)
        return np.flatnonzero(is_seen)

    def _gap(self, axis: int, low: Array, size: Array, seen: np.ndarray) -> float | None:
        """How far the node is from the nearest line along which others stand, if that is near."""
        gaps = self._gaps(axis, low, size, seen)
        if not gaps.size:
            return None
        nearest = gaps.flat[int(np.abs(gaps).argmin())]
        return float(nearest) if abs(nearest) <= REACH_PX / self._canvas.view.scale else None

    def _gaps(self, axis: int, low: Array, size: Array, seen: np.ndarray) -> Array:
        """From the beginning, middle and end of the node to those of the others, (n, 3)."""
        first, last = self._low[seen, axis], self._high[seen, axis]
        start, length = low[axis], size[axis]
        gaps: Array = np.stack([first - start, (first + last) / 2 - start - length / 2, last - start - length], axis=1)
        return gaps

    def _guide(self, axis: int, low: Array, size: Array, seen: np.ndarray) -> Guide | None:
        """The line from the node to the nearest one that stands on it."""
        is_on = np.abs(self._gaps(axis, low, size, seen)) < 0.5
        rows = np.flatnonzero(is_on.any(axis=1))
        if not len(rows):
            return None
        across = 1 - axis
        first, last = self._low[seen[rows], across], self._high[seen[rows], across]
        start, stop = float(low[across]), float(low[across] + size[across])
        apart = np.maximum(first - stop, start - last)
        nearest = int(apart.argmin())
        part = (0.5, 0.0, 1.0)[int(np.argmax(is_on[rows[nearest]][[1, 0, 2]]))]
        ends = min(start, float(first[nearest])) - _OVER, max(stop, float(last[nearest])) + _OVER
        return Guide(axis, float(low[axis] + part * size[axis]), *ends)
