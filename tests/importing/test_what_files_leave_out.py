"""Model files that say less than the model: layers that stand in several models, and layers that say little."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from studio.codegen import generate
from studio.importing import read
from studio.importing.script import read_script
from tests.support.catalog import CATALOG

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]

SHARED = """
import keras
from keras import layers
i = keras.Input((4,))
inner = keras.Model(i, layers.Dense(4, name="deep")(i), name="inner")
i = keras.Input((4,))
other = keras.Model(i, layers.Dense(4, name="alone")(inner(inner(i))), name="other")
i = keras.Input((4,))
d = layers.Dense(4, name="same")
model = keras.Model(i, {"inner": inner(d(other(other(i)))), "same": d(i)}, name="whole")
"""


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".json"])
def test_what_stands_in_several_models_of_a_file_is_told(tmp_path: Path, suffix: str) -> None:
    """The way back of Keras itself makes two layers of one. An Output may have the name of a layer, not of a block."""
    scope: dict[str, Any] = {}
    exec(SHARED, scope)
    path = tmp_path / f"net{suffix}"
    if suffix == ".json":
        path.write_text(scope["model"].to_json(), encoding="utf-8")
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras would rather have another kind of file
            scope["model"].save(path)
    found = read(path, CATALOG)
    twice, named = found.report.replaced
    is_marked = suffix == ".keras"  # where Keras says that they are one
    assert twice.endswith("and so it is here: inner." if is_marked else "they are not any more: inner.")
    ends = {node.name for node in found.project.main.nodes.values() if node.type == "Output"}
    assert ends == {"inner_1", "same"}
    assert named.endswith("since something else has their name: inner_1 (was inner).")


@pytest.mark.parametrize("suffix", [".json", ".py"])
def test_outputs_keep_the_names_of_layers_but_not_those_of_inputs(tmp_path: Path, suffix: str) -> None:
    text = """
import keras
from keras import layers
title = keras.Input((4,), name="title")
priority_pred = layers.Dense(1, name="priority")(title)
other = layers.Dense(3, name="other")(priority_pred)
model = keras.Model(title, {"priority": priority_pred, "title": other})
"""
    if suffix == ".json":
        scope: dict[str, Any] = {}
        exec(text, scope)
        text = scope["model"].to_json()
    path = tmp_path / f"net{suffix}"
    path.write_text(text, encoding="utf-8")
    found = read(path, CATALOG) if suffix == ".json" else read_script(text, CATALOG)
    nodes = found.project.main.nodes.values()
    assert [node.name for node in nodes if node.type == "Dense"] == ["priority", "other"]
    assert [node.name for node in nodes if node.type == "Output"] == ["priority", "title_1"]
    (told,) = found.report.replaced
    assert told.endswith("since something else has their name: title_1 (was title).")
    again = read_script(generate(found.project, CATALOG).text, CATALOG).project
    assert [node.name for node in again.main.nodes.values() if node.type == "Output"] == ["priority", "title_1"]


def test_layers_that_say_little_of_themselves_come_from_an_h5(tmp_path: Path) -> None:
    import keras
    from keras import layers

    x = begin = keras.Input((6, 6, 6))
    volume = keras.Input((2, 2, 2, 3))
    row = keras.Input((1,), dtype="int64")
    ends = [
        layers.SpatialDropout2D(0.2)(x),
        layers.SpatialDropout3D(0.3)(volume),
        layers.SpatialDropout1D(0.1)(keras.ops.reshape(x, (-1, 36, 6))),
        layers.Discretization(bin_boundaries=[0.0, 1.0])(x),
        layers.HashedCrossing(num_bins=4)((row, row)),
        layers.GroupQueryAttention(2, 4, 2)(*[keras.ops.reshape(x, (-1, 36, 6))] * 2),
    ]
    path = tmp_path / "net.h5"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        keras.Model([begin, volume, row], ends).save(path)
    found = read(path, CATALOG)
    assert (found.report.replaced, found.report.unknown) == ((), ())
    types = {node.type for node in found.project.main.nodes.values()}
    assert types >= {"SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Discretization", "HashedCrossing"}
    assert "GroupQueryAttention" in types
