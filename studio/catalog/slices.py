"""What stands between the brackets of ``x[:, 0]``: read strictly, as data and never as code."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from studio.immutable import immutable

MOST_ENTRIES = 32
"""More axes than any tensor of TensorFlow has."""

_LARGEST = 2**31
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}")


@immutable
class Span:
    """``start:stop:step``; None where nothing stands."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None


Entry: TypeAlias = int | Span | Literal["...", "None"]
"""One entry of a slice: a place, a span, all axes between, or a new axis of size 1."""


class SliceError(ValueError):
    """A text that is no slice; the message is the end of a sentence: "“a” is no whole number"."""


def parse_slice(text: str) -> tuple[Entry, ...]:
    """The entries of a slice, with or without its brackets. SliceError says in one clear way what is wrong."""
    inner = text.strip()
    if inner.startswith("[") and inner.endswith("]"):
        inner = inner[1:-1].strip()
    inner = inner.removesuffix(",").strip()
    if not inner:
        raise SliceError("it is empty")
    if len(inner) > 1000:
        raise SliceError("it is too long")
    entries = tuple([_entry(part.strip()) for part in inner.split(",")])
    if len(entries) > MOST_ENTRIES:
        raise SliceError(f"it has {len(entries)} entries, and no tensor has so many axes")
    if entries.count("...") > 1:
        raise SliceError("“...” may stand in it only once")
    return entries


def slice_text(entries: tuple[Entry, ...]) -> str:
    """The entries as people write them: ":, 1:3, 0"."""
    return ", ".join(map(_text, entries))


def key_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The same for Keras, whose tensors take a single span only together with what follows it."""
    if len(entries) > 1 or isinstance(entries[0], int):
        return entries
    return ("...", Span()) if entries[0] == "..." else (entries[0], "...")


def _text(entry: Entry) -> str:
    if not isinstance(entry, Span):
        return str(entry)
    start, stop, step = ("" if part is None else str(part) for part in (entry.start, entry.stop, entry.step))
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _entry(text: str) -> Entry:
    if text in ("...", "…"):
        return "..."
    if text.lower() in ("none", "newaxis", "np.newaxis"):
        return "None"
    if not text:
        raise SliceError("there is nothing between two commas")
    if ":" not in text:
        return _number(text)
    parts = [part.strip() for part in text.split(":")]
    if len(parts) > 3:
        raise SliceError(f"“{_short(text)}” has too many colons")
    start, stop, step = ([_number(part) if part and part != "None" else None for part in parts] + [None])[:3]
    if step == 0:
        raise SliceError("a step of 0 would never end")
    return Span(start, stop, step)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise SliceError(f"“{_short(text)}” is no whole number")
    number = int(text)
    if abs(number) >= _LARGEST:
        raise SliceError(f"{number} is too large")
    return number


def _short(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= 20 else shown[:19] + "…"
