"""Keeps the generated code up to date without holding the event loop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from studio import codegen
from studio.catalog import Catalog
from studio.codegen import DEFAULT, Style
from studio.core.project import Project

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource

log = logging.getLogger(__name__)

AT_ONCE_NODES = 120
"""Up to here generating takes a few milliseconds and is done in the event loop, so code never lags the drawing."""

LATER_MS = 40
"""How long a longer writing waits: it would slow down the painting of the edit and of the engine's answer to it."""


Wish = tuple[Project, Catalog, Style]
"""What code is wanted of: a project, what layers there are, and how it shall read."""


class _Results(QObject):
    """Carries a result from the pool's thread to the window's."""

    written = Signal(int, object)


class _Task(QRunnable):
    def __init__(self, results: _Results, number: int, wish: Wish) -> None:
        super().__init__()
        self._results, self._number, self._wish = results, number, wish

    def run(self) -> None:
        self._results.written.emit(self._number, _generated(*self._wish))


def _generated(project: Project, catalog: Catalog, style: Style) -> GeneratedSource | None:
    """The code, or None where a fault of ours prevents it: the panel then keeps the last good text."""
    try:
        return codegen.generate(project, catalog, style=style)
    except Exception:  # whatever it is, the window must go on
        log.exception("generating code failed")
        return None


def _is_short(project: Project) -> bool:
    return project.node_count <= AT_ONCE_NODES


class CodeWriter(QObject):
    """Generates code for the newest project asked for; what was asked for before and is not told yet is dropped."""

    written = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: Wish | None = None
        self._told: tuple[Wish, GeneratedSource] | None = None
        self._number = 0
        self._running: Wish | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._results = _Results()
        self._results.written.connect(self._done)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._start)

    def write(self, project: Project, catalog: Catalog, style: Style = DEFAULT) -> None:
        """Ask for the code of ``project``; ``written`` brings it."""
        self._wanted = (project, catalog, style)
        if self._running is None:
            self._soon.start(0 if _is_short(project) else LATER_MS)

    def written_for(self, project: Project, catalog: Catalog, style: Style = DEFAULT) -> GeneratedSource | None:
        """The code of this very project in this style, if it was written last."""
        if self._told is None:
            return None
        (told_project, told_catalog, told_style), source = self._told
        is_same = told_project is project and told_catalog is catalog and told_style == style
        return source if is_same else None

    def close(self) -> None:
        """Wait for a task that is still running."""
        self._soon.stop()
        self._wanted = None
        self._number += 1  # what is on its way is not wanted any more
        self._pool.waitForDone(2000)

    def _start(self) -> None:
        if self._wanted is None or self._running is not None:
            return
        wish, self._wanted = self._wanted, None
        if _is_short(wish[0]):
            self._tell(wish, _generated(*wish))
            return
        self._number += 1
        self._running = wish
        self._pool.start(_Task(self._results, self._number, wish))

    def _done(self, number: int, source: GeneratedSource | None) -> None:
        made_for, self._running = self._running, None
        if self._wanted is not None:
            self._soon.start(LATER_MS)
        elif number == self._number and made_for is not None:
            self._tell(made_for, source)

    def _tell(self, wish: Wish, source: GeneratedSource | None) -> None:
        if source is not None:
            self._told = wish, source
            self.written.emit(source)
