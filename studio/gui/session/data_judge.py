"""What is wrong with the data itself: the file behind a project is looked at whenever it may have changed."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from studio import data
from studio.core.problem import Problem
from studio.core.project import DataSource
from studio.gui.background import Background

log = logging.getLogger(__name__)


class DataJudge(QObject):
    """Keeps the problems of one data source. ``judged`` says that they are others than before.

    Small data is looked at at once, large data on a thread. The file is looked at again when the person comes back to
    the program, because another program may have changed or moved it.
    """

    judged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()
        self._asked: tuple[DataSource, Path | None] | None = None
        self._background = Background(self)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._application_state_changed)

    def judge(self, source: DataSource, folder: Path | None) -> None:
        """Look at a source, unless it was looked at last."""
        if self._asked is None or self._asked[0] is not source or self._asked[1] != folder:
            self._asked = (source, folder)
            self.look_again()

    def look_again(self) -> None:
        """Look at the source once more: its file may be another one now."""
        if self._asked is None:
            return
        source, folder = self._asked
        if data.is_quick(source, folder):
            self._background.forget()
            self._take(_problems(source, folder))
        else:
            self._background.ask(lambda: _problems(source, folder), self._take)

    def close(self) -> None:
        """What is still being looked at is of no interest any more."""
        self._asked = None
        self._background.forget()

    def _take(self, found: object) -> None:
        problems = found if isinstance(found, tuple) else ()
        if problems != self.problems:
            self.problems = problems
            self.judged.emit()

    def _application_state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look_again()


def _problems(source: DataSource, folder: Path | None) -> tuple[Problem, ...]:
    try:
        return data.check(source, folder)
    except Exception:  # a fault of ours in reading a strange file must not end the thread or the window
        log.exception("looking at the data failed")
        return (Problem("data_file", "The data could not be read. Choose it again, or choose other data."),)
