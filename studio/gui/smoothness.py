"""Keeps Python itself from holding the event loop: its garbage collector and its other threads."""

from __future__ import annotations

import gc
import sys

SWITCH_S = 0.001
"""How long another thread computes before the window's gets its turn; with Python's 5 ms a painting that asks for its
turn several times would miss its frame."""

ROUNDS = (5_000, 10, 50)
"""New objects before a small round, small rounds before a middle one (5 ms), middle ones before a full one: an hour of
editing has a handful of full rounds."""


def share_turns() -> None:
    """Let the window's thread wait for other threads only shortly."""
    sys.setswitchinterval(SWITCH_S)


def keep_what_is_there() -> None:
    """Take what exists now out of the garbage collector's rounds: modules, widgets, the catalog, an opened project.

    A full round over them takes 50 ms and more and finds next to nothing. They still go when nobody refers to them
    any more; only circles among them would stay. ``bootstrap`` switches the collector off until the first picture.
    """
    gc.freeze()
    gc.set_threshold(*ROUNDS)
    gc.enable()
