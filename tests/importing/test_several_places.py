"""Layers that stand in several places of a saved model: Keras makes them anew for each place, and that is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.workbench.opening_models import import_model
from tests.support.catalog import CATALOG
from tests.workbench.test_stored_weights import started

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning"),
]

SEVERAL = (
    "Stands in several places of the model, in one of them inside of a model or another layer. Keras makes it anew for"
    " each place when it reads such a file, with weights of its own, and so it is here: "
)
PERHAPS = (
    "Stands in several models of the file, each time with weights of its own, as when Keras reads the file; "
    "if these were shared, they are not any more: "
)


def inside(part: Any, name: str, size: int = 4) -> Any:
    """A model of one layer or model."""
    import keras

    row = keras.Input((size,))
    return keras.Model(row, part(row), name=name)


def beside(part: Any) -> Any:
    """It stands in a model and beside that."""
    import keras

    row = keras.Input((4,))
    return keras.Model(row, part(inside(part, "inner")(row)))


def layer_beside() -> Any:
    from keras import layers

    return beside(layers.Dense(4, name="d"))


def model_beside() -> Any:
    import keras
    from keras import layers

    return beside(keras.Sequential([keras.Input((4,)), layers.Dense(4, name="e")], name="deep"))


def in_two_models() -> Any:
    import keras
    from keras import layers

    shared, row = layers.Dense(4, name="d"), keras.Input((4,))
    return keras.Model(row, inside(shared, "right")(inside(shared, "left")(row)))


def in_a_wrapper() -> Any:
    import keras
    from keras import layers

    shared, row = layers.Dense(4, name="d"), keras.Input((3, 4))
    return keras.Model(row, shared(layers.TimeDistributed(shared)(row)))


def as_activation() -> Any:
    import keras
    from keras import layers

    shared, row = layers.PReLU(), keras.Input((4,))
    first, second = (layers.Dense(4, activation=shared, name=name) for name in ("first", "second"))
    model = keras.Model(row, second(first(row)))
    model(keras.ops.zeros((1, 4)))
    return model


MODELS: dict[str, tuple[Callable[[], Any], str]] = {
    "a layer in a model and beside": (layer_beside, "d."),
    "a model in a model and beside": (model_beside, "deep."),
    "a layer in two models": (in_two_models, "d."),
    "a layer in a wrapper and beside": (in_a_wrapper, "d."),
    "an activation of two layers": (as_activation, "the PReLU of second."),
}


@pytest.mark.parametrize("which", MODELS)
def test_keras_makes_it_anew_for_each_place_and_so_does_the_drawing(which: str, tmp_path: Path) -> None:
    import keras

    make, name = MODELS[which]
    model = make()
    again = keras.models.model_from_json(model.to_json())
    # Keras itself: more weights than in the model that was saved, or a file of it that cannot be loaded.
    assert len(again.weights) > len(model.weights)
    model.save(path := tmp_path / "model.keras")
    with pytest.raises(ValueError, match="could not be loaded"):
        keras.models.load_model(path)
    assert import_model(path, CATALOG).report.replaced == (SEVERAL + name,)


@pytest.mark.parametrize(
    ("which", "ending"), [(key, "keras") for key in MODELS if "model" in key] + [(key, "h5") for key in MODELS]
)
def test_all_places_begin_with_the_weights_of_the_file(which: str, ending: str, tmp_path: Path) -> None:
    import keras
    import numpy as np

    model, path = MODELS[which][0](), tmp_path / f"model.{ending}"
    for weight in model.weights:
        weight.assign(weight + 0.25)
    model.save(path)
    rows = np.random.default_rng(0).random((2, *model.input_shape[1:]), dtype="float32")
    expected = np.asarray(model(rows))
    project = import_model(path, CATALOG).project
    keras.backend.clear_session(free_memory=False)
    np.testing.assert_allclose(started(project)(rows), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("ending", ["h5", "json"])
@pytest.mark.parametrize(("make", "name"), [(layer_beside, "d."), (model_beside, "deep."), (in_two_models, "d.")])
def test_in_files_without_marks_the_same_name_and_settings_tell_it(
    make: Callable[[], Any], name: str, ending: str, tmp_path: Path
) -> None:
    model, path = make(), tmp_path / f"model.{ending}"
    model.save(path) if ending == "h5" else path.write_text(model.to_json())
    assert import_model(path, CATALOG).report.replaced == (PERHAPS + name,)


def test_a_mark_of_keras_2_tells_it() -> None:
    from studio.importing import from_config
    from tests.importing.test_configs import A, functional, layer

    inner = functional(A, layer("Dense", "d", [[["a", 0, 0]]], units=4), outputs=[["d", 0, 0]])
    part = {**inner, "name": "inner", "inbound_nodes": [[["a", 0, 0, {}]]]}
    beside = {**layer("Dense", "d", [[["inner", 1, 0, {}]]], units=4), "shared_object_id": 2}
    found = from_config(functional(A, part, beside, outputs=[["d", 0, 0]]), CATALOG)
    assert found.report.replaced == (f"{SEVERAL}d.",)


def test_layers_that_are_several_are_not_told(tmp_path: Path) -> None:
    """Called twice in one graph, of the same name in two models, or without weights."""
    import keras
    from keras import layers

    row = keras.Input((4,))
    drop, dense, act = layers.Dropout(0.5), layers.Dense(4), layers.LeakyReLU()
    x = inside(layers.Dense(4, name="d"), "left")(dense(dense(row)))
    x = inside(layers.Dense(4, name="d"), "right")(inside(drop, "middle")(drop(x)))
    x = layers.Dense(4, activation=act)(layers.Dense(4, activation=act)(x))
    model = keras.Model(row, inside(layers.Dense(2, name="dense"), "last")(x))
    model.save(path := tmp_path / "model.keras")
    assert import_model(path, CATALOG).report.replaced == ()
    model.save(path := tmp_path / "model.h5")  # which does not tell two layers of one name from one in two places
    assert import_model(path, CATALOG).report.replaced == (f"{PERHAPS}d.",)
