"""Offers what an earlier start could not save."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio.gui import theme
from studio.storage.autosave import Autosave

if TYPE_CHECKING:
    from studio.gui.window import MainWindow

_COPY = Qt.ItemDataRole.UserRole


class RecoveryDialog(QDialog):
    """A list of copies with time, place and size. ``discards`` says that the person wants none of them."""

    def __init__(self, copies: list[Autosave], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from studio.gui import telling  # this module is there from the start, that one need not be

        telling.install(self)
        self.discards = False
        self.setWindowTitle(self.tr("Unsaved projects"))
        self.resize(560, 320)
        title = QLabel(self.tr("These projects were not saved"))
        theme.set_role(title, "title")
        note = QLabel(self.tr("The program ended before they were saved. Open one, or let them go."))
        theme.set_role(note, "secondary")
        self._list = QListWidget()
        self._list.setAccessibleName(title.text())
        for copy in copies:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.time))
            place = str(copy.path) if copy.path is not None else self.tr("never saved")
            item = QListWidgetItem(f"{copy.title}   ·   {when}   ·   {copy.size / 1024:.0f} KiB   ·   {place}")
            item.setData(_COPY, copy)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.itemDoubleClicked.connect(self.accept)
        roles = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Open"), roles.AcceptRole)
        buttons.addButton(self.tr("Later"), roles.RejectRole)
        discard = buttons.addButton(self.tr("Delete all"), roles.DestructiveRole)
        discard.clicked.connect(self._discard)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(8)
        for widget in (title, note, self._list, buttons):
            layout.addWidget(widget)

    @property
    def chosen(self) -> Autosave | None:
        """The copy that is marked."""
        item = self._list.currentItem()
        return item.data(_COPY) if item is not None else None

    def _discard(self) -> None:
        self.discards = True
        self.reject()


def offer_recovery(window: MainWindow) -> bool:
    """Ask about copies that are left over; True if one was opened."""
    copies = window.files.left_over()
    if not copies:
        return False
    dialog = RecoveryDialog(copies, window)
    if dialog.exec() and dialog.chosen is not None:
        return window.files.recover(dialog.chosen)
    if dialog.discards:
        for copy in copies:
            window.files.discard(copy)
        window.say(QCoreApplication.translate("Recovery", "The copies were deleted."))
    return False
