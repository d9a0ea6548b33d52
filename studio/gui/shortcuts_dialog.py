"""The dialog in which a person gives actions other keys. Nothing is changed before OK."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui import keymap, telling, theme
from studio.gui.action_search import rank
from studio.gui.actions import SHEET, TABLE, ActionRow, menu_title, text_of
from studio.gui.keymap import Changes
from studio.gui.panels import plain

_ROW = int(Qt.ItemDataRole.UserRole)


class ShortcutsDialog(QDialog):
    """Every action with its keys; the selected one gets the key that is pressed in the field below."""

    def __init__(self, parent: QWidget, changes: Changes, take: Callable[[Changes], object]) -> None:
        super().__init__(parent)
        telling.install(self)
        self.changes = dict(changes)
        self._take = take
        self.setWindowTitle(self.tr("Change shortcuts"))
        self.resize(620, 660)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find an action or a key"))
        self.search.setAccessibleName(self.tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        self.table = QTableWidget(0, 2, self)
        self.table.setHorizontalHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setAccessibleName(self.tr("Actions and their keys"))
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.key_field = QKeySequenceEdit(self)
        self.key_field.setMaximumSequenceLength(1)
        self.key_field.setClearButtonEnabled(True)
        self.key_field.setAccessibleName(self.tr("Press the new key"))
        self.give = QPushButton(self.tr("Give this key"), self)
        self.clear = QPushButton(self.tr("No key"), self)
        self.reset = QPushButton(self.tr("As it was at first"), self)
        self.reset_all = QPushButton(self.tr("All as at first"), self)
        self.message = plain.label("", "problem", wraps=True, parent=self)
        self.message.setMinimumHeight(34)
        for button in (self.give, self.clear, self.reset, self.reset_all):
            button.setAutoDefault(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.key_field.keySequenceChanged.connect(self._judge)
        self.give.clicked.connect(self._give)
        self.clear.clicked.connect(lambda: self._set(()))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._fill()

    def _lay_out(self) -> None:
        heading = plain.label(self.windowTitle(), "title", parent=self)
        row = QHBoxLayout()
        row.addWidget(self.key_field, 1)
        for button in (self.give, self.clear, self.reset):
            row.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self.reset_all)
        last.addWidget(self.buttons, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        for widget in (heading, self.search, self.table):
            layout.addWidget(widget, int(widget is self.table))
        layout.addLayout(row)
        layout.addWidget(self.message)
        layout.addLayout(last)

    # What is shown

    def keys_of(self, row: ActionRow) -> tuple[str, ...]:
        """The keys that an action would have after OK."""
        return self.changes.get(row.id, row.shortcuts)

    def _fill(self) -> None:
        chosen, query = self._row(), self.search.text()
        rows = [row for row in TABLE if self._is_found(row, query)]
        self.table.blockSignals(True)
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            menu = menu_title(row.menu) if row.menu in SHEET else ""
            name = QTableWidgetItem(text_of(row).rstrip("."))
            name.setToolTip(menu)
            name.setData(_ROW, row)
            shown = ", ".join(
                QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText) for text in self.keys_of(row)
            )
            keys = QTableWidgetItem(shown)
            font = theme.mono_font(12)
            font.setBold(row.id in self.changes)
            keys.setFont(font)
            self.table.setItem(number, 0, name)
            self.table.setItem(number, 1, keys)
            if chosen is not None and row.id == chosen.id:
                self.table.selectRow(number)
        self.table.blockSignals(False)
        if not self.table.selectedItems() and rows:
            self.table.selectRow(0)
        self._enable()

    def _is_found(self, row: ActionRow, query: str) -> bool:
        told = " ".join(self.keys_of(row)).casefold()
        return rank(query, text_of(row)) is not None or query.casefold().strip() in told

    def _row(self) -> ActionRow | None:
        item = self.table.item(self.table.currentRow(), 0) if self.table.selectedItems() else None
        row = item.data(_ROW) if item is not None else None
        return row if isinstance(row, ActionRow) else None

    def _chosen(self) -> None:
        self.key_field.clear()
        self.message.setText("")
        self._enable()

    def _judge(self) -> None:
        """Say what giving the key would mean, before it is given."""
        row, text = self._row(), self._text()
        reason = keymap.why_not(row, text) if row is not None and text else ""
        if not reason and row is not None and text:
            names = [text_of(other).rstrip(".") for other in self._others(row, text)]
            if names:
                words = self.tr("{0} is the key of “{1}”, which would lose it.")
                reason = words.format(text, self.tr("” and “").join(names))
        self.message.setText(reason)
        self._enable()

    def _enable(self) -> None:
        row, text = self._row(), self._text()
        self.give.setEnabled(row is not None and bool(text) and not keymap.why_not(row, text))
        is_taken = row is not None and bool(text) and bool(self._others(row, text))
        self.give.setText(self.tr("Take this key") if is_taken else self.tr("Give this key"))
        self.clear.setEnabled(row is not None and bool(self.keys_of(row)))
        self.reset.setEnabled(row is not None and row.id in self.changes)
        self.reset_all.setEnabled(bool(self.changes))

    def _text(self) -> str:
        return keymap.normal(self.key_field.keySequence().toString())

    def _others(self, row: ActionRow, text: str) -> list[ActionRow]:
        mates = [other for other in TABLE if set(other.shortcuts) & set(row.shortcuts)]  # share a key on purpose
        return [other for other in keymap.holders(row, text, self.changes, TABLE)
                if not (other in mates and text in row.shortcuts and text in other.shortcuts)]  # fmt: skip

    # What is changed

    def _give(self) -> None:
        row, text = self._row(), self._text()
        if row is None or not text or keymap.why_not(row, text):
            return
        for other in self._others(row, text):
            left = tuple(each for each in self.keys_of(other) if keymap.normal(each) != text)
            self._put(other, left)
        self._set((text,))

    def _set(self, keys: tuple[str, ...]) -> None:
        row = self._row()
        if row is not None:
            self._put(row, keys)
            self.key_field.clear()
            self.message.setText("")
            self._fill()

    def _put(self, row: ActionRow, keys: tuple[str, ...]) -> None:
        if keys == row.shortcuts:
            self.changes.pop(row.id, None)
        else:
            self.changes[row.id] = keys

    def _reset(self) -> None:
        row = self._row()
        if row is None:
            return
        for text in row.shortcuts:  # whoever has one of them now gives it back
            for other in self._others(row, text):
                self._put(other, tuple(each for each in self.keys_of(other) if keymap.normal(each) != text))
        self._set(row.shortcuts)

    def _reset_all(self) -> None:
        self.changes.clear()
        self._chosen()
        self._fill()

    # Qt

    def accept(self) -> None:
        self._take(self.changes)
        super().accept()
