"""Fake engines as the window takes them: real processes without TensorFlow."""

from __future__ import annotations

import sys
from pathlib import Path

from studio.gui.session.engine_process import EngineProcess
from studio.workbench.launch import Role

BEATS = ("--beat-seconds", "0.1")
"""Far more signs of life than a bound of 1.5 s wants, so that only silence on purpose is silence on a busy machine."""

SCRIPT = Path(__file__).with_name("fake_engine.py")


def fake_command(role: Role, *options: str) -> list[str]:
    """Program and arguments; the options are told in ``fake_engine.py``."""
    return [sys.executable, str(SCRIPT), "--role", role, *options]


def fake_engine(role: Role, *options: str) -> EngineProcess:
    """An engine that is not started yet."""
    return EngineProcess(role, command=fake_command(role, *options))
