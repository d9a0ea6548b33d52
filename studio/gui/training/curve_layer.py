"""Paints the curves of a plot, over a picture of what rests: its axes, ended runs, and where curves have been so far.

While a run is alive a plot is painted five times a second, and what that costs is taken from the training. A scene of
pyqtgraph items takes 3.5 ms for each plot, whatever has changed. Here a growing line is drawn on from where it ended,
and only what lies right of there is painted: a tenth of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.training.lines import Floats, Label, Line, RunLines

BESIDE = Qt.TextFlag.TextDontClip | Qt.AlignmentFlag.AlignVCenter
DOT_PX = 5
LABEL_MARGIN_PX = 5
ROUND_PX = 4
"""What may stand out left of a line's end: half a dot, half the width of the line."""
FAR_PX = 1e5
"""Points further away than this are drawn there: the painter's own numbers overflow far beyond."""

_ALIKE = str.maketrans("123456789", "000000000")

Range = tuple[tuple[float, float], tuple[float, float]]
"""The lowest and highest x, and the lowest and highest y, that the axes span."""


class CurveLayer(QWidget):
    """Lies over a plot and covers it. ``paint_axes`` paints what is under the curves; mouse events go through it."""

    def __init__(self, paint_axes: Callable[[QPainter], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._paint_axes = paint_axes
        self._ground: QPixmap | None = None
        self._font = theme.ui_font(12 * theme.type_scale())
        self._metrics = QFontMetricsF(self._font)
        self._widths: dict[str, int] = {}
        self._resting: tuple[RunLines, ...] = ()
        self._living: tuple[RunLines, ...] = ()
        self._held: dict[Line, int] = {}
        """The growing lines of the living runs, and how many of the points of each are part of the ground."""
        self._starts: dict[Line, int] = {}
        """Where each line of the living runs goes on, in pixels: its end in the picture before."""
        self.box = QRectF(0, 0, 1, 1)
        """Where the axes span their range, in pixels of this widget."""
        self.range: Range = ((0.0, 1.0), (0.0, 1.0))
        self.pointer: float | None = None
        """The epoch at the mouse, where a line stands."""

    def show_axes(self, box: QRectF, span: Range) -> None:
        """The axes span ``span`` in ``box`` now."""
        if (box, span) != (self.box, self.range):
            self.box, self.range = QRectF(box), span
            self.forget()

    def show_lines(self, lines: Sequence[RunLines]) -> None:
        """Draw the runs' lines, the first at the bottom. Those of ended runs become part of the picture underneath."""
        resting = tuple(each for each in lines if not each.run.is_alive)
        self._living = tuple(each for each in lines if each.run.is_alive)
        if resting != self._resting:
            self._resting = resting
            self._ground = None
        if self._ground is not None and not self._draw_on(self._ground):
            self._ground = None
        left = self._take_starts()
        if self._ground is None or any(each.diverged.place is not None for each in self._living):
            self.update()
        else:
            self.update(QRect(left, 0, self.width() - left, self.height()))

    def forget(self) -> None:
        """Paint all anew: colours, axes or the lines of ended runs are others."""
        self._ground = None
        self._font = theme.ui_font(12 * theme.type_scale())
        self._metrics = QFontMetricsF(self._font)
        self._widths.clear()
        self.update()

    def point_at(self, epoch: float | None) -> None:
        """Show a line at an epoch, or none."""
        if epoch != self.pointer:
            self.pointer = epoch
            self.update()

    def to_pixels(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where values stand in this widget."""
        (left, right), (low, high) = self.range
        across = self.box.left() + (x - left) * (self.box.width() / (right - left))
        down = self.box.bottom() - (y - low) * (self.box.height() / (high - low))
        return across, np.clip(down, -FAR_PX, FAR_PX)

    def label_box(self, label: Label) -> QRectF | None:
        """Where a label stands, in pixels of this widget; None where it is not drawn."""
        if label.place is None:
            return None
        x, y = self._place(*label.place)
        height = self._metrics.height()
        return QRectF(x + LABEL_MARGIN_PX, y - height / 2, self.width_of(label.text), height)

    def width_of(self, text: str) -> float:
        """The width of a label, in pixels; of all digits alike, so that it rests while a figure changes."""
        text = text.translate(_ALIKE)
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = math.ceil(self._metrics.horizontalAdvance(text))
        return width

    def _place(self, x: float, y: float) -> tuple[float, float]:
        across, down = self.to_pixels(np.array([x]), np.array([y]))
        return float(across[0]), float(down[0])

    # Lines that grow

    def _growing(self) -> list[Line]:
        return [line for each in self._living for line in each.lines if line.series is not None]

    def _draw_on(self, ground: QPixmap) -> bool:
        """Add to the ground what the lines have got since; False where it must be made anew."""
        growing = self._growing()
        if self._held.keys() != set(growing) or any(line.count < self._held[line] for line in growing):
            return False
        painter = QPainter(ground)
        painter.setClipRect(self.box)
        for line in growing:
            held, self._held[line] = self._held[line], line.count
            if line.count > held:
                self._paint_points(painter, line, *line.points(max(0, held - 1)))
        painter.end()
        return True

    def _take_starts(self) -> int:
        """From where on to the right the picture is another than before, in pixels."""
        before, self._starts = self._starts, {}
        left = self.width()
        for each in self._living:
            for line in each.lines:
                end = line.end
                if end is None:
                    continue
                self._starts[line] = start = math.floor(self._place(*end)[0])
                known = before.get(line)
                if known is None or (line.series is None and known != start):  # its dashes may stand elsewhere now
                    known = math.floor(self._place(float(line.x[0]), 0.0)[0])
                left = min(left, known)
        return max(0, left - ROUND_PX)

    # Painting

    def _make_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QColor(theme.current().surface))
        painter = QPainter(ground)
        self._paint_axes(painter)
        self._held = {}
        self._paint_runs(painter, self._resting)
        painter.setClipRect(self.box)
        for line in self._growing():
            self._held[line] = line.count
            self._paint_line(painter, line)
        painter.end()
        return ground

    def _paint_runs(self, painter: QPainter, runs: Sequence[RunLines]) -> None:
        painter.setFont(self._font)
        painter.setClipRect(self.box)
        for each in runs:
            for line in each.lines:
                if line not in self._held:
                    self._paint_line(painter, line)
            self._paint_divergence(painter, each)
        painter.setClipping(False)
        for each in runs:
            for label in each.labels:
                self._paint_label(painter, label)

    def _paint_line(self, painter: QPainter, line: Line) -> None:
        self._paint_points(painter, line, line.x, line.y, connect="pairs" if line.is_strokes else "finite")

    def _paint_points(self, painter: QPainter, line: Line, x: Floats, y: Floats, connect: str = "finite") -> None:
        if not len(x):
            return
        x, y = self.to_pixels(x, y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, line.is_antialiased)
        painter.setPen(line.pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.arrayToQPath(x, y, connect=connect))
        if line.has_dots:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line.pen.color())
            for across, down in zip(x.tolist(), y.tolist(), strict=True):
                if math.isfinite(down):
                    painter.drawEllipse(QPointF(across, down), DOT_PX / 2, DOT_PX / 2)

    def _paint_label(self, painter: QPainter, label: Label) -> None:
        box = self.label_box(label)
        if box is not None:
            painter.setPen(label.colour)
            painter.drawText(box, BESIDE, label.text)

    def _paint_divergence(self, painter: QPainter, run: RunLines) -> None:
        mark = run.diverged
        box = self.label_box(mark)
        if mark.place is None or box is None:
            return
        across, _ = self._place(*mark.place)
        painter.setPen(QPen(mark.colour, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(across, self.box.top()), QPointF(across, self.box.bottom()))
        if box.right() > self.box.right():
            box.moveRight(across - LABEL_MARGIN_PX)
        box.moveTop(self.box.top() + LABEL_MARGIN_PX)
        painter.drawText(box, BESIDE, mark.text)

    # Qt

    def paintEvent(self, event):
        if self._ground is None or self._ground.devicePixelRatioF() != self.devicePixelRatioF():
            self._ground = self._make_ground()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        self._paint_runs(painter, self._living)
        if self.pointer is not None:
            across, _ = self._place(self.pointer, 0.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QColor(theme.current().edge))
            painter.drawLine(QPointF(across, self.box.top()), QPointF(across, self.box.bottom()))

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self.forget()
