"""The weights of an imported model: kept as a reference, used where the drawing still fits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio import storage
from studio.cli import run
from studio.codegen import STYLES, flat_calls, generate
from studio.codegen.notebook import notebook
from studio.core import edits
from studio.core.parts import find_parts
from studio.core.project import UNMARKED, Project, WeightsFile
from studio.importing import ModelFileError
from studio.importing.stored_weights import stored_sizes
from studio.workbench.code_editing import with_code
from studio.workbench.opening_models import import_model
from studio.workbench.stored_weights import fit, mark_of, start_problems, weights_file
from tests.support.catalog import CATALOG
from tests.support.every_layer import checked
from tests.support.graphs import node

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def all_kinds() -> Any:
    """Layers that hold layers, cells, moving averages, models inside the model, one of them called twice."""
    import keras
    from keras import layers

    sequence = keras.Input((6, 4), name="sequence")
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="bi")(sequence)
    x = layers.MultiHeadAttention(2, 3, name="mha")(x, x)
    x = layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)], name="rnn")(x)
    features = keras.Input((2,), name="features")
    hidden = layers.Dense(3, name="d")(layers.Dropout(0.5)(features))
    x = keras.Model(features, hidden, name="inner")(x) * 2
    x = keras.Sequential([layers.Dense(5, name="e"), layers.BatchNormalization(name="bn")], name="tail")(x)
    twice = keras.Sequential([layers.Dense(5, name="z")], name="twice")
    x = layers.Reshape((1, 5))(twice(twice(x)))
    x = layers.TimeDistributed(layers.Dense(2), name="td")(x)
    model = keras.Model(sequence, layers.Dense(3, name="head")(layers.Flatten()(x)))
    for weight in model.weights:  # moving averages too
        weight.assign(weight + 0.25)
    return model


def models_in_models() -> Any:
    """Some of one name at every depth, where the whole name alone tells which is meant."""
    import keras
    from keras import layers

    def model(name: str, size: int, inside: Any, outside: Any) -> Any:
        begin = keras.Input((size,))
        x = begin if inside is None else inside(begin)
        for layer in outside:
            x = layer(x)
        return keras.Model(begin, x, name=name)

    deepest = model("deepest", 4, None, [layers.Dense(4, name="d"), layers.Dense(4, name="only_here")])
    middle = model("middle", 4, deepest, [layers.Dense(4, name="d"), layers.Dense(4, name="e")])
    outer = model("outer", 4, middle, [layers.Dense(4, name="e"), layers.Dense(4, name="d")])
    whole = model("whole", 4, outer, [layers.Dense(4, name="d")])
    for weight in whole.weights:
        weight.assign(weight + 0.25)
    return whole


def activations() -> Any:
    """Layers that stand as activations, with weights which Keras makes at the first call of the model."""
    import keras
    import numpy as np
    from keras import layers

    x = row = keras.Input((8,), name="row")
    x = layers.Dense(4, activation=layers.LeakyReLU(negative_slope=0.1), name="leaky")(x)
    x = layers.Reshape((4, 1))(x)
    x = layers.Conv1D(3, 3, activation=layers.PReLU(), padding="same", name="conv")(x)
    inner = layers.GRU(3, activation=layers.PReLU(), recurrent_activation=layers.PReLU(), return_sequences=True)
    x = layers.Bidirectional(inner, name="both")(x)
    x = layers.TimeDistributed(layers.Dense(3, activation=layers.PReLU()), name="each")(x)
    x = layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2, activation=layers.PReLU())], name="rnn")(x)
    x = layers.Activation(layers.PReLU(), name="alone")(x)
    x = keras.Sequential([layers.Dense(3, activation=layers.PReLU(), name="d")], name="inner")(x)
    model = keras.Model(row, layers.Dense(2, activation=layers.BatchNormalization(), name="last")(x))
    model(np.zeros((1, 8)))
    for weight in model.weights:
        weight.assign(weight + 0.125)
    return model


def on_every_step(is_deep: bool = True) -> Any:
    """Models on every time step, one inside another; outside there are layers of the same names and sizes."""
    import keras
    from keras import layers

    picture = keras.Input((6, 6, 2))
    x = layers.Normalization(name="norm")(picture)
    x = layers.Add()([layers.Conv2D(3, 3, padding="same", name=name)(x) for name in "ab"])
    look = keras.Model(picture, layers.GlobalAveragePooling2D()(x), name="look")
    film = keras.Input((4, 6, 6, 2))
    x = layers.Dense(3, name="d")(layers.TimeDistributed(look, name="frames")(film))
    row = keras.Sequential([layers.Dense(3, name="d"), layers.ReLU()])
    x = layers.Concatenate()([layers.TimeDistributed(row, name="row")(x), x])
    several = weighed(keras.Model(film, layers.LSTM(3, name="read")(x), name="several"))
    if not is_deep:
        return several
    films = keras.Input((2, 4, 6, 6, 2))
    x = layers.TimeDistributed(several, name="films")(films)
    x = layers.Dense(2, name="read")(layers.Flatten()(x))
    return weighed(keras.Model(films, x))


def weighed(model: Any) -> Any:
    """The model with weights of which no two are the same."""
    import keras

    chance = keras.random.SeedGenerator(3)
    for weight in model.weights:
        weight.assign(keras.ops.cast(keras.ops.abs(keras.random.normal(weight.shape, seed=chance)), weight.dtype))
    for layer in model._flatten_layers():
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return model


def once_on_every_step() -> Any:
    return on_every_step(is_deep=False)


def chain() -> Any:
    import keras
    from keras import layers

    return keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(4, 3, name="see"), layers.BatchNormalization(), layers.Flatten(),
         layers.Dense(2, name="say")]
    )  # fmt: skip


def started(project: Project, style: str = "default") -> Any:
    """The model of the exported code with the weights that it starts from."""
    namespace: dict[str, Any] = {"__name__": "exported"}
    source = generate(project, CATALOG, style=STYLES[style])
    exec(compile(source.text, "exported.py", "exec"), namespace)
    model = namespace["build_model"]()
    namespace["load_weights"](model)
    assert "    load_weights(model)\n    compile_model(model)\n" in source.text
    return model


@pytest.mark.parametrize(
    ("make", "ending"),
    # An .h5 cannot hold two layers of one name.
    [
        (all_kinds, "keras"),
        (all_kinds, "h5"),
        (chain, "keras"),
        (chain, "h5"),
        (models_in_models, "keras"),
        (activations, "keras"),
        (activations, "h5"),
        (on_every_step, "keras"),
        (once_on_every_step, "h5"),
    ],
)
def test_an_imported_model_starts_from_its_weights(make: Callable[[], Any], ending: str, tmp_path: Path) -> None:
    import keras
    import numpy as np

    model, path = make(), tmp_path / f"model.{ending}"
    model.save(path)
    rows = np.random.default_rng(0).random((2, *model.input_shape[1:]), dtype="float32")
    expected = np.asarray(model(rows))
    found = import_model(path, CATALOG)
    assert found.project.training.starts_from == WeightsFile(str(path), mark_of(path))
    assert found.report.kept
    assert start_problems(found.project) == ()
    assert storage.loads(storage.dumps(found.project)) == found.project
    keras.backend.clear_session(free_memory=False)
    np.testing.assert_allclose(started(found.project)(rows), expected, rtol=1e-5, atol=1e-6)
    fits = fit(found.project, flat_calls(found.project, CATALOG), checked(found.project), stored_sizes(path))
    assert (fits.other, fits.new) == ((), ())
    layers = {all_kinds: 9, chain: 3, models_in_models: 7, activations: 8, on_every_step: 7, once_on_every_step: 6}
    assert fits.layers == layers[make]


def test_only_where_an_activation_has_weights_does_the_code_make_them_first(tmp_path: Path) -> None:
    for make, is_needed in ((activations, True), (all_kinds, False)):
        make().save(path := tmp_path / "model.keras")
        text = generate(import_model(path, CATALOG).project, CATALOG).text
        assert ("    first_calls(model)\n" in text, "\ndef first_calls(model):\n" in text) == (is_needed, is_needed)


def test_a_proof_brings_the_weights_of_activations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    activations().save(path := tmp_path / "model.keras")
    assert run(["import", str(path), "-o", str(tmp_path / "p.studio")]) == 0
    assert run(["export", str(tmp_path / "p.studio"), "-o", str(tmp_path / "p.py"), "--prove"]) == 0
    assert "and the predictions for 4 rows are the same." in capsys.readouterr().out


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"default"}))
def test_every_style_starts_from_them(style: str, tmp_path: Path) -> None:
    import keras
    import numpy as np

    model, path = chain(), tmp_path / "model.keras"
    model.save(path)
    project = import_model(path, CATALOG).project
    keras.backend.clear_session(free_memory=False)
    rows = np.ones((1, 8, 8, 3), dtype="float32")
    np.testing.assert_allclose(started(project, style)(rows), model(rows), rtol=1e-5, atol=1e-6)
    assert "load_weights(model)" in notebook(project, CATALOG, style=STYLES[style]).text


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_changed_drawing_takes_what_still_fits(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import numpy as np

    model, path = all_kinds(), tmp_path / f"model.{ending}"
    model.save(path)
    project = import_model(path, CATALOG).project
    project = edits.set_param(project, node(project, "head").id, "units", 7)
    project = edits.rename(project, node(project, "mha").id, "other")
    again = started(project)
    said = capsys.readouterr().out
    assert said.startswith(f"7 of 9 layers start from {path}\n")
    assert said.endswith("These start anew: other, head\n")
    np.testing.assert_array_equal(again.get_layer("rnn").get_weights()[0], model.get_layer("rnn").get_weights()[0])
    found = fit(project, flat_calls(project, CATALOG), checked(project), stored_sizes(path))
    assert (len(found.fitting), found.other, found.new) == (7, ("head",), ("other",))


def test_repeated_parts_keep_the_weights_of_their_layers(tmp_path: Path) -> None:
    import keras
    import numpy as np
    from keras import layers

    inputs = keras.Input((8, 8, 4), name="picture")
    x = inputs
    for number in range(3):
        y = layers.Conv2D(4, 3, padding="same", name=f"part{number}_conv")(x)
        y = layers.BatchNormalization(name=f"part{number}_norm")(y)
        x = layers.Add(name=f"part{number}_add")([x, layers.ReLU(name=f"part{number}_relu")(y)])
    model = keras.Model(inputs, layers.Dense(2, name="head")(layers.Flatten(name="flat")(x)))
    model.save(tmp_path / "model.keras")
    project = find_parts(import_model(tmp_path / "model.keras", CATALOG).project, CATALOG).project
    assert project.blocks
    rows = np.random.default_rng(0).random((2, 8, 8, 4), dtype="float32")
    keras.backend.clear_session(free_memory=False)
    np.testing.assert_allclose(started(project)(rows), model(rows), rtol=1e-5, atol=1e-6)


def test_a_file_that_moved_or_changed_is_told(tmp_path: Path) -> None:
    import keras

    path = tmp_path / "model.keras"
    chain().save(path)
    project = import_model(path, CATALOG).project
    moved = path.rename(tmp_path / "moved.keras")
    (problem,) = start_problems(project)
    assert problem.message.startswith("The weights model.keras are not where they were;")
    keras.backend.clear_session(free_memory=False)
    chain().save(path)
    (problem,) = start_problems(project)
    assert "has changed since" in problem.message
    os.replace(moved, path)
    assert start_problems(project) == ()
    copy = shutil.copy(path, tmp_path / "never_picked.keras")
    stranger = replace(
        project, training=replace(project.training, starts_from=WeightsFile(str(copy), mark_of(Path(copy))))
    )
    (problem,) = start_problems(stranger)
    assert "not picked on this machine" in problem.message


def test_files_without_weights_and_damaged_ones(tmp_path: Path) -> None:
    model = chain()
    (tmp_path / "model.json").write_text(model.to_json())
    assert import_model(tmp_path / "model.json", CATALOG).project.training.starts_from is None
    model.save(tmp_path / "model.keras")
    whole = (tmp_path / "model.keras").read_bytes()
    for place, text in enumerate((b"", b"PK", whole[: len(whole) // 2], b"\x89HDF\r\n\x1a\n" + bytes(200))):
        for ending in ("keras", "h5"):
            bad = tmp_path / f"bad{place}.{ending}"
            bad.write_bytes(text)
            assert weights_file(bad).mark == mark_of(bad)
            with pytest.raises(ModelFileError, match="no weights that can be read"):
                stored_sizes(bad)


def test_its_code_is_read_back_and_edited_like_any_other(tmp_path: Path) -> None:
    chain().save(tmp_path / "model.keras")
    project = import_model(tmp_path / "model.keras", CATALOG).project
    source = generate(project, CATALOG)
    edited = with_code(
        project, project, source, source.text.replace("layers.Dense(2, name=", "layers.Dense(4, name="), CATALOG
    )
    assert edited.complaints == ()
    assert edited.project.training == project.training
    assert dict(node(edited.project, "say").params) == {"units": 4}
    (tmp_path / "again.py").write_text(source.text, encoding="utf-8")
    again = import_model(tmp_path / "again.py", CATALOG)
    assert again.report.unknown == ()
    assert again.project.training.starts_from == project.training.starts_from
    assert generate(again.project, CATALOG).text == source.text


def test_a_script_of_somebody_else_chooses_no_file_of_this_machine(tmp_path: Path) -> None:
    chain().save(tmp_path / "model.keras")
    project = import_model(tmp_path / "model.keras", CATALOG).project
    secret = tmp_path / "secret.keras"
    secret.write_bytes(b"not for strangers")
    text = generate(project, CATALOG).text.replace("model.keras", "secret.keras", 1)
    (tmp_path / "again.py").write_text(text, encoding="utf-8")
    found = import_model(tmp_path / "again.py", CATALOG).project
    assert found.training.starts_from == WeightsFile(str(secret), UNMARKED)
    (problem,) = start_problems(found)
    assert "not picked on this machine" in problem.message
