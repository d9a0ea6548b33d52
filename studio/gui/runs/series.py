"""A growing curve that can be drawn at any width in constant time: raw values under a pyramid of minima and maxima.

Level 0 holds the values themselves; each level above keeps the smallest and the largest of four neighbours below.
A million points take about 7 MB, and any stretch of them is read as at most a few thousand numbers, with every spike
still there. NaN and infinity are kept in the raw values and passed over in the levels above.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FACTOR = 4
SMALLEST_LEVEL = 256
"""A level is worth keeping from this many entries on; below, reading the level under it is as quick."""

Floats = NDArray[np.float64]


class _Level:
    """Smallest and largest of each FACTOR neighbours of the level below."""

    def __init__(self) -> None:
        self.low = np.empty(1024, dtype=np.float64)
        self.high = np.empty(1024, dtype=np.float64)
        self.count = 0

    def reserve(self, count: int) -> None:
        if count > len(self.low):
            size = max(count, 2 * len(self.low))
            for name in ("low", "high"):
                grown = np.empty(size, dtype=np.float64)
                grown[: self.count] = getattr(self, name)[: self.count]
                setattr(self, name, grown)


class Series:
    """Points (x, y) with growing x; ``extend`` is amortised O(1) a point, ``envelope`` O(columns)."""

    def __init__(self) -> None:
        self._x = np.empty(1024, dtype=np.float64)
        self._y = np.empty(1024, dtype=np.float64)
        self._count = 0
        self._levels: list[_Level] = []

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Floats:
        """All x, oldest first; a view that is valid until the next ``extend``."""
        return self._x[: self._count]

    @property
    def y(self) -> Floats:
        """All y, oldest first; a view that is valid until the next ``extend``."""
        return self._y[: self._count]

    def extend(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> None:
        """Append points; ``x`` must not fall and both must have the same length."""
        count = self._count + len(x)
        if count > len(self._x):
            size = max(count, 2 * len(self._x))
            for name in ("_x", "_y"):
                grown = np.empty(size, dtype=np.float64)
                grown[: self._count] = getattr(self, name)[: self._count]
                setattr(self, name, grown)
        self._x[self._count : count] = x
        self._y[self._count : count] = y
        self._count = count

    def _grow_levels(self) -> None:
        below_low, below_high, below_count = self._y, self._y, self._count
        index = 0
        while below_count >= SMALLEST_LEVEL * FACTOR:
            if index == len(self._levels):
                self._levels.append(_Level())
            level = self._levels[index]
            count = below_count // FACTOR
            level.reserve(count)
            if count > level.count:
                fresh = slice(level.count * FACTOR, count * FACTOR)
                low, high = below_low[fresh].reshape(-1, FACTOR), below_high[fresh].reshape(-1, FACTOR)
                level.low[level.count : count] = np.fmin.reduce(np.where(np.isinf(low), np.nan, low), axis=1)
                level.high[level.count : count] = np.fmax.reduce(np.where(np.isinf(high), np.nan, high), axis=1)
                level.count = count
            below_low, below_high, below_count = level.low, level.high, count
            index += 1

    def envelope(self, columns: int) -> tuple[Floats, Floats]:
        """The curve as vertical strokes, one a column: x and y of pairs of points, low then high.

        A curve of at most ``columns`` points comes back as it is, to be drawn as one line.
        """
        if self._count <= columns:
            return self.x, self.y
        self._grow_levels()  # here, since of many a series nobody asks, and of others not after each message
        low, high, count, width = self._y, self._y, self._count, 1
        for level in self._levels:
            if count <= columns * FACTOR:
                break
            low, high, count = level.low, level.high, level.count
            width *= FACTOR
        group = max(1, count // columns)
        starts = np.arange(0, count, group)
        finite_low = np.where(np.isfinite(low[:count]), low[:count], np.nan)
        finite_high = np.where(np.isfinite(high[:count]), high[:count], np.nan)
        x = self._x[np.minimum(starts * width, self._count - 1)]
        y = np.empty(2 * len(starts), dtype=np.float64)
        y[0::2] = np.fmin.reduceat(finite_low, starts)
        y[1::2] = np.fmax.reduceat(finite_high, starts)
        tail = self._y[count * width : self._count]
        tail = tail[np.isfinite(tail)]
        if len(tail):  # what the coarse level does not hold yet belongs to the last stroke
            y[-2] = np.fmin(y[-2], tail.min())
            y[-1] = np.fmax(y[-1], tail.max())
        return np.repeat(x, 2), y

    def means(self, columns: int) -> tuple[Floats, Floats]:
        """The curve as at most ``columns`` points, each the mean of its neighbours; the last point is exact.

        For smooth curves: of a raw one it would hide the spikes. O(points).
        """
        group = -(-self._count // columns)
        if group <= 1:
            return self.x, self.y
        starts = np.arange(0, self._count, group)
        is_finite = np.isfinite(self.y)
        counts = np.add.reduceat(is_finite, starts, dtype=np.float64)
        sums = np.add.reduceat(np.where(is_finite, self.y, 0.0), starts)
        y = np.divide(sums, counts, out=np.full(len(starts), math.nan), where=counts > 0)
        return np.append(self._x[starts], self._x[self._count - 1]), np.append(y, self._y[self._count - 1])


class MovingAverage:
    """Exponential moving average with the start corrected as in Adam (Kingma and Ba 2015, section 3).

    Non-finite values are passed over. It remembers where it is, so a growing curve is smoothed a point at a time.
    """

    def __init__(self, weight: float = 0.9) -> None:
        self.weight = weight
        self._sum = 0.0
        self._norm = 0.0

    def extend(self, values: Sequence[float]) -> list[float]:
        """The averages after each of ``values``; NaN as long as nothing finite was seen."""
        averages = []
        for value in values:
            if math.isfinite(value):
                self._sum = self.weight * self._sum + (1 - self.weight) * value
                self._norm = self.weight * self._norm + (1 - self.weight)
            averages.append(self._sum / self._norm if self._norm else math.nan)
        return averages
