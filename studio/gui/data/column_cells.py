"""How two kinds of cells of the columns table look and take clicks: a tick, and a choice of kinds."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio import data
from studio.gui import icons, theme
from studio.gui.panels import plain

Index = QModelIndex | QPersistentModelIndex


class Tick(QStyledItemDelegate):
    """A tick box in the middle of the cell; the whole cell takes the click."""

    # Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = theme.current()
        is_checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        if not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return
        box = option.rect
        box.setRect(box.center().x() - 7, box.center().y() - 7, 15, 15)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.accent if is_checked else colours.edge))
        painter.setBrush(QColor(colours.accent if is_checked else colours.surface))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 4, 4)
        if is_checked:
            icons.paint(painter, "check", box.toRectF().adjusted(1.5, 1.5, -1.5, -1.5), colours.on_accent)
        painter.restore()

    def editorEvent(self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: Index) -> bool:
        if not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        is_key = event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)  # type: ignore[attr-defined]
        if event.type() == QEvent.Type.MouseButtonRelease or is_key:
            is_checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            value = Qt.CheckState.Unchecked if is_checked else Qt.CheckState.Checked
            return bool(model.setData(index, value, Qt.ItemDataRole.CheckStateRole))
        return event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class KindChoice(QStyledItemDelegate):
    """Numbers, classes or text, where a column can be read as more than one of them."""

    # Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            place = option.rect
            place.setRect(place.right() - 22, place.center().y() - 5, 10, 10)
            icons.paint(painter, "chevron_down", place.toRectF(), theme.current().secondary)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        box = QComboBox(parent)
        words = {"number": self.tr("numbers"), "category": self.tr("classes"), "text": self.tr("text")}
        column = index.model().column(index.row())  # type: ignore[attr-defined]
        plain.named(box, self.tr("Kind of {0}").format(column.name))
        for kind in data.possible_kinds(column):
            box.addItem(words[kind], kind)
        box.activated.connect(lambda: self._finish(box))
        return box

    def _finish(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)
