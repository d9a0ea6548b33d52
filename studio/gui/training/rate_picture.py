"""A small picture of the learning rate over the batches of a training."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme

HEIGHT_PX = 92
WORDS_PX = 18
MARGIN_PX = 8


class RatePicture(QWidget):
    """A curve from 0 to ``steps`` batches, with its first, highest and last value in words below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: Sequence[int] = ()
        self.rates: Sequence[float] = ()
        self.words = ""
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.notifier.changed.connect(self.update)

    def show_rates(self, steps: Sequence[int], rates: Sequence[float]) -> None:
        """Show the rate at each of these steps."""
        self.steps, self.rates = steps, rates
        first, last, highest = (f"{round(value, 12):.3g}" for value in (rates[0], rates[-1], max(rates)))
        template = (
            self.tr("{0} to {1} in {3} batches")
            if highest in (first, last)
            else self.tr("{0} to {1} in {3} batches, at most {2}")
        )
        self.words = template.format(first, last, highest, f"{steps[-1]:,}")
        self.setAccessibleName(self.tr("Learning rate: {0}").format(self.words))
        self.setToolTip(self.words)
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.rates:
            return
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0.5, 0.5, self.width() - 1, self.height() - WORDS_PX - 1)
        painter.setPen(QPen(QColor(now.border), 1))
        painter.setBrush(QColor(now.canvas))
        painter.drawRoundedRect(frame, 6, 6)
        inner = frame.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        top = max(0.0, *self.rates) or 1.0
        low = min(0.0, *self.rates)
        points = [
            QPointF(
                inner.left() + inner.width() * step / max(self.steps[-1], 1),
                inner.bottom() - inner.height() * (rate - low) / (top - low),
            )
            for step, rate in zip(self.steps, self.rates, strict=True)
        ]
        painter.setPen(QPen(QColor(now.training), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QColor(now.secondary))
        painter.setFont(theme.ui_font(11))
        place = QRectF(0, self.height() - WORDS_PX, self.width(), WORDS_PX)
        words = painter.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)
        painter.end()
