"""What can be done with a block in the palette: keep one of the project; rename, save or remove one of the library."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from studio.gui.panels.palette.rows import Row, block_of

if TYPE_CHECKING:
    from studio.gui.session import Session
    from studio.workbench.library import Kept


class KeptMenu(QObject):
    """Opens the menu of a row and does what is picked."""

    add_requested = Signal(str)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window

    def open(self, row: Row, place: QPoint) -> None:
        """Show the menu of a row that has one."""
        if row.kind != "layer":
            return
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Add to the drawing"), partial(self.add_requested.emit, row.wish))
        block, kept = block_of(row.wish), self._session.library.wished(row.wish)
        if block is not None:
            put = partial(self._session.library.put, self._session.project, block)
            menu.addAction(self.tr("Keep in my library"), put)
        elif kept is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Rename..."), partial(self.rename, kept))
            menu.addAction(self.tr("Save to a file..."), partial(self.save, kept))
            menu.addAction(self.tr("Remove from my library..."), partial(self.remove, kept))
        menu.popup(place)

    def rename(self, kept: Kept) -> None:
        """Ask for another name."""
        from studio.gui import asking  # not needed to show a window

        title, question = self.tr("Rename the block"), self.tr("What shall the block be called?")
        name = asking.name(self._window, title, question, kept.name, self.tr("Rename"))
        if name and name != kept.name:
            self._session.library.rename(kept.key, name)

    def save(self, kept: Kept) -> None:
        """Ask for a file to give to others."""
        start = (self._session.folder or Path.home()) / f"{kept.key}.studio"
        path, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the block"), str(start), self.tr("Layer Studio projects (*.studio)")
        )
        if path:
            chosen = Path(path)
            self._session.library.take_out(kept.key, chosen if chosen.suffix else chosen.with_suffix(".studio"))

    def remove(self, kept: Kept) -> None:
        """Ask, then remove: this is no step of undo."""
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("Remove from the library?"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Remove {0} from your library? Projects that use it keep it.").format(kept.name))
        box.setStandardButtons(QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        button = box.button(QMessageBox.StandardButton.Discard)
        if button is not None:
            button.setText(self.tr("Remove"))
        if box.exec() == QMessageBox.StandardButton.Discard:
            self._session.library.remove(kept.key)
