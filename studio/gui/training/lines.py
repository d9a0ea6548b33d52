"""The plot items of one run: its lines, the labels at their ends, and the mark where it diverged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPen

from studio.gui import theme
from studio.gui.runs.run import VALIDATION_PREFIX, Curve, Run
from studio.gui.training.words import format_value, readable

COLUMNS = 450
"""Strokes a raw curve is reduced to: more cannot be told apart on a screen, and 10 curves of 1e6 points take 5 ms."""
LABEL_GAP_PX = 16
DOTTED_EPOCHS = 40
"""Up to so many epochs each value per epoch is a dot."""
RAW_SHARE = 0.35
SMOOTH_COLUMNS = 225
"""Points of the smooth line: it is thick and antialiased, where each point costs ten times as much as a thin stroke."""
TINY = 1e-12


class RunLines:
    """Draws one quantity of one run into a plot: in full colour with labels where it ``is_current``, else pale."""

    def __init__(self, plot: pg.PlotItem, run: Run, quantity: str, is_current: bool) -> None:
        self.run = run
        self.is_current = is_current
        self.is_smooth = True
        self.is_log = False
        self.is_per_epoch = False
        self._quantity = quantity
        self._is_thin = run.is_alive
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
        """Take everything out of the plot again."""
        for item in (*self.items, *self.labels, self.end):
            plot.removeItem(item)

    @property
    def training_curve(self) -> Curve | None:
        """What the run holds of the quantity."""
        return self.run.curves.get(self._quantity)

    @property
    def validation_curve(self) -> Curve | None:
        """What the run holds of the quantity on the validation rows."""
        return self.run.curves.get(VALIDATION_PREFIX + self._quantity)

    def draw(self) -> tuple[float, ...]:
        """Draw what the run holds now; tells the smallest and largest values that should be seen."""
        if self.run.is_alive != self._is_thin:
            self.restyle()
        return self._draw_training(self.training_curve) + self._draw_validation(self.validation_curve)

    def _draw_training(self, curve: Curve | None) -> tuple[float, ...]:
        if curve is None:
            return ()
        has_batches = len(curve.batches) > 1 and not (self.is_per_epoch and len(curve.epochs))
        seen: tuple[float, ...] = ()
        if has_batches and self.is_current:
            x, y = curve.batches.envelope(COLUMNS)
            is_whole = len(curve.batches) <= COLUMNS
            self.raw.setData(x, self._drawable(y), connect="finite" if is_whole else "pairs")
            finite = y[np.isfinite(y)]
            if len(finite):
                # a first batch that is far off must not flatten all that follows
                seen = (float(finite.min()), _nearly_largest(finite))
        else:
            self.raw.setData([], [])
        if not has_batches:
            x, y = curve.epochs.x, curve.epochs.y
        elif self.is_smooth or not self.is_current:
            x, y = curve.smoothed.means(SMOOTH_COLUMNS)
        else:
            x, y = np.empty(0), np.empty(0)
        _draw(self.training, x, self._drawable(y), with_dots=not has_batches)
        finite = y[np.isfinite(y)]
        return (*seen, float(finite.min()), float(finite.max())) if len(finite) else seen

    def _draw_validation(self, curve: Curve | None) -> tuple[float, ...]:
        if curve is None or not len(curve.epochs):
            self.validation.setData([], [])
            return ()
        x, y = curve.epochs.x, curve.epochs.y
        _draw(self.validation, x, self._drawable(y), with_dots=self.is_per_epoch or len(x) == 1)
        finite = y[np.isfinite(y)]
        return (float(finite.min()), float(finite.max())) if len(finite) else ()

    def _drawable(self, y: np.ndarray) -> np.ndarray:
        # pyqtgraph takes the logarithm itself; it must not meet zero
        return np.where(np.isfinite(y), np.maximum(y, TINY), np.nan) if self.is_log else y

    def label_texts(self) -> tuple[str, str]:
        """What stands at the ends of the training and the validation line."""
        training, validation = self.run.last(self._quantity), self.run.last(VALIDATION_PREFIX + self._quantity)
        return (
            _tr("train {0}").format(format_value(training)),
            _tr("validation {0}").format(format_value(validation)),
        )

    def place_labels(self, low: float, high: float, height_px: float) -> None:
        """Put the labels at the line ends, apart from each other, where the plot shows values from low to high."""
        per_px = (high - low) / height_px
        training = self.training if _end_of(self.training) else self.raw
        shown = []
        for label, line, text in zip(self.labels, (training, self.validation), self.label_texts(), strict=True):
            end = _end_of(line)
            label.setVisible(end is not None)
            if end is not None:
                shown.append((label, *end, text))
        places = spread([at for _, _, at, _ in shown], LABEL_GAP_PX * per_px, low + 8 * per_px, high - 8 * per_px)
        right = max((x for _, x, _, _ in shown), default=0.0)
        for (label, _, _, text), at in zip(shown, places, strict=True):
            if label.toPlainText() != text:
                label.setText(text)
            label.setPos(right, at)

    def mark_divergence(self) -> None:
        """A line where the loss became no number, if it did."""
        run = self.run
        self.end.setVisible(run.outcome == "diverged")
        if run.outcome == "diverged":
            self.end.setPos(run.step / (run.steps_per_epoch or 1))
            self.end.label.setFormat(_tr("NaN from step {0} on").format(run.step))

    def restyle(self) -> None:
        """Take the colours of the theme."""
        colours = theme.current()
        training, validation = QColor(colours.training), QColor(colours.validation)
        raw = _mixed(training, QColor(colours.surface), RAW_SHARE) if self.is_smooth else training
        if not self.is_current:
            training, validation = QColor(colours.edge), QColor(colours.edge)
        # A wide line through hundreds of points is most of the cost of a picture, and what the picture costs is taken
        # from the training; once that has ended the line may be as wide as it should.
        self._is_thin = self.run.is_alive
        self.training.opts["antialias"] = not self._is_thin
        width = 2 if self.is_current else 1
        self.raw.setPen(_pen(raw, 1))
        for line, colour, style in (
            (self.training, training, Qt.PenStyle.SolidLine),
            (self.validation, validation, Qt.PenStyle.DashLine),
        ):
            line.setPen(_pen(colour, 1 if self._is_thin and line is self.training else width, style))
            line.setSymbolBrush(colour)
            line.setSymbolPen(None)
            line.setSymbolSize(5)
        for label, text_colour in zip(self.labels, (colours.training, readable(colours.validation)), strict=True):
            label.setColor(QColor(text_colour))
            label.setFont(theme.ui_font(12))
        self.end.setPen(_pen(QColor(colours.problem), 1, Qt.PenStyle.DashLine))
        self.end.label.setColor(QColor(colours.problem))
        self.end.label.setFont(theme.ui_font(12))


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
            # Held inside before it is compared: moved by the edge, it may touch the next group.
            half = gap * (count - 1) / 2
            centre = max(low + half, min(centre, high - half))
        groups.append((centre, count))
    found = [centre + gap * (step - (count - 1) / 2) for centre, count in groups for step in range(count)]
    result = list(places)
    for index, place in zip(order, found, strict=True):
        result[index] = place
    return result


def _draw(item: pg.PlotDataItem, x: np.ndarray, y: np.ndarray, *, with_dots: bool) -> None:
    item.setData(x, y, symbol="o" if with_dots and 0 < len(x) <= DOTTED_EPOCHS else None)


def _nearly_largest(values: np.ndarray) -> float:
    """The value that one in a hundred exceeds. ``np.percentile`` would take ten times as long."""
    place = (len(values) - 1) * 99 // 100
    return float(np.partition(values, place)[place])


def _end_of(item: pg.PlotDataItem) -> tuple[float, float] | None:
    """The last point of a line that is a number, as it is drawn."""
    x, y = item.getData()
    if x is None or not len(x):
        return None
    finite = np.flatnonzero(np.isfinite(y))
    return (float(x[finite[-1]]), float(y[finite[-1]])) if len(finite) else None


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """A pale colour that is opaque: long strokes in a transparent one take three times as long to draw."""
    back = 1 - share
    return QColor(
        round(share * colour.red() + back * ground.red()),
        round(share * colour.green() + back * ground.green()),
        round(share * colour.blue() + back * ground.blue()),
    )


def _pen(colour: QColor, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen


def _tr(words: str) -> str:
    return QCoreApplication.translate("RunLines", words)
