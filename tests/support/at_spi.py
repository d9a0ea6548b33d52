"""Runs a script on a screen, a D-Bus session and an accessibility bus of its own, where a machine has all that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.virtual_screen import virtual_screen

_TOOLS = ("Xvfb", "dbus-run-session", "gdbus")
_BUS = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")


def needs_the_bus(test: Any) -> Any:
    """Skips a test where there is no accessibility bus, and says why."""
    test = pytest.mark.skipif(not _BUS.exists(), reason="needs the accessibility bus (at-spi2-core)")(test)
    test = pytest.mark.skipif(not all(map(shutil.which, _TOOLS)), reason=f"needs {', '.join(_TOOLS)}")(test)
    return pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is Linux's")(test)


def told_by(root: Path, *script: str) -> dict[str, Any]:
    """What a script below ``root`` prints last, as JSON, of what the other end of the bus sees."""
    with tempfile.TemporaryDirectory() as runtime, virtual_screen() as screen:  # short: the bus has a socket there
        done = subprocess.run(
            ["dbus-run-session", "--", sys.executable, str(root.joinpath(*script))],
            env=os.environ | {
                "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                "XDG_RUNTIME_DIR": runtime, "PYTHONPATH": str(root),
            },
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
