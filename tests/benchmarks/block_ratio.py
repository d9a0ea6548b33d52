"""Comparing blocks of one fit with the plain blocks beside them."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence


def ratio(taken: Sequence[tuple[str, float]], kind: str) -> tuple[float, float, float, int]:
    """Median of block / mean of the plain blocks beside it, its 95 % interval, and how many blocks there were."""
    found = [
        seconds / ((taken[i - 1][1] + taken[i + 1][1]) / 2)
        for i, (name, seconds) in enumerate(taken[1:-1], start=1)
        if name == kind and taken[i - 1][0] == taken[i + 1][0] == "plain"
    ]
    dice = random.Random(2)
    medians = sorted(statistics.median(dice.choices(found, k=len(found))) for _ in range(400))
    return statistics.median(found), medians[10], medians[389], len(found)
