"""Drawing many nodes and edges from far away: rectangles and thin lines in a few calls to Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QLineF, QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from studio.gui.canvas import marks
from studio.gui.canvas.card import FAMILY_NAMES, Flag
from studio.gui.canvas.geometry import Array, Slots
from studio.gui.canvas.pictures import family_colour, heat_colour
from studio.gui.canvas.scene import Scene
from studio.gui.theme import Theme

_RECORD = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])  # one element of a QPainterPath in a QDataStream
_MOVE, _CURVE, _CURVE_MORE = 0, 2, 3


def joined_path(scene: Scene, edges: Slots) -> QPainterPath:
    """All these edges as one path. Through a QDataStream: four times quicker than Qt's calls one by one.

    For thin cosmetic pens only: a wide antialiased pen on a joined path costs ten times as much as path after path.
    """
    routed = [int(k) for k in edges if k in scene.edges.chains] if scene.edges.chains else []
    plain = edges if not routed else np.setdiff1d(edges, routed)
    points = scene.edges.curve[plain].reshape(-1, 2)
    records = np.zeros(len(points), _RECORD)
    records["kind"] = np.tile([_MOVE, _CURVE, _CURVE_MORE, _CURVE_MORE], len(plain))
    records["x"], records["y"] = points[:, 0], points[:, 1]
    parts = [records, *(_chain_records(scene.edges.chains[k]) for k in routed)]
    data = b"".join(part.tobytes() for part in parts)
    count = sum(len(part) for part in parts)
    # Form of a QPainterPath: number of elements, elements, index of the last sub-path, fill rule.
    blob = count.to_bytes(4, "big") + data + (0).to_bytes(4, "big") + (1).to_bytes(4, "big")
    path = QPainterPath()
    if count:
        QDataStream(QByteArray(blob)) >> path
    return path


def _chain_records(chain: Array) -> np.ndarray:
    records = np.zeros(len(chain), _RECORD)
    records["kind"] = [_MOVE, *([_CURVE, _CURVE_MORE, _CURVE_MORE] * ((len(chain) - 1) // 3))]
    records["x"], records["y"] = chain[:, 0], chain[:, 1]
    return records


def one_path(chain: Array) -> QPainterPath:
    """The curve of one edge as a path."""
    points = chain.tolist()
    path = QPainterPath()
    path.moveTo(*points[0])
    for first in range(1, len(points) - 2, 3):
        path.cubicTo(*points[first], *points[first + 1], *points[first + 2])
    return path


def drawn_path(chain: Array) -> QPainterPath:
    """As ``one_path``, but a line where the curve is one, as in most chains: it is drawn in a third of the time."""
    if len(chain) == 4:
        low, high = np.minimum(chain[0], chain[3]), np.maximum(chain[0], chain[3])
        if (low == high).any() and (low <= chain[1:3]).all() and (chain[1:3] <= high).all():
            path = QPainterPath(QPointF(*chain[0].tolist()))
            path.lineTo(*chain[3].tolist())
            return path
    return one_path(chain)


_Thing = TypeVar("_Thing")


class _Kept(Generic[_Thing]):
    """One of Qt's objects per row of four numbers, brought up to date where the row is another one."""

    def __init__(
        self,
        make: Callable[[float, float, float, float], _Thing],
        change: Callable[[_Thing, float, float, float, float], object],
    ) -> None:
        self._make, self._change = make, change  # a thing is changed in half the time that another one takes to make
        self._rows: Array = np.zeros((0, 4))
        self.things: list[_Thing] = []

    def follow(self, rows: Array) -> None:
        """Bring them up to date. Where rows came or went, those before and after them are kept."""
        before, count = self._rows, min(len(self._rows), len(rows))
        if len(before) == len(rows):
            other = np.flatnonzero((before != rows).any(axis=1))
            if len(other):
                before[other] = rows[other]
                for k, row in zip(other.tolist(), rows[other].tolist(), strict=True):
                    self._change(self.things[k], *row)
            return
        head = _same(before[:count], rows[:count])
        tail = _same(before[head:][::-1][: count - head], rows[head:][::-1][: count - head])
        made = [self._make(*row) for row in rows[head : len(rows) - tail].tolist()]
        self.things[head : len(before) - tail] = made
        self._rows = rows.copy()


def _same(one: Array, other: Array) -> int:
    """How many rows are the same from the first one on."""
    apart = (one != other).any(axis=1)
    return int(apart.argmax()) if apart.any() else len(apart)


class FarSight:
    """Qt's rectangles and lines of a whole scene, kept and brought up to date where the arrays changed."""

    def __init__(self) -> None:
        self._rects: _Kept[QRectF] = _Kept(QRectF, QRectF.setRect)
        self._lines: _Kept[QLineF] = _Kept(QLineF, QLineF.setLine)

    def draw_nodes(self, painter: QPainter, scene: Scene, slots: Slots, theme: Theme) -> None:
        """Fill a rectangle per node in the colour of its family; the painter is in scene coordinates."""
        self._rects.follow(np.hstack([scene.pos, scene.size]))
        painter.setPen(marks.NO_PEN)
        colour_of = scene.family[slots].astype(np.intp)
        colour_of[(scene.flags[slots] & Flag.PROBLEM) != 0] = len(FAMILY_NAMES)
        rects = self._rects.things
        if scene.heat.measure:  # no node of this drawing keeps the colour of its family
            colour_of = scene.heat.array(scene.ids, scene.structure)[slots].astype(np.intp) + len(FAMILY_NAMES) + 1
        for number in np.flatnonzero(np.bincount(colour_of)).tolist():  # np.unique would import a module for it
            if number > len(FAMILY_NAMES):
                colour = heat_colour(theme, number - len(FAMILY_NAMES) - 1, theme.border)
            else:
                colour = QColor(theme.problem) if number == len(FAMILY_NAMES) else family_colour(theme, number)
            painter.setBrush(QBrush(colour))
            painter.drawRects([rects[k] for k in slots[colour_of == number].tolist()])

    def draw_rings(self, painter: QPainter, scene: Scene, slots: Slots, theme: Theme) -> None:
        """Outline the selected nodes."""
        chosen = slots[scene.is_selected[slots]].tolist()
        if not chosen:
            return
        pen = QPen(QColor(theme.text), 1.0 if len(chosen) > 500 else 2.0)  # thick ones of thousands take 10 ms
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(marks.NO_BRUSH)
        self._rects.follow(np.hstack([scene.pos, scene.size]))
        painter.drawRects([self._rects.things[k] for k in chosen])

    def draw_lines(self, painter: QPainter, scene: Scene, edges: Slots) -> None:
        """A straight line per edge, with the painter's pen."""
        self._lines.follow(scene.edges.ends)
        lines = self._lines.things
        painter.drawLines(lines if len(edges) == len(lines) else [lines[k] for k in edges.tolist()])
