"""The autosave journal: copies of unsaved projects in the person's state folder, for after a crash.

Each running program writes under a session word of its own and replaces its own last copy; what earlier programs left
stays until the person has decided about it. Copies are ordered by a number that only grows, because clocks move.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from studio.core.project import Project
from studio.immutable import immutable
from studio.storage import atomic, files, plain
from studio.storage.errors import ProjectFileError
from studio.storage.places import state_folder

KEPT = 10
_FILE = re.compile(r"(\d{8,})-([0-9a-f]{8})\.autosave\Z")


@immutable
class Autosave:
    """One copy. ``time`` is seconds since 1970 by the clock of then; ``path`` is where the project was last saved."""

    file: Path
    sequence: int
    session: str
    path: Path | None
    title: str
    time: float
    size: int
    text: str

    def project(self) -> Project:
        """The project itself. ProjectFileError if the copy is damaged."""
        return files.loads(self.text)


class Journal:
    """The copies in one folder."""

    def __init__(self, folder: Path | None = None, *, now: Callable[[], float] = time.time) -> None:
        self.folder = folder if folder is not None else state_folder() / "autosave"
        self.session = secrets.token_hex(4)
        self._now = now
        self._own: Path | None = None

    def write(self, project: Project, path: Path | None) -> Path:
        """Copy the project. ProjectFileError with one sentence if that fails; the last copy is then still there."""
        head = {
            "autosave": 1,
            "path": None if path is None else os.fsencode(path).hex(),
            "title": project.title,
            "time": self._now(),
        }
        content = json.dumps(head) + "\n" + files.dumps(project)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sequence = max((number for number, _, _ in self._listed()), default=0) + 1
            file = self.folder / f"{sequence:08d}-{self.session}.autosave"
            atomic.replace(file, content.encode("utf-8"))
        except OSError as error:
            raise ProjectFileError(f"The project could not be autosaved: {error.strerror or error}.") from error
        old, self._own = self._own, file
        if old is not None:
            self._remove(old)
        for _, _, spare in self._listed()[KEPT:]:
            self._remove(spare)
        return file

    def forget(self) -> None:
        """Remove this session's own copy: after a save that was verified, or when the person said so."""
        if self._own is not None:
            self._remove(self._own)
            self._own = None

    def left_over(self) -> list[Autosave]:
        """The readable copies that other sessions left, newest first."""
        found = [_read(number, session, file) for number, session, file in self._listed() if session != self.session]
        return [copy for copy in found if copy is not None]

    def discard(self, copy: Autosave) -> None:
        """Remove a copy that is no longer wanted."""
        self._remove(copy.file)

    def _listed(self) -> list[tuple[int, str, Path]]:
        """Number, session and file of all copies, newest first."""
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        matches = [match for match in map(_FILE.match, names) if match]
        return sorted(((int(match[1]), match[2], self.folder / match[0]) for match in matches), reverse=True)

    def _remove(self, file: Path) -> None:
        with contextlib.suppress(OSError):
            file.unlink()


def _read(sequence: int, session: str, file: Path) -> Autosave | None:
    try:
        if file.stat().st_size > plain.MAX_BYTES + 4096:
            return None
        line, _, text = file.read_text(encoding="utf-8").partition("\n")
        head = plain.parse(line)
        path = head.get("path")
        return Autosave(
            file=file,
            sequence=sequence,
            session=session,
            path=None if path is None else Path(os.fsdecode(bytes.fromhex(path))),
            title=str(head.get("title", "")),
            time=float(head["time"]),
            size=file.stat().st_size,
            text=text,
        )
    except (OSError, ValueError, TypeError, KeyError, ProjectFileError):
        return None
