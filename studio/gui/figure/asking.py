"""Asking a person for a figure, and writing it beside the event loop: who asked goes on drawing meanwhile."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from studio.gui.figure.dialog import FigureDialog
from studio.gui.figure.drawer import Drawer
from studio.gui.patience import Patience
from studio.gui.session import Session
from studio.workbench.figures import FigureError, FigureLook, Order
from studio.workbench.file_names import file_stem


class Figures(QObject):
    """Asks how and where, and has the open graph drawn. ``told`` says what comes of it."""

    told = Signal(str)

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._writing: set[_Writing] = set()
        self._last: tuple[FigureLook, str] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a figure is being written."""
        return bool(self._writing)

    def ask(self) -> None:
        """Ask the person what is on the figure and where it goes, and begin to write it."""
        drawer = Drawer(self)
        drawer.start()
        dialog = FigureDialog(self._window, self._session, drawer)
        if self._last is not None:
            dialog.begin_with(*self._last)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        if is_wanted:
            self._last = dialog.look(), dialog.ending()
        path = self._ask_for_file(dialog.ending()) if is_wanted else None
        if path is None:
            drawer.close()
            drawer.deleteLater()
        else:
            writing = _Writing(self._window, drawer, path, self)
            self._writing.add(writing)
            writing.told.connect(self.told)
            writing.ended.connect(lambda: self._end(writing))
            writing.begin(dialog.order(path))
        dialog.deleteLater()

    def close(self) -> None:
        """Write no further."""
        for writing in tuple(self._writing):
            writing.close()

    def _end(self, writing: _Writing) -> None:
        self._writing.discard(writing)
        writing.deleteLater()

    def _ask_for_file(self, ending: str) -> Path | None:
        session, window = self._session, self._window
        start = (session.folder or Path.home()) / f"{file_stem(session.project.title)}{ending}"
        kind = self.tr("{0} pictures (*{1})").format(ending[1:].upper(), ending)
        name, _ = QFileDialog.getSaveFileName(window, self.tr("Save the picture"), str(start), kind)
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() == ending:
            return path
        path = path.with_name(path.name + ending)  # so not the file that the dialog asked about
        if path.exists() and not self._confirm(self.tr("{0} is there already. Replace it?").format(path.name)):
            return None
        return path

    def _confirm(self, question: str) -> bool:
        box = QMessageBox(self._window)
        box.setText(question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        yes = box.addButton(self.tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is yes


class _Writing(QObject):
    """One figure on its way into its file. A box with Cancel comes where that takes longer than a second."""

    told = Signal(str)
    ended = Signal()

    def __init__(self, window: QWidget, drawer: Drawer, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._drawer, self._path = window, drawer, path
        self._patience = Patience(window, self)

    def begin(self, order: Order) -> None:
        drawing = self.tr("Drawing {0}...").format(self._path.name)
        self.told.emit(drawing)
        self._patience.begin(self.tr("Save a picture of the drawing"), drawing, self._cancel)
        self._drawer.draw(order, self._written)

    def close(self) -> None:
        """Draw no further."""
        self._patience.end()
        self._drawer.close()
        self._drawer.deleteLater()
        self.ended.emit()

    def _cancel(self) -> None:
        self.close()
        self.told.emit(self.tr("{0} was not saved.").format(self._path.name))

    def _written(self, result: bytes | FigureError) -> None:
        self.close()
        if not isinstance(result, FigureError):
            self.told.emit(self.tr("Saved {0}").format(self._path.name))
            return
        self.told.emit(self.tr("{0} was not saved.").format(self._path.name))
        title = self.tr("The picture was not saved")
        box = QMessageBox(QMessageBox.Icon.Warning, title, str(result), QMessageBox.StandardButton.Ok, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.exec()
