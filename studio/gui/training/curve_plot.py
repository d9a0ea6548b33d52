"""One quantity of one or several runs as live curves: training solid, validation dashed, labels at the line ends."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.runs.run import VALIDATION_PREFIX, Curve, Run
from studio.gui.training.axes import GridLines, QuietAxis
from studio.gui.training.words import format_value, quantity

COLUMNS = 450
"""Strokes a raw curve is reduced to: more cannot be told apart on a screen, and 10 curves of 1e6 points take 5 ms."""
RANGE_STEP = 1.25
"""The value axis grows in these steps, so that it rests most of the time: a new range costs as much as the curves."""
LABEL_GAP_PX = 16
LABEL_MARGIN_PX = 5
LABEL_STEP_PX = 16
MARGIN_PX = 7
"""Above and below the curves; half a line of numbers, which are left out where they would be cut."""
DOTTED_EPOCHS = 40
"""Up to so many epochs each value per epoch is a dot."""
TINY = 1e-12


class _Lines:
    """The plot items of one run."""

    def __init__(self, plot: pg.PlotItem, is_current: bool) -> None:
        self.is_current = is_current
        self.raw = pg.PlotDataItem(connect="pairs", skipFiniteCheck=False)
        self.training = pg.PlotDataItem(connect="finite", antialias=True)
        self.validation = pg.PlotDataItem(connect="finite", antialias=True)
        self.items = (self.raw, self.training, self.validation)
        for item in self.items:
            item.setZValue(2 if is_current else 1)
            plot.addItem(item)
        self.training_label = pg.TextItem(anchor=(0, 0.5))
        self.validation_label = pg.TextItem(anchor=(0, 0.5))
        self.labels = (self.training_label, self.validation_label)
        for label in self.labels:
            label.setZValue(3)
            plot.addItem(label, ignoreBounds=True)
            label.setVisible(False)
        place = {"position": 0.94, "anchors": [(-0.03, 0.5), (-0.03, 0.5)]}
        self.end = pg.InfiniteLine(angle=90, movable=False, label="", labelOpts=place)
        self.end.setVisible(False)
        plot.addItem(self.end, ignoreBounds=True)

    def remove_from(self, plot: pg.PlotItem) -> None:
        for item in (*self.items, *self.labels, self.end):
            plot.removeItem(item)


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
        self._lines: dict[int, _Lines] = {}
        self._range: tuple[float, float] | None = None
        self.title = plain.label(quantity(quantity_name), "secondary")
        self._left, self._bottom = QuietAxis("left"), QuietAxis("bottom")
        self._left.setWidth(44)
        self._bottom.setHeight(24)
        self._view = pg.PlotWidget(background=None, axisItems={"left": self._left, "bottom": self._bottom})
        self._view.setMenuEnabled(False)
        self._view.setMouseEnabled(x=False, y=False)
        self._view.hideButtons()
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.setMinimumSize(120, 80)
        self._plot: pg.PlotItem = self._view.getPlotItem()
        self._plot.setClipToView(False)
        self._plot.layout.setContentsMargins(0, 6, 0, 0)
        self._grid = GridLines()
        self._plot.addItem(self._grid, ignoreBounds=True)
        self._pointer = pg.InfiniteLine(angle=90, movable=False)
        self._pointer.setVisible(False)
        self._plot.addItem(self._pointer, ignoreBounds=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self._view, 1)
        self._view.scene().sigMouseMoved.connect(self._mouse_moved)
        self._view.viewport().installEventFilter(self)
        self._plot.getViewBox().sigResized.connect(lambda _: self.redraw() if self._runs else None)
        theme.notifier.changed.connect(self._restyle)
        self._restyle()

    def show_runs(self, runs: Sequence[Run], current: Run | None) -> None:
        """Show these runs, ``current`` in full colour and the others pale."""
        self._runs = tuple(runs)
        self._current = current
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

    def set_options(self, *, is_smooth: bool, is_log: bool, is_per_epoch: bool) -> None:
        """Choose how to draw.

        Smooth: the moving average of the batches on top of the raw values. Log: a logarithmic value axis. Per epoch:
        the mean of each epoch in place of the batches.
        """
        if is_log != self.is_log:
            self._plot.setLogMode(y=is_log)
        self.is_smooth, self.is_log, self.is_per_epoch = is_smooth, is_log, is_per_epoch
        self._range = None
        self._restyle()
        self.redraw()

    def redraw(self) -> None:
        """Draw what the runs hold now."""
        low, high = math.inf, -math.inf
        right = 1.0
        for run in self._runs:
            lines = self._lines[run.number]
            right = max(right, float(run.epochs))
            training, validation = run.curves.get(self.quantity), run.curves.get(VALIDATION_PREFIX + self.quantity)
            for value in self._draw_training(lines, training) + self._draw_validation(lines, validation):
                low, high = min(low, value), max(high, value)
        self._set_range(low, high, right)
        for run in self._runs:
            if self._lines[run.number].is_current:
                self._place_labels(run)
                self._mark_divergence(run)

    # Parts of a redraw

    def _draw_training(self, lines: _Lines, curve: Curve | None) -> tuple[float, ...]:
        if curve is None:
            return ()
        has_batches = len(curve.batches) > 1 and not (self.is_per_epoch and len(curve.epochs))
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
        if not has_batches:
            x, y = curve.epochs.x, curve.epochs.y
        elif self.is_smooth or not lines.is_current:
            x, y = curve.smoothed.means(COLUMNS)
        else:
            x, y = np.empty(0), np.empty(0)
        _draw(lines.training, x, self._drawable(y), with_dots=not has_batches)
        finite = y[np.isfinite(y)]
        return (*seen, float(finite.min()), float(finite.max())) if len(finite) else seen

    def _draw_validation(self, lines: _Lines, curve: Curve | None) -> tuple[float, ...]:
        if curve is None or not len(curve.epochs):
            lines.validation.setData([], [])
            return ()
        x, y = curve.epochs.x, curve.epochs.y
        _draw(lines.validation, x, self._drawable(y), with_dots=self.is_per_epoch or len(x) == 1)
        finite = y[np.isfinite(y)]
        return (float(finite.min()), float(finite.max())) if len(finite) else ()

    def _drawable(self, y: np.ndarray) -> np.ndarray:
        # pyqtgraph takes the logarithm itself; it must not meet zero
        return np.where(np.isfinite(y), np.maximum(y, TINY), np.nan) if self.is_log else y

    def _set_range(self, low: float, high: float, right: float) -> None:
        if not math.isfinite(low):
            low, high = (-2.0, 0.0) if self.is_log else (0.0, 1.0)
        elif self.is_log:
            low, high = math.log10(max(low, TINY)), math.log10(max(high, TINY))
            low, high = math.floor(low), max(math.ceil(high), math.floor(low) + 1)
        elif self.quantity.endswith("accuracy") and low >= 0 and high <= 1:
            low, high = math.floor(low * 9.9) / 10, 1.0
        else:
            low = 0.0 if low >= 0 else low * 1.05
            high = max(high * 1.05, low + TINY)
        old = self._range
        if old is not None and any(run.is_alive for run in self._runs):
            low = min(low, old[0])
            if high <= old[1] <= high * 2 * RANGE_STEP:
                high = old[1]
            elif high > old[1] and not self.is_log:
                high = max(high, old[1] * RANGE_STEP)
        self._range = (low, high)
        per_px = (high - low) / max(1.0, self._plot_height() - 2 * MARGIN_PX)
        bottom, top = low - MARGIN_PX * per_px, high + MARGIN_PX * per_px
        self._bottom.last = right
        room = self._label_room_px() / max(1.0, self._view.width() - self._left.width() - self._label_room_px())
        self._plot.setRange(
            xRange=(-0.02 * right, right * (1 + room)), yRange=(bottom, top), padding=0, disableAutoRange=True
        )
        self._grid.show_at(self._left.main_values(bottom, top, self._plot_height()), right)

    def _plot_height(self) -> float:
        return max(1.0, float(self._plot.getViewBox().height()))

    def _label_texts(self, run: Run) -> tuple[str, str]:
        """What stands at the ends of a run's training and validation lines."""
        training, validation = run.last(self.quantity), run.last(VALIDATION_PREFIX + self.quantity)
        return (
            self.tr("train {0}").format(format_value(training)),
            self.tr("validation {0}").format(format_value(validation)),
        )

    def _label_room_px(self) -> float:
        """Room right of the lines. In steps, so that the axis does not move with every digit."""
        if self._current is None:
            return 0.0
        training, validation = self._label_texts(self._current)
        has_validation = VALIDATION_PREFIX + self.quantity in self._current.curves
        metrics = QFontMetricsF(theme.ui_font(12))
        widest = max(map(metrics.horizontalAdvance, (training, validation) if has_validation else (training,)))
        return LABEL_STEP_PX * math.ceil((widest + 2 * LABEL_MARGIN_PX) / LABEL_STEP_PX)

    def _place_labels(self, run: Run) -> None:
        lines = self._lines[run.number]
        low, high = self._plot.viewRange()[1]
        per_px = (high - low) / self._plot_height()
        training = lines.training if _ends(lines.training) else lines.raw
        shown = []
        for label, series, text in zip(lines.labels, (training, lines.validation), self._label_texts(run), strict=True):
            end = _ends(series)
            label.setVisible(end is not None)
            if end is not None:
                shown.append((label, *end, text))
        places = spread([at for _, _, at, _ in shown], LABEL_GAP_PX * per_px, low + 8 * per_px, high - 8 * per_px)
        right = max((x for _, x, _, _ in shown), default=0.0)
        for (label, _, _, text), at in zip(shown, places, strict=True):
            if label.toPlainText() != text:
                label.setText(text)
            label.setPos(right, at)

    def _mark_divergence(self, run: Run) -> None:
        end = self._lines[run.number].end
        end.setVisible(run.outcome == "diverged")
        if run.outcome == "diverged":
            end.setPos(run.step / (run.steps_per_epoch or 1))
            end.label.setFormat(self.tr("NaN from step {0} on").format(run.step))

    # Looks and pointer

    def _restyle(self) -> None:
        colours = theme.current()
        for part in (self._left, self._bottom, self._grid):
            part.restyle()
        self._pointer.setPen(QPen(QColor(colours.edge), 0, Qt.PenStyle.SolidLine))
        for lines in self._lines.values():
            training, validation = QColor(colours.training), QColor(colours.validation)
            raw = QColor(colours.training)
            raw.setAlphaF(0.3 if self.is_smooth else 1.0)
            if not lines.is_current:
                training, validation = QColor(colours.edge), QColor(colours.edge)
            width = 2 if lines.is_current else 1
            lines.raw.setPen(_pen(raw, 1))
            for line, colour, style in (
                (lines.training, training, Qt.PenStyle.SolidLine),
                (lines.validation, validation, Qt.PenStyle.DashLine),
            ):
                line.setPen(_pen(colour, width, style))
                line.setSymbolBrush(colour)
                line.setSymbolPen(None)
                line.setSymbolSize(5)
            for label, text_colour in zip(lines.labels, (colours.training, readable(colours.validation)), strict=True):
                label.setColor(QColor(text_colour))
                label.setFont(theme.ui_font(12))
            lines.end.setPen(_pen(QColor(colours.problem), 1, Qt.PenStyle.DashLine))
            lines.end.label.setColor(QColor(colours.problem))
            lines.end.label.setFont(theme.ui_font(12))

    def _mouse_moved(self, position: QPointF) -> None:
        box = self._plot.getViewBox()
        if not self._runs or not box.sceneBoundingRect().contains(position):
            self._leave()
            return
        epoch = min(max(float(box.mapSceneToView(position).x()), 0.0), self._bottom.last)
        self._pointer.setPos(epoch)
        self._pointer.setVisible(True)
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
        self.read_out.emit(" · ".join(parts))

    def _leave(self) -> None:
        if self._pointer.isVisible():
            self._pointer.setVisible(False)
            self.read_out.emit("")

    # Qt

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Leave:
            self._leave()
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


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near to the wished ones as possible, in the same order, at least ``gap`` apart, from low to high.

    Where there is no room for all of them, they stand ``gap`` apart from ``low`` on.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    groups: list[tuple[float, int]] = []  # centre and number of labels that touch each other
    for index in order:
        centre, count = min(max(places[index], low), high), 1
        while groups and groups[-1][0] + gap * (groups[-1][1] + count) / 2 > centre:
            other, number = groups.pop()
            centre, count = (centre * count + other * number) / (count + number), count + number
        half = gap * (count - 1) / 2
        groups.append((max(low + half, min(centre, high - half)), count))
    found = [centre + gap * (step - (count - 1) / 2) for centre, count in groups for step in range(count)]
    result = list(places)
    for index, place in zip(order, found, strict=True):
        result[index] = place
    return result


def readable(validation: str) -> str:
    """The validation orange is right for lines only; text on white needs more contrast (teaching.md, section 4)."""
    return validation if theme.current().is_dark else "#8A6A00"


def _draw(item: pg.PlotDataItem, x: np.ndarray, y: np.ndarray, *, with_dots: bool) -> None:
    item.setData(x, y, symbol="o" if with_dots and 0 < len(x) <= DOTTED_EPOCHS else None)


def _ends(item: pg.PlotDataItem) -> tuple[float, float] | None:
    """The last point of a line that is a number, as it is drawn."""
    x, y = item.getData()
    if x is None or not len(x):
        return None
    finite = np.flatnonzero(np.isfinite(y))
    return (float(x[finite[-1]]), float(y[finite[-1]])) if len(finite) else None


def _pen(colour: QColor, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen
