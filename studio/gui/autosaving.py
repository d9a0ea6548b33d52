"""Copies of what is in no file yet, a moment after each edit; those of a large project are written on a thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from studio.gui.background import Background
from studio.gui.session import Session
from studio.storage.autosave import Journal
from studio.storage.errors import ProjectFileError

AFTER_EDIT_MS = 1_000
AT_LATEST_MS = 5_000
AT_ONCE_NODES = 200
"""Up to here writing a project takes a few milliseconds."""


class Autosaving(QObject):
    """Writes into the journal. A failure is told once, and by ``failed`` until it works again."""

    told = Signal(str, bool)  # sentence, whether it is bad news
    failed = Signal(str)  # sentence; "" when it works again

    def __init__(self, session: Session, journal: Journal, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._journal = journal
        self._soon = self._timer(AFTER_EDIT_MS)
        self._latest = self._timer(AT_LATEST_MS)
        self._has_failed = False
        self._background = Background(self)
        session.history_changed.connect(self.schedule)

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval_ms)
        timer.timeout.connect(self.write)
        return timer

    @property
    def is_due(self) -> bool:
        """Whether a copy is to be written, or just being written."""
        return self._soon.isActive() or self._latest.isActive() or self._background.is_waiting

    def schedule(self) -> None:
        """Write a copy soon, where something is in no file."""
        if self._session.document.is_saved:
            self.wait()
            self._works()  # nothing is left that is in no file
            return
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()

    def wait(self) -> None:
        """Write nothing until the next edit."""
        self._soon.stop()
        self._latest.stop()

    def write(self) -> None:
        """Write a copy now."""
        self.wait()
        project, path = self._session.project, self._session.path
        if project.node_count > AT_ONCE_NODES:
            self._background.ask(lambda: self._journal.write(project, path), self._written)
            return
        try:
            self._written(self._journal.write(project, path))
        except ProjectFileError as error:
            self._written(error)

    def forget(self) -> None:
        """Write nothing more, and remove the copy: the project is in its file, or the person does not want it."""
        self.wait()
        self._background.finish()
        self._journal.forget()

    def _written(self, result: object) -> None:
        if not isinstance(result, Exception):
            self._works()
            return
        if not self._has_failed:
            self.told.emit(str(result), True)
        self._has_failed = True
        self.failed.emit(str(result))

    def _works(self) -> None:
        if self._has_failed:
            self._has_failed = False
            self.failed.emit("")
