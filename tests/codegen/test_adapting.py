"""Layers that learn from data measure the training rows, and only those, before training; the whole thing runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from studio.assets import resource
from studio.codegen import generate
from studio.core import edits
from studio.core.project import Project, Split, TrainingPlan
from tests.codegen.projects import CATALOG, bundled, draw
from tests.support.graphs import node_id

pytestmark = pytest.mark.keras


def penguins(text: str, size: str = "size") -> Project:
    project = bundled(
        draw("Learns", text),
        "penguins",
        features=("bill_length_mm", "flipper_length_mm", "island"),
        targets=("species",),
    )
    project = edits.bind(project, node_id(project, size), ("bill_length_mm", "flipper_length_mm"))
    project = edits.set_split(project, Split(0.25, 0.25))
    return edits.set_training(project, TrainingPlan(epochs=1))


def exported(project: Project) -> tuple[dict[str, Any], str]:
    """The names of the exported file, beside its data."""
    text = generate(project, CATALOG).text
    file = str(resource("datasets", "penguins.csv").with_name("exported.py"))
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": file}
    exec(compile(text, file, "exec"), namespace)
    return namespace, text


def adapted(project: Project) -> tuple[Any, Any, str]:
    """The model after a whole run as ``main`` does it, the data, and the text."""
    namespace, text = exported(project)
    data = namespace["load_data"]()
    model = namespace["build_model"]()
    namespace["compile_model"](model)
    namespace["adapt_layers"](model, data)
    history = namespace["train"](model, data)
    assert np.isfinite(history.history["loss"]).all()
    return model, data, text


def test_each_input_has_a_layer_that_learns_from_it() -> None:
    model, data, text = adapted(
        penguins(
            """
            size:Input -> bins:Discretization(num_bins=4) -> rows:Embedding(input_dim=4, output_dim=2)
            rows -> flat:Flatten
            island:Input -> numbers:IntegerLookup -> places:Embedding(input_dim=4, output_dim=2) -> flat_2:Flatten
            flat & flat_2 -> both:Concatenate -> scores:Dense(units=3, activation="softmax") -> species:Output
            """
        )
    )
    assert 'model.get_layer("bins").adapt(x["size"])' in text
    assert 'model.get_layer("numbers").adapt(x["island"])' in text
    assert "Let Discretization and IntegerLookup layers measure the training data." in text
    import keras

    alone = keras.layers.Discretization(num_bins=4)
    alone.adapt(data[0][0]["size"])
    assert model.get_layer("bins").bin_boundaries == alone.bin_boundaries
    assert len(alone.bin_boundaries) == 3
    assert set(model.get_layer("numbers").get_vocabulary()[1:]) == set(np.unique(data[0][0]["island"]))


def test_a_layer_behind_another_learns_from_what_that_one_gives() -> None:
    model, data, text = adapted(
        penguins(
            """
            size:Input -> normal:Normalization -> bins:Discretization(num_bins=3)
            bins -> rows:Embedding(input_dim=3, output_dim=2) -> flat:Flatten
            island:Input -> places:Embedding(input_dim=3, output_dim=2) -> flat_2:Flatten
            flat & flat_2 -> both:Concatenate -> scores:Dense(units=3, activation="softmax") -> species:Output
            """
        )
    )
    assert "before.predict" in text
    given = (data[0][0]["size"] - data[0][0]["size"].mean(axis=0)) / data[0][0]["size"].std(axis=0)
    wanted = np.quantile(given, [1 / 3, 2 / 3])
    assert model.get_layer("bins").bin_boundaries == pytest.approx(wanted, abs=0.1)


def test_what_is_told_beforehand_is_not_measured() -> None:
    _, text = exported(
        penguins(
            """
            size:Input -> bins:Discretization(num_bins=None, bin_boundaries=(20.0, 100.0)) -> flat:Flatten
            island:Input -> numbers:IntegerLookup(vocabulary=(0, 1, 2)) -> flat_2:Flatten
            flat & flat_2 -> both:Concatenate -> scores:Dense(units=3, activation="softmax") -> species:Output
            """
        )
    )
    assert "adapt" not in text


def test_words_are_learned_from_text() -> None:
    """No data set of the program holds text yet, so the rows are handed over here."""
    import keras

    project = draw(
        "Words",
        """
        text:Input(shape=(1,), dtype="string") -> words:TextVectorization(max_tokens=9, output_sequence_length=4)
        words -> rows:Embedding(input_dim=9, output_dim=2) -> flat:Flatten -> score:Dense(units=1) -> y:Output
        """,
    )
    namespace, text = exported(project)
    assert 'keras.Input(shape=(1,), dtype="string"' in text
    model = namespace["build_model"]()
    rows = np.array([["a good day"], ["a bad day"]])
    namespace["adapt_layers"](model, ((rows, None), None, None))
    assert set(model.get_layer("words").get_vocabulary()) == {"", "[UNK]", "a", "day", "good", "bad"}
    assert model(keras.ops.convert_to_tensor(rows, dtype="string")).shape == (2, 1)
