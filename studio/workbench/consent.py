"""Which code of a project may be run: what the person wrote here, or read and said yes to.

Trust is kept as an HMAC of the code, under a secret of the person's own in their state folder. So a project file cannot
bring it along, and whatever anybody else changes is asked about again.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from studio.core.project import Snippet
from studio.storage import atomic

log = logging.getLogger(__name__)

SECRET, TRUSTED = "trust.key", "trusted.json"
SECRET_BYTES = 32
MOST = 10_000
"""Marks of trust that are kept; the oldest go first."""

WARNING = "This code can read and delete your files."
"""What is said wherever consent is asked for."""


class Consent:
    """What may be run. Nothing of it is in a project; ``folder`` None keeps it for this process alone.

    ``never`` runs no code at all, as in a classroom: not even what was written here.
    """

    def __init__(self, folder: Path | None = None, *, never: bool = False) -> None:
        self.never = never
        self._folder = folder
        self._here: set[bytes] = set()
        self._written: set[bytes] = set()
        self._marks: dict[str, None] | None = None
        self._secret: bytes | None = None

    def may_run(self, source: str) -> bool:
        """Whether this very code may be run."""
        return not self.never and self._is_known(source)

    def allow_once(self, sources: Iterable[str]) -> None:
        """Run these until the program ends."""
        self._here.update(map(_plain, sources))

    def trust(self, sources: Iterable[str]) -> None:
        """Run exactly these from now on, also tomorrow."""
        sources = list(sources)
        self.allow_once(sources)
        self._marks = None  # another window may have trusted something since
        marks = self._trusted()
        fresh = [mark for mark in map(self._mark, sources) if mark not in marks]
        if not fresh:
            return
        marks |= dict.fromkeys(fresh)
        for mark in list(marks)[:-MOST]:
            del marks[mark]
        self._write(marks)

    def wrote(self, before: str, after: str) -> None:
        """The person changed code here. It may run if what it was before might: a stranger's stays a stranger's."""
        if not before.strip() or self._is_known(before):
            self._here.add(_plain(after))
            self._written.add(_plain(after))

    def keep(self, snippets: Iterable[Snippet]) -> None:
        """Remember for tomorrow which of these were written here; called when they are saved."""
        self.trust(each.source for each in snippets if _plain(each.source) in self._written)

    def _is_known(self, source: str) -> bool:
        return _plain(source) in self._here or self._mark(source) in self._trusted()

    def _trusted(self) -> dict[str, None]:
        if self._marks is None:
            self._marks = {}
            if self._folder is not None:
                with contextlib.suppress(OSError, ValueError):
                    told = json.loads((self._folder / TRUSTED).read_text(encoding="utf-8"))
                    self._marks = dict.fromkeys(each for each in told if isinstance(each, str))
        return self._marks

    def _mark(self, source: str) -> str:
        if self._secret is None:
            self._secret = self._read_secret()
        return hmac.new(self._secret, source.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _read_secret(self) -> bytes:
        """The person's secret, made at the first question. Where none can be kept, one that ends with the process."""
        fresh = secrets.token_bytes(SECRET_BYTES)
        if self._folder is None:
            return fresh
        path = self._folder / SECRET
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(fresh)
            found = path.read_bytes()
        except OSError as error:
            log.warning("no secret can be kept in %s: %s", self._folder, error)
            return fresh
        return found if len(found) == SECRET_BYTES else fresh

    def _write(self, marks: Iterable[str]) -> None:
        if self._folder is None:
            return
        text = json.dumps(list(marks), indent=0) + "\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            atomic.replace(self._folder / TRUSTED, text.encode("utf-8"))
            os.chmod(self._folder / TRUSTED, 0o600)
        except OSError as error:
            log.warning("what is trusted cannot be kept in %s: %s", self._folder, error)


def _plain(source: str) -> bytes:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()
