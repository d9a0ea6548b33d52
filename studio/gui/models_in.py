"""Models of Keras opened in the window: read on a thread, shown as a drawing, with a short report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from studio import importing
from studio.catalog import Catalog
from studio.gui.background import Background
from studio.gui.session import Session
from studio.workbench.opening_models import ModelFileError, import_model, is_model_file, models_of_script
from studio.workbench.priming import primed

if TYPE_CHECKING:
    from studio.importing import Imported

PROJECT_SUFFIX = ".studio"
MOST_SENTENCES = 12
"""Findings that are read out; a model of another program may have hundreds."""


class ModelsIn(QObject):
    """Reads ``.keras``, ``.h5``, JSON configs and scripts. Nothing in them is run; the project has no file yet."""

    told = Signal(str, bool)
    opened = Signal(object)  # Report

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._background = Background(self)

    @property
    def is_busy(self) -> bool:
        """Whether a model is being read."""
        return self._background.is_waiting

    def open(self, path: Path) -> None:
        """Read a model file; what is open stays until that has succeeded."""
        catalog = self._session.catalog
        self.told.emit(self.tr("Reading {0}...").format(path.name), False)
        self._background.ask(
            lambda: _imported(path, catalog) if len(models_of_script(path, catalog)) < 2 else None,
            lambda result: self._choose(path) if result is None else self._take(path, result),
        )

    def _choose(self, path: Path) -> None:
        """A script has several models: the person says which one; the last one is usually the whole."""
        catalog = self._session.catalog
        names = list(dict.fromkeys(models_of_script(path, catalog)))
        wanted, is_chosen = QInputDialog.getItem(
            self._window, self.tr("Open a model"), self.tr("{0} has several models. Which one?").format(path.name),
            names, len(names) - 1, False,
        )  # fmt: skip
        if not is_chosen:
            self.told.emit(self.tr("{0} was not opened.").format(path.name), False)
            return
        self._background.ask(lambda: _imported(path, catalog, wanted), lambda result: self._take(path, result))

    def _take(self, path: Path, result: object) -> None:
        if isinstance(result, importing.Imported):
            self._session.load(result.project, None, is_saved=False)
            self.told.emit(result.report.came_in, False)
            findings = result.report.sentences[1:]
            if findings:
                self._report(result.report.came_in, findings)
            self.opened.emit(result.report)
            return
        if isinstance(result, ModelFileError):
            reason = result.message
        elif isinstance(result, OSError):
            reason = result.strerror or str(result)
        elif isinstance(result, Exception):
            raise result
        sentence = self.tr("{0} was not opened: {1}").format(path.name, reason)
        self.told.emit(sentence, True)
        self._box(QMessageBox.Icon.Warning, sentence, "")

    def _report(self, came_in: str, findings: tuple[str, ...]) -> None:
        shown = findings[:MOST_SENTENCES]
        if len(findings) > len(shown):
            shown = (*shown, self.tr("{0} more findings").format(len(findings) - len(shown)))
        self._box(QMessageBox.Icon.Information, came_in, "\n".join(shown))

    def _box(self, icon: QMessageBox.Icon, text: str, more: str) -> None:
        box = QMessageBox(icon, self.tr("Open a model"), text, QMessageBox.StandardButton.Ok, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(more)
        box.exec()


def _imported(path: Path, catalog: Catalog, model: str = "") -> Imported:
    found = import_model(path, catalog, model=model)
    primed(found.project, catalog)
    return found


def dropped_file(dropped: QMimeData) -> Path | None:
    """The one project or model file that is dropped on the window, or None."""
    urls = dropped.urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and (path.suffix == PROJECT_SUFFIX or is_model_file(path)) else None
