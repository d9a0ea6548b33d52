"""Opening, saving, autosaving and exporting: everything of the window that touches a person's files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from studio import data, storage
from studio.codegen import Style
from studio.core import edits
from studio.core.project import Project
from studio.data import DataError
from studio.gui.autosaving import AT_ONCE_NODES, Autosaving
from studio.gui.background import Background, beside_the_loop
from studio.gui.claims import Claim
from studio.gui.models_in import ModelsIn
from studio.gui.session import Session
from studio.gui.settings import Settings
from studio.storage.autosave import Autosave, Journal
from studio.storage.errors import ProjectFileError
from studio.workbench import exporting
from studio.workbench.file_names import file_stem
from studio.workbench.opening_models import is_model_file
from studio.workbench.priming import primed

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource

log = logging.getLogger(__name__)

PROJECT_SUFFIX = ".studio"
AT_ONCE_BYTES = 50_000
"""Up to here reading and writing a project takes a few milliseconds."""

T = TypeVar("T")


class Files(QObject):
    """The files of one window. Every failure is told in one sentence through ``told`` and loses nothing."""

    told = Signal(str, bool)  # sentence, whether it is bad news
    progressed = Signal(str, float)  # what is going on, and how far it is; "" when it is over
    autosave_failed = Signal(str)  # sentence; "" when it works again

    def __init__(self, session: Session, settings: Settings, window: QWidget, journal: Journal | None = None) -> None:
        super().__init__(window)
        self._session = session
        self._settings = settings
        self._window = window
        self._journal = journal or Journal(settings.folder / "autosave")
        self._autosaving = Autosaving(session, self._journal, self)
        self._autosaving.told.connect(self.told)
        self._autosaving.failed.connect(self.autosave_failed)
        self._fingerprint = ""
        self._claim = Claim(settings.folder / "open")
        self.pictures = Background(self)
        """Draws what notebooks show; the dialogs that ask for it may be gone before it has ended."""
        self.models = ModelsIn(session, window, self.may_leave)
        self.models.told.connect(self.told)
        self.models.opened.connect(self._model_opened)

    # Opening

    def new(self, project: Project) -> None:
        """Begin with a project that has no file yet."""
        if self.may_leave():
            self._show(project, None)

    def ask_open(self) -> None:
        """Let the person choose a project file."""
        recent = self._settings.recent[0].parent if self._settings.recent else Path.home()
        folder = str(self._session.folder or self.models.folder or recent)
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a project or a model"),
            folder,
            ";;".join(
                (
                    self.tr("Projects and models (*.studio *.keras *.h5 *.hdf5 *.json *.py *.ipynb)"),
                    self.tr("Layer Studio projects (*.studio)"),
                    self.tr("All files (*)"),
                )
            ),
        )
        if path:
            self.open(Path(path))

    def open(self, path: Path, *, ask: bool = True) -> bool:
        """Open a project file; what was open stays if that fails. A model of Keras comes in a moment later."""
        if is_model_file(path):
            self.models.open(path)
            return True
        if ask and not self.may_leave():
            return False
        try:
            project = self._read(path.name, _size(path), lambda: storage.load(path))
        except ProjectFileError as error:
            self._complain(self.tr("The project was not opened"), str(error))
            return False
        if self._claim.is_taken(path):
            return self._open_second(project, path)
        self._show(project, path)
        self._settings.note_project(path)
        return True

    def is_open_elsewhere(self, path: Path) -> bool:
        """Whether another window has the project file open."""
        return self._claim.is_taken(path)

    def _open_second(self, project: Project, path: Path) -> bool:
        """Open a file that another window has open: as a copy, or instead of that window."""
        box = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("{0} is open in another window of Layer Studio.").format(path.name))
        box.setInformativeText(
            self.tr("A copy has no file until you save it. If you take the project over, that window will ask before it"
                    " replaces what you save here.")
        )  # fmt: skip
        copy = box.addButton(self.tr("Open a copy"), QMessageBox.ButtonRole.AcceptRole)
        over = box.addButton(self.tr("Take over"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(copy)
        box.exec()
        if box.clickedButton() is over:
            self._claim.take(path, by_force=True)
            self._show(project, path)
            self._settings.note_project(path)
            return True
        if box.clickedButton() is copy:
            title = self.tr("{0} (copy)").format(project.title)
            self._show(replace(project, title=title), None)
            return True
        return False

    def _read(self, name: str, size: int, load: Callable[[], Project]) -> Project:
        """Read a project; what takes a frame or more on a thread, with all that is derived from it first."""
        if size <= AT_ONCE_BYTES:
            return load()
        catalog, words = self._session.catalog, self.tr("Opening {0}...").format(name)

        def read() -> Project:
            project = load()
            self.progressed.emit(words, 0.4)  # the shares that the parts have of the time
            return primed(project, catalog, lambda share: self.progressed.emit(words, 0.4 + 0.6 * share))

        return self._beside(words, read)

    def _beside(self, words: str, work: Callable[[], T]) -> T:
        """Do something long on a thread, and show that it is going on."""
        self.progressed.emit(words, 0.0)
        try:
            return beside_the_loop(work)
        finally:
            self.progressed.emit("", 1.0)

    def _model_opened(self, _report: object) -> None:
        self._fingerprint = ""
        self._claim.take(None)
        self._settings.last_project = None

    def open_example(self, project: Project) -> None:
        """Open a copy of a gallery project; saving asks for a name."""
        self.new(project)

    def _show(self, project: Project, path: Path | None) -> None:
        self._session.load(project, path)
        self.models.folder = None
        self._claim.take(path)
        self._autosaving.forget()
        self._fingerprint = storage.fingerprint(path) if path is not None else ""
        self._settings.last_project = path

    # Saving

    def save(self) -> bool:
        """Save to the project's file, or ask for one."""
        path = self._session.path
        return self.save_as() if path is None else self._save_to(path)

    def save_as(self) -> bool:
        """Ask for a file and save there."""
        folder = self._session.folder or self.models.folder or Path.home()
        start = self._session.path or folder / f"{file_stem(self._session.project.title)}{PROJECT_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the project"), str(start), self.tr("Layer Studio projects (*.studio)")
        )
        if not name:
            return False
        path = Path(name)
        return self._save_to(path if path.suffix else path.with_suffix(PROJECT_SUFFIX), is_new=True)

    def _save_to(self, path: Path, *, is_new: bool = False) -> bool:
        found = "" if is_new else storage.fingerprint(path)
        if found and found != self._fingerprint:
            question = self.tr("{0} was changed by another program since you opened it. Replace it with what you see?")
            if not self._confirm(question.format(path.name), self.tr("Replace")):
                return False
        is_second = self._claim.is_taken(path)
        if is_second and is_new:
            question = self.tr("{0} is open in another window of Layer Studio. Replace it with what you see?")
            if not self._confirm(question.format(path.name), self.tr("Replace")):
                return False
        self._bring_data(path.parent)
        project = self._session.project
        self._autosaving.wait()  # an autosave beside the save would take as long again
        try:
            is_large = project.node_count > AT_ONCE_NODES
            if is_large:
                self._beside(self.tr("Saving {0}...").format(path.name), lambda: storage.save(project, path))
            else:
                storage.save(project, path)
        except ProjectFileError as error:
            self._autosaving.schedule()
            self._complain(self.tr("The project was not saved"), str(error))
            return False
        self._fingerprint = storage.fingerprint(path)
        self._claim.take(path, by_force=is_second)
        self._session.saved_as(path)
        self._autosaving.forget()
        self._settings.note_project(path)
        self._settings.last_project = path
        self.told.emit(self.tr("Saved {0}").format(path.name), False)
        return True

    def _bring_data(self, folder: Path) -> None:
        """Copy a data file that lies elsewhere beside the project, so that the saved project finds it again.

        Where that fails the project is saved all the same: its problems then say which file is missing.
        """
        source, old_folder = self._session.project.data, self._session.folder
        if source.kind != "file":
            return
        try:
            if old_folder is not None and old_folder != folder:
                origin = data.file_path(source, old_folder)
                if origin is not None:
                    source = replace(source, name=data.pick(origin, folder))
            source = data.bring_beside(source, folder)
        except (DataError, OSError) as error:
            log.warning("the data file was not copied: %s", error)
            return
        if source != self._session.project.data:
            self._session.apply(lambda project: edits.set_data(project, source), self.tr("Bring the data along"))

    def may_leave(self) -> bool:
        """Whether the open project may be left: saved, as it was brought in, or the person does not want it.

        Its autosaved copy goes with it, not before: what shall be opened instead may turn out to be damaged.
        """
        if self._session.document.is_saved or self.models.is_untouched:
            return True
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("Save the project?"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Save the changes to “{0}”?").format(self._session.project.title))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    # Export

    def ask_export(self, scope: str = exporting.WHOLE) -> None:
        """Ask where the code, or one part of it, goes, and how it reads."""
        from studio.gui.export.dialog import ExportDialog  # not needed to show a window

        dialog = ExportDialog(self._window, self._session, self._settings, self, scope)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def source_for(self, path: Path, scope: str, style: Style, picture: bytes | None = None) -> GeneratedSource | None:
        """The code for such a file; None where there is none, and the person was told why."""
        session = self._session
        try:
            if scope == exporting.WHOLE and path.suffix != exporting.NOTEBOOK and style == session.style:
                return session.current_source()
            return exporting.source_for(session.project, session.catalog, path, style, scope, picture)
        except exporting.ExportError as error:
            self._complain(self.tr("Nothing was exported"), str(error))
            return None

    def export(
        self, path: Path, scope: str = exporting.WHOLE, style: Style | None = None, picture: bytes | None = None
    ) -> bool:
        """Write the code, and beside it the data set that it reads; a notebook where the name ends so."""
        project, home = self._session.project, self._session.path
        source = self.source_for(path, scope, style or self._session.style, picture)
        if source is None:
            return False
        try:
            foreign = exporting.in_the_way(project, source, home, path)
            if foreign and not self._may_replace(foreign):
                return False
            written = exporting.export(project, source, home, path)
        except exporting.ExportError as error:
            self._complain(self.tr("Nothing was exported"), str(error))
            return False
        names = ", ".join(entry.name for entry in written)
        self.told.emit(self.tr("Exported {0}").format(names), False)
        return True

    def _may_replace(self, foreign: tuple[Path, ...]) -> bool:
        names = self.tr(" and ").join(path.name for path in foreign)
        if len(foreign) == 1:
            question = self.tr("{0} holds something else than the last export. Replace it? What is in it is lost then.")
        else:
            question = self.tr(
                "{0} hold other things than the last export. Replace them? What is in them is lost then."
            )
        return self._confirm(question.format(names), self.tr("Replace"))

    # Recovery

    def left_over(self) -> list[Autosave]:
        """Projects that an earlier start could not save."""
        return self._journal.left_over()

    def recover(self, copy: Autosave) -> bool:
        """Open an autosaved copy; it counts as not saved."""
        try:
            project = self._read(
                copy.path.name if copy.path is not None else self.tr("the copy"), copy.size, copy.project
            )
        except ProjectFileError as error:
            self._complain(self.tr("The copy cannot be opened"), str(error))
            return False
        self._session.load(project, copy.path, is_saved=False)
        self._fingerprint = storage.fingerprint(copy.path) if copy.path is not None else ""
        self._claim.take(copy.path)
        self._journal.discard(copy)
        return True

    def discard(self, copy: Autosave) -> None:
        """Forget an autosaved copy."""
        self._journal.discard(copy)

    def close(self) -> None:
        """The window closes: nothing is left to recover when the person has decided."""
        self._autosaving.forget()
        self._claim.take(None)

    # Talking to the person

    def _complain(self, title: str, sentence: str) -> None:
        self.told.emit(sentence, True)
        box = QMessageBox(QMessageBox.Icon.Warning, title, sentence, QMessageBox.StandardButton.Ok, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.exec()

    def _confirm(self, question: str, yes: str) -> bool:
        box = QMessageBox(self._window)
        box.setText(question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        button = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        # Enter that is pressed once too often loses nothing.
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is button


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0  # whoever opens it says what is wrong
