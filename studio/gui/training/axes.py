"""The axes of a plot of curves: numbers without lines, and light lines across the plot."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from studio.gui import theme


class QuietAxis(pg.AxisItem):
    """Numbers alone. ``last`` is the highest number that stands there: room for labels lies beyond it."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation, showValues=True, maxTickLength=0)
        self.last = float("inf")
        self.setStyle(
            tickLength=0, tickTextOffset=8, maxTickLevel=0, autoExpandTextSpace=False, hideOverlappingLabels=True
        )
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self.setPen(pg.mkPen(None))
        self.setTickPen(pg.mkPen(None))
        self.setTextPen(QColor(theme.current().secondary))
        self.setTickFont(theme.ui_font(11 * theme.type_scale()))

    def main_values(self, low: float, high: float, length_px: float) -> list[float]:
        """Where its numbers stand between two values, for an axis of this length."""
        levels = self.tickValues(low, high, length_px)
        return [float(value) for value in levels[0][1]] if levels else []

    # Qt and pyqtgraph

    def drawPicture(self, p, axisSpec, tickSpecs, textSpecs):
        """Without ticks: those of length 0 would be dots."""
        super().drawPicture(p, axisSpec, [], textSpecs)

    def tickValues(self, minVal, maxVal, size):
        """The coarsest level alone, up to ``last``."""
        levels = super().tickValues(minVal, maxVal, size)
        return [(spacing, [value for value in values if value <= self.last + 1e-9]) for spacing, values in levels[:1]]

    def tickSpacing(self, minVal, maxVal, size):
        """One level: at most seven numbers, each 26 pixels or more upwards and 56 or more to the right."""
        is_upright = self.orientation in ("left", "right")
        span = abs(maxVal - minVal)
        if span == 0:
            return []
        spacing = _round_spacing(span / min(7.0, max(2.0, size / (theme.type_scale() * (26 if is_upright else 56)))))
        return [(spacing if is_upright or span < 2 else max(1.0, spacing), 0)]  # epochs are whole

    def logTickValues(self, minVal, maxVal, size, stdTicks):
        """Powers of ten alone."""
        return [(step, [value for value in values if abs(value - round(value)) < 1e-9]) for step, values in stdTicks]


class GridLines(pg.PlotCurveItem):
    """Light horizontal lines at some values; one item, so that they cost next to nothing under live curves."""

    def __init__(self) -> None:
        super().__init__(connect="pairs")
        self._shown: tuple[float, ...] = ()
        self.setZValue(-10)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        colours = theme.current()
        pen = pg.mkPen(QColor(colours.hover if colours.is_dark else colours.grid), width=1, style=Qt.PenStyle.SolidLine)
        pen.setCosmetic(True)
        self.setPen(pen)

    def show_at(self, values: Sequence[float], right: float) -> None:
        """Draw a line from 0 to ``right`` at each value."""
        wanted = (*values, right)
        if wanted == self._shown:
            return
        self._shown = wanted
        x = [0.0, right] * len(values)
        y = [value for value in values for _ in range(2)]
        self.setData(x, y, connect="pairs")


def _round_spacing(at_least: float) -> float:
    """The next of 1, 2, 5, 10, ... times a power of ten."""
    power = 10.0 ** int(f"{at_least:e}".partition("e")[2])
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= at_least * 0.999)
