"""Small horizontal bars: how many rows each class has, divided into training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.data.facts import Counts

ROW_PX = 24
MOST = 12
"""More classes than this are summed up in a last line."""


def part_colours() -> tuple[str, str, str]:
    """The colours of training, validation and test rows."""
    colours = theme.current()
    return colours.training, colours.validation, colours.edge


class ClassBars(QWidget):
    """One line per class: name, bar, number of rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[tuple[str, Counts]] = []
        self._rest = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier.changed.connect(self.update)

    def show_counts(self, counts: Mapping[str, Counts]) -> None:
        """Show these numbers of rows."""
        rows = list(counts.items())
        shown = rows if len(rows) <= MOST else rows[: MOST - 1]
        left = rows[len(shown) :]
        self._counts = shown
        total = sum(sum(three) for _, three in left)
        self._rest = (
            self.tr("and %n more classes with {rows} rows", "", len(left)).format(rows=f"{total:,}") if left else ""
        )
        self._rest = self._rest.replace("%n", str(len(left)))
        self.setAccessibleDescription(", ".join(f"{name}: {sum(three)}" for name, three in rows[:40]))
        self.updateGeometry()
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(240, ROW_PX * (len(self._counts) + bool(self._rest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._counts:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text, mono = theme.ui_font(12), theme.mono_font(12)
        painter.setFont(mono)
        count_width = max(painter.fontMetrics().horizontalAdvance(f"{sum(three):,}") for _, three in self._counts)
        painter.setFont(text)
        metrics = painter.fontMetrics()
        name_width = min(max(metrics.horizontalAdvance(name) for name, _ in self._counts), self.width() * 2 // 5, 160)
        left, right = name_width + 12, self.width() - count_width - 12
        most = max(max(sum(three) for _, three in self._counts), 1)
        for row, (name, three) in enumerate(self._counts):
            top = row * ROW_PX
            painter.setFont(text)
            painter.setPen(QColor(colours.text))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_width + 2)
            painter.drawText(QRectF(0, top, name_width + 4, ROW_PX), Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setFont(mono)
            painter.setPen(QColor(colours.secondary))
            place = QRectF(right + 12, top, count_width, ROW_PX)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{sum(three):,}")
            draw_parts(painter, QRectF(left, top + 8, max(right - left, 8) * sum(three) / most, 8), three)
        if self._rest:
            painter.setFont(text)
            painter.setPen(QColor(colours.secondary))
            place = QRectF(0, len(self._counts) * ROW_PX, self.width(), ROW_PX)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._rest)


def draw_parts(painter: QPainter, bar: QRectF, counts: Counts) -> None:
    """A bar divided into training, validation and test, with a gap of one pixel between the parts."""
    total = sum(counts)
    if not total:
        return
    place = bar.left()
    for part, count in enumerate(counts):
        width = bar.width() * count / total
        if width > 0:
            draw_part(painter, QRectF(place, bar.top(), max(width - 1, 1), bar.height()), part)
        place += width


def draw_part(painter: QPainter, area: QRectF, part: int) -> None:
    """Training (0) is filled, validation (1) striped as its curves are dashed, test (2) an outline."""
    colour = QColor(part_colours()[part])
    painter.setPen(QPen(colour, 1.0) if part == 2 else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if part == 2 else colour)
    inset = 0.5 if part == 2 else 0.0
    painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), 2, 2)
    if part == 1:
        x = area.left() + 3
        while x < area.right():
            painter.fillRect(QRectF(x, area.top(), 1.5, area.height()), QColor(theme.current().surface))
            x += 5
