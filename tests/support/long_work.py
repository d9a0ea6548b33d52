"""Work that takes as long as a test wants."""

from __future__ import annotations

import threading
import time

import pytest

from studio import layout
from studio.gui import patience
from studio.layout import Cancelled


def arrange_for_ever(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let every arrangement go on until it is cancelled; the event tells that one has begun. The box comes at once."""
    began = threading.Event()

    def places_for(project, *, cancelled, **_):
        began.set()
        while not cancelled():
            time.sleep(0)  # the window gets its turns
        raise Cancelled

    monkeypatch.setattr(layout, "places_for", places_for)
    monkeypatch.setattr(patience, "PATIENCE_MS", 0)
    return began
