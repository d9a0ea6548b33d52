"""The values of single batches are won back from Keras's running means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.keras


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.integers(1, 64), st.data())
def test_running_means_come_apart_again(values: list[float], size: int, data: st.DataObject) -> None:
    from studio.engine.batches import BatchValues

    last = data.draw(st.integers(1, size))
    weights = [size] * (len(values) - 1) + [last]
    batches = BatchValues(lambda count: min(count * size, sum(weights)))
    total, seen = 0.0, 0
    for count, (value, weight) in enumerate(zip(values, weights, strict=True), start=1):
        total, seen = total + value * weight, seen + weight
        found = batches.split(count, {"loss": total / seen})
        assert found["loss"] == pytest.approx(value, abs=1e-6)


def test_a_gap_gives_the_mean_of_what_was_skipped() -> None:
    from studio.engine.batches import BatchValues

    batches = BatchValues()
    assert batches.split(1, {"loss": 4.0}) == {"loss": 4.0}
    assert batches.split(3, {"loss": 2.0}) == {"loss": 1.0}
    batches.start_epoch()
    assert batches.split(1, {"loss": 7.0}) == {"loss": 7.0}


def test_what_is_no_mean_is_told_as_it_is() -> None:
    import keras

    from studio.engine.batches import BatchValues, names_of_no_means

    metrics = [
        keras.metrics.BinaryAccuracy(name="accuracy"),
        keras.metrics.AUC(name="auc"),
        keras.metrics.RootMeanSquaredError(name="rmse"),
    ]
    names = names_of_no_means(metrics)
    assert names == {"auc", "rmse"}
    batches = BatchValues(untouched=names)
    batches.split(1, {"accuracy": 0.0, "auc": 0.5, "out_auc": 0.5})
    assert batches.split(2, {"accuracy": 0.5, "auc": 0.6, "out_auc": 0.7}) == {
        "accuracy": 1.0,
        "auc": 0.6,
        "out_auc": 0.7,
    }
