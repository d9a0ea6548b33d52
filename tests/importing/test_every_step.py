"""Models inside of a TimeDistributed: blocks on every time step, out of files of Keras and out of scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.importing import ModelFileError, from_config, read
from studio.importing.script import read_script
from tests.support.catalog import CATALOG
from tests.support.keras_models import built

pytestmark = [
    pytest.mark.keras,
    pytest.mark.usefixtures("fresh_names"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of h5py
]


def look(size: int = 6) -> Any:
    """Two branches look at one picture."""
    import keras
    from keras import layers

    picture = keras.Input((size, size, 2), name="picture")
    one = layers.Conv2D(3, 3, padding="same", activation="relu", name="one")(picture)
    other = layers.Conv2D(3, 5, padding="same", name="other")(picture)
    x = layers.BatchNormalization(name="norm")(layers.Add(name="both")([one, other]))
    return keras.Model(picture, layers.GlobalAveragePooling2D(name="mean")(x), name="look")


def film() -> Any:
    import keras
    from keras import layers

    frames = keras.Input((4, 6, 6, 2))
    x = layers.TimeDistributed(look(), name="frames")(frames)
    return keras.Model(frames, layers.LSTM(3)(x))


def of_any_length() -> Any:
    import keras
    from keras import layers

    frames = keras.Input((None, 6, 6, 2), batch_size=2)
    x = layers.TimeDistributed(look())(frames)
    return keras.Model(frames, layers.GRU(3)(x))


def two_films() -> Any:
    """One layer is called on two films, which have other lengths."""
    import keras
    from keras import layers

    one, other = keras.Input((4, 6, 6, 2), name="film"), keras.Input((3, 6, 6, 2), name="other_film")
    frames = layers.TimeDistributed(look(), name="frames")
    pooled = [layers.GlobalMaxPooling1D()(frames(each)) for each in (one, other)]
    return keras.Model([one, other], layers.Concatenate()(pooled))


def texts() -> Any:
    """Words of sentences of texts, of whole numbers; a TimeDistributed in a model in a TimeDistributed."""
    import keras
    from keras import layers

    sentence = keras.Input((5,), dtype="int32", name="words")
    x = layers.Embedding(9, 4, name="embedding")(sentence)
    y = layers.Bidirectional(layers.GRU(3), name="gru")(x)
    encoder = keras.Model(sentence, layers.Concatenate()([y, layers.GlobalMaxPooling1D()(x)]), name="sentence")
    text = keras.Input((6, 5), dtype="int32", name="sentences")
    x = layers.TimeDistributed(encoder)(text)
    reader = keras.Model(text, layers.Dense(2)(layers.LSTM(3)(x)) + 1.0, name="text")
    several = keras.Input((3, 6, 5), dtype="int32")
    return keras.Model(several, layers.TimeDistributed(reader, name="texts")(several))


def rows_of_rows() -> Any:
    """A TimeDistributed right inside of another one, with a Sequential that has more than layers in a row."""
    import keras
    from keras import layers

    row = keras.Sequential([keras.Input((6, 6, 2)), look(), layers.Dense(2, name="say")], name="row")
    films = keras.Input((3, 4, 6, 6, 2))
    return keras.Model(films, layers.TimeDistributed(layers.TimeDistributed(row, name="inner"), name="outer")(films))


def in_a_model() -> Any:
    """A model that is called twice has one inside, of which nothing learns."""
    import keras
    from keras import layers

    frames = keras.Input((4, 6, 6, 2), name="frames")
    held = layers.TimeDistributed(look(), name="held")
    x = held(frames)
    held.trainable = False
    reader = keras.Model(frames, layers.LSTM(3)(x), name="reader")
    one, other = keras.Input((4, 6, 6, 2)), keras.Input((4, 6, 6, 2))
    return keras.Model([one, other], layers.Dense(1)(layers.Subtract()([reader(one), reader(other)])))


def ready_made() -> Any:
    import keras
    from keras import layers

    net = keras.applications.MobileNet(
        include_top=False, weights=None, alpha=0.25, input_shape=(32, 32, 3), pooling="avg"
    )
    frames = keras.Input((2, 32, 32, 3))
    return keras.Model(frames, layers.LSTM(3)(layers.TimeDistributed(net)(frames)))


MADE: tuple[Callable[[], Any], ...] = (
    film, of_any_length, two_films, texts, rows_of_rows, in_a_model, ready_made
)  # fmt: skip


def weighed(model: Any) -> None:
    rng = np.random.default_rng(3)
    for weight in model.weights:
        weight.assign(np.abs(rng.normal(0, 0.4, weight.shape)).astype(weight.dtype))


def told(model: Any) -> list[Any]:
    import keras

    rng = np.random.default_rng(4)
    rows = [
        rng.integers(0, 9, (2, *(size or 5 for size in each.shape[1:]))).astype(each.dtype)
        if each.dtype.startswith("int")
        else rng.normal(size=(2, *(size or 5 for size in each.shape[1:]))).astype(each.dtype)
        for each in model.inputs
    ]
    given = rows[0]
    if len(rows) > 1:
        given = rows if isinstance(model.input, list) else dict(zip(sorted(model.input), rows, strict=True))
    return [np.asarray(each) for each in keras.tree.flatten(model(given))]


def compared(model: Any, project: Any) -> None:
    """The same parameters, those that learn among them, and the same predictions with the same weights."""
    import keras

    weighed(model)
    keras.backend.clear_session(free_memory=False)
    again = built(project)
    counts = [sum(int(np.prod(each.shape)) for each in net.trainable_weights) for net in (model, again)]
    assert (again.count_params(), counts[1]) == (model.count_params(), counts[0])
    again.set_weights(model.get_weights())
    for one, other in zip(told(model), told(again), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("ending", ["keras", "h5", "json"])
@pytest.mark.parametrize("make", MADE)
def test_a_file_comes_in_as_the_model_that_it_holds(make: Callable[[], Any], ending: str, tmp_path: Path) -> None:
    model, path = make(), tmp_path / f"net.{ending}"
    if ending == "json":
        path.write_text(model.to_json(), encoding="utf-8")
    else:
        model.save(path)
    found = read(path, CATALOG)
    assert found.report.unknown == ()
    uses = [each for graph in found.project.graphs().values() for each in graph.nodes.values()]
    assert any(each.is_time_distributed for each in uses)
    compared(model, found.project)
    # What is exported is saved and comes in once more as the same drawing.
    import keras

    keras.backend.clear_session(free_memory=False)
    again = built(found.project)
    again.save(tmp_path / "again.keras")
    back = read(tmp_path / "again.keras", CATALOG)
    assert back.report.unknown == ()
    compared(again, back.project)


def test_names_of_the_file_are_those_of_the_drawing(tmp_path: Path) -> None:
    film().save(tmp_path / "net.keras")
    project = read(tmp_path / "net.keras", CATALOG).project
    (use,) = (each for each in project.main.nodes.values() if each.type == "block")
    assert (use.name, use.is_time_distributed, project.blocks[use.block or ""].name) == ("frames", True, "look")
    inside = {each.name: each.type for each in project.blocks[use.block or ""].graph.nodes.values()}
    assert inside == {
        "picture": "Input", "one": "Conv2D", "other": "Conv2D", "norm": "BatchNormalization", "both": "Add",
        "mean": "GlobalAveragePooling2D", "output": "Output",
    }  # fmt: skip


def test_layers_in_a_row_stay_a_value(tmp_path: Path) -> None:
    """A Sequential of plain layers is what one can see in the form of the TimeDistributed."""
    import keras
    from keras import layers

    row = keras.Sequential([layers.Dense(3), layers.ReLU()])
    frames = keras.Input((4, 5))
    keras.Model(frames, layers.TimeDistributed(row)(frames)).save(tmp_path / "net.keras")
    project = read(tmp_path / "net.keras", CATALOG).project
    assert project.blocks == {}
    assert "TimeDistributed" in {each.type for each in project.main.nodes.values()}


def test_the_form_of_keras_2() -> None:
    def layer(name: str, kind: str, config: dict[str, Any], *takes: str) -> dict[str, Any]:
        inbound = [[[each, 0, 0, {}] for each in takes]] if takes else []
        return {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": inbound}

    def model(name: str, layers: list[Any], begin: str, end: str) -> dict[str, Any]:
        ends = {"input_layers": [[begin, 0, 0]], "output_layers": [[end, 0, 0]]}
        return {"class_name": "Functional", "config": {"name": name, "layers": layers, **ends}}

    def begin(name: str, *sizes: int) -> dict[str, Any]:
        return layer(name, "InputLayer", {"batch_input_shape": [None, *sizes], "dtype": "float32"})

    step = model("step", [
        begin("row", 3), layer("dense", "Dense", {"units": 3, "activation": "relu"}, "row"),
        layer("add", "Add", {}, "dense", "row"),
    ], "row", "add")  # fmt: skip
    whole = model("whole", [
        begin("rows", 4, 3), layer("td", "TimeDistributed", {"layer": step}, "rows"),
        layer("lstm", "LSTM", {"units": 2}, "td"),
    ], "rows", "lstm")  # fmt: skip
    found = from_config(whole | {"keras_version": "2.9.0"}, CATALOG)
    assert found.report.unknown == ()
    import keras

    row = keras.Input((3,))
    x = keras.layers.Add()([keras.layers.Dense(3, activation="relu")(row), row])
    rows = keras.Input((4, 3))
    model_of_today = keras.Model(rows, keras.layers.LSTM(2)(keras.layers.TimeDistributed(keras.Model(row, x))(rows)))
    compared(model_of_today, found.project)


SHARED = """
import keras
from keras import layers

