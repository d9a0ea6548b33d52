"""What a plot of curves has drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from studio.gui.runs.run import Run
from studio.gui.training.curve_plot import CurvePlot
from studio.gui.training.lines import Label


def lines(plot: CurvePlot, run: Run):
    return plot._lines[run]


def picture_has(plot: CurvePlot, colour: str, *, near: int = 24) -> int:
    """How many pixels have about this colour."""
    image = plot.grab().toImage()
    wanted = QColor(colour)
    return sum(
        abs(at.red() - wanted.red()) + abs(at.green() - wanted.green()) + abs(at.blue() - wanted.blue()) < near
        for x in range(image.width())
        for y in range(image.height())
        for at in [image.pixelColor(x, y)]
    )


def label_box(plot: CurvePlot, label: Label) -> QRectF:
    box = plot._layer.label_box(label)
    assert box is not None
    return box
