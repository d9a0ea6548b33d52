"""The list of data sets: made-up ones, bundled ones, and files of the person's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio import data
from studio.gui import theme
from studio.gui.panels.plain import tool_tip

ROW_PX = 28
HEADING_PX = 36
NOTE_PX = 52
_NOTE = "note"
_KEY = Qt.ItemDataRole.UserRole
_SIDE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, str]
"""Kind and name of a source."""


class SourceList(QWidget):
    """Shows every set there is to choose from; ``chosen`` says which one the person wants."""

    chosen = Signal(str, str)  # kind, name
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setUniformItemSizes(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Data sets"))
        self.open_button = QPushButton(self.tr("Open a file…"))
        self.open_button.setToolTip(self.tr("A table (.csv) or NumPy arrays (.npz)"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 16)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 0)
        foot.addWidget(self.open_button)
        layout.addLayout(foot)
        self.open_button.clicked.connect(self.open_requested)
        self.list.itemSelectionChanged.connect(self._selection_changed)
        self._is_filling = False
        self.fill((), None)

    def fill(self, files: Iterable[str], current: Key | None) -> None:
        """Show the sets of the program and these files, with ``current`` marked."""
        words = {"classes": self.tr("classes"), "numbers": self.tr("numbers"), "labels": self.tr("labels")}
        self._is_filling = True
        self.list.clear()
        self._heading(self.tr("MADE UP"))
        for made in data.made().values():
            self._row(("made", made.name), made.title, words[made.task], made.description)
        self._heading(self.tr("BUNDLED"))
        for known in data.bundled().values():
            side = self.tr("pictures") if known.is_pictures else words[known.task]
            self._row(("bundled", known.name), known.title, side, known.description)
        self._heading(self.tr("YOUR FILES"))
        own = list(files)
        for name in own:
            self._row(("file", name), PurePath(name).name, "", name)
        if not own:
            self._note(self.tr("Tables (.csv) and arrays (.npz) that you open appear here."))
        self.mark(current)
        self._is_filling = False

    def mark(self, current: Key | None) -> None:
        """Mark a set as the one in use, without telling anybody."""
        was, self._is_filling = self._is_filling, True
        self.list.setCurrentRow(-1)
        for row in range(self.list.count()):
            if current is not None and self.list.item(row).data(_KEY) == current:
                self.list.setCurrentRow(row)
        self._is_filling = was

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(0, HEADING_PX))
        self.list.addItem(item)

    def _row(self, key: Key, text: str, side: str, tip: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_KEY, key)
        item.setData(_SIDE, side)
        item.setToolTip(tool_tip(tip))
        item.setSizeHint(QSize(0, ROW_PX))
        self.list.addItem(item)

    def _note(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(_SIDE, _NOTE)
        item.setSizeHint(QSize(0, NOTE_PX))
        self.list.addItem(item)

    def _selection_changed(self) -> None:
        # Not currentItemChanged: Qt makes the first row current when an empty choice gets the focus.
        chosen = self.list.selectedItems()
        if chosen and not self._is_filling:
            self.chosen.emit(*chosen[0].data(_KEY))


class _Rows(QStyledItemDelegate):
    """Paints headings and rows: the title left, what is to be learned right and quiet."""

    # Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = theme.current()
        is_heading = not index.flags() & Qt.ItemFlag.ItemIsSelectable
        rect: QRect = option.rect
        painter.save()
        if is_heading:
            painter.setPen(QColor(colours.secondary))
            if index.data(_SIDE) == _NOTE:
                painter.setFont(theme.ui_font(12))
                painter.drawText(rect.adjusted(16, 2, -12, 0), Qt.TextFlag.TextWordWrap, index.data())
                painter.restore()
                return
            painter.setFont(theme.ui_font(11, theme.ui_font().Weight.DemiBold))
            painter.drawText(rect.adjusted(16, 12, -12, 0), Qt.AlignmentFlag.AlignVCenter, index.data())
            painter.restore()
            return
        state = option.state
        row = rect.adjusted(8, 1, -8, -1)
        is_selected = bool(state & state.State_Selected)
        if is_selected or state & state.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_background if is_selected else colours.hover))
            painter.drawRoundedRect(row, 4, 4)
        painter.setFont(theme.ui_font(12))
        side = index.data(_SIDE)
        width = painter.fontMetrics().horizontalAdvance(side) + 8 if side else 0
        if row.width() < 170:
            side, width = "", 0
        painter.setPen(QColor(colours.secondary))
        painter.drawText(row.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, side)
        weight = theme.ui_font().Weight.DemiBold if is_selected else theme.ui_font().Weight.Normal
        painter.setFont(theme.ui_font(13, weight))
        painter.setPen(QColor(colours.accent if is_selected else colours.text))
        space = row.adjusted(8, 0, -8 - width, 0)
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, space.width())
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
