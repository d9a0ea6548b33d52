"""The text of a script or of a notebook's code cells, from the bytes of a file."""

from __future__ import annotations

import io
import re
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


_RUN_AS_THEY_ARE = frozenset({"time", "capture", "prun"})
"""Commands of Jupyter that run what follows them."""
_COMMAND = re.compile(r"(\s*)(?:([\w., ]+?)\s*=\s*)?(?:%(?=[\w%])|!(?!=)|\?+(?=\w))(.*)")
_QUESTION = re.compile(r"\s*[\w.]+\?+\s*")


def _code(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    first, _, rest = text.lstrip().partition("\n")
    if first.startswith("%%"):
        if first[2:].split()[:1] not in [[each] for each in _RUN_AS_THEY_ARE]:
            return ""
        text = f"\n{rest}"
    return "\n".join(map(_line, text.splitlines()))


def _line(line: str) -> str:
    """A line without commands of Jupyter: what one of them gives to a variable is known only when it runs."""
    if _QUESTION.fullmatch(line):
        return "pass"
    command = _COMMAND.fullmatch(line)
    if command is None:
        return line
    before, names, words = command.groups()
    word, _, rest = words.partition(" ")
    if line.lstrip().startswith("%") and word in _RUN_AS_THEY_ARE and not rest.startswith("-"):
        return f"{before}{rest.lstrip() or 'pass'}"
    return f"{before}{names} = NotImplemented" if names else f"{before}pass"
