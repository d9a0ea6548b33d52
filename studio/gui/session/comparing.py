"""Compares the project with another version of it, and goes on doing so while the project changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio import storage
from studio.core.compare import Difference, Kind, compare
from studio.core.project import Project
from studio.gui.background import Background
from studio.gui.canvas.card import Ghost
from studio.storage import ProjectFileError

if TYPE_CHECKING:
    from studio.gui.session.session import Session

_AFTER_MS = 40
"""What is drawn comes first."""

_AT_ONCE_NODES = 200
"""Up to here comparing takes a millisecond or two, in both projects together; more is compared on a thread."""


class Comparing(QObject):
    """``differences`` from ``other`` to the project of now; nothing while ``other`` is None."""

    changed = Signal()
    told = Signal(str, bool)  # sentence, whether it is bad news

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.other: Project | None = None
        self.name = ""
        """What it is compared with, in words."""
        self.differences: tuple[Difference, ...] = ()
        self._follows_save = False
        self._background = Background(self)
        self._background.waiting_changed.connect(lambda _: self.changed.emit())
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._compare)
        session.project_changed.connect(self._project_changed)
        session.path_changed.connect(self._saved)
        session.loaded.connect(self.stop)

    def why_not_saved(self) -> str:
        """Why there is no last save to compare with; "" where there is one."""
        has_one = self._session.path is not None and self._session.document.saved_project is not None
        return "" if has_one else self.tr("The project was not saved yet.")

    def with_last_save(self) -> None:
        """Compare with the project as it was saved or opened last."""
        self._follows_save = True
        self._begin(self._session.document.saved_project, self.tr("the last save"))

    @property
    def is_waiting(self) -> bool:
        """Whether the other version is being read or compared."""
        return self._background.is_waiting

    def with_file(self, path: Path) -> None:
        """Compare with a project file. What cannot be read is told and changes nothing."""

        def read(result: object) -> None:
            if isinstance(result, Project):
                self._follows_save = False
                self._begin(result, path.name)
            elif isinstance(result, ProjectFileError):
                self.told.emit(str(result), True)
            elif isinstance(result, Exception):
                raise result

        self._background.ask(lambda: storage.load(path), read)

    def stop(self) -> None:
        """Compare no more."""
        self._follows_save = False
        self._background.forget()
        if self.other is not None:
            self._begin(None, "")

    def marks(self) -> Mapping[str, Kind]:
        """What happened to the nodes that are there now."""
        return {each.node: each.kind for each in self.differences if each.node is not None and each.kind != "removed"}

    def ghosts(self) -> Mapping[str, list[Ghost]]:
        """The nodes that are gone, by graph."""
        found: dict[str, list[Ghost]] = {}
        for each in self.differences:
            if each.place is not None and each.graph is not None:
                found.setdefault(each.graph, []).append(Ghost(*each.place, each.name))
        return found

    def _begin(self, other: Project | None, name: str) -> None:
        self.other, self.name, self.differences = other, name, ()
        self._compare()

    def _project_changed(self, *_: object) -> None:
        if self.other is not None and not self._soon.isActive():
            self._soon.start()

    def _saved(self) -> None:
        if self._follows_save:
            self.with_last_save()

    def _compare(self) -> None:
        self._soon.stop()
        other, project = self.other, self._session.project
        if other is None:
            self._background.forget()
            self._show(())
        elif other.node_count + project.node_count <= _AT_ONCE_NODES:
            self._show(compare(other, project))
        else:
            self._background.ask(lambda: compare(other, project), self._compared)

    def _compared(self, result: object) -> None:
        if isinstance(result, Exception):
            raise result
        self._show(result if isinstance(result, tuple) else ())

    def _show(self, differences: tuple[Difference, ...]) -> None:
        self.differences = differences
        self.changed.emit()
