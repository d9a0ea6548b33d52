"""Where the files of ``resources/`` are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """The folder that holds all resources. This module alone knows both places where it can be."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of one resource: ``resource("fonts", "Inter-Regular.otf")``. Whether it exists is not looked at."""
    return resources().joinpath(*parts)
