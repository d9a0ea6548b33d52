"""Every builder of ``keras.applications``, drawn from the config of its model: the code builds the very same model.

The three smallest every day; all of them with ``HYPOTHESIS_PROFILE=thorough``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from studio.codegen import generate
from studio.core.parts import find_parts
from studio.core.project import Project
from studio.importing import from_config
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, paired_by_structure, told
from tests.support.thorough import sample

pytestmark = pytest.mark.keras

SIZES = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71, "NASNetLarge": 32, "NASNetMobile": 32}
"""The smallest picture that a builder takes, where it is not 32 on each side."""

BUILDERS = (
    "MobileNetV3Small", "MobileNet", "MobileNetV2", "NASNetMobile", "EfficientNetB0", "EfficientNetV2B0",
    "MobileNetV3Large", "DenseNet121", "EfficientNetB1", "EfficientNetV2B1", "EfficientNetB2", "EfficientNetV2B2",
    "EfficientNetB3", "DenseNet169", "EfficientNetV2B3", "VGG16", "EfficientNetB4", "DenseNet201", "VGG19",
    "EfficientNetV2S", "Xception", "InceptionV3", "ResNet50", "ResNet50V2", "ConvNeXtTiny", "EfficientNetB5",
    "EfficientNetB6", "ResNet101", "ResNet101V2", "ConvNeXtSmall", "EfficientNetV2M", "InceptionResNetV2",
    "ResNet152", "ResNet152V2", "EfficientNetB7", "NASNetLarge", "ConvNeXtBase", "EfficientNetV2L", "ConvNeXtLarge",
    "ConvNeXtXLarge",
)  # fmt: skip
"""All builders, the small ones first."""

OWN_CLASSES = {"ConvNeXt": "LayerScale", "InceptionResNet": "CustomScaleLayer"}
"""Classes that Keras keeps for these builders: none of its public modules has them, so no code can name them."""

OURS = [name for name in BUILDERS if not name.startswith(tuple(OWN_CLASSES))]

MOST_WEIGHTS = 30_000_000
"""Of larger models no weights are made: memory is shared with others."""


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Names are counted from a fresh start, as in a new process."""
    import keras

    keras.backend.clear_session(free_memory=False)
    yield
    keras.backend.clear_session(free_memory=False)


def model_of(name: str) -> Any:
    import keras

    size = SIZES.get(name, 32)
    return getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=7)


def drawn(model: Any) -> Project:
    return from_config(json.loads(model.to_json()), CATALOG, model.name).project


def test_no_builder_is_forgotten() -> None:
    import keras

    assert {name for name in dir(keras.applications) if name[0].isupper()} == set(BUILDERS)


@pytest.mark.parametrize("name", sample(OURS, 3))
def test_the_code_builds_the_same_layers(name: str) -> None:
    """As it is drawn with all names, and with blocks for its repeated parts."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = model_of(name)
        project = drawn(model)
        with_parts = find_parts(project, CATALOG).project
        keras.backend.clear_session(free_memory=False)
        again = built(project)
        assert told(again) == told(model)
        assert again.count_params() == model.count_params()
        keras.backend.clear_session(free_memory=False)
        again = built(with_parts, ("no_data", "renamed"))
        assert len(paired_by_structure(model, again)) == len(model.layers) == len(again.layers)
        assert again.count_params() == model.count_params()


@pytest.mark.parametrize("name", ["ConvNeXtTiny", "InceptionResNetV2"])
def test_what_only_one_builder_has_is_told_and_kept(name: str) -> None:
    import keras

    with keras.StatelessScope(initialize_variables=False):
        found = from_config(json.loads(model_of(name).to_json()), CATALOG, name)
    own = next(own for start, own in OWN_CLASSES.items() if name.startswith(start))
    assert all(own in sentence for sentence in found.report.unknown)
    assert any(f"There is no layer called {own}" in each.message for each in generate(found.project, CATALOG).problems)


@pytest.mark.parametrize("name", sample(OURS, 1))
def test_with_the_weights_copied_it_predicts_the_same(name: str) -> None:
    import keras
    import numpy as np

    with keras.StatelessScope(initialize_variables=False):
        if model_of(name).count_params() > MOST_WEIGHTS:
            pytest.skip("too large for the memory of a machine that others use too")
    keras.backend.clear_session(free_memory=False)
    model = model_of(name)
    keras.backend.clear_session(free_memory=False)
    again = built(find_parts(drawn(model), CATALOG).project, ("no_data", "renamed"))
    for source, target in paired_by_structure(model, again):
        target.set_weights(source.get_weights())
    picture = np.random.default_rng(0).random((1, *model.input_shape[1:]), dtype="float32")
    np.testing.assert_allclose(model(picture), again(picture), rtol=1e-5, atol=1e-6)
