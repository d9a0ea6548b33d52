"""The gallery: finished networks to begin from, one row each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from studio.gui import telling, theme
from studio.workbench.examples import Example, examples

ROW_PX = 56
_EXAMPLE = Qt.ItemDataRole.UserRole


class _Row(QStyledItemDelegate):
    def paint(self, painter: QPainter, option, index) -> None:
        colours = theme.current()
        example: Example = index.data(_EXAMPLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & option.state.__class__.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_background))
            painter.drawRoundedRect(option.rect.adjusted(2, 2, -2, -2), 6, 6)
        area = option.rect.adjusted(16, 9, -16, -9)
        painter.setPen(QColor(colours.text))
        painter.setFont(theme.ui_font(13.5, painter.font().Weight.DemiBold))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, example.title)
        painter.setPen(QColor(colours.secondary))
        painter.setFont(theme.ui_font(12))
        text = painter.fontMetrics().elidedText(example.sentence, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom, text)
        painter.restore()

    # Qt

    def sizeHint(self, option, index) -> QSize:
        return QSize(200, ROW_PX)


class Gallery(QDialog):
    """Asks for one of the examples; ``chosen`` is it after ``exec`` said yes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        telling.install(self)
        self.setWindowTitle(self.tr("Gallery"))
        self.resize(620, 640)
        title = QLabel(self.tr("Networks to begin from"))
        theme.set_role(title, "title")
        note = QLabel(self.tr("Each opens as a copy with its data. Change it, break it, train it."))
        theme.set_role(note, "secondary")
        self._list = QListWidget()
        self._list.setItemDelegate(_Row(self._list))
        self._list.setAccessibleName(self.tr("Examples"))
        for example in examples():
            item = QListWidgetItem()
            item.setData(_EXAMPLE, example)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{example.title}. {example.sentence}")
            item.setToolTip(example.sentence)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.itemDoubleClicked.connect(self.accept)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(note)
        layout.addSpacing(4)
        layout.addWidget(self._list, 1)
        layout.addWidget(buttons)

    @property
    def chosen(self) -> Example | None:
        """The example that is marked."""
        item = self._list.currentItem()
        return item.data(_EXAMPLE) if item is not None else None
