"""What the heat of the cards means: the measure, the total, and up to which number each colour goes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from studio.gui import icons, theme
from studio.gui.canvas import marks
from studio.gui.canvas.heat import Heat
from studio.gui.canvas.measures import LEVELS, limits
from studio.gui.canvas.pictures import heat_colour, memory_text, short_count

SIZE = QSize(300, 82)
_PAD = 12


class HeatLegend(QWidget):
    """At the top right, while something is measured."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("heat_legend")
        self.setFixedSize(SIZE)
        self.title = self.total = ""
        self.steps: list[str] = []
        """The largest number of each level."""
        self.close_button = QToolButton(self)
        self.close_button.setFixedSize(22, 22)
        self.close_button.move(SIZE.width() - 28, 6)
        self.close_button.setIconSize(QSize(12, 12))
        icons.attach(self.close_button, "close")
        self.close_button.setToolTip(self.tr("Show the colours of the families again"))
        self.close_button.setAccessibleName(self.tr("Show the colours of the families again"))
        self.close_button.clicked.connect(self.closed)
        self.hide()

    def show_heat(self, heat: Heat, batch: int) -> None:
        """Tell what is measured; hide where nothing is."""
        self.setVisible(bool(heat.measure))
        is_memory = heat.measure == "memory"
        told = memory_text if is_memory else lambda number: short_count(round(number))
        self.title = self.tr("Memory of the outputs") if is_memory else self.tr("Parameters")
        total = told(heat.total)
        if is_memory:
            words = self.tr("{0} for a batch of {1}") if heat.is_all else self.tr("at least {0} for a batch of {1}")
            self.total = words.format(total, batch)
        else:
            self.total = self.tr("{0} in this drawing").format(f"{heat.total:,}")
        self.steps = [told(limit) for limit in limits(heat.largest)] if heat.largest else []
        steps = self.tr("steps up to {0}").format(", ".join(self.steps)) if self.steps else self.tr("nothing to show")
        self.setAccessibleName(f"{self.title}: {self.total}; {steps}")
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(now.border), 1))
        painter.setBrush(QColor(now.surface))
        painter.drawPath(marks.rounded(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8))
        width = self.width() - 2 * _PAD
        painter.setFont(theme.ui_font(12, QFont.Weight.DemiBold))
        painter.setPen(QColor(now.text))
        painter.drawText(QRectF(_PAD, 8, width, 18), int(Qt.AlignmentFlag.AlignVCenter), self.title)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(now.secondary))
        painter.drawText(QRectF(_PAD, 26, width, 18), int(Qt.AlignmentFlag.AlignVCenter), self.total)
        if not self.steps:
            return
        step = width / LEVELS
        painter.setFont(theme.mono_font(11))
        for place, text in enumerate(self.steps):
            left = _PAD + step * place
            painter.fillRect(QRectF(left, 48, step - 2, 10), heat_colour(now, place + 1, now.node))
            painter.setPen(QPen(QColor(now.border), 1))
            painter.setBrush(marks.NO_BRUSH)
            painter.drawRect(QRectF(left + 0.5, 48.5, step - 3, 9))
            painter.setPen(QColor(now.text))
            area = QRectF(left, 59, step - 2, 16)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
