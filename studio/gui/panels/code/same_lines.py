"""Which lines of two texts are the same, and where a line of the one stands in the other."""

from __future__ import annotations

import difflib
from typing import Final

_MOST_COMPARED: Final = 300
"""Lines between the first and the last that were changed, which are compared one by one in a millisecond or two."""


def same_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many of the rest at the end."""
    shortest = min(len(old), len(new))
    head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return head, tail


def moved(old: list[str], new: list[str], line: int) -> int:
    """Where the line (from 1) of ``old`` stands in ``new``; 0 where it is not there, or was written anew."""
    head, tail = same_ends(old, new)
    if line <= head or len(old) == len(new):
        return line
    if line > len(old) - tail:
        return line + len(new) - len(old)
    middles = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(map(len, middles)) > _MOST_COMPARED:
        return 0
    for was, now, length in difflib.SequenceMatcher(None, *middles, autojunk=False).get_matching_blocks():
        if was <= line - head - 1 < was + length:
            return line + now - was
    return 0


def same_place(old: list[str], new: list[str], head: int, tail: int, place: int) -> int:
    """Where the line ``place`` of ``old`` stands in ``new``, or about where."""
    if place <= head or place >= len(old):
        return place
    if place >= len(old) - tail:
        return place + len(new) - len(old)
    same = [number for number in range(head, len(new) - tail) if new[number] == old[place]]
    return min(same, key=lambda number: abs(number - place), default=place)
