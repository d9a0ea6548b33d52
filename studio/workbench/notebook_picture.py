"""The picture of the drawing that a notebook carries, made by the program that draws figures.

It shows names and types: what a project says by itself, so that window and command line put in the same picture.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from studio.core.project import Project
from studio.workbench.figures import LOOKS, SCREEN_DPI, Order, drawing_command, drawing_environment

LONGEST_S = 60
"""A drawing that is small enough takes a second; after this time there is something wrong."""
MOST_PIXELS = 3_000_000
"""Some hundred kilobytes of the notebook, and more than anybody has on a screen."""
SMALLEST_DPI = 48
"""Half the usual size: of smaller names nothing can be read."""
NODE_PX = (184, 60)
_ROOM_PX = 48
"""The margins of a figure, both sides together."""


def picture_of(project: Project) -> tuple[bytes | None, str]:
    """A PNG of the drawing, or None and why there is none, in one sentence. Takes a second; any thread may ask."""
    dpi = _dpi(project)
    if dpi is None:
        return None, "The drawing is too large to be read in a notebook, so there is no picture of it."
    look = replace(LOOKS["paper"], shows_shapes=False, dpi=dpi)
    try:
        with tempfile.TemporaryDirectory(prefix="layer-studio-picture-", ignore_cleanup_errors=True) as folder:
            out = Path(folder, "network.png")
            done = subprocess.run(
                drawing_command(out), input=Order(project, {}, look).encode(), capture_output=True,
                env=drawing_environment(), timeout=LONGEST_S, check=False,
            )  # fmt: skip
            if done.returncode == 0:
                return out.read_bytes(), ""
    except (OSError, subprocess.TimeoutExpired):
        pass
    return None, "The drawing could not be made into a picture, so there is none of it."


def _dpi(project: Project) -> int | None:
    """How many pixels come on an inch, or None where names would be too small to be read."""
    nodes = project.main.nodes.values()
    if not nodes:
        return None
    width = max(node.x for node in nodes) - min(node.x for node in nodes) + NODE_PX[0] + _ROOM_PX
    height = max(node.y for node in nodes) - min(node.y for node in nodes) + NODE_PX[1] + _ROOM_PX
    shrink = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    dpi = int(SCREEN_DPI * shrink)
    return dpi if dpi >= SMALLEST_DPI else None
