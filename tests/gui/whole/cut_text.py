"""Finds words that have less room than they need."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QWidget,
)

_CELL_PX = 14
"""A cell keeps so much free on both sides together."""


def cut_words(root: QWidget) -> list[str]:
    """The texts below a widget that are in view and cut, each with the room that it has and needs."""
    found: list[str] = []
    for each in root.findChildren(QWidget):
        if not each.isVisible() or each.visibleRegion().isEmpty():
            continue
        for text, room, needed in _texts(each):
            if text and needed > room + 1:
                found.append(f"{type(each).__name__} {text[:60]!r}: {room} of {needed} px")
    return found


def _texts(each: QWidget) -> Iterator[tuple[str, int, int]]:
    """Text, room and need."""
    metrics = QFontMetrics(each.font())
    match each:
        case QLabel() if each.wordWrap():
            yield each.text(), each.height(), each.heightForWidth(each.width())
        case QLabel():
            lines = each.text().split("\n")
            yield each.text(), each.contentsRect().width(), max(map(metrics.horizontalAdvance, lines))
            yield each.text(), each.height(), metrics.height() - 2
        case QComboBox():
            option = QStyleOptionComboBox()
            each.initStyleOption(option)
            parts = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
            room = each.style().subControlRect(parts[0], option, parts[1], each).width()
            yield each.currentText(), room, metrics.horizontalAdvance(each.currentText())
        case QAbstractButton():
            yield each.text(), each.width(), metrics.horizontalAdvance(each.text())
        case QTabBar():
            for number in range(each.count()):
                text = each.tabText(number)
                yield text, each.tabRect(number).width(), metrics.horizontalAdvance(text)
        case QTableView():
            yield from _cells(each)


def _cells(table: QTableView) -> Iterator[tuple[str, int, int]]:
    model = table.model()
    for column in range(model.columnCount()):
        for row in range(min(40, model.rowCount())):
            index = model.index(row, column)
            if not table.visualRect(index).intersects(table.viewport().rect()):
                continue
            text = str(index.data() or "")
            if "," in text and index.data(Qt.ItemDataRole.ToolTipRole):
                continue  # a list of classes is as long as it is; they stand in a list of their own beside it
            font = index.data(Qt.ItemDataRole.FontRole) or table.font()
            yield text, table.columnWidth(column) - _CELL_PX, QFontMetrics(font).horizontalAdvance(text)
