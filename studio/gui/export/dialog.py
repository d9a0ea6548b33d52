"""Taking the code away, in one place: where to, which part, how it reads, where it runs, and whether it is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.codegen import STYLES
from studio.gui import telling, theme
from studio.gui.export import notes
from studio.gui.export.prover import Prover
from studio.gui.export.verdict import Verdict
from studio.gui.panels import plain
from studio.gui.panels.code.styles import styles_in_words
from studio.gui.session import Session
from studio.gui.settings import Settings
from studio.gui.training.form_rows import LABEL_PX, TIP, FormRows, choice
from studio.gui.training.readiness import may_run_code
from studio.gui.training.runs_on_choice import RunsOnChoice
from studio.workbench import exporting, notebook_picture
from studio.workbench.file_names import file_stem
from studio.workbench.own_code import unread
from studio.workbench.proof import Proof

if TYPE_CHECKING:
    from studio.gui.files import Files

Target = Literal["script", "notebook", "clipboard"]
_ENDINGS = {"script": exporting.SCRIPT, "notebook": exporting.NOTEBOOK}


class ExportDialog(QDialog):
    """Exports as often as it is asked to; ``scope`` is the part that is chosen first."""

    def __init__(
        self, parent: QWidget, session: Session, settings: Settings, files: Files, scope: str = exporting.WHOLE
    ) -> None:
        super().__init__(parent)
        telling.install(self)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(620)
        self._session, self._settings, self._files = session, settings, files
        self._has_own_name = False
        self._exported = ""
        self._pictures = files.pictures
        self.prover = Prover(session, self)
        self.prover.ended.connect(self._show_proof)
        self.prover.is_running_changed.connect(self._show_running)
        self._make_fields(scope)
        self._arrange()
        for box in (self.target, self.scope, self.style_box):
            box.activated.connect(self._take_choices)
        self.path.textEdited.connect(self._take_name)
        self.path.textChanged.connect(self._show_reason)
        self.proves.toggled.connect(self._show_reason)
        self.style_box.activated.connect(self._take_style)
        session.project_changed.connect(self._project_changed)
        session.judged.connect(self._show_note)
        session.source_changed.connect(self._show_note)
        self._take_choices()

    # Made once

    def _make_fields(self, scope: str) -> None:
        settings, blocks = self._settings, self._session.project.blocks
        self.target = choice(self.tr("Export to"))
        for words, target in (
            (self.tr("Python file (.py)"), "script"),
            (self.tr("Jupyter notebook (.ipynb), also for Colab and Kaggle"), "notebook"),
            (self.tr("the clipboard"), "clipboard"),
        ):
            self.target.addItem(words, target)
        self.target.setCurrentIndex(max(0, self.target.findData(settings.export_target)))
        self.scope = choice(self.tr("What"))
        self.scope.addItem(self.tr("the whole script: data, model, training"), exporting.WHOLE)
        self.scope.addItem(self.tr("the model only"), exporting.MODEL)
        for block in blocks.values():
            self.scope.addItem(self.tr("the block {0}").format(block.name), f"{exporting.ONE_BLOCK}{block.name}")
        self.scope.setCurrentIndex(max(0, self.scope.findData(scope)))
        self.style_box = choice(self.tr("Style"))
        for style, words, tip in styles_in_words():
            self.style_box.addItem(words, style.name)
            self.style_box.setItemData(self.style_box.count() - 1, tip, TIP)
        self.style_box.setCurrentIndex(max(0, self.style_box.findData(self._session.style.name)))
        self.runs_on = RunsOnChoice(self._session)
        self.path = QLineEdit()
        self.path.setAccessibleName(self.tr("File"))
        self.browse = QPushButton(self.tr("Browse..."))
        self.browse.clicked.connect(self._browse)
        self.proves = QCheckBox(self.tr("Check it: run it in a clean process and compare its model with the drawing"))
        self.proves.setToolTip(
            self.tr("It runs up to the training, writes nothing beside your files, and takes some seconds.")
        )
        self.proves.setChecked(settings.proves_exports)

    def _arrange(self) -> None:
        form = FormRows()
        self.style_note = plain.label("", "secondary", wraps=True)
        for words, *fields in (
            (self.tr("To"), self.target),
            (self.tr("What"), self.scope),
            (self.tr("Style"), self.style_box),
            (self.tr("Runs on"), self.runs_on),
            (self.tr("File"), self.path, self.browse),
        ):
            form.add_row(words, *fields)
            if fields == [self.runs_on]:
                form.add(self.runs_on.note, LABEL_PX + 8)
            if fields == [self.style_box]:
                form.add(self.style_note, LABEL_PX + 8)
        self.reason = plain.label("", "problem", wraps=True)
        self.unfinished = plain.label("", "strong", wraps=True)
        self.note = plain.label("", "secondary", wraps=True)
        for label in (self.reason, self.unfinished, self.note):  # They are about the file, and stand below it.
            form.add(label, LABEL_PX + 8)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.cancel_button = QPushButton(self.tr("Cancel the check"))  # with the keys focus goes here meanwhile
        self.cancel_button.clicked.connect(self._cancel)
        self.verdict = Verdict()
        self.verdict.said.connect(self._fit)
        running = QHBoxLayout()
        running.addWidget(self.bar, 1)
        running.addWidget(self.cancel_button)
        self.export_button = QPushButton(self.tr("Export"))
        theme.set_role(self.export_button, "primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self._export)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        for widget in (form, self.proves):
            layout.addWidget(widget)
        layout.addSpacing(6)
        layout.addLayout(running)
        layout.addWidget(self.verdict)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self._show_running()

    # What is chosen

    @property
    def chosen_target(self) -> Target:
        """Where the code goes."""
        found: Target = self.target.currentData()
        return found

    @property
    def chosen_scope(self) -> str:
        """Which part is written."""
        return str(self.scope.currentData())

    @property
    def chosen_path(self) -> Path:
        """The file, with the ending that its kind has."""
        path = Path(self.path.text().strip()).expanduser()
        ending = _ENDINGS.get(self.chosen_target, "")
        if not path.is_absolute():
            path = (self._session.folder or Path.home()) / path
        return path if path.suffix == ending or not path.name else path.with_name(f"{path.stem}{ending}")

    def _take_choices(self) -> None:
        """A choice decides what the others can be."""
        is_book = self.chosen_target == "notebook"
        if is_book:
            self.scope.setCurrentIndex(0)
        self.scope.setEnabled(not is_book)
        self.scope.setToolTip(notes.why_no_scope(self.chosen_target))
        is_whole = self.chosen_scope == exporting.WHOLE
        self.runs_on.refresh()
        self.runs_on.field.setEnabled(is_whole)
        self.runs_on.field.setToolTip(notes.why_no_place(self.chosen_scope))
        self.runs_on.note.setVisible(is_whole)
        has_file = self.chosen_target != "clipboard"
        self.export_button.setText(self.tr("Export") if has_file else self.tr("Copy"))
        for widget in (self.path, self.browse):
            widget.setEnabled(has_file)
            widget.setToolTip("" if has_file else self.tr("The clipboard takes no file."))
        why_not = notes.why_no_check(self.chosen_target, self.chosen_scope)
        self.proves.setEnabled(not why_not)
        if why_not:
            self.proves.setToolTip(why_not)
        if has_file and not self._has_own_name:
            self.path.setText(str(self._usual_path()))
        elif has_file:
            self.path.setText(str(self.chosen_path))
        self._forget_proof()
        self._show_note()
        self._show_reason()

    def _take_style(self) -> None:
        """The style is the same as in the code panel: what stands there is what is exported."""
        self._settings.code_style = self.style_box.currentData()
        self._session.set_style(STYLES[self.style_box.currentData()])
        self._show_note()

    def _usual_path(self) -> Path:
        stem = file_stem(self._session.project.title)
        scope = self.chosen_scope
        if scope != exporting.WHOLE:
            stem += f"_{file_stem(scope.removeprefix(exporting.ONE_BLOCK))}"
        folder = self._session.folder or self._settings.export_folder or Path.home()
        return folder / f"{stem}{_ENDINGS[self.chosen_target]}"

    def _take_name(self) -> None:
        self._has_own_name = True

    def _browse(self) -> None:
        kinds = {
            "script": self.tr("Python (*.py)"), "notebook": self.tr("Jupyter notebook (*.ipynb)"),
        }[self.chosen_target]  # fmt: skip
        # What is there is asked about when it is written: a file that we wrote needs no question.
        keep = QFileDialog.Option.DontConfirmOverwrite
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), str(self.chosen_path), kinds, options=keep)
        if name:
            self._has_own_name = True
            self.path.setText(name)
            self.path.setText(str(self.chosen_path))

    def _show_note(self) -> None:
        said = notes.notes(self._session, self.chosen_target, self.chosen_scope)
        self.note.setText(" ".join(said))
        self.note.setVisible(bool(said))
        self.unfinished.setText(notes.why_unfinished(self._session, self.chosen_scope))
        self.unfinished.setVisible(bool(self.unfinished.text()))
        self.style_note.setText(str(self.style_box.currentData(TIP) or ""))
        self.style_note.setVisible(bool(self.style_note.text()))
        self._fit()

    def _show_reason(self) -> None:
        """Why nothing can be exported; the button says it too."""
        reason = ""
        if self.chosen_target != "clipboard":
            reason = notes.why_not_path(self.path.text(), self.chosen_path)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        is_busy = self.prover.is_running or self._pictures.is_waiting
        self.export_button.setEnabled(not reason and not is_busy)
        is_checking = self.tr("The check is still going on.") if self.prover.is_running else ""
        is_drawing = self.tr("The picture is still being drawn.") if self._pictures.is_waiting else ""
        self.export_button.setToolTip(plain.tool_tip(reason or is_checking or is_drawing))
        self._fit()

    # What is done

    def _export(self) -> None:
        self._forget_proof()
        settings, target = self._settings, self.chosen_target
        settings.export_target, settings.proves_exports = target, self.proves.isChecked()
        if target == "clipboard":
            source = self._files.source_for(Path("clipboard.py"), self.chosen_scope, self._session.style)
            if source is not None:
                QGuiApplication.clipboard().setText(source.text)
                self.verdict.say("check", self.tr("{0} lines are on the clipboard.").format(source.text.count("\n")))
        elif target == "notebook":
            project = self._session.project
            self.verdict.say("", self.tr("Drawing the picture..."))
            self._pictures.ask(lambda: notebook_picture.picture_of(project), self._write_notebook)
            self._show_running()
        else:
            self._write()

    def _write_notebook(self, found: object) -> None:
        """``found`` is the picture, or why there is none; a notebook is written without one, too."""
        picture, why_none = (
            found if isinstance(found, tuple) else (None, self.tr("There is no picture of the drawing."))
        )
        self._show_running()
        self.verdict.say("", "")
        self._write(picture, why_none)

    def _write(self, picture: bytes | None = None, why_none: str = "") -> None:
        path = self.chosen_path
        if not self._files.export(path, self.chosen_scope, self._session.style, picture):
            return
        self._settings.export_folder = path.parent
        self._exported = " ".join([self.tr("Exported {0}.").format(path.name), *[why_none] * bool(why_none)])
        self.verdict.say("check", self._exported)
        if self.proves.isEnabled() and self.proves.isChecked():
            self._prove(path)

    def _prove(self, path: Path) -> None:
        if unread(self._session.project, self._session.consent) and not may_run_code(self._session):
            self.verdict.say("check", self.tr("{0} Not checked: its code may not run.").format(self._exported))
            return
        self.verdict.say("", self.tr("{0} Checking...").format(self._exported))
        self.prover.start(path)

    def _cancel(self) -> None:
        if self._pictures.is_waiting:
            self._forget_proof()
            self.verdict.say("", self.tr("Nothing was exported."))
            return
        self.prover.cancel()
        self.verdict.say("check", self.tr("{0} The check was cancelled.").format(self._exported))

    def _show_proof(self, found: object) -> None:
        assert isinstance(found, Proof)
        self.verdict.tell_proof(self._exported, found)
        self._files.told.emit(f"{self._exported} {found.sentence}", found.outcome in ("differs", "failed"))

    def _fit(self) -> None:
        """Grow with what is said; a dialog does not do so by itself."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            if needed > self.height():
                self.resize(self.width(), needed)

    def _forget_proof(self) -> None:
        self._pictures.forget()
        self.prover.cancel()
        self._show_running()
        self.verdict.forget()

    def _show_running(self) -> None:
        is_proving, is_drawing = self.prover.is_running, self._pictures.is_waiting
        had_keys = self.focusWidget() in (self.export_button, self.cancel_button)
        self.cancel_button.setText(self.tr("Cancel the check") if is_proving else self.tr("Cancel"))
        self.bar.setVisible(is_proving or is_drawing)
        self.cancel_button.setVisible(is_proving or is_drawing)
        self._show_reason()
        if had_keys:  # A button that goes away would give them to the first field.
            (self.cancel_button if is_proving or is_drawing else self.export_button).setFocus()

    def _project_changed(self) -> None:
        self.runs_on.refresh()
        self._forget_proof()
        self._show_note()

    # Qt

    def done(self, code: int) -> None:
        self._pictures.forget()
        self.prover.cancel()
        self.verdict.rest()
        super().done(code)
