"""Which window has which project file open, so that two of them do not save over each other unseen."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile


class Claim:
    """The one file that this window has open, noted for the other windows of the same person in ``folder``.

    A window that died holds nothing: Qt looks whether the process that wrote the note is still there. Where notes
    cannot be written every file counts as free; a file that was changed meanwhile is noticed at saving all the same.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: QLockFile | None = None
        self._path: Path | None = None

    def is_taken(self, path: Path) -> bool:
        """Whether another window has the file open."""
        if self._is_ours(path):
            return False
        lock = self._lock(path)
        if lock.tryLock(0):
            lock.unlock()
            return False
        return lock.error() == QLockFile.LockError.LockFailedError

    def take(self, path: Path | None, *, by_force: bool = False) -> None:
        """Give back what was held and hold this file, if it is free or the person wants it ``by_force``."""
        if path is not None and self._is_ours(path):
            return
        if self._held is not None:
            self._held.unlock()
        self._held, self._path = None, None
        if path is None:
            return
        lock = self._lock(path)
        if not lock.tryLock(0) and by_force:
            self._place(path).unlink(missing_ok=True)
            lock.tryLock(0)
        if lock.isLocked():
            self._held, self._path = lock, path.resolve()

    def _is_ours(self, path: Path) -> bool:
        return self._path is not None and path.resolve() == self._path

    def _lock(self, path: Path) -> QLockFile:
        with contextlib.suppress(OSError):  # tryLock says so, too
            self._folder.mkdir(parents=True, exist_ok=True)
        lock = QLockFile(str(self._place(path)))
        lock.setStaleLockTime(0)  # a window may be open for days
        return lock

    def _place(self, path: Path) -> Path:
        return self._folder / f"{hashlib.sha256(str(path.resolve()).encode('utf-8', 'surrogatepass')).hexdigest()}.lock"
