"""What older books call it is found, and says what it is today."""

from __future__ import annotations

from typing import Any

import pytest

from studio.catalog.reading import read_words, value_of
from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject
from studio.core import rules
from studio.importing import from_config
from studio.importing.errors import NeedsRunning
from studio.importing.script import read_script
from tests.support.catalog import CATALOG

OLD: list[dict[str, Any]] = read_words("old_names")["old"]


@pytest.mark.parametrize(
    ("kind", "text", "type"),
    [
        ("loss", "tfa.losses.SigmoidFocalCrossEntropy", "BinaryFocalCrossentropy"),
        ("loss", "SigmoidFocalCrossEntropy", "BinaryFocalCrossentropy"),
        ("loss", "BinaryCrossEntropy", "BinaryCrossentropy"),
        ("loss", "tf.keras.losses.BinaryCrossentropy", "BinaryCrossentropy"),
        ("loss", "mse", "MeanSquaredError"),
        ("loss", "focal", "BinaryFocalCrossentropy"),
        ("loss", "sigmoidfocal", "BinaryFocalCrossentropy"),
        ("optimizer", "RMSProp", "RMSprop"),
        ("optimizer", "tfa.optimizers.LazyAdam", "Adam"),
        ("optimizer", "RectifiedAdam", "AdamW"),
        ("optimizer", "lr", ""),
        ("optimizer", "Adam(lr=", ""),
        ("optimizer", "ada", "Adam"),
        ("metric", "tfa.metrics.F1Score", "F1Score"),
        ("metric", "F1Score", "F1Score"),
        ("metric", "RSquare", "R2Score"),
        ("callback", "LearningRateScheduler", "LearningRateScheduler"),
        ("callback", "stop", "EarlyStopping"),
        ("loss", "ImageDataGenerator", ""),
        ("metric", "keras.backend", ""),
    ],
)
def test_the_best_is_what_it_is_today(kind: ObjectKind, text: str, type: str) -> None:
    best = CATALOG.find_objects(kind, text)[0]
    assert best.type == type
    assert bool(best.says) is (
        text
        not in ("mse", "focal", "ada", "stop", "F1Score", "LearningRateScheduler", "tf.keras.losses.BinaryCrossentropy")
    )


def test_nothing_typed_shows_all() -> None:
    assert {found.type for found in CATALOG.find_objects("metric", " ")} == set(CATALOG.objects("metric"))
    assert CATALOG.objects("metric")[CATALOG.find_objects("metric", "")[0].type].is_common
    assert CATALOG.find_objects("loss", "qqqqq") == []


@pytest.mark.parametrize("entry", [entry for entry in OLD if entry.get("today")], ids=lambda entry: entry["names"][0])
def test_what_takes_its_place_exists_with_these_parameters(entry: dict[str, Any]) -> None:
    kind: ObjectKind = entry["kind"]
    params = CATALOG.initial_object_params(kind, entry["today"])
    params |= {name: value_of(value) for name, value in entry.get("params", {}).items()}
    assert CATALOG.why_not_object(kind, KerasObject(entry["today"], params)) is None
    for name in entry["names"]:
        found = [each for each in CATALOG.find_objects(kind, name) if each.says == entry["says"]]
        assert found, name


def test_every_entry_says_something() -> None:
    for entry in OLD:
        assert entry["says"].endswith(".")
        assert set(entry) <= {"names", "kind", "today", "params", "layers", "field", "says"}
        assert all(CATALOG.layer(layer) is not None for layer in entry.get("layers", ()))


@pytest.mark.parametrize(
    "name",
    ["LocallyConnected1D", "ThresholdedReLU", "SyncBatchNormalization", "RandomHeight", "Merge",
     "tfa.layers.WeightNormalization", "tfa.layers.InstanceNormalization", "MaxoutDense", "AbstractRNNCell"],
)  # fmt: skip
def test_a_layer_that_is_gone_tells_what_takes_its_place(name: str) -> None:
    """In the search for layers, in what an import says, and on the node."""
    found = CATALOG.told(name)
    assert found is not None
    assert found.kind == "layer"
    assert found.layers
    assert CATALOG.layer(name) is None
    config = {"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4]}},
        {"class_name": name.rpartition(".")[2], "config": {"name": "old"}},
    ]}}  # fmt: skip
    imported = from_config(config, CATALOG)
    if name in ("ThresholdedReLU", "SyncBatchNormalization"):
        assert imported.report.unknown == ()  # They come in as what they are today.
        return
    assert any(found.says in sentence for sentence in imported.report.unknown), imported.report
    problems = rules.problems(imported.project, CATALOG)
    assert any(found.says in problem.message for problem in problems if problem.code == "unknown_type")
    if "." not in name:
        script = f"import keras\nx = keras.Input((4,))\nm = keras.Model(x, keras.layers.{name}(3)(x))\n"
        with pytest.raises(NeedsRunning) as caught:
            read_script(script, CATALOG)
        assert found.says in caught.value.message
