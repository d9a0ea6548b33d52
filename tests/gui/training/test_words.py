"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from studio.gui.training.words import duration, format_value, quantity


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.95612, "0.956"), (1.0, "1.00"), (12.345, "12.3"), (123.4, "123"), (1234.5, "1.23e+03"), (0.0, "0.000"),
     (0.00001234, "1.23e-05"), (-0.5, "-0.500"), (math.nan, "NaN"), (math.inf, "infinite")],
)  # fmt: skip
def test_values(value: float, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (125, "2 min 5 s"), (3780, "1 h 3 min"), (-1, "0 s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_quantities() -> None:
    assert quantity("val_binary_accuracy") == "validation binary accuracy"
    assert quantity("loss") == "loss"
