"""Every builder of ``keras.applications``, drawn from the config of its model: the code builds the very same model.

The smallest every day, beside those of ``test_parts``; all of them with ``HYPOTHESIS_PROFILE=thorough``.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.core.parts import find_parts
from studio.core.project import Project
from studio.importing import from_config
from tests.support.builders import BUILDERS, model_of, skip_where_weights_do_not_fit
from tests.support.catalog import CATALOG
from tests.support.keras_models import built, flattened, paired_by_structure, told
from tests.support.thorough import sample

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]


def drawn(model: Any) -> Project:
    return from_config(json.loads(model.to_json()), CATALOG, model.name).project


def test_no_builder_is_forgotten() -> None:
    import keras

    assert {name for name in dir(keras.applications) if name[0].isupper()} == set(BUILDERS)


@pytest.mark.parametrize("name", sample(BUILDERS, 1))
def test_the_code_builds_the_same_layers(name: str) -> None:
    """As it is drawn with all names, and with blocks for its repeated parts."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = model_of(name)
        project = drawn(model)
        with_parts = find_parts(project, CATALOG).project
        keras.backend.clear_session(free_memory=False)
        again = built(project)
        flat = flattened(model)
        if flat is model:
            assert told(again) == told(model)
        assert len(paired_by_structure(flat, again)) == len(flat.layers) == len(again.layers)
        assert again.count_params() == model.count_params()
        keras.backend.clear_session(free_memory=False)
        again = built(with_parts, ("no_data", "renamed"))
        assert len(paired_by_structure(flat, again)) == len(flat.layers) == len(again.layers)
        assert again.count_params() == model.count_params()


@pytest.mark.parametrize("name", sample(BUILDERS, 1))
def test_with_the_weights_copied_it_predicts_the_same(name: str) -> None:
    import keras
    import numpy as np

    skip_where_weights_do_not_fit(name)
    model = model_of(name)
    keras.backend.clear_session(free_memory=False)
    again = built(find_parts(drawn(model), CATALOG).project, ("no_data", "renamed"))
    for source, target in paired_by_structure(flattened(model), again):
        target.set_weights(source.get_weights())
    picture = np.random.default_rng(0).random((1, *model.input_shape[1:]), dtype="float32")
    np.testing.assert_allclose(model(picture), again(picture), rtol=1e-5, atol=1e-6)
