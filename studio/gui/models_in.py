"""Models of Keras opened in the window: read on a thread, shown as a drawing, with a short report."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from studio import importing
from studio.catalog import Catalog
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.gui.background import Background
from studio.gui.patience import Patience
from studio.gui.session import Session
from studio.layout import Cancelled
from studio.workbench.opening_models import ModelFileError, NeedsRunning, import_model
from studio.workbench.own_code import unread
from studio.workbench.priming import primed

if TYPE_CHECKING:
    from studio.importing import Imported
    from studio.importing.report import Report

_LIST_PX = 440
MOST_SENTENCES = 12
"""Findings that are read out; a model of another program may have hundreds."""


class ModelsIn(QObject):
    """Reads ``.keras``, ``.h5``, JSON configs and scripts. The project has no file yet.

    Nothing in them is run, but for scripts that cannot be read otherwise, when the person has read them and agrees.
    """

    told = Signal(str, bool)
    opened = Signal(object)  # Report
    _asked = Signal(int)

    def __init__(self, session: Session, window: QWidget, may_leave: Callable[[], bool] = lambda: True) -> None:
        """``may_leave`` is asked when there is a drawing to show: reading takes time, in which the open one is edited,
        and of a file that holds no model nobody needs to be asked."""
        super().__init__(window)
        self._session = session
        self._window = window
        self._may_leave = may_leave
        self._shown: Project | None = None
        self.folder: Path | None = None
        """Where the model lies that came in last: what is made of it is looked for there."""
        self._background = Background(self)
        self._cancel = threading.Event()
        self._patience = Patience(window, self)
        self._asked.connect(self._show_question)
        self._background.waiting_changed.connect(self._end_waiting)

    @property
    def is_busy(self) -> bool:
        """Whether a model is being read."""
        return self._background.is_waiting

    @property
    def is_untouched(self) -> bool:
        """Whether what is open came from a model file and is as it came: nothing is lost where it is left."""
        return self._session.path is None and self._session.project is self._shown

    def open(self, path: Path) -> None:
        """Read a model file; what is open stays until that has succeeded."""
        self._read(path, "", lambda result: self._choose(path, result))

    def cancel(self) -> None:
        """Read no further; what is open stays."""
        self._cancel.set()

    def _read(self, path: Path, model: str, then: Callable[[object], None]) -> None:
        """Read on the thread. Who waits for longer than a second sees a box in which it can be cancelled."""
        self.cancel()
        cancel = self._cancel = threading.Event()
        catalog, tell = self._session.catalogs.keras, self._asked.emit
        reading = self.tr("Reading {0}...").format(path.name)
        self.told.emit(reading, False)

        def take(result: object) -> None:
            self._patience.end()  # What asks a question now must not be covered.
            then(result)

        self._background.ask(lambda: _imported(path, catalog, model, cancel.is_set, tell), take)
        self._patience.begin(self.tr("Open a model"), reading, cancel.set)

    def _show_question(self, questions: int) -> None:
        self._patience.say(
            self.tr("The script asks for shapes of tensors. Keras has been asked for {0}.").format(questions)
        )

    def _end_waiting(self, is_waiting: bool) -> None:
        if not is_waiting:
            self._patience.end()

    def _choose(self, path: Path, result: object) -> None:
        """Where a script has several models the person says which one; the one that was read is the usual one."""
        names = list(dict.fromkeys(result.models)) if isinstance(result, importing.Imported) else []
        if not isinstance(result, importing.Imported) or len(names) < 2:
            self._take(path, result)
            return
        wanted = self._wanted(path, names, names.index(result.model))
        if wanted == result.model:
            self._take(path, replace(result, report=result.report.chosen()))
        elif wanted:
            self._read(path, wanted, lambda result: self._take(path, result))

    def _wanted(self, path: Path, names: list[str], usual: int) -> str:
        """The name of the model that the person chooses; "" where none is wanted."""
        from studio.gui import asking  # not needed to show a window

        question = self.tr("{0} has several models. Which one?").format(path.name)
        wanted = asking.one_of(self._window, self.tr("Open a model"), question, names, usual, self.tr("Open"))
        if not wanted:
            self.told.emit(self.tr("{0} was not opened.").format(path.name), False)
        return wanted

    def _take(self, path: Path, result: object) -> None:
        if isinstance(result, importing.Imported):
            if not self._may_leave():
                self.told.emit(self.tr("{0} was not opened.").format(path.name), False)
                return
            self._session.load(result.project, None, is_saved=False)
            self._shown, self.folder = result.project, path.absolute().parent
            self.told.emit(" ".join((result.report.came_in, *result.report.kept)), False)
            findings = (*result.report.replaced, *result.report.unknown)
            wanted = self._report(result.report, bool(result.unread)) if findings else ""
            self.opened.emit(result.report)
            if wanted == "run":
                self._offer(path, result.unread, findings[-1])
            elif wanted == "review":
                self._review()
            return
        if isinstance(result, Cancelled):
            self.told.emit(self.tr("{0} was not opened.").format(path.name), False)
            return
        if isinstance(result, NeedsRunning) and result.text and not self._session.consent.never:
            self._offer(path, result.text, result.message)
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

    def _offer(self, path: Path, text: str, reason: str) -> None:
        """A script that only running it tells the model of: run, if the person has read it and agrees."""
        from studio.gui.own_code.scripts import RunDialog, may_run
        from studio.workbench.script_running import as_project

        if not may_run(text, path, reason, self._session.consent, self._window):
            self.told.emit(self.tr("{0} was not opened: {1}").format(path.name, reason), True)
            return
        dialog = RunDialog(text, path, self._window)
        dialog.exec()
        ran = dialog.ran
        if dialog.is_over:
            dialog.deleteLater()
        if ran is None:
            self.told.emit(self.tr("{0} was not opened.").format(path.name), False)
            return
        model, catalog = ran.usual, self._session.catalogs.keras
        if len(ran.models) > 1:
            names = [each.label for each in ran.models]
            wanted = self._wanted(path, names, names.index(model.label))
            if not wanted:
                return
            model = ran.models[names.index(wanted)]
        self._background.ask(
            lambda: _primed(as_project(model, ran, catalog, path.stem, text=text), catalog),
            lambda result: self._take(path, result),
        )

    def _review(self) -> None:
        """Code of the script's own came in: the person reads it, and says whether it may run."""
        from studio.gui.own_code.review import review

        review(self._session, self._window)

    def _report(self, report: Report, may_run: bool) -> str:
        """Read out what was found; tells what is wanted: "run" the script, which may tell more, "review" its code, or
        nothing."""
        parts = (
            (self.tr("Not as it stood in the file"), report.replaced),
            (self.tr("Unknown or left out"), report.unknown),
        )
        lines: list[str] = []
        left = MOST_SENTENCES
        for heading, sentences in parts:
            if shown := sentences[: max(0, left)]:
                lines += ["", heading, *(f"• {sentence}" for sentence in shown)]
            left -= len(sentences)
        if left < 0:
            lines += ["", self.tr("{0} more findings").format(-left)]
        offers: dict[str, str] = {}
        if not self._session.consent.never:
            if unread(self._session.project, self._session.consent):
                offers["review"] = self.tr("Review the code...")
            if may_run:
                offers["run"] = self.tr("Run the script...")
        text = " ".join((report.came_in, *report.kept))
        return self._box(QMessageBox.Icon.Information, text, "\n".join(lines[1:]), offers)

    def _box(
        self, icon: QMessageBox.Icon, text: str, more: str, offers: Mapping[str, str] = MappingProxyType({})
    ) -> str:
        """Tell something; which of the ``offers`` beside OK was chosen."""
        box = QMessageBox(icon, self.tr("Open a model"), text, QMessageBox.StandardButton.Ok, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(more)
        if more:  # a list is easier to read in long lines
            box.setStyleSheet(f"QLabel#qt_msgbox_informativelabel {{ min-width: {_LIST_PX}px; }}")
        buttons = {key: box.addButton(text, QMessageBox.ButtonRole.ActionRole) for key, text in offers.items()}
        box.exec()
        return next((key for key, button in buttons.items() if box.clickedButton() is button), "")


def _imported(
    path: Path, catalog: Catalog, model: str, cancelled: Callable[[], bool], tell: Callable[[int], None]
) -> Imported:
    return _primed(import_model(path, catalog, cancelled, model, tell), catalog)


def _primed(found: Imported, catalog: Catalog) -> Imported:
    primed(found.project, with_snippets(catalog, found.project))
    return found
