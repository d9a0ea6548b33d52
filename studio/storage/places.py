"""Where the person's own files of this program are kept, on each system."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

NAME = "layer-studio"


def state_folder() -> Path:
    """The folder for autosaves and other state. It is not made here. ``LAYER_STUDIO_STATE`` puts it elsewhere."""
    chosen = os.environ.get("LAYER_STUDIO_STATE")
    if chosen:
        return Path(chosen)
    home = _home()
    if home is None:
        # No home at all, as in some containers: better a folder that does not last than no start.
        return Path(tempfile.gettempdir()) / f"{NAME}-{getattr(os, 'getuid', lambda: 0)()}"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / NAME
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / NAME
    given = Path(os.environ.get("XDG_STATE_HOME") or "")
    return (given if given.is_absolute() else home / ".local" / "state") / NAME


def _home() -> Path | None:
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home if home.is_absolute() and home.is_dir() else None
