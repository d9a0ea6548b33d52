"""What was exported and where: so that a file which somebody changed afterwards is not written over unasked."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from studio import storage
from studio.storage import atomic
from studio.storage.places import state_folder

KEPT = 500
"""So many exported files are remembered; of one that was forgotten the program asks, which loses nothing."""


def is_ours(path: Path) -> bool:
    """Whether the file is what was exported there last, so that nobody's work is in it."""
    return _read().get(_key(path)) == storage.fingerprint(path)


def note(path: Path) -> None:
    """Remember what is in an exported file. That it cannot be noted is no reason not to export."""
    noted = _read()
    noted.pop(_key(path), None)
    noted[_key(path)] = storage.fingerprint(path)
    text = json.dumps(dict(list(noted.items())[-KEPT:]), indent=1) + "\n"
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        atomic.replace(_file(), text.encode("ascii"))


def _key(path: Path) -> str:
    return ascii(str(path.resolve()))  # paths of other encodings too


def _file() -> Path:
    return state_folder() / "exported.json"


def _read() -> dict[str, str]:
    try:
        found = json.loads(_file().read_text(encoding="ascii"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
