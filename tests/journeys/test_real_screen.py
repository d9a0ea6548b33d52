"""What only a real X server can show: Qt's own drag and drop between two panels."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs a virtual screen (Xvfb)"),
]


def test_a_layer_is_dragged_from_the_palette_by_mouse_alone(root: Path, tmp_path: Path) -> None:
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    try:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "the virtual screen did not start"
        environment = os.environ | {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(root),
            "LAYER_STUDIO_STATE": str(tmp_path),
        }
        script = root / "tests" / "journeys" / "drag_on_screen.py"
        done = subprocess.run(
            [sys.executable, str(script), str(tmp_path)],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        screen.terminate()
        screen.wait(10)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["Dense", "Input", "Output"]
