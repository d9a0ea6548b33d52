"""The curves of one run as they are drawn: its lines, the labels at their ends, and the mark where it diverged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPen

from studio.gui import theme
from studio.gui.runs.run import VALIDATION_PREFIX, Curve, Run
from studio.gui.runs.series import Series
from studio.gui.training.words import format_value, readable

COLUMNS = 450
"""Strokes a raw curve is reduced to: more cannot be told apart on a screen, and 10 curves of 1e6 points take 5 ms."""
LABEL_GAP_PX = 16
DOTTED_EPOCHS = 40
"""Up to so many epochs each value per epoch is a dot."""
MOST_LABELLED = 4
"""Runs whose lines have labels, the newest ones."""
COLUMN_SHARE = 0.9
RAW_SHARE = 0.35
SMOOTH_COLUMNS = 225
"""Points of the smooth line: it is thick and antialiased, where each point costs ten times as much as a thin stroke."""
TINY = 1e-12

Floats = NDArray[np.float64]
NOTHING: Floats = np.empty(0)


@dataclass(eq=False)
class Line:
    """One line: ``x`` in epochs and ``y`` in units of the value axis (powers of ten where that is logarithmic).

    NaN leaves a gap. ``is_strokes``: the points are pairs, each a stroke of its own. ``has_dots``: a dot at each point.
    A line that grows is a picture of the first ``count`` points of a ``series``, maybe of fewer points than those.
    """

    pen: QPen = field(default_factory=QPen)
    is_antialiased: bool = True
    x: Floats = field(default_factory=lambda: NOTHING)
    y: Floats = field(default_factory=lambda: NOTHING)
    is_strokes: bool = False
    has_dots: bool = False
    is_log: bool = False
    series: Series | None = None
    count: int = 0

    def show(self, x: Floats, y: Floats, *, has_dots: bool = False) -> None:
        """Take other points, ``y`` as they were measured. The arrays are views: good until more points come."""
        self.x, self.y, self.is_strokes = x, self._drawable(y), False
        self.has_dots = has_dots and 0 < len(x) <= DOTTED_EPOCHS
        self.series = None

    def show_series(self, series: Series, x: Floats, y: Floats, *, is_strokes: bool = False) -> None:
        """Take a series that grows, of which ``x`` and ``y`` are enough to draw it as it is now."""
        self.show(x, y)
        self.is_strokes, self.series, self.count = is_strokes, series, len(series)

    def points(self, start: int) -> tuple[Floats, Floats]:
        """All points of the series from one on, to draw a line on that has grown."""
        if self.series is None:
            return NOTHING, NOTHING
        return self.series.x[start : self.count], self._drawable(self.series.y[start : self.count])

    def _drawable(self, y: Floats) -> Floats:
        return np.log10(np.where(np.isfinite(y), np.maximum(y, TINY), np.nan)) if self.is_log else y

    @property
    def end(self) -> tuple[float, float] | None:
        """The last point that is a number."""
        if len(self.y) and np.isfinite(self.y[-1]):
            return float(self.x[-1]), float(self.y[-1])
        finite = np.flatnonzero(np.isfinite(self.y))
        return (float(self.x[finite[-1]]), float(self.y[finite[-1]])) if len(finite) else None


@dataclass(eq=False)
class Label:
    """Words at the end of a line, or at the mark of a divergence; not drawn while ``place`` is None."""

    colour: QColor = field(default_factory=QColor)
    text: str = ""
    place: tuple[float, float] | None = None


class RunLines:
    """What one quantity of one run looks like: in full colour where it ``is_current``, else pale with its number."""

    def __init__(self, run: Run, quantity: str, is_current: bool) -> None:
        self.run = run
        self.is_current = is_current
        self.is_smooth = True
        self.is_log = False
        self.is_per_epoch = False
        self._quantity = quantity
        self._is_thin = run.is_alive
        self.raw, self.training, self.validation = Line(is_antialiased=False), Line(), Line()
        self.lines = (self.raw, self.training, self.validation)
        self.training_label, self.validation_label = Label(), Label()
        self.labels = (self.training_label, self.validation_label)
        self.diverged = Label()
        """Its x is where the loss became no number; a line stands there from top to bottom."""

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
        for line in self.lines:
            line.is_log = self.is_log
        return self._draw_training(self.training_curve) + self._draw_validation(self.validation_curve)

    def _draw_training(self, curve: Curve | None) -> tuple[float, ...]:
        if curve is None:
            return ()
        has_batches = len(curve.batches) > 1 and not (self.is_per_epoch and len(curve.epochs))
        seen: tuple[float, ...] = ()
        if has_batches and self.is_current:
            x, y = curve.batches.envelope(COLUMNS)
            is_whole = len(curve.batches) <= COLUMNS
            self.raw.show_series(curve.batches, x, y, is_strokes=not is_whole)
            finite = y[np.isfinite(y)]
            if len(finite):
                # a first batch that is far off must not flatten all that follows
                seen = (float(finite.min()), _nearly_largest(finite))
        else:
            self.raw.show(NOTHING, NOTHING)
        if has_batches and (self.is_smooth or not self.is_current):
            x, y = curve.smoothed.means(SMOOTH_COLUMNS)
            self.training.show_series(curve.smoothed, x, y)
        else:
            x, y = (NOTHING, NOTHING) if has_batches else (curve.epochs.x, curve.epochs.y)
            self.training.show(x, y, has_dots=not has_batches)
        finite = y[np.isfinite(y)]
        return (*seen, float(finite.min()), float(finite.max())) if len(finite) else seen

    def _draw_validation(self, curve: Curve | None) -> tuple[float, ...]:
        if curve is None or not len(curve.epochs):
            self.validation.show(NOTHING, NOTHING)
            return ()
        x, y = curve.epochs.x, curve.epochs.y
        self.validation.show(x, y, has_dots=self.is_per_epoch or len(x) == 1)
        finite = y[np.isfinite(y)]
        return (float(finite.min()), float(finite.max())) if len(finite) else ()

    def label_texts(self) -> tuple[str, str]:
        """What stands at the ends of the training and the validation line."""
        if not self.is_current:
            return (_tr("run {0}").format(self.run.number),) * 2
        training, validation = self.run.last(self._quantity), self.run.last(VALIDATION_PREFIX + self._quantity)
        return (
            _tr("train {0}").format(format_value(training)),
            _tr("validation {0}").format(format_value(validation)),
        )

    def label_ends(self) -> list[Label]:
        """Put the labels at the ends of their lines; tells those whose lines have an end."""
        ends = (self.training.end or self.raw.end, self.validation.end)
        for label, end, text in zip(self.labels, ends, self.label_texts(), strict=True):
            label.text, label.place = text, end
        return [label for label in self.labels if label.place is not None]

    def mark_divergence(self, high: float) -> None:
        """A line where the loss became no number, if it did, with words at its top, where the value is ``high``."""
        run = self.run
        self.diverged.text = _tr("NaN from step {0} on").format(run.step)
        has_diverged = self.is_current and run.outcome == "diverged"
        self.diverged.place = (run.step / (run.steps_per_epoch or 1), high) if has_diverged else None

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
        self.training.is_antialiased = not self._is_thin
        width = 2 if self.is_current else 1
        self.raw.pen = _pen(raw, 1)
        self.training.pen = _pen(training, 1 if self._is_thin else width)
        self.validation.pen = _pen(validation, width, Qt.PenStyle.DashLine)
        self.training_label.colour = QColor(colours.training if self.is_current else colours.secondary)
        self.validation_label.colour = QColor(readable(colours.validation) if self.is_current else colours.secondary)
        self.diverged.colour = QColor(colours.problem)


def place_labels(shown: Sequence[RunLines], low: float, high: float, height_px: float) -> None:
    """Put labels at the ends of all lines, apart from each other, where the plot shows values from low to high.

    Those of lines that end about where the longest ends stand in a column; the others stand at their own ends. Where
    many runs are laid over, the oldest have none: the column would say nothing any more.
    """
    per_px = (high - low) / height_px
    for lines in shown:
        for label in lines.labels:
            label.place = None
    told = sorted(shown, key=lambda lines: (lines.is_current, lines.run.number))[-MOST_LABELLED:]
    labels = [label for lines in told for label in lines.label_ends()]
    right = max((label.place[0] for label in labels if label.place), default=0.0)
    column = [label for label in labels if label.place and label.place[0] > COLUMN_SHARE * right]
    wished = [label.place[1] for label in column if label.place]
    for label, at in zip(
        column,
        spread(wished, LABEL_GAP_PX * theme.type_scale() * per_px, low + 8 * per_px, high - 8 * per_px),
        strict=True,
    ):
        label.place = (right, at)


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


def _nearly_largest(values: Floats) -> float:
    """The value that one in a hundred exceeds. ``np.percentile`` would take ten times as long."""
    place = (len(values) - 1) * 99 // 100
    return float(np.partition(values, place)[place])


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """A pale colour that is opaque: long strokes in a transparent one take three times as long to draw."""
    back = 1 - share
    return QColor(
        round(share * colour.red() + back * ground.red()),
        round(share * colour.green() + back * ground.green()),
        round(share * colour.blue() + back * ground.blue()),
    )


def _pen(colour: QColor, width: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    return QPen(colour, round(width * theme.type_scale()), style)


def _tr(words: str) -> str:
    return QCoreApplication.translate("RunLines", words)
