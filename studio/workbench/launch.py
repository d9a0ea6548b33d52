"""How an engine process is started, and how its end is told: the same for the window and the command line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import studio

Role = Literal["checker", "trainer"]

_KEPT_OUT = ("PYTHONSTARTUP", "PYTHONHOME", "KERAS_BACKEND", "KERAS_HOME", "TF_CPP_MIN_LOG_LEVEL")


def engine_command(role: Role) -> list[str]:
    """Program and arguments of an engine. ``-P`` keeps a stranger's ``json.py`` in the folder from being imported."""
    return [sys.executable, "-P", "-m", "studio.engine", "--role", role]


def engine_environment(keras_home: Path, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of an engine.

    ``keras_home`` is a folder of our own: a person's ``keras.json`` with another backend, float16 or channels_first
    would silently change results. The package is found by PYTHONPATH, because ``-P`` and a foreign working folder hide
    a checkout.
    """
    environment = dict(os.environ if inherited is None else inherited)
    for name in _KEPT_OUT:
        environment.pop(name, None)
    environment["PYTHONPATH"] = str(Path(studio.__file__).resolve().parent.parent)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["KERAS_BACKEND"] = "tensorflow"
    environment["KERAS_HOME"] = str(keras_home)
    environment["TF_CPP_MIN_LOG_LEVEL"] = "2"
    return environment


def end_in_words(code: int, *, crashed: bool) -> str:
    """How a process ended, in one sentence. ``code`` is the exit code, or the signal number where it ``crashed``."""
    if not crashed:
        return f"The engine ended by itself (exit code {code})."
    if code == getattr(signal, "SIGKILL", 9):
        return (
            "The engine was ended from outside, perhaps because the computer ran out of memory. Try a smaller batch or"
            " a smaller network."
        )
    try:
        name = signal.Signals(code).name
    except ValueError:
        name = str(code)
    return f"The engine crashed ({name}). Nothing of your project is lost."
