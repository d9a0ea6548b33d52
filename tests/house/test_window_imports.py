"""The window's process never loads TensorFlow or Keras, and starts without what it does not need at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WINDOW = """
import sys
import studio.gui.app, studio.gui.window, studio.__main__, studio.bootstrap
from PySide6.QtWidgets import QApplication
print(*sys.modules)
"""

COMMAND_LINE = """
import sys
from studio.cli import arguments, check, doctor, examples, export, new, train
print(*sys.modules)
"""

EVERYTHING_BUT_THE_ENGINE = """
import importlib, pkgutil, sys
import studio
for module in pkgutil.walk_packages(studio.__path__, "studio."):
    if not module.name.startswith(("studio.engine", "studio._resources")) and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sys.modules)
"""


FLOORS_WITHOUT_QT = """
import sys
from studio.gui.canvas import card, geometry, scene
print(*sys.modules)
"""


def modules(root: Path, code: str) -> set[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize("code", [WINDOW, COMMAND_LINE, EVERYTHING_BUT_THE_ENGINE], ids=["window", "cli", "all"])
def test_keras_and_tensorflow_are_not_loaded(root: Path, code: str) -> None:
    loaded = modules(root, code)
    assert "studio.core.project" in loaded
    assert not loaded & {"keras", "tensorflow", "jax", "torch", "studio.engine.process"}


def test_the_window_starts_without_pandas(root: Path) -> None:
    assert "pandas" not in modules(root, WINDOW), "it takes half a second to import"


def test_the_command_line_needs_no_window(root: Path) -> None:
    assert not modules(root, COMMAND_LINE) & {"PySide6", "pyqtgraph"}


def test_the_lower_floors_of_the_canvas_know_no_qt(root: Path) -> None:
    assert not modules(root, FLOORS_WITHOUT_QT) & {"PySide6.QtCore", "PySide6.QtGui", "pyqtgraph"}
