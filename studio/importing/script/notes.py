"""Comments of a script by the line that they belong to: they become the notes of the nodes there.

What has no statement of its own is told by a word: "Output: ..." above what returns a result, "Input 2: ..." at the top
of a function.
"""

from __future__ import annotations

import io
import re
import tokenize

_END = re.compile(r"(Input|Output)(?: ([1-9]\d{0,3}))?: (.*)")
_BRANCH = re.compile(r"Branch \d+")
_WIDTH = 88
"""Columns at which the program itself wraps a comment."""


def notes_of(text: str) -> dict[int, str]:
    """The comment above (and behind) each line of code, by the number of the line."""
    above: dict[int, tuple[int, str]] = {}
    behind: dict[int, str] = {}
    lines = text.splitlines()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT:
                continue
            row, column = token.start
            words = token.string.lstrip("#").strip()
            if lines[row - 1][:column].strip():
                behind[row] = words
            else:
                above[row] = (column, words)
    except (tokenize.TokenError, IndentationError, SyntaxError, IndexError):
        return {}
    found: dict[int, str] = {}
    row = 0
    rows = sorted(above)
    while row < len(rows):
        last = row
        while (
            last + 1 < len(rows)
            and rows[last + 1] == rows[last] + 1
            and above[rows[last + 1]][0] == above[rows[row]][0]
        ):
            last += 1
        told = [above[each] for each in rows[row : last + 1]]
        if _BRANCH.fullmatch(told[0][1]):
            told = told[1:]
        words = _joined(told)
        if words:
            found[rows[last] + 1] = words
        row = last + 1
    for number, words in behind.items():
        found[number] = f"{found[number]}\n{words}" if number in found else words
    return {number: words for number, words in found.items() if words}


def notes_of_ends(text: str, what: str) -> list[tuple[int, str]]:
    """The notes in a comment that are about Inputs or Outputs, with their places; none where it tells anything else."""
    found: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = _END.fullmatch(line)
        if match is not None and match[1] == what:
            found.append((int(match[2] or 1) - 1, match[3]))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
        else:
            return []
    return found


def _joined(told: list[tuple[int, str]]) -> str:
    """The lines as paragraphs: what was wrapped only because the line was full is put together again."""
    text = ""
    before = 0
    for column, words in told:
        first = words.split(" ", 1)[0]
        if text and before + 1 + len(first) > _WIDTH:
            text += " " + words
        else:
            text += ("\n" if text else "") + words
        before = column + 2 + len(words)
    return text
