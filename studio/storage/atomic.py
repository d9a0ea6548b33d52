"""Writing a file so that whatever happens, either the old or the new content is there, whole.

Qt's QSaveFile is no answer: on a full disk it reported success and left a truncated file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path


def replace(path: Path, content: bytes, *, backup: Path | None = None, waits_for_disk: bool = True) -> None:
    """Put ``content`` at ``path``. OSError if that fails; then what was there before is still there.

    Not ``waits_for_disk``: a power failure in the next seconds may lose it, which is no harm where it can be made anew.
    A symbolic link is followed, so that the file it points at is replaced and the link stays. ``backup`` is where the
    old content is kept; that it could not be kept is no reason not to save.
    """
    target = Path(os.path.realpath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    try:
        try:
            _write_all(descriptor, content)
            if waits_for_disk:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.chmod(temporary, _mode_for(target))
        if backup is not None:
            with contextlib.suppress(OSError):
                _keep(target, Path(os.path.realpath(backup)))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if waits_for_disk:
        _sync_folder(target.parent)


def copy(origin: Path, path: Path, *, may_link: bool = False) -> None:
    """Put what ``origin`` holds at ``path``. OSError if that fails; then what was there before is still there.

    ``may_link`` gives the same file a second name where the disk can do that.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:100]}.{os.getpid()}.tmp")
    try:
        is_linked = False
        if may_link:
            with contextlib.suppress(OSError):
                os.link(origin, temporary)
                is_linked = True
        if not is_linked:
            shutil.copyfile(origin, temporary)
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # Also where both were names of one file: then nothing was replaced.


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        # One write may take less than it was given, as on a disk that is nearly full.
        written = os.write(descriptor, view)
        if written == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[written:]


def _mode_for(target: Path) -> int:
    """The permissions of the file that is replaced, or those that a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _keep(target: Path, backup: Path) -> None:
    """Give the old content a second name. A hard link takes no room; where there are none, it is copied."""
    if not target.is_file():
        return
    temporary = backup.with_name(f".{backup.name[:100]}.{os.getpid()}.tmp")
    try:
        try:
            os.link(target, temporary)
        except OSError:
            shutil.copy2(target, temporary)
        os.replace(temporary, backup)
    finally:
        # os.replace does nothing where both names already mean one file, and leaves the temporary one.
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself last. Windows cannot open folders, and some network folders cannot be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
