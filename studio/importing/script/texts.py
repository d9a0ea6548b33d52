"""The text of a script or of a notebook's code cells, from the bytes of a file."""

from __future__ import annotations

import io
import tokenize
from typing import Any

from studio.importing.errors import ModelFileError
from studio.importing.plain import parse

_NO_SCRIPTS = frozenset({"punycode", "idna"})
"""Encodings of names in the web. They take minutes for a long text."""


def script_text(data: bytes) -> str:
    """The text of a Python file, in the encoding that it names itself, else UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding in _NO_SCRIPTS:
            raise LookupError
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeError, LookupError):
        raise ModelFileError(
            "The script is no UTF-8 text, and does not say in its first line what else it is."
        ) from None


def notebook_text(data: bytes) -> str:
    """The code cells of a notebook one after the other, without the commands of Jupyter itself."""
    cells = parse(data).get("cells")
    if not isinstance(cells, list):
        raise ModelFileError("This is no notebook: it has no cells.")
    return "\n\n".join(_code(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code")


def _code(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    if text.lstrip().startswith("%%"):
        return ""
    lines = text.splitlines()
    return "\n".join(
        line[: len(line) - len(line.lstrip())] + "pass" if line.lstrip().startswith(("%", "!")) else line
        for line in lines
    )
