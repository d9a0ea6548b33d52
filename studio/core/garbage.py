"""Making very many values at once without Python's search for circles among them.

The collector looks at all young objects whenever some thousands were made. None of a project's values is part of a
circle, so nothing is found: reading 10,000 nodes took twice as long as without it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_was_on = False


@contextmanager
def no_collection() -> Iterator[None]:
    """No collections until the block is left, on any thread; afterwards as before. Blocks may overlap."""
    global _inside, _was_on
    with _lock:
        if not _inside:
            _was_on = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside and _was_on:
                gc.enable()
