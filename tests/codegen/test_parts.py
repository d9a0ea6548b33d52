"""Models of Keras after "Find repeated parts": code to be proud of, and the very same models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from studio.codegen import generate
from studio.core.parts import find_parts
from studio.core.project import Project
from studio.importing import from_config
from tests.codegen.accepting import assert_accepted
from tests.core.test_parts import planted
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, paired_by_structure, told, weigh_by_structure
from tests.support.thorough import sample

pytestmark = pytest.mark.keras

MODELS = {
    "ResNet50": (64, 64, 3),
    "InceptionV3": (75, 75, 3),
    "MobileNetV3Small": (32, 32, 3),
    "EfficientNetB0": (32, 32, 3),
}
NAMES_KEPT = {"ResNet50", "EfficientNetB0", "MobileNetV3Small"}
"""InceptionV3 is the other: its last two blocks have names that follow from nothing, which the window says."""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Names are counted from a fresh start."""
    import keras

    keras.backend.clear_session(free_memory=False)
    yield
    keras.backend.clear_session(free_memory=False)


@pytest.fixture
def no_weights(fresh: None) -> Iterator[None]:
    """Models are built without memory for weights."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        yield


def model_and_parts(name: str) -> tuple[Any, Project]:
    import keras

    shape = MODELS[name]
    model = getattr(keras.applications, name)(weights=None, input_shape=shape, classes=7)
    project = from_config(json.loads(model.to_json()), CATALOG, name).project
    return model, find_parts(project, CATALOG).project


@pytest.mark.usefixtures("no_weights")
@pytest.mark.parametrize("name", MODELS)
def test_the_code_is_short_and_builds_the_same_model(name: str, request: pytest.FixtureRequest) -> None:
    import keras

    model, project = model_and_parts(name)
    text = generate(project, CATALOG).text
    assert text.count("\n") < 250
    assert_accepted(f"parts/{name}.py", text, request)
    keras.backend.clear_session(free_memory=False)
    again = built(project, ("no_data", "renamed"))
    assert again.count_params() == model.count_params()
    assert len(paired_by_structure(model, again)) == len(model.layers) == len(again.layers)
    if name in NAMES_KEPT:
        assert told(again) == told(model)


@pytest.mark.usefixtures("no_weights")
@pytest.mark.parametrize("seed", sample(range(200), 6))
def test_names_that_follow_from_one_another_are_kept(seed: int) -> None:
    """Random parts in random places, each layer with a name of its own: the model is told the very same."""
    import keras

    project, _ = planted(seed, names_follow=True)
    found = find_parts(project, CATALOG)
    assert found.parts
    model = built(project)
    keras.backend.clear_session(free_memory=False)
    again = built(found.project, ("no_data", "renamed"))
    assert len(paired_by_structure(model, again)) == len(model.layers)
    # A part that also comes twice in one place has names there that follow from nothing; the window says so.
    if all(part.keeps_names for part in found.parts):
        assert told(again) == told(model)


@pytest.mark.parametrize("seed", sample(range(200), 3))
def test_with_the_same_weights_it_predicts_the_same(seed: int) -> None:
    import keras

    project, _ = planted(seed, names_follow=True)
    x = np.random.default_rng(seed).normal(size=(5, 8))
    predicted = []
    for drawn in (project, find_parts(project, CATALOG).project):
        keras.backend.clear_session(free_memory=False)
        model = built(drawn, ("no_data", "renamed"))
        weigh_by_structure(model)
        predicted.append(keras.ops.convert_to_numpy(model(x)))
    assert np.ptp(predicted[0]) > 0
    np.testing.assert_array_equal(*predicted)
