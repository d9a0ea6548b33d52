"""Keeps the generated code up to date without holding the event loop."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from studio.catalog import Catalog
from studio.codegen import GeneratedSource, generate
from studio.core.project import Project

log = logging.getLogger(__name__)

AT_ONCE_NODES = 120
"""Up to here generating takes a few milliseconds and is done in the event loop, so code never lags the drawing."""

LATER_MS = 40
"""How long a longer writing waits: it would slow down the painting of the edit and of the engine's answer to it."""


class _Results(QObject):
    """Carries a result from the pool's thread to the window's."""

    written = Signal(int, object)


class _Task(QRunnable):
    def __init__(self, results: _Results, number: int, project: Project, catalog: Catalog) -> None:
        super().__init__()
        self._results, self._number, self._project, self._catalog = results, number, project, catalog

    def run(self) -> None:
        self._results.written.emit(self._number, _generated(self._project, self._catalog))


def _generated(project: Project, catalog: Catalog) -> GeneratedSource | None:
    """The code, or None where a fault of ours prevents it: the panel then keeps the last good text."""
    try:
        return generate(project, catalog)
    except Exception:  # whatever it is, the window must go on
        log.exception("generating code failed")
        return None


def _is_short(project: Project) -> bool:
    return sum(len(graph.nodes) for graph in project.graphs().values()) <= AT_ONCE_NODES


class CodeWriter(QObject):
    """Generates code for the newest project asked for; what was asked for before and is not told yet is dropped."""

    written = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[Project, Catalog] | None = None
        self._told: tuple[Project, Catalog, GeneratedSource] | None = None
        self._number = 0
        self._running: tuple[Project, Catalog] | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._results = _Results()
        self._results.written.connect(self._done)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._start)

    def write(self, project: Project, catalog: Catalog) -> None:
        """Ask for the code of ``project``; ``written`` brings it."""
        self._wanted = (project, catalog)
        if self._running is None:
            self._soon.start(0 if _is_short(project) else LATER_MS)

    def written_for(self, project: Project, catalog: Catalog) -> GeneratedSource | None:
        """The code of this very project, if it was written last."""
        if self._told is None or self._told[0] is not project or self._told[1] is not catalog:
            return None
        return self._told[2]

    def close(self) -> None:
        """Wait for a task that is still running."""
        self._soon.stop()
        self._wanted = None
        self._number += 1  # what is on its way is not wanted any more
        self._pool.waitForDone(2000)

    def _start(self) -> None:
        if self._wanted is None or self._running is not None:
            return
        (project, catalog), self._wanted = self._wanted, None
        if _is_short(project):
            self._tell(project, catalog, _generated(project, catalog))
            return
        self._number += 1
        self._running = project, catalog
        self._pool.start(_Task(self._results, self._number, project, catalog))

    def _done(self, number: int, source: GeneratedSource | None) -> None:
        made_for, self._running = self._running, None
        if self._wanted is not None:
            self._soon.start(LATER_MS)
        elif number == self._number and made_for is not None:
            self._tell(*made_for, source)

    def _tell(self, project: Project, catalog: Catalog, source: GeneratedSource | None) -> None:
        if source is not None:
            self._told = project, catalog, source
            self.written.emit(source)