def encoder(words=6):
    title = keras.Input((words,), name="title")
    x = layers.Embedding(9, 4)(title)
    x = layers.MultiHeadAttention(2, 3)(x, x)
    return keras.Model(title, layers.GlobalAveragePooling1D()(x), name="news_encoder")

news = encoder()
history = keras.Input((5, 6), name="history")
candidates = keras.Input((3, 6), name="candidates")
one = keras.Input((6,), name="one")
h = layers.TimeDistributed(news)(history)
c = layers.TimeDistributed(news)(candidates)
user = layers.GlobalAveragePooling1D()(h)
scores = layers.Dot(axes=-1)([c, user])
model = keras.Model([history, candidates, one], layers.Concatenate()([scores, news(one)]))
"""


def test_a_model_on_every_step_and_beside_it_is_one_model() -> None:
    """Keras cannot read such a model back from its own file."""
    found = read_script(SHARED, CATALOG)
    assert (found.report.unknown, found.report.replaced) == ((), ())
    uses = [each for each in found.project.main.nodes.values() if each.type == "block"]
    assert sorted(each.is_time_distributed for each in uses) == [False, True, True]
    assert len({each.shares or each.id for each in uses}) == 1
    scope: dict[str, Any] = {}
    exec(SHARED, scope)
    compared(scope["model"], found.project)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("layers.TimeDistributed(news)(history)", "layers.TimeDistributed(news)(history, mask=history)",
         "A mask that a model is given for every time step cannot be drawn; leave it out."),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told(old: str, new: str, sentence: str) -> None:
    assert sentence in " ".join(read_script(SHARED.replace(old, new), CATALOG).report.unknown)


def test_a_clone_has_weights_of_its_own() -> None:
    text = """
