"""What training starts from: random weights, or those of a saved model."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QPushButton, QSizePolicy

from studio.codegen import flat_calls
from studio.core import edits
from studio.core.project import WeightsFile
from studio.gui.background import Background
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training.form_rows import FormRows
from studio.workbench.stored_weights import Fit, fit, start_problems, weights_file

log = logging.getLogger(__name__)

MOST_NAMES = 8
LOOK_AGAIN_MS = 300
"""Answers of the engine come one after the other; what fits is counted when they have settled."""


class Start(FormRows):
    """The form of ``training.starts_from``: a file, and which layers begin with the weights in it."""

    def __init__(self, session: Session) -> None:
        super().__init__(self.tr("What it starts from"))
        self._session = session
        self._background = Background(self)
        self._file: WeightsFile | None = None
        self._stored: Mapping[str, int] | None = None
        self._trouble = ""
        self.file_button = QPushButton()
        self.file_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.file_button.clicked.connect(self._choose)
        self.anew_button = QPushButton(self.tr("Start anew"))
        self.anew_button.setToolTip(plain.tool_tip(self.tr("Random first weights, as the seed gives them")))
        self.anew_button.clicked.connect(self._start_anew)
        self.add_row(self.tr("First weights"), self.file_button, self.anew_button)
        self.note = plain.label("", "secondary", wraps=True)
        self.add(self.note)
        self._look = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._look.timeout.connect(self.refresh)
        session.answers_changed.connect(self._answers_changed)

    @property
    def fit(self) -> Fit | None:
        """What of the file fits, None where there is none or it is not read yet."""
        if self._file is None or self._stored is None:
            return None
        project = self._session.project
        return fit(project, flat_calls(project, self._session.catalog), self._session.answers, self._stored)

    def refresh(self) -> None:
        """Show what the project says."""
        file = self._session.project.training.starts_from
        if file != self._file:
            self._file, self._stored, self._trouble = file, None, ""
        self.anew_button.setVisible(file is not None)
        name = Path(file.path).name if file is not None else self.tr("random (choose a file...)")
        self.file_button.setText(" ".join(name.split()).replace("&", "&&"))
        tip = self.tr("Choose a saved model (.keras, .h5): layers of the same names begin with its weights")
        self.file_button.setToolTip(plain.tool_tip(file.path if file is not None else tip))
        if file is None:
            self.note.setVisible(False)
            return
        problems = start_problems(self._session.project)
        if problems:
            self._say(problems[0].message)
        elif self._stored is None and not self._trouble:
            self._say(self.tr("Reading {0}...").format(name))
            if not self._background.is_waiting:
                self._read(file)
        else:
            self._say(self._trouble or self._words())

    def _read(self, file: WeightsFile) -> None:
        def read() -> Mapping[str, int]:
            from studio.importing.stored_weights import stored_sizes  # the window starts without it

            return stored_sizes(Path(file.path))

        self._background.ask(read, lambda result: self._take(file, result))

    def _take(self, file: WeightsFile, result: object) -> None:
        if file == self._file:
            if isinstance(result, Mapping):
                self._stored = result
            else:
                self._trouble = str(result)
        self.refresh()

    def _words(self) -> str:
        found = self.fit
        if found is None or not found.layers:
            return self.tr("Which layers fit is told when the drawing has been checked.")
        told = self.tr("{0} of {1} layers start from it.").format(f"{len(found.fitting):,}", f"{found.layers:,}")
        if found.other:
            told += " " + self.tr("Of another size there: {0}.").format(_listed(found.other))
        if found.new:
            told += " " + self.tr("Not in it, so they start anew: {0}.").format(_listed(found.new))
        return told

    def _say(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(True)

    def _answers_changed(self) -> None:
        if self._file is not None and self.isVisible():
            self._look.start()

    def _choose(self) -> None:
        home = self._session.folder or Path.home()
        folder = str(Path(self._file.path).parent if self._file is not None else home)
        kinds = self.tr("Saved models") + " (*.keras *.h5 *.hdf5)"
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("First weights"), folder, kinds)
        if chosen:
            self.start_from(Path(chosen))

    def start_from(self, path: Path) -> None:
        """Start from the weights of a file that the person has picked."""
        try:
            file = weights_file(path)
        except OSError as error:
            log.exception("the weights could not be chosen")
            self._say(self.tr("{0} cannot be read: {1}").format(path.name, error.strerror or str(error)))
            return
        self._set(file, self.tr("Choose first weights"))

    def _start_anew(self) -> None:
        self._set(None, self.tr("Start anew"))

    def _set(self, file: WeightsFile | None, words: str) -> None:
        training = replace(self._session.project.training, starts_from=file)
        self._session.apply(lambda project: edits.set_training(project, training), words)


def _listed(names: tuple[str, ...]) -> str:
    more = f" … (+{len(names) - MOST_NAMES})" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
