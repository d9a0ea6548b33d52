"""Golden files: accepted text, compared word for word."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

GOLDEN = Path(__file__).with_name("golden")
ACCEPT = "python -m pytest tests/codegen --accept"


def assert_accepted(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """Compare with the golden file ``name``; with ``--accept`` make it the golden file."""
    path = GOLDEN / name
    if request.config.getoption("--accept", default=False):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    accepted = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text != accepted:
        lines = difflib.unified_diff(accepted.splitlines(), text.splitlines(), "accepted", "generated", lineterm="")
        pytest.fail("\n".join([*lines, "", f"To accept the new code: {ACCEPT}"]), pytrace=False)
