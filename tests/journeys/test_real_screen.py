"""What only a real X server can show: Qt's own drag and drop between two panels."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.virtual_screen import virtual_screen

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs a virtual screen (Xvfb)"),
]


def test_a_layer_is_dragged_from_the_palette_by_mouse_alone(root: Path, tmp_path: Path) -> None:
    script = root / "tests" / "journeys" / "drag_on_screen.py"
    with virtual_screen() as screen:
        done = subprocess.run(
            [sys.executable, str(script), str(tmp_path)],
            env=os.environ | {
                "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(root),
                "LAYER_STUDIO_STATE": str(tmp_path),
            },
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["Dense", "Input", "Output"]
