"""One quantity of one or several runs as live curves: training solid, validation dashed, labels at the line ends."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.runs.run import VALIDATION_PREFIX, Curve, Run
from studio.gui.training.axes import GridLines, QuietAxis
from studio.gui.training.curve_layer import LABEL_MARGIN_PX, CurveLayer
from studio.gui.training.lines import TINY, RunLines, place_labels
from studio.gui.training.words import format_value, quantity

RANGE_STEP = 1.25
"""The value axis grows in these steps, so that it rests most of the time: a new range costs as much as the curves."""
LABEL_STEP_PX = 16
SLIGHTLY = 0.01
"""Values per batch are worked out from running means, so an accuracy may be 1.0000001."""
MARGIN_PX = 7
"""Above and below the curves; half a line of numbers, which are left out where they would be cut."""


class CurvePlot(QWidget):
    """Draws what ``show_runs`` names. ``read_out`` says what stands at the pointer, "" when it leaves."""

    read_out = Signal(str)

    def __init__(self, quantity_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity_name
        self.is_smooth = True
        self.is_log = False
        self.is_per_epoch = False
        self._runs: tuple[Run, ...] = ()
        self._current: Run | None = None
        self._lines: dict[Run, RunLines] = {}
        self._range: tuple[float, float] | None = None
        self._room_px = 0.0
        self.title = plain.label(quantity(quantity_name), "secondary")
        self._left, self._bottom = QuietAxis("left"), QuietAxis("bottom")
        axes = {"left": self._left, "bottom": self._bottom}
        self._view = pg.PlotWidget(background=None, axisItems=axes, enableMenu=False)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Curves of {0}").format(quantity(quantity_name)))
        self._view.setMouseEnabled(x=False, y=False)
        self._view.hideButtons()
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.setMinimumSize(120, 80)
        self._plot: pg.PlotItem = self._view.getPlotItem()
        self._plot.setClipToView(False)
        self._plot.layout.setContentsMargins(0, 6, 0, 0)
        self._grid = GridLines()
        self._plot.addItem(self._grid, ignoreBounds=True)
        self._layer = CurveLayer(self._paint_axes, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self._view, 1)
        self._layer.raise_()
        self._view.scene().sigMouseMoved.connect(self._mouse_moved)
        self._view.viewport().installEventFilter(self)
        self._view.installEventFilter(self)
        self._plot.getViewBox().sigResized.connect(lambda _: self.redraw() if self._runs else None)
        theme.notifier.changed.connect(self._looks_changed)
        self._restyle()

    def show_runs(self, runs: Sequence[Run], current: Run | None) -> None:
        """Show these runs, ``current`` in full colour and the others pale."""
        self._runs = tuple(runs)
        self._current = current
        known = self._lines
        self._lines = {}
        for run in sorted(self._runs, key=lambda run: run is current):  # that one on top
            lines = known.get(run)
            is_same = lines is not None and lines.is_current == (run is current)
            self._lines[run] = lines if lines is not None and is_same else RunLines(run, self.quantity, run is current)
        self._pass_options()

    def set_options(self, *, is_smooth: bool, is_log: bool, is_per_epoch: bool) -> None:
        """Choose how to draw.

        Smooth: the moving average of the batches on top of the raw values. Log: a logarithmic value axis. Per epoch:
        the mean of each epoch in place of the batches.
        """
        if is_log != self.is_log:
            self._plot.setLogMode(y=is_log)
        self.is_smooth, self.is_log, self.is_per_epoch = is_smooth, is_log, is_per_epoch
        self._pass_options()

    def _pass_options(self) -> None:
        for lines in self._lines.values():
            lines.is_smooth, lines.is_log, lines.is_per_epoch = self.is_smooth, self.is_log, self.is_per_epoch
        self._range = None
        self._restyle()
        self.redraw()

    def redraw(self) -> None:
        """Draw what the runs hold now."""
        low, high = math.inf, -math.inf
        right = 1.0
        for lines in self._lines.values():
            right = max(right, float(lines.run.epochs))
            for value in lines.draw():
                low, high = min(low, value), max(high, value)
        self._set_range(low, high, right)
        _, (bottom, top) = self._layer.range
        place_labels(tuple(self._lines.values()), bottom, top, self._plot_height())
        for lines in self._lines.values():
            lines.mark_divergence(top)
        self._layer.show_lines(tuple(self._lines.values()))
        if not any(run.is_alive for run in self._runs):
            self._layer.forget()

    # Parts of a redraw

    def _set_range(self, low: float, high: float, right: float) -> None:
        if not math.isfinite(low):
            low, high = (-2.0, 0.0) if self.is_log else (0.0, 1.0)
        elif self.is_log:
            low, high = math.log10(max(low, TINY)), math.log10(max(high, TINY))
            low, high = math.floor(low), max(math.ceil(high), math.floor(low) + 1)
        elif self.quantity.endswith("accuracy") and low > -SLIGHTLY and high < 1 + SLIGHTLY:
            low, high = max(0.0, math.floor(low * 9.9) / 10), 1.0
        else:
            low = 0.0 if low >= 0 else low * 1.05
            high = max(high * 1.05, low + TINY)
        old, room_px = self._range, self._label_room_px()
        if old is not None and any(run.is_alive for run in self._runs):
            low, room_px = min(low, old[0]), max(room_px, self._room_px)
            if high <= old[1] <= high * 2 * RANGE_STEP:
                high = old[1]
            elif high > old[1] and not self.is_log:
                high = max(high, old[1] * RANGE_STEP)
        self._range, self._room_px = (low, high), room_px
        per_px = (high - low) / max(1.0, self._plot_height() - 2 * MARGIN_PX)
        bottom, top = low - MARGIN_PX * per_px, high + MARGIN_PX * per_px
        self._bottom.last = right
        room = room_px / max(1.0, self._view.width() - self._left.width() - room_px)
        span = ((-0.02 * right, right * (1 + room)), (bottom, top))
        box = self._box()
        if (span, box) != (self._layer.range, self._layer.box):
            self._plot.setRange(xRange=span[0], yRange=span[1], padding=0, disableAutoRange=True)
            self._grid.show_at(self._left.main_values(bottom, top, self._plot_height()), right)
            self._layer.show_axes(box, span)

    def _plot_height(self) -> float:
        return max(1.0, float(self._plot.getViewBox().height()))

    def _box(self) -> QRectF:
        """Where the curves stand in the layer, in pixels."""
        box = self._plot.getViewBox().sceneBoundingRect()
        return QRectF(self._view.mapFromScene(box.topLeft()), self._view.mapFromScene(box.bottomRight()))

    def _paint_axes(self, painter: QPainter) -> None:
        whole = self._view.viewport().rect()
        self._view.render(painter, QRectF(whole), whole)

    def _label_room_px(self) -> float:
        """Room right of the lines. In steps, so that the axis does not move with every digit.

        While a run goes on it only grows: axes that move to and fro are hard to read and made anew each time.
        """
        if not self._lines:
            return 0.0
        texts = {
            text
            for lines in self._lines.values()
            for text in lines.label_texts()[: 2 if lines.validation_curve is not None else 1]
        }
        widest = max(map(self._layer.width_of, texts))
        return LABEL_STEP_PX * math.ceil((widest + 2 * LABEL_MARGIN_PX) / LABEL_STEP_PX)

    # Looks and pointer

    def _looks_changed(self) -> None:
        self._restyle()
        if self._runs:
            self.redraw()  # labels and axes need other room where type is larger

    def _restyle(self) -> None:
        self._left.setWidth(round(44 * theme.type_scale()))
        self._bottom.setHeight(round(24 * theme.type_scale()))
        for part in (self._left, self._bottom, self._grid):
            part.restyle()
        for lines in self._lines.values():
            lines.restyle()
        self._layer.forget()

    def _mouse_moved(self, position: QPointF) -> None:
        box = self._plot.getViewBox()
        if not self._runs or not box.sceneBoundingRect().contains(position):
            self._leave()
            return
        self._read_at(float(box.mapSceneToView(position).x()))

    def _read_at(self, epoch: float) -> str:
        """Point at an epoch and tell what the runs have there."""
        epoch = min(max(epoch, 0.0), self._bottom.last)
        self._layer.point_at(epoch)
        parts = [self.tr("epoch {0}").format(f"{epoch:.1f}")]
        others = sorted((run for run in self._runs if run is not self._current), key=lambda run: -run.number)
        for run in (*([self._current] if self._current is not None else []), *others[:2]):
            before = "" if run is self._current else self.tr("run {0}: ").format(run.number)
            for word, name in (
                (self.tr("train"), self.quantity),
                (self.tr("validation"), VALIDATION_PREFIX + self.quantity),
            ):
                value = value_at(run.curves.get(name), epoch, per_epoch=self.is_per_epoch)
                if value is not None:
                    parts.append(f"{before}{word} {format_value(value)}")
                    before = ""
        words = " · ".join(parts)
        self.read_out.emit(words)
        return words

    def _leave(self) -> None:
        if self._layer.pointer is not None:
            self._layer.point_at(None)
            self.read_out.emit("")

    # Qt

    def focusInEvent(self, event):
        if self._runs:
            self._read_at(self._bottom.last)
        super().focusInEvent(event)

    def focusOutEvent(self, event):
        self._leave()
        super().focusOutEvent(event)

    def keyPressEvent(self, event):
        """Left and Right read along the curves: an epoch each, with Shift a tenth of one; Home and End their ends."""
        here = self._layer.pointer
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        ways = {
            Qt.Key.Key_Left: (here or 0.0) - step,
            Qt.Key.Key_Right: (here or 0.0) + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._bottom.last,
        }
        if not self._runs or event.key() not in ways:
            super().keyPressEvent(event)
            return
        words = self._read_at(ways[event.key()])
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Leave and not self.hasFocus():
            self._leave()
        elif watched is self._view and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._layer.setGeometry(self._view.geometry())
        return super().eventFilter(watched, event)


def value_at(curve: Curve | None, epoch: float, *, per_epoch: bool = False) -> float | None:
    """The value of a curve at a place on the epoch axis: of the nearest batch, else of the nearest epoch."""
    if curve is None:
        return None
    series = curve.epochs if per_epoch or not len(curve.batches) else curve.batches
    if not len(series):
        return None
    x = series.x
    index = int(np.searchsorted(x, epoch))
    if index and (index == len(x) or epoch - x[index - 1] < x[index] - epoch):
        index -= 1
    return float(series.y[index])
