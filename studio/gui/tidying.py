"""Tidying the drawing off the event loop: one step of undo when it is done, nothing when it is cancelled."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from studio import layout
from studio.catalog import Catalog
from studio.core.project import Project
from studio.gui.session import Session
from studio.layout import Cancelled

if TYPE_CHECKING:
    from studio.layout import Places

log = logging.getLogger(__name__)

SAY_AFTER_MS = 300
"""A wait that is longer than this is told."""


class _Results(QObject):
    done = Signal(object, object)  # who asked, the places or None


class _Task(QRunnable):
    def __init__(
        self, results: _Results, project: Project, catalog: Catalog, graph: str, only: frozenset[str] | None
    ) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.cancel = threading.Event()
        self._results, self._arguments = results, (project, catalog, graph, only)

    def run(self) -> None:
        project, catalog, graph, only = self._arguments
        places: Places | None = None
        try:
            places = layout.places_for(project, graph=graph, only=only, catalog=catalog, cancelled=self.cancel.is_set)
        except Cancelled:
            pass
        except Exception:  # a fault of ours must not end the thread silently: the drawing stays as it is
            log.exception("tidying failed")
        self._results.done.emit(self, places)


class Tidying(QObject):
    """Arranges the open graph, or the selected nodes of it. ``told`` says what goes on."""

    told = Signal(str)
    finished = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._task: _Task | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._results = _Results()
        self._results.done.connect(self._done)
        self._say = QTimer(self)
        self._say.setSingleShot(True)
        self._say.setInterval(SAY_AFTER_MS)
        self._say.timeout.connect(lambda: self.told.emit(self.tr("Arranging the drawing; Ctrl+L again cancels.")))

    @property
    def is_busy(self) -> bool:
        """Whether an arrangement is being made."""
        return self._task is not None

    def tidy(self, *, is_whole: bool = False) -> None:
        """Arrange the selected nodes (two or more), or the whole graph; asked again while busy it cancels."""
        if self._task is not None:
            self._task.cancel.set()
            return
        session = self._session
        only = session.chosen if len(session.selection) > 1 and not is_whole else None
        self._task = _Task(self._results, session.project, session.catalog, session.graph_key, only)
        self._say.start()
        self._pool.start(self._task)

    def close(self) -> None:
        """Cancel, and wait for the thread."""
        if self._task is not None:
            self._task.cancel.set()
        self._pool.waitForDone(2000)

    def _done(self, task: _Task, places: Places | None) -> None:
        if task is not self._task:
            return
        self._task = None
        self._say.stop()
        if places is None:
            self.told.emit(self.tr("The drawing stays as it was."))
        else:
            is_changed = self._session.apply(places.applied, self.tr("Tidy the drawing"))
            self.told.emit(self.tr("Tidied.") if is_changed else self.tr("The drawing is tidy already."))
        self.finished.emit()
