"""Losses and metrics are chosen from the data and the end of the network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.catalog.values import KerasObject, ParameterRef
from studio.core import edits
from studio.core.plan import keys_of_outputs, metric_name, monitored, resolved
from studio.core.project import BlockParameter, Column, DataSource, OutputPlan, Project
from studio.core.tail import tail
from tests.support.blocks import with_parameters
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

TABLE = tuple(Column(name, is_integer=True, low=0.0, high=1.0) for name in ("A", "B", "C", "any", "two"))
DIGIT = Column("digit", "category", classes=tuple("0123456789"))
TUMOUR = Column("diagnosis", "category", classes=("benign", "malignant"))
MPG = Column("mpg", low=9.0, high=46.6)


def plan(text: str, *targets: Column) -> tuple[str, dict[str, object], list[tuple[str, dict[str, object]]]]:
    data = DataSource("made", "set", columns=(Column("f"), *targets), features=("f",),
                      targets=tuple(column.name for column in targets))  # fmt: skip
    project = edits.set_data(graph(text), data)
    found = resolved(project)[node_id(project, "y")]
    assert found.loss is not None
    assert found.metrics is not None
    return found.loss.type, dict(found.loss.params), [(metric.type, dict(metric.params)) for metric in found.metrics]


ACCURACY = {"name": "accuracy"}


@pytest.mark.parametrize(
    ("end", "targets", "loss", "params", "metric"),
    [
        ("Dense(units=2, activation='sigmoid')", TABLE[3:], "BinaryCrossentropy", {}, ("BinaryAccuracy", ACCURACY)),
        ("Dense(units=2)", TABLE[3:], "BinaryCrossentropy", {"from_logits": True},
         ("BinaryAccuracy", {"name": "accuracy", "threshold": 0.0})),
        ("Dense(units=1, activation='sigmoid')", (TUMOUR,), "BinaryCrossentropy", {}, ("BinaryAccuracy", ACCURACY)),
        ("Dense(units=2, activation='softmax')", (TUMOUR,), "SparseCategoricalCrossentropy", {},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=2)", (TUMOUR,), "SparseCategoricalCrossentropy", {"from_logits": True},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=10, activation='softmax')", (DIGIT,), "SparseCategoricalCrossentropy", {},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=10) -> Activation(activation='softmax')", (DIGIT,), "SparseCategoricalCrossentropy", {},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=10) -> Softmax", (DIGIT,), "SparseCategoricalCrossentropy", {},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=10) -> Dropout", (DIGIT,), "SparseCategoricalCrossentropy", {"from_logits": True},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=13, activation='softmax')", (DIGIT, TUMOUR), "CategoricalCrossentropy", {},
         ("CategoricalAccuracy", ACCURACY)),
        ("Dense(units=1)", (MPG,), "MeanSquaredError", {}, ("MeanAbsoluteError", {})),
        ("Conv2D", (Column("picture", "image", (8, 8)),), "MeanSquaredError", {}, ("MeanAbsoluteError", {})),
        ("Dense(units=10, activation='softmax')", (), "SparseCategoricalCrossentropy", {},
         ("SparseCategoricalAccuracy", ACCURACY)),
        ("Dense(units=1)", (), "MeanSquaredError", {}, ("MeanAbsoluteError", {})),
    ],
)  # fmt: skip
def test_what_suits(
    end: str, targets: tuple[Column, ...], loss: str, params: dict[str, object], metric: tuple[str, object]
) -> None:
    assert plan(f"x:Input -> {end} -> y:Output", *targets) == (loss, params, [metric])


def test_an_output_that_gets_nothing_has_a_plan_all_the_same() -> None:
    assert plan("x:Input; y:Output", MPG)[0] == "MeanSquaredError"


def test_what_a_person_chose_stays() -> None:
    project = graph("x:Input -> d:Dense -> y:Output")
    y = node_id(project, "y")
    chosen = OutputPlan(loss=KerasObject("Huber", {"delta": 2.0}), weight=0.5)
    project = edits.set_output_plan(project, y, chosen)
    found = resolved(project)[y]
    assert (found.loss, found.weight) == (chosen.loss, 0.5)
    assert found.metrics == (KerasObject("MeanAbsoluteError"),)
    none = edits.set_output_plan(project, y, replace(chosen, metrics=()))
    assert resolved(none)[y].metrics == ()


def test_the_end_of_a_network_is_seen_through_a_block() -> None:
    project = graph("x:Input -> a:Dense(units=8) -> b:Dense(units=5, activation='softmax') -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "ab"], "head")
    end = tail(project, node_id(project, "y"))
    assert (end.activation, end.width, end.is_editable) == ("softmax", 5, False)
    block = next(iter(project.blocks))
    project = with_parameters(project, block, [BlockParameter("width", 3)])
    b = next(node.id for node in project.blocks[block].graph.nodes.values() if node.name == "b")
    project = edits.set_param(project, b, "units", ParameterRef("width"), graph=block)
    assert tail(project, node_id(project, "y")).width == 3
    project = edits.set_param(project, node_id(project, "head"), "width", 4)
    assert tail(project, node_id(project, "y")).width == 4


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (KerasObject("Softmax"), "softmax"),
        (KerasObject("Activation", {"activation": KerasObject("LeakyReLU")}), "leaky_re_lu"),
        (KerasObject("Activation", {"activation": "sigmoid"}), "sigmoid"),
        (KerasObject("BatchNormalization"), ""),
    ],
)
def test_a_layer_that_stands_as_the_last_activation_counts_as_its_function(
    activation: KerasObject, expected: str
) -> None:  # fmt: skip
    project = graph("x:Input -> a:Dense(units=8) -> y:Output")
    project = edits.set_param(project, node_id(project, "a"), "activation", activation)
    assert tail(project, node_id(project, "y")).activation == expected


def test_quantities_that_can_be_watched() -> None:
    one = graph("x:Input -> d:Dense -> y:Output")
    assert monitored(one) == ("loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error")
    two = graph("x:Input -> d:Dense -> y:Output; d -> z:Output")
    two = edits.set_split(two, replace(two.data.split, validation=0.0))
    assert monitored(two) == ("loss", "y_loss", "y_mean_absolute_error", "z_loss", "z_mean_absolute_error")


def test_weighted_metrics_are_watched_under_the_names_that_keras_gives_them() -> None:
    one = graph("x:Input -> d:Dense -> y:Output")
    one = edits.set_split(one, replace(one.data.split, validation=0.0))
    error = KerasObject("MeanAbsoluteError")
    plan = OutputPlan(metrics=(error, error), weighted_metrics=(error, KerasObject("MeanSquaredError"), error))
    one = edits.set_output_plan(one, node_id(one, "y"), plan)
    assert monitored(one) == (
        "loss", "mean_absolute_error", "mean_absolute_error_1", "weighted_mean_absolute_error", "mean_squared_error",
        "weighted_mean_absolute_error_1",
    )  # fmt: skip


def test_what_can_be_watched_has_the_key_of_its_output_not_the_name() -> None:
    two = graph("x:Input -> d:Dense -> y:Output; d -> z:Output")
    two = edits.set_split(two, replace(two.data.split, validation=0.0))
    for name, other in (("y", "größe in m"), ("z", "große in m")):
        two = edits.rename(two, node_id(two, name), other)
    assert monitored(two)[1::2] == ("groe_in_m_loss", "groe_in_m_1_loss")
    assert tuple(keys_of_outputs(two).values()) == ("groe_in_m", "groe_in_m_1")


@pytest.mark.parametrize(
    ("metric", "name"),
    [("AUC", "auc"), ("F1Score", "f1_score"), ("TopKCategoricalAccuracy", "top_k_categorical_accuracy"),
     ("LogCoshError", "logcosh"), ("MeanIoU", "mean_io_u"), ("R2Score", "r2_score")],
)  # fmt: skip
def test_metrics_are_called_as_keras_calls_them(metric: str, name: str) -> None:
    assert metric_name(KerasObject(metric)) == name
    assert metric_name(KerasObject(metric, {"name": "mine"})) == "mine"


@pytest.mark.keras
def test_every_metric_of_keras_has_the_name_that_we_tell() -> None:
    import keras

    wrong = {}
    unknown = []
    for name in CATALOG.objects("metric"):
        keras.backend.clear_session(free_memory=False)
        params = CATALOG.initial_object_params("metric", name)
        try:
            metric = getattr(keras.metrics, name)(**params)
        except (TypeError, ValueError):
            unknown.append(name)
            continue
        if metric.name != metric_name(KerasObject(name)):
            wrong[name] = metric.name
    assert len(unknown) < 8, unknown
    assert wrong == {}


def test_a_project_without_outputs_has_no_plans() -> None:
    assert resolved(Project()) == {}
