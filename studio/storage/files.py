"""Loading and saving a project file."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

from studio.core.garbage import no_collection
from studio.core.project import Project
from studio.storage import atomic, migrations, plain, reader, writer
from studio.storage.errors import ProjectFileError


def loads(text: str) -> Project:
    """The project that a file with this text holds."""
    if len(text) > plain.MAX_BYTES:
        raise _too_large()
    return reader.project_of(migrations.migrate(plain.parse(text)))


def dumps(project: Project) -> str:
    """The text of the project's file, always the same for the same project. ProjectFileError if it has none."""
    try:
        text = writer.text_of(project)
    except RecursionError:
        raise ProjectFileError("The project holds values that are nested too deeply.") from None
    if len(text.encode("utf-8")) > plain.MAX_BYTES:
        raise _too_large()
    return text


@no_collection()
def load(path: Path | str) -> Project:
    """The project in the file at ``path``. ProjectFileError names the file and says what is wrong; no code runs."""
    path = Path(path)
    content = _read(path)
    try:
        return loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ProjectFileError(f"{_named(path)} is no project file: it is not text in UTF-8.") from None
    except ProjectFileError as error:
        raise ProjectFileError(f"{_named(path)} cannot be opened. {error.message}") from None


@no_collection()
def save(project: Project, path: Path | str) -> None:
    """Write the project to ``path``, whole or not at all. The file that was there is kept as ``NAME.studio.bak``.

    The text is read back before it replaces anything, so that what was saved can be opened again.
    """
    path = Path(path)
    try:
        text = dumps(project)
        again = loads(text)
        if again != project and dumps(again) != text:
            raise ProjectFileError("What would be written does not read back as the same project.")
    except ProjectFileError as error:
        raise ProjectFileError(f"{_named(path)} was not saved. {error.message}") from None
    content = text.encode("utf-8")
    try:
        atomic.replace(path, content, backup=path.with_name(path.name + ".bak"))
        is_there = path.read_bytes() == content
    except OSError as error:
        raise ProjectFileError(f"{_named(path)} was not saved: {_reason(error)}") from error
    if not is_there:
        raise ProjectFileError(f"{_named(path)} was not saved: the disk gave back something else than was written.")


def fingerprint(path: Path | str) -> str:
    """A word for the content of a file, to notice that somebody else changed it; empty where there is no file."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def _read(path: Path) -> bytes:
    try:
        # O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ProjectFileError(f"{_named(path)} is no file that can be opened.")
            content = stream.read(plain.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ProjectFileError(f"{_named(path)} cannot be opened: {_reason(error)}") from error
    if len(content) > plain.MAX_BYTES:
        raise ProjectFileError(f"{_named(path)} cannot be opened. {_too_large().message}")
    return content


def _too_large() -> ProjectFileError:
    return ProjectFileError(f"A project file may have at most {plain.MAX_BYTES // 2**20} MiB.")


def _named(path: Path) -> str:
    # A file name may hold bytes that are no text; a message must still be printable.
    return path.name.encode("utf-8", "replace").decode("utf-8") or "The file"


def _reason(error: OSError | ValueError) -> str:
    reasons = {
        errno.ENOSPC: "the disk is full. What was saved before is still there; free some space and save again.",
        errno.EDQUOT: "your share of the disk is full. What was saved before is still there.",
        errno.ENOENT: "there is no such file or folder.",
        errno.EACCES: "you have no permission for that.",
        errno.EPERM: "you have no permission for that.",
        errno.EROFS: "the disk can only be read. Save a copy somewhere else.",
        errno.EISDIR: "it is a folder.",
        errno.ENOTDIR: "there is no such folder.",
        errno.ENAMETOOLONG: "the name is too long.",
        errno.EIO: "the disk could not be read or written.",
    }
    if isinstance(error, OSError):
        return reasons.get(error.errno or 0, f"the system said: {error.strerror}.")
    return "its name is no name of a file."
