"""Tidying the drawing off the event loop: one step of undo when it is done, nothing when it is cancelled.

What takes longer than a second can be cancelled in a box; asking again cancels, too, and so does another project.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QWidget

from studio import layout
from studio.catalog import Catalog
from studio.core.garbage import no_collection
from studio.core.project import Project
from studio.gui.patience import Patience
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
        self.graph, self.only = graph, only
        self._results, self._project, self._catalog = results, project, catalog

    def run(self) -> None:
        places: Places | None = None
        try:
            with no_collection():
                places = layout.places_for(
                    self._project, graph=self.graph, only=self.only, catalog=self._catalog, cancelled=self.cancel.is_set
                )
        except Cancelled:
            pass
        except Exception:  # a fault of ours must not end the thread silently: the drawing stays as it is
            log.exception("tidying failed")
        self._results.done.emit(self, places)


class Tidying(QObject):
    """Arranges the open graph, or the selected nodes of it. ``told`` says what goes on.

    ``arranged`` comes when nodes have moved: their ids, or None for the whole graph.
    """

    told = Signal(str)
    arranged = Signal(object)
    finished = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._task: _Task | None = None
        self._running: set[_Task] = set()  # whoever runs must not be collected
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._results = _Results()
        self._results.done.connect(self._done)
        self._patience = Patience(window, self)
        self._say = QTimer(self, singleShot=True, interval=SAY_AFTER_MS)
        self._say.timeout.connect(lambda: self.told.emit(self.tr("Arranging the drawing; Ctrl+L again cancels.")))
        session.loaded.connect(self._forget)

    @property
    def is_busy(self) -> bool:
        """Whether an arrangement is being made."""
        return self._task is not None

    def tidy(self, *, is_whole: bool = False) -> None:
        """Arrange the selected nodes (two or more), or the whole graph; asked again while busy it cancels."""
        if self._task is not None:
            self.cancel()
            return
        session = self._session
        only = session.chosen if len(session.selection) > 1 and not is_whole else None
        self._task = _Task(self._results, session.project, session.catalog, session.graph_key, only)
        self._running.add(self._task)
        self._say.start()
        count = len(session.graph.nodes if only is None else only)
        self._patience.begin(
            self.tr("Tidy the drawing"), self.tr("Arranging {0:,} layers...").format(count), self.cancel
        )
        self._pool.start(self._task)

    def cancel(self) -> None:
        """Leave the drawing as it is."""
        if self._task is not None:
            self._task.cancel.set()

    def close(self) -> None:
        """Cancel, and wait for the thread."""
        self._forget()
        self._pool.waitForDone(2000)

    def _forget(self) -> None:
        """Another project is open, or none: what is being arranged is of no interest any more."""
        self.cancel()
        self._end()

    def _end(self) -> None:
        self._task = None
        self._say.stop()
        self._patience.end()

    def _done(self, task: _Task, places: Places | None) -> None:
        self._running.discard(task)
        if task is not self._task:
            return
        self._end()
        if places is None or task.cancel.is_set():
            self.told.emit(self.tr("The drawing stays as it was."))
        elif self._session.apply(places.applied, self.tr("Tidy the drawing")):
            self.told.emit(self.tr("Tidied."))
            if self._session.graph_key == task.graph:
                self.arranged.emit(task.only)
        else:
            self.told.emit(self.tr("The drawing is tidy already."))
        self.finished.emit()
