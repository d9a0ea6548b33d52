"""Numbers as people read them on cards, edges and legends."""

from __future__ import annotations


def memory_text(size: float) -> str:
    """A number of bytes in the largest unit that leaves a number above 1."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TiB"


def count_text(count: int | None) -> str:
    """A parameter count as people write it: "23,851,784"."""
    return "" if count is None else f"{count:,}"


def short_count(count: float) -> str:
    """A parameter count in little room: "23.9M"."""
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= limit:
            return f"{count / limit:.3g}{unit}"
    return str(round(count))


def time_text(milliseconds: float) -> str:
    """A time in the largest unit that leaves a number above 1: "12 µs", "3.4 ms", "1.2 s"."""
    for unit, size in (("s", 1000.0), ("ms", 1.0)):
        if milliseconds >= size:
            number = milliseconds / size
            return f"{number:.0f} {unit}" if number >= 100 else f"{number:.2g} {unit}"
    return f"{1000 * milliseconds:.0f} µs"


def gradient_text(size: float) -> str:
    """The size of a gradient: two digits, whatever its power."""
    return f"{size:.2g}"
