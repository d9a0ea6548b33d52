"""The directions of imports, types, style: what the tools say about the whole program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import assets


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def tool(name: str) -> str:
    """The tool of the environment that runs the tests, not one that happens to be on the path."""
    return str(Path(sys.executable).with_name(name))


def test_packages_import_in_their_directions_only(root: Path) -> None:
    result = run(root, tool("lint-imports"), "--no-cache")
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_has_nothing_to_say(root: Path, command: list[str]) -> None:
    result = run(root, tool("ruff"), *command, "--no-cache", ".")
    assert result.returncode == 0, result.stdout + result.stderr


def test_types_hold(root: Path) -> None:
    # The numpy of a newer Python is typed in words that the oldest one does not know.
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    result = run(root, sys.executable, "-m", "mypy", "--python-version", version)
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr


def test_the_tables_are_joined(root: Path) -> None:
    """The program reads the joined ones: a change of one that is not joined again would do nothing."""
    is_same = (root / "resources" / "tables.json").read_text(encoding="utf-8") == assets.joined_tables()
    assert is_same, "a table in resources/ was changed; run: python -m studio.assets"
