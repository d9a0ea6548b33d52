"""The curve store: nothing is lost at any width, and a curve grown in pieces is the curve made at once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.runs.series import MovingAverage, Series


def grown(values: np.ndarray, pieces: int) -> Series:
    series = Series()
    x = np.arange(len(values), dtype=float)
    for part in np.array_split(np.arange(len(values)), pieces):
        series.extend(x[part], values[part])
    return series


@given(count=st.integers(1, 9000), pieces=st.integers(1, 40), columns=st.integers(2, 500), seed=st.integers(0, 99))
def test_every_spike_survives_at_any_width(count: int, pieces: int, columns: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=count)
    x, y = grown(values, pieces).envelope(columns)
    assert len(x) == len(y)
    assert y.max() == values.max()
    assert y.min() == values.min()
    assert np.all(np.diff(x) >= 0)


@given(count=st.integers(1500, 9000), columns=st.integers(50, 450))
def test_a_long_curve_is_cut_to_few_strokes(count: int, columns: int) -> None:
    x, _ = grown(np.arange(count, dtype=float), 7).envelope(columns)
    assert len(x) <= 2 * 4 * columns + 2


def test_growing_in_pieces_equals_growing_at_once() -> None:
    values = np.random.default_rng(1).normal(size=20_000)
    at_once, in_pieces = grown(values, 1), grown(values, 997)
    for first, second in zip(at_once.envelope(300), in_pieces.envelope(300), strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_diverged_value_does_not_blank_its_neighbours() -> None:
    values = np.ones(5000)
    values[2500] = math.nan
    values[2501] = math.inf
    _, y = grown(values, 3).envelope(200)
    assert np.nanmax(y) == 1.0
    assert np.isfinite(y).all()


def test_the_average_starts_at_the_first_value_and_passes_over_what_is_not_finite() -> None:
    average = MovingAverage(0.9)
    assert average.extend([4.0]) == pytest.approx([4.0])
    assert average.extend([math.nan, math.inf]) == pytest.approx([4.0, 4.0])
    assert MovingAverage(0.5).extend([math.nan])[0] != MovingAverage(0.5).extend([math.nan])[0]  # NaN


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_the_average_stays_between_the_extremes(values: list[float]) -> None:
    for seen in MovingAverage().extend(values):
        assert min(values) - 1e-6 <= seen <= max(values) + 1e-6


@given(count=st.integers(1, 5000), columns=st.integers(2, 450))
def test_means_are_few_points_from_the_first_to_the_exact_last(count: int, columns: int) -> None:
    values = np.linspace(3.0, 1.0, count)
    x, y = grown(values, 3).means(columns)
    assert len(x) == len(y) <= max(columns + 1, 2)
    assert (x[0], x[-1], y[-1]) == (0, count - 1, values[-1])
    assert np.all(np.diff(y) <= 1e-12)


def test_means_pass_over_what_is_not_finite() -> None:
    values = np.ones(1000)
    values[100:102] = math.nan, math.inf
    _, y = grown(values, 1).means(100)
    assert np.nanmax(y) == np.nanmin(y) == 1.0
