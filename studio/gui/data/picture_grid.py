"""A grid of pictures of a data set with their classes, spread over all rows: sorted sets show every class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import data
from studio.core.project import DataSource
from studio.gui import theme

CELL_PX = 72
PICTURE_PX = 56
ROWS = 4


class PictureGrid(QWidget):
    """Shows as many pictures as fit into four rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: DataSource | None = None
        self._folder: Path | None = None
        self._shift = 0.0
        self._loaded: tuple[object, ...] = ()
        self._pictures: list[tuple[QPixmap, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROWS * (CELL_PX + 12))
        theme.notifier.changed.connect(self.update)

    def show_source(self, source: DataSource | None, folder: Path | None) -> None:
        """Show pictures of this source, or nothing."""
        self._source, self._folder = source, folder
        self._loaded = ()
        self.update()

    def show_others(self) -> None:
        """Show other pictures of the same source."""
        self._shift = (self._shift + 0.381966) % 1.0  # the golden ratio never comes back to the same pictures soon
        self.update()

    def indices(self) -> list[int]:
        """Which rows are shown now."""
        if self._source is None or not self._source.rows:
            return []
        count = max(self.width() // CELL_PX, 1) * ROWS
        rows = self._source.rows
        if rows <= count:
            return list(range(rows))
        step = rows / count
        return [min(int((number + self._shift) * step), rows - 1) for number in range(count)]

    def _load(self) -> None:
        wanted = (self._source, self._folder, *self.indices())
        if self._source is None or wanted == self._loaded:
            return
        self._loaded = wanted
        self._pictures = []
        indices = self.indices()
        try:
            arrays = data.pictures(self._source, self._folder, indices)
            names = self._names(indices)
        except data.DataError:
            return
        self._pictures = [(pixmap(array), name) for array, name in zip(arrays, names, strict=True)]

    def _names(self, indices: list[int]) -> list[str]:
        assert self._source is not None
        target = next((name for name in self._source.targets if (c := self._source.column(name)) and c.classes), None)
        if target is None:
            return [""] * len(indices)
        return data.cells(self._source, target, self._folder, indices)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(8 * CELL_PX, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._load()
        colours = theme.current()
        painter = QPainter(self)
        painter.setFont(theme.ui_font(11))
        per_row = max(self.width() // CELL_PX, 1)
        for number, (picture, name) in enumerate(self._pictures):
            x, y = number % per_row * CELL_PX, number // per_row * (CELL_PX + 12)
            painter.drawPixmap(QRect(x, y, PICTURE_PX, PICTURE_PX), picture)
            painter.setPen(QColor(colours.border))
            painter.drawRect(x, y, PICTURE_PX - 1, PICTURE_PX - 1)
            painter.setPen(QColor(colours.secondary))
            place = QRect(x - 8, y + PICTURE_PX + 2, PICTURE_PX + 16, 16)
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def pixmap(array: np.ndarray) -> QPixmap:
    """A pixmap of a grey (height, width) or coloured (height, width, channels) uint8 picture, pixels kept sharp."""
    height, width = array.shape[:2]
    if array.ndim == 2:
        image = QImage(array.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    else:
        is_alpha = array.shape[2] == 4
        form = QImage.Format.Format_RGBA8888 if is_alpha else QImage.Format.Format_RGB888
        image = QImage(array.tobytes(), width, height, width * array.shape[2], form)
    side = PICTURE_PX * 2  # sharp on screens with two device pixels per pixel as well
    is_small = max(height, width) < side
    mode = Qt.TransformationMode.FastTransformation if is_small else Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(image.copy().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
