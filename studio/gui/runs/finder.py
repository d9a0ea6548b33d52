"""Finds the runs that earlier sessions left beside a project: read on a thread, told when they are all there."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.gui.background import Background
from studio.gui.runs.run import Run
from studio.workbench.earlier_runs import list_runs

MOST_NAMED = 5
"""Damaged runs that are named; the others are counted."""


class RunFinder(QObject):
    """``found`` gives the runs, the oldest first; ``told`` a sentence about what could not be shown."""

    found = Signal(object)
    told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._is_unwanted = threading.Event()

    def find(self, project_path: Path) -> None:
        """Look for the runs of this project; what was looked for before is forgotten."""
        self.forget()
        unwanted = self._is_unwanted = threading.Event()
        self._background.ask(lambda: self._read(project_path, unwanted), self._tell)

    def forget(self) -> None:
        """Nobody wants to know any more; the thread ends with the run that it reads."""
        self._is_unwanted.set()
        self._background.forget()

    def _read(self, project_path: Path, unwanted: threading.Event) -> tuple[tuple[Run, ...], str]:
        earlier = list_runs(project_path, lambda: not unwanted.is_set())
        runs = []
        for record in earlier.runs:
            run = Run(record.number, record.project, record.source_text, record.path)
            run.was(record)
            if not run.outcome:
                run.message = self.tr("How this run ended is not noted: it was cut off, or another window trains it.")
            runs.append(run)
        return tuple(runs), self._in_words(earlier.damaged, earlier.left_out)

    def _in_words(self, damaged: tuple[int, ...], left_out: int) -> str:
        if damaged:
            names = ", ".join(str(number) for number in damaged[-MOST_NAMED:])
            if len(damaged) == 1:
                return self.tr("The folder of run {0} holds no whole run, so it is not shown.").format(names)
            if len(damaged) > MOST_NAMED:
                names = self.tr("{0} and {1} more").format(names, len(damaged) - MOST_NAMED)
            return self.tr("The folders of runs {0} hold no whole runs, so they are not shown.").format(names)
        if left_out:
            return self.tr("The newest runs are shown; {0} older ones stay in their folders.").format(left_out)
        return ""

    def _tell(self, result: object) -> None:
        if not isinstance(result, tuple):
            self.told.emit(self.tr("The runs of this project could not be read."))
            return
        runs, sentence = result
        if runs:
            self.found.emit(runs)
        if sentence:
            self.told.emit(sentence)
