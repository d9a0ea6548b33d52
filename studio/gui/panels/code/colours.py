"""Which part of a line of Python has which colour. Pure text in, ranges out; no Qt."""

from __future__ import annotations

import keyword
import re
from typing import Final, Literal, NamedTuple

Part = Literal["keyword", "string", "number", "comment", "definition"]


class Stretch(NamedTuple):
    """``length`` characters from ``start`` on that are a ``part``."""

    start: int
    length: int
    part: Part


_TOKEN: Final = re.compile(
    r"""
    (?P<comment>\#.*)
  | (?P<string>[rbuf]{0,2}(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?))
  | (?P<number>(?<![\w.])(?:0[xX][\da-fA-F_]+|\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))
  | (?P<word>[^\W\d]\w*)
    """,
    re.VERBOSE,
)
_KEYWORDS: Final = frozenset(keyword.kwlist)
_TRIPLE: Final = '"""'


def stretches(line: str, *, is_inside: bool = False) -> list[Stretch]:
    """The coloured parts of one line. ``is_inside`` says that the line begins within a triple-quoted string."""
    found: list[Stretch] = []
    start = 0
    if is_inside:
        end = line.find(_TRIPLE)
        start = len(line) if end < 0 else end + len(_TRIPLE)
        found.append(Stretch(0, start, "string"))
    previous = ""
    while match := _TOKEN.search(line, start):
        kind, begin, start = match.lastgroup, match.start(), match.end()
        if kind == "string" and line.startswith(_TRIPLE, begin):
            end = line.find(_TRIPLE, begin + len(_TRIPLE))
            start = len(line) if end < 0 else end + len(_TRIPLE)
        text = match.group()
        if kind == "word":
            part = _word(text, previous)
            if part is not None:
                found.append(Stretch(begin, len(text), part))
            previous = text
        else:
            found.append(Stretch(begin, start - begin, kind))  # type: ignore[arg-type]
    return found


def _word(text: str, previous: str) -> Part | None:
    if text in _KEYWORDS:
        return "keyword"
    if previous in ("def", "class"):
        return "definition"
    return None


def lines_inside_strings(lines: list[str]) -> frozenset[int]:
    """The numbers (from 0) of the lines that begin within a triple-quoted string."""
    inside: set[int] = set()
    is_open = False
    for number, line in enumerate(lines):
        if is_open:
            inside.add(number)
        if _TRIPLE in line and line.count(_TRIPLE) % 2:
            is_open = not is_open
    return frozenset(inside)
