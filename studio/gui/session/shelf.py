"""The person's library of blocks as the window knows it: read beside the event loop, changed one wish at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from studio.core.project import Project
from studio.gui.background import Background, beside_the_loop
from studio.workbench.library import Kept, Library, LibraryError, Shelf

KEPT_PREFIX = "kept:"
"""Before the key of a block of the library, where a layer type may stand too: what a drag carries."""

T = TypeVar("T")


class KeptBlocks(QObject):
    """What is in the library. Every failure is told in one sentence and changes nothing."""

    changed = Signal()
    told = Signal(str, bool)  # sentence, whether it is bad news

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.shelf = Shelf()
        self._background = Background(self)
        self._complained: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Read the folder again, on a thread."""
        self._background.ask(self.library.read, self._take)

    def wished(self, wish: str) -> Kept | None:
        """The block that a dragged text means, or None where it means something else."""
        return self.shelf.block(wish.removeprefix(KEPT_PREFIX)) if wish.startswith(KEPT_PREFIX) else None

    def put(self, project: Project, block: str) -> None:
        """Keep a block of a project."""
        kept = self._try(lambda: self.library.put(project, block))
        if kept is not None:
            self.told.emit(self.tr("{0} is in your library now.").format(kept.name), False)

    def bring_in(self, path: Path) -> None:
        """Keep the blocks of a file."""
        kept = self._try(lambda: self.library.bring_in(path))
        if kept:
            names = ", ".join(each.name for each in kept)
            self.told.emit(self.tr("{0} came into your library.").format(names), False)

    def take_out(self, key: str, path: Path) -> None:
        """Write a block to a file."""
        if self._try(lambda: self.library.take_out(key, path)) is not None:
            self.told.emit(self.tr("Saved {0}").format(path.name), False)

    def rename(self, key: str, name: str) -> None:
        """Call a block otherwise."""
        new = self._try(lambda: self.library.rename(key, name))
        if new is not None:
            self.told.emit(self.tr("It is called {0} now.").format(new), False)

    def remove(self, key: str) -> None:
        """Take a block out of the library. Projects that use it keep it."""
        kept = self.shelf.block(key)
        if kept is not None and self._try(lambda: self.library.remove(key)) is not None:
            self.told.emit(self.tr("{0} is no longer in your library.").format(kept.name), False)

    def _try(self, work: Callable[[], T]) -> T | None:
        try:
            done, shelf = beside_the_loop(lambda: (work(), self.library.read()))
        except LibraryError as error:
            self.told.emit(str(error), True)
            return None
        self._take(shelf)
        return done

    def _take(self, result: object) -> None:
        if isinstance(result, Exception):
            raise result
        if isinstance(result, Shelf) and result != self.shelf:
            self.shelf = result
            self.changed.emit()
            if result.damaged and result.damaged != self._complained:
                first, more = result.damaged[0], len(result.damaged) - 1
                rest = self.tr(" And {0} more.").format(more) if more else ""
                self.told.emit(first + rest, True)
            self._complained = result.damaged
