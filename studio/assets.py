"""Where the files of ``resources/`` are: beside the package in a checkout, inside it in an installed wheel.

Tables are written by hand in TOML and read from ``resources/tables.json``, which holds all of them: the program reads
them before it shows a window, and the reader of TOML takes fifty times as long. After a change of a table:
``python -m studio.assets``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent
_TABLES = "tables.json"


def resources() -> Path:
    """The folder that holds all resources. This module alone knows both places where it can be."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of one resource: ``resource("fonts", "Inter-Regular.otf")``. Whether it exists is not looked at."""
    return resources().joinpath(*parts)


def table(*parts: str) -> dict[str, Any]:
    """What a table says: ``table("examples", "index.toml")``. KeyError where there is no such file."""
    found: dict[str, Any] = _all_tables()["/".join(parts)]
    return found


@cache
def _all_tables() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource(_TABLES).read_text(encoding="utf-8"))
    return found


def joined_tables() -> str:
    """The text that ``tables.json`` should have."""
    import tomllib  # for those who change tables

    files = sorted(resources().rglob("*.toml"))
    tables = {
        file.relative_to(resources()).as_posix(): tomllib.loads(file.read_text(encoding="utf-8")) for file in files
    }
    return json.dumps(tables, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    resource(_TABLES).write_text(joined_tables(), encoding="utf-8", newline="\n")
