"""Classes that need a package which Keras does not bring: tried with it, in an environment that has all of this one.

It installs half a gigabyte, so it runs with ``HYPOTHESIS_PROFILE=thorough`` only.
"""

from __future__ import annotations

import os
import re
import site
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.packages import NEEDED
from tests.support.thorough import IS_THOROUGH

PACKAGES = ("orbax-checkpoint", "scipy")
TESTS = (
    "tests/catalog/test_every_layer.py", "tests/catalog/test_every_object.py", "tests/importing/test_every_layer.py",
    "tests/codegen/test_callbacks.py",
)  # fmt: skip


@pytest.mark.skipif(not IS_THOROUGH, reason="it installs other packages")
def test_they_are_tried_where_their_packages_are(root: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "more")], check=True, capture_output=True)
    python = tmp_path / "more" / ("Scripts" if os.name == "nt" else "bin") / "python"
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    Path(found.stdout.strip(), "this_one.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True)
    chosen = " or ".join([*NEEDED, "test_every_callback"])
    environment = os.environ | {"HYPOTHESIS_PROFILE": "fast"}
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, "-k", chosen],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 10
    assert "skipped" not in done.stdout
