"""Whether a network fits into memory, told before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from studio.engine.inference import symbolic

PEAK_FACTOR: Final = 6.2
"""A first step with Adam peaks at 6.2 times the bytes of the parameters (measured)."""

REFUSED_SHARE: Final = 0.9


def why_not_build(build_model: Callable[[], Any], free_bytes: int | None = None) -> str:
    """The sentence that refuses a network too large for this machine, or "" where it fits or cannot be known."""
    free = free_memory() if free_bytes is None else free_bytes
    if free <= 0:
        return ""
    try:
        with symbolic():
            parameters = build_model().count_params()
    except Exception:  # the real build, which follows, raises it again where it can be told with its line
        return ""
    needed = 4 * parameters * PEAK_FACTOR
    if needed <= REFUSED_SHARE * free:
        return ""
    return (
        f"This network has {parameters:,} parameters; training it takes about {_gib(needed)} of memory, and this"
        f" computer has {_gib(free)} free. Make its largest layers smaller."
    )


def free_memory() -> int:
    """Bytes that can be had without swapping; 0 where the system does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 0


def _gib(count: float) -> str:
    return f"{count / 2**30:,.1f} GiB"
