"""Who hands a mask on: asked of Keras with layers that stay as they were."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.keras


def test_the_layer_inside_is_asked_for_all_steps_and_stays_as_it_was() -> None:
    import keras

    from studio.engine.mask_facts import hands_mask_on

    inside = keras.layers.LSTM(2)
    assert hands_mask_on(keras.layers.Bidirectional, {"layer": inside}, [{"name": "inputs"}])
    assert inside.return_sequences is False
    assert not hands_mask_on(keras.layers.Flatten, {}, [{"name": "inputs"}])