import keras
from keras import layers

row = keras.Input((3,))
step = keras.Model(row, layers.Add()([layers.Dense(3)(row), row]))
rows = keras.Input((4, 3))
net = keras.Model(rows, layers.TimeDistributed(step)(rows))
begin = keras.Input((2, 4, 3))
both = [layers.TimeDistributed(each)(begin) for each in (net, keras.models.clone_model(net))]
model = keras.Model(begin, layers.Concatenate()(both))
"""
    found = read_script(text, CATALOG)
    assert found.report.unknown == ()
    scope: dict[str, Any] = {}
    exec(text, scope)
    compared(scope["model"], found.project)


def nested(inner: dict[str, Any], times: int) -> dict[str, Any]:
    """A TimeDistributed in a TimeDistributed, and so on, in a model."""
    for _ in range(times):
        inner = {"class_name": "TimeDistributed", "module": "keras.layers", "config": {"name": "td", "layer": inner}}
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 3, 3], "keras_history": ["rows", 0, 0]}}
    begin = {"class_name": "InputLayer", "module": "keras.layers", "config": {"batch_shape": [None, 3, 3]},
             "name": "rows", "inbound_nodes": []}  # fmt: skip
    layers = [begin, {**inner, "name": "td", "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}]
    ends = {"input_layers": [["rows", 0, 0]], "output_layers": [["td", 0, 0]]}
    return {"class_name": "Functional", "module": "keras", "config": {"name": "net", "layers": layers, **ends}}


@pytest.mark.parametrize(
    ("inner", "times", "told"),
    [
        ({"class_name": "Functional", "config": {"layers": [], "output_layers": []}}, 1, "cannot stand as layer"),
        ({"class_name": "Functional", "config": {"layers": 5, "output_layers": []}}, 1, "cannot stand as layer"),
        ({"class_name": "Model", "config": []}, 1, "cannot stand as layer"),
        ({"class_name": "Functional", "config": {"layers": [3], "output_layers": []}}, 1, "has no list of layers"),
        ({"class_name": "Dense", "module": "keras.layers", "config": {"units": 3}}, 19, "it is nested too deeply"),
        ({"class_name": "Dense", "module": "keras.layers", "config": {"units": 3}}, 1000, "is nested too deeply"),
    ],
)  # fmt: skip
def test_a_strange_file_is_told_in_words(inner: dict[str, Any], times: int, told: str) -> None:
    try:
        said = " ".join(from_config(nested(inner, times), CATALOG).report.unknown)
    except ModelFileError as error:
        said = error.message
    assert told in said
