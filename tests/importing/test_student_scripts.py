"""Scripts as students write them: what is read of them predicts what the model of the script predicts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.importing.script import read_script
from tests.importing.test_keras_examples import model_of
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, flattened, paired_by_structure

TEXTS = {
    match[0]: match[1]
    for part in (Path(__file__).parent / "scripts" / "of_students.txt").read_text(encoding="utf-8").split("#### ")
    if (match := part.partition("\n")[::2])[0]
}
"""Each behind a line with what it is about."""
HEAD = """
import numpy as np
import keras
from keras import layers, ops, Model, Sequential
"""

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`"),  # scripts of Keras 2 do
]


def shapes(project: Any) -> Any:
    import keras

    with keras.StatelessScope(initialize_variables=False):
        shape = built(project, ("no_data", "renamed")).outputs[0].shape
    keras.backend.clear_session(free_memory=False)
    return tuple(shape)


def rows_of(model: Any) -> list[Any]:
    rng = np.random.default_rng(3)
    return [
        rng.integers(0, 2, (2, *(size or 6 for size in each.shape[1:]))).astype(each.dtype) for each in model.inputs
    ]


def told(model: Any) -> list[Any]:
    import keras

    rows = rows_of(model)
    given = rows if len(rows) > 1 or isinstance(getattr(model, "_inputs_struct", None), list) else rows[0]
    return [np.asarray(each) for each in keras.tree.flatten(model(given))]


def kinds(model: Any) -> dict[int, str]:
    """The classes of all layers, those of models inside the model too, each layer once."""
    import keras

    found: dict[int, str] = {}
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found |= kinds(layer)
        elif type(layer).__name__ != "InputLayer":
            found[id(layer)] = type(layer).__name__
    return found


def trained(model: Any) -> int:
    return sum(int(np.prod(each.shape)) for each in model.trainable_weights)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_script_is_read_as_the_model_that_it_makes(text: str) -> None:
    import keras

    text = HEAD + text
    found = read_script(text, CATALOG, model="model", shapes=shapes)
    assert [each for each in found.report.unknown if not each.startswith("Code of")] == []
    model = model_of(text)
    again = built(found.project, ("no_data", "renamed"))
    assert Counter(kinds(again).values()) == Counter(kinds(model).values())
    assert (again.count_params(), trained(again)) == (model.count_params(), trained(model))
    rng = np.random.default_rng(1)
    for each in model.weights:
        each.assign(rng.normal(0, 0.5, each.shape).astype(each.dtype))
    if found.project.snippets or "# by order" in text:
        again.set_weights(model.get_weights())
    else:
        for one, other in paired_by_structure(flattened(keras.Model(model.inputs, model.outputs)), flattened(again)):
            other.set_weights(one.get_weights())
    said, ours = told(model), told(again)
    for one, other in zip(said, ours, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
