"""Models that stand inside of a layer, as a TimeDistributed holds them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from studio.importing import from_config, read
from tests.support.catalog import CATALOG
from tests.support.keras_models import built

pytestmark = [
    pytest.mark.keras,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of h5py
]


def test_a_model_inside_of_a_layer_is_several_layers_in_a_row(tmp_path: Path) -> None:
    import keras

    begin = keras.Input((6, 6, 2))
    x = keras.layers.Conv2D(3, 3, activation="relu", name="conv")(begin)
    chain = keras.Model(begin, keras.layers.GlobalMaxPooling2D()(x))
    inputs = keras.Input((4, 6, 6, 2))
    row = keras.Sequential([keras.layers.Dense(3), keras.layers.ReLU()])
    x = keras.layers.TimeDistributed(row)(keras.layers.TimeDistributed(chain)(inputs))
    model = keras.Model(inputs, x)
    branched = keras.Model(begin, keras.layers.Add()([keras.layers.Dense(2)(begin), begin]))
    other = keras.Model(inputs, keras.layers.TimeDistributed(branched)(inputs))
    rows = np.random.default_rng(1).normal(size=(2, 4, 6, 6, 2))
    for name in ("net.keras", "net.h5"):
        model.save(tmp_path / name)
        found = read(tmp_path / name, CATALOG)
        assert found.report.unknown == ()
        keras.backend.clear_session(free_memory=False)
        again = built(found.project)
        again.set_weights(model.get_weights())
        np.testing.assert_allclose(model(rows), again(rows), rtol=1e-5, atol=1e-6)
    found = from_config(json.loads(other.to_json()), CATALOG)
    assert found.report.unknown == ()
    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    again.set_weights(other.get_weights())
    np.testing.assert_allclose(other(rows), again(rows), rtol=1e-5, atol=1e-6)
