"""One quantity of one or several runs as live curves: training solid, validation dashed, labels at the line ends."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.runs.run import VALIDATION_PREFIX, Curve, Run

COLUMNS = 450
"""Strokes a raw curve is reduced to: more cannot be told apart on a screen, and 10 curves of 1e6 points take 5 ms."""
RANGE_STEP = 1.25
"""The value axis grows in these steps, so that it rests most of the time: a new range costs as much as the curves."""
LABEL_SHARE = 0.16
"""Room right of the curves for their labels, as a share of the width."""
TINY = 1e-12


class _Lines:
    """The plot items of one run."""

    def __init__(self, plot: pg.PlotItem, is_current: bool) -> None:
        self.is_current = is_current
        self.raw = pg.PlotDataItem(connect="pairs", skipFiniteCheck=False)
        self.training = pg.PlotDataItem(connect="finite")
        self.validation = pg.PlotDataItem(connect="finite")
        self.items = (self.raw, self.training, self.validation)
        for item in self.items:
            plot.addItem(item)
        self.training_label = pg.TextItem(anchor=(0, 0.5))
        self.validation_label = pg.TextItem(anchor=(0, 0.5))
        self.labels = (self.training_label, self.validation_label)
        for label in self.labels:
            plot.addItem(label, ignoreBounds=True)
            label.setVisible(False)

    def remove_from(self, plot: pg.PlotItem) -> None:
        for item in (*self.items, *self.labels):
            plot.removeItem(item)


class CurvePlot(QWidget):
    """Draws what ``show_runs`` names. ``read_out`` says what stands at the pointer, "" when it leaves."""

    read_out = Signal(str)

    def __init__(self, metric: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.metric = metric
        self.is_smooth = True
        self.is_log = False
        self._runs: tuple[Run, ...] = ()
        self._lines: dict[int, _Lines] = {}
        self._range: tuple[float, float] | None = None
        self._view = pg.PlotWidget(background=None)
        self._view.setMenuEnabled(False)
        self._view.setMouseEnabled(x=False, y=False)
        self._view.hideButtons()
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._plot: pg.PlotItem = self._view.getPlotItem()
        self._plot.setClipToView(False)
        self._plot.getAxis("left").setWidth(48)
        self._plot.getAxis("bottom").setHeight(22)
        self._pointer = pg.InfiniteLine(angle=90, movable=False)
        self._pointer.setVisible(False)
        self._plot.addItem(self._pointer, ignoreBounds=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._view.scene().sigMouseMoved.connect(self._mouse_moved)
        self._view.viewport().installEventFilter(self)
        theme.notifier.changed.connect(self._restyle)
        self._restyle()

    def show_runs(self, runs: Sequence[Run], current: Run | None) -> None:
        """Show these runs, ``current`` in full colour and the others pale."""
        self._runs = tuple(runs)
        wanted = {run.number: run is current for run in runs}
        for number, lines in list(self._lines.items()):
            if wanted.get(number) is not lines.is_current:
                lines.remove_from(self._plot)
                del self._lines[number]
        for run in runs:
            if run.number not in self._lines:
                self._lines[run.number] = _Lines(self._plot, run is current)
        self._range = None
        self._restyle()
        self.redraw()

    def set_log(self, is_log: bool) -> None:
        """Use a logarithmic value axis."""
        self.is_log = is_log
        self._range = None
        self._plot.setLogMode(y=is_log)
        self.redraw()

    def set_smooth(self, is_smooth: bool) -> None:
        """Draw the moving average of the batches on top of the raw values, or the raw values alone."""
        self.is_smooth = is_smooth
        self.redraw()

    def redraw(self) -> None:
        """Draw what the runs hold now."""
        low, high = math.inf, -math.inf
        right = 1.0
        for run in self._runs:
            lines = self._lines[run.number]
            right = max(right, float(run.epochs))
            training, validation = run.curves.get(self.metric), run.curves.get(VALIDATION_PREFIX + self.metric)
            for value in self._draw_training(lines, training) + self._draw_validation(lines, validation):
                low, high = min(low, value), max(high, value)
        self._set_range(low, high, right)
        for run in self._runs:
            if self._lines[run.number].is_current:
                self._place_labels(run)

    # Parts of a redraw

    def _draw_training(self, lines: _Lines, curve: Curve | None) -> tuple[float, ...]:
        if curve is None:
            return ()
        has_batches = len(curve.batches) > 1
        seen: tuple[float, ...] = ()
        if has_batches and lines.is_current:
            x, y = curve.batches.envelope(COLUMNS)
            is_whole = len(curve.batches) <= COLUMNS
            lines.raw.setData(x, self._drawable(y), connect="finite" if is_whole else "pairs")
            finite = y[np.isfinite(y)]
            if len(finite):
                # a first batch that is far off must not flatten all that follows
                seen = (float(finite.min()), float(np.percentile(finite, 99)))
        else:
            lines.raw.setData([], [])
        if has_batches and (self.is_smooth or not lines.is_current):
            x, y = curve.smoothed.envelope(COLUMNS)
        elif not has_batches:
            x, y = curve.epochs.x, curve.epochs.y
        else:
            x, y = np.empty(0), np.empty(0)
        lines.training.setData(x, self._drawable(y), connect="finite")
        finite = y[np.isfinite(y)]
        return (*seen, float(finite.min()), float(finite.max())) if len(finite) else seen

    def _draw_validation(self, lines: _Lines, curve: Curve | None) -> tuple[float, ...]:
        if curve is None or not len(curve.epochs):
            lines.validation.setData([], [])
            return ()
        x, y = curve.epochs.x, curve.epochs.y
        lines.validation.setData(x, self._drawable(y), symbol="o" if len(x) == 1 else None, symbolSize=5)
        finite = y[np.isfinite(y)]
        return (float(finite.min()), float(finite.max())) if len(finite) else ()

    def _drawable(self, y: np.ndarray) -> np.ndarray:
        # pyqtgraph takes the logarithm itself; it must not meet zero
        return np.where(np.isfinite(y), np.maximum(y, TINY), np.nan) if self.is_log else y

    def _set_range(self, low: float, high: float, right: float) -> None:
        if not math.isfinite(low):
            low, high = 0.0, 1.0
        if self.is_log:
            low, high = math.log10(max(low, TINY)), math.log10(max(high, TINY))
            low, high = math.floor(low), max(math.ceil(high), math.floor(low) + 1)
        else:
            low = 0.0 if low >= 0 else low * RANGE_STEP
            old = self._range
            if old is not None and old[0] <= low and high <= old[1] <= 2 * RANGE_STEP * max(high, TINY):
                low, high = old
            elif self.metric.endswith("accuracy"):
                high = max(1.0, high)
            else:
                high = max(high * 1.05, low + TINY)
        self._range = (low, high)
        padding = (high - low) * 0.04
        self._plot.setRange(
            xRange=(0, right * (1 + LABEL_SHARE)), yRange=(low, high + padding), padding=0, disableAutoRange=True
        )

    def _place_labels(self, run: Run) -> None:
        lines = self._lines[run.number]
        low, high = self._plot.viewRange()[1]
        gap = 16 * (high - low) / max(1, self._view.height() - 30)
        placed: list[float] = []
        training = lines.training if lines.training.xData is not None and len(lines.training.xData) else lines.raw
        for label, series, word, name in (
            (lines.training_label, training, self.tr("train"), self.metric),
            (lines.validation_label, lines.validation, self.tr("validation"), VALIDATION_PREFIX + self.metric),
        ):
            x, y = series.getData()
            if x is None or not len(x) or not math.isfinite(float(y[-1])):
                label.setVisible(False)
                continue
            at = float(y[-1])
            for other in placed:
                if abs(other - at) < gap:
                    at = other + gap if at >= other else other - gap
            placed.append(at)
            label.setPlainText(f" {word} {format_value(run.last(name))}")
            label.setPos(float(x[-1]), at)
            label.setVisible(True)

    # Looks and pointer

    def _restyle(self) -> None:
        colours = theme.current()
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(QPen(QColor(colours.border)))
            axis.setTextPen(QColor(colours.secondary))
            axis.setTickFont(theme.ui_font(11))
            axis.setStyle(tickLength=-4, tickTextOffset=6)
        self._pointer.setPen(QPen(QColor(colours.edge), 0, Qt.PenStyle.DashLine))
        for lines in self._lines.values():
            training, validation = QColor(colours.training), QColor(colours.validation)
            raw = QColor(colours.training)
            raw.setAlphaF(0.35)
            if not lines.is_current:
                training, validation = QColor(colours.faint), QColor(colours.faint)
                training.setAlphaF(0.6)
                validation.setAlphaF(0.6)
            lines.raw.setPen(_pen(raw, 1))
            lines.training.setPen(_pen(training, 2 if lines.is_current else 1))
            lines.validation.setPen(_pen(validation, 2 if lines.is_current else 1, Qt.PenStyle.DashLine))
            lines.validation.setSymbolBrush(validation)
            lines.validation.setSymbolPen(None)
            for label, colour in zip(lines.labels, (colours.training, _readable(colours.validation)), strict=True):
                label.setColor(QColor(colour))
                label.setFont(theme.ui_font(12))

    def _mouse_moved(self, position: object) -> None:
        box = self._plot.getViewBox()
        if not self._runs or not box.sceneBoundingRect().contains(position):
            self._leave()
            return
        epoch = float(box.mapSceneToView(position).x())
        self._pointer.setPos(epoch)
        self._pointer.setVisible(True)
        current = next((run for run in self._runs if self._lines[run.number].is_current), self._runs[-1])
        parts = [self.tr("epoch {0}").format(f"{max(epoch, 0):.1f}")]
        for word, name in ((self.tr("train"), self.metric), (self.tr("validation"), VALIDATION_PREFIX + self.metric)):
            value = value_at(current.curves.get(name), epoch)
            if value is not None:
                parts.append(f"{word} {format_value(value)}")
        self.read_out.emit(" · ".join(parts))

    def _leave(self) -> None:
        self._pointer.setVisible(False)
        self.read_out.emit("")

    # Qt

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Leave:
            self._leave()
        return super().eventFilter(watched, event)


def value_at(curve: Curve | None, epoch: float) -> float | None:
    """The value of a curve at a place on the epoch axis: of the nearest batch, else of the nearest epoch."""
    if curve is None:
        return None
    series = curve.batches if len(curve.batches) else curve.epochs
    if not len(series):
        return None
    x = series.x
    index = int(np.searchsorted(x, epoch))
    if index and (index == len(x) or epoch - x[index - 1] < x[index] - epoch):
        index -= 1
    return float(series.y[index])


def format_value(value: float) -> str:
    """A loss or metric with the digits that a person compares: 0.956, 12.3, 1.2e-05."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinite"
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.3g}" if abs(value) >= 1 else f"{value:.3f}"
    return f"{value:.2e}"


def _pen(colour: QColor, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen


def _readable(validation: str) -> str:
    """The validation orange is right for lines only; text on white needs more contrast (teaching.md, section 4)."""
    return validation if theme.current().is_dark else "#8A6A00"
