"""What the heat of the cards means: the measure, the total, and up to which number each colour goes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from studio.gui import icons, theme
from studio.gui.canvas import marks
from studio.gui.canvas.heat import MEASURED, TEXTS, Heat
from studio.gui.canvas.measures import LEVELS, limits
from studio.gui.canvas.numbers import short_count
from studio.gui.canvas.pictures import heat_colour
from studio.gui.canvas.reading import Told
from studio.gui.panels import plain

SIZE = QSize(300, 82)
_PAD = 12
_LINE = 30
"""Where it is told how old a measurement is."""


class HeatLegend(QWidget):
    """At the top right, while something is measured."""

    closed = Signal()
    pressed = Signal()
    """Measure, or stop measuring."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("heat_legend")
        self.setFixedSize(SIZE)
        self.title = self.total = ""
        self.steps: list[str] = []
        """The largest number of each level."""
        self.close_button = QToolButton(self)
        icons.attach(self.close_button, "close")
        self.close_button.setToolTip(self.tr("Show the colours of the families again"))
        self.close_button.setAccessibleName(self.tr("Show the colours of the families again"))
        self.close_button.clicked.connect(self.closed)
        self.told = ""
        self._lines = SIZE.height()
        self._is_old = False
        self.button = QToolButton(self)
        self.button.setObjectName("heat_measure")
        self.button.clicked.connect(self.pressed)
        self.fit_type()
        self.hide()

    def show_heat(self, heat: Heat, batch: int, told: Told) -> None:
        """Tell what is measured; hide where nothing is."""
        self.setVisible(bool(heat.measure))
        text = TEXTS.get(heat.measure, short_count)
        is_measured = heat.measure in MEASURED
        self._lines = SIZE.height() + (_LINE if is_measured else 0)
        self.fit_type()
        self.title, words = self._words(heat)
        self.total = words.format(f"{heat.total:,}" if text is short_count else text(heat.total), told.rows or batch)
        if is_measured and not heat.values:
            self.total = ""
        self.told, self._is_old = told.line, told.is_old
        self.button.setVisible(is_measured and bool(told.button))
        self.button.setText(told.button)
        self.button.setEnabled(not told.why_not)
        self.button.setToolTip(plain.tool_tip(told.why_not))
        self.fit_type()
        self.setToolTip(plain.tool_tip(told.line) if is_measured else "")
        self.steps = [text(limit) for limit in limits(heat.largest)] if heat.largest else []
        steps = self.tr("steps up to {0}").format(", ".join(self.steps)) if self.steps else self.tr("nothing to show")
        self.setAccessibleName("; ".join(part for part in (f"{self.title}: {self.total}", self.told, steps) if part))
        self.update()

    def fit_type(self) -> None:
        """Be as large as the type is, which a presentation makes larger; the upper right corner stays."""
        by, before = theme.type_scale(), self.width()
        self.setFixedSize(round(SIZE.width() * by), round(self._lines * by))
        self.move(self.x() + before - self.width(), self.y())
        side = round(22 * by)
        self.close_button.setFixedSize(side, side)
        self.close_button.setIconSize(QSize(round(12 * by), round(12 * by)))
        self.close_button.move(self.width() - round(28 * by), round(6 * by))
        self.button.adjustSize()
        self.button.move(self.width() - _PAD - self.button.width(), self.height() - self.button.height() - 8)
        self.update()

    def _words(self, heat: Heat) -> tuple[str, str]:
        """The title, and the words around the total and the batch."""
        match heat.measure:
            case "memory":
                words = self.tr("{0} for a batch of {1}") if heat.is_all else self.tr("at least {0} for a batch of {1}")
                return self.tr("Memory of the outputs"), words
            case "time":
                return self.tr("Time of the forward step"), self.tr("{0} for a batch of {1}")
            case "gradients":
                return self.tr("Size of the gradient"), self.tr("{0} all together, for a batch of {1}")
            case _:
                return self.tr("Parameters"), self.tr("{0} in this drawing")

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(now.border), 1))
        painter.setBrush(QColor(now.surface))
        painter.drawPath(marks.rounded(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8))
        by = theme.type_scale()
        painter.scale(by, by)
        width = SIZE.width() - 2 * _PAD
        painter.setFont(theme.ui_font(12, QFont.Weight.DemiBold))
        painter.setPen(QColor(now.text))
        painter.drawText(QRectF(_PAD, 8, width, 18), int(Qt.AlignmentFlag.AlignVCenter), self.title)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(now.secondary))
        painter.drawText(QRectF(_PAD, 26, width, 18), int(Qt.AlignmentFlag.AlignVCenter), self.total)
        if self.button.isVisible() or self.told:
            painter.setPen(QColor(now.text if self._is_old else now.secondary))
            room = width - (self.button.width() / by + 8 if self.button.isVisible() else 0)
            shown = QFontMetricsF(painter.font()).elidedText(self.told, Qt.TextElideMode.ElideRight, room)
            line = QRectF(_PAD, self._lines - _LINE - 2, room, _LINE)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), shown)
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
