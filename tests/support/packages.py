"""Packages that Keras needs for a few classes and does not bring: their classes are tried where they are installed.

The tests bring none of them: the facts are those of a Keras without. ``test_more_packages`` installs scipy and
orbax-checkpoint, which is half a gigabyte with what it needs, with the thorough profile.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")

NEEDED: Mapping[str, str] = {"STFTSpectrogram": "scipy", "STFT": "scipy", "OrbaxCheckpoint": "orbax"}
"""The module without which Keras does not make a class."""


def missing(types: Mapping[K, str]) -> dict[K, str]:
    """Of these classes, by any key, those that cannot be made here, and why."""
    return {
        key: f"It needs {NEEDED[type]}, which Keras does not bring."
        for key, type in types.items()
        if importlib.util.find_spec(NEEDED[type]) is None
    }
