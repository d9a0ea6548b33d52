"""Making very many values at once without Python's search for circles among them.

The collector looks at all young objects whenever some thousands were made. None of a project's values is part of a
circle, so nothing is found: reading 10,000 nodes took twice as long as without it. A round on one thread holds all
others, the window's too.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 5_000
"""New objects that are not looked at afterwards either: the first round over those of NASNetMobile takes 10 ms. After
a usual edit there are some hundreds."""

_lock = threading.Lock()
_inside = 0
_was_on = False


@contextmanager
def no_collection() -> Iterator[None]:
    """No collections until the block is left, on any thread; afterwards as before. Blocks may overlap.

    Where very many objects were made, all that are there then are taken out of later rounds.
    """
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
                if gc.get_count()[0] > MANY:
                    gc.freeze()
                gc.enable()
