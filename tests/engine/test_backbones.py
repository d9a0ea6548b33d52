"""Ready-made networks: what the checker says of each is what Keras says of the model that it builds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from studio.catalog.spec import BACKBONE, REQUIRED
from studio.catalog.values import Value
from studio.codegen import flat_calls, generate
from studio.core import edits
from studio.core.project import Project
from studio.protocol import (
    Answer,
    Building,
    Call,
    CancelBuilding,
    Expand,
    Expanded,
    Inferred,
    Tried,
    TryCalls,
    UpdateGraph,
)
from tests.support.catalog import CATALOG
from tests.support.engine_client import EngineClient
from tests.support.every_layer import checked
from tests.support.graphs import graph, node_id
from tests.support.thorough import IS_THOROUGH

pytestmark = pytest.mark.keras

NAMES = sorted(name for name in CATALOG.layers if name.startswith(BACKBONE))
SMALL: Mapping[str, tuple[int, Mapping[str, Value]]] = {
    "MobileNet": (32, {"alpha": 0.25}),
    "MobileNetV2": (32, {"alpha": 0.35}),
    "MobileNetV3Small": (32, {"minimalistic": True}),
    "VGG16": (32, {"include_top": True, "classes": 4}),
}
"""Quick to build: the size of their pictures, and settings that differ from a new node's."""

SMALLEST = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71, "NASNetLarge": 331}
"""Pixels, where 32 are too few."""


def drawn(name: str, size: int, params: Mapping[str, Value]) -> Project:
    project = graph(f"input:Input(shape=({size}, {size}, 3)) -> net:Dense(units=1) -> Output")
    key = node_id(project, "net")
    net = replace(project.main.nodes[key], type=BACKBONE + name, params=params)
    return replace(project, main=replace(project.main, nodes={**project.main.nodes, key: net}))


def told(project: Project) -> Answer:
    return checked(project)[node_id(project, "net")]


@pytest.fixture(scope="module")
def keras() -> Any:
    import keras

    return keras


def test_all_builders_are_there(keras: Any) -> None:
    from studio.engine.applications import builders

    assert set(NAMES) == {BACKBONE + name for name in builders()}
    assert len(NAMES) >= 38
    for type in NAMES:
        spec = CATALOG.layer(type)
        assert spec is not None
        assert spec.family == "backbones"
        assert spec.summary
        assert spec.try_it
        assert all(parameter.hint for parameter in spec.parameters), [p.name for p in spec.parameters if not p.hint]
        assert {"include_top", "pooling", "classes", "weights", "trainable"} <= {p.name for p in spec.parameters}
        assert not any(parameter.default is REQUIRED for parameter in spec.parameters)


@pytest.mark.parametrize("name", SMALL)
def test_shapes_and_counts_are_those_of_the_model(keras: Any, name: str) -> None:
    size, more = SMALL[name]
    params = {**CATALOG.initial_params(BACKBONE + name), **more}
    answer = told(drawn(name, size, params))
    assert not answer.problem, answer.details
    model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), **params)
    assert [shape for shape, _ in answer.outputs] == [model.output_shape]
    assert answer.parameters == model.count_params()
    assert answer.trainable_parameters == sum(weight.value.shape.num_elements() for weight in model.trainable_weights)
    keras.backend.clear_session(free_memory=False)


def test_a_frozen_network_has_nothing_to_train() -> None:
    frozen = told(drawn("MobileNet", 32, {"alpha": 0.25, "include_top": False, "trainable": False}))
    assert frozen.parameters > 0
    assert frozen.trainable_parameters == 0


def test_what_no_picture_can_mend_is_refused() -> None:
    """A form takes such a value back; pictures that are too small mark the node, since they may be what is wrong."""
    wrong = told(drawn("MobileNet", 32, {"alpha": -1.0, "include_top": False}))
    assert wrong.problem
    assert wrong.is_refused
    small = told(drawn("MobileNet", 8, {"alpha": 0.25, "include_top": False}))
    assert small.problem
    assert not small.is_refused


def test_every_network_is_built() -> None:
    """One of each kind; all of them take minutes."""
    kinds = ("ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "MobileNetV3Small", "ResNet50V2", "Xception")
    for type in NAMES if IS_THOROUGH else [BACKBONE + name for name in kinds]:
        name = type.removeprefix(BACKBONE)
        answer = told(drawn(name, SMALLEST.get(name, 32), CATALOG.initial_params(type)))
        assert not answer.problem, f"{name}: {answer.details}"
        assert len(answer.outputs[0][0]) == 2, name
        assert answer.parameters > answer.trainable_parameters > 900_000 or "VGG" in name or "ConvNeXt" in name


@pytest.mark.parametrize(
    ("shape", "params", "says"),
    [
        ("(8, 8, 3)", {"include_top": False}, "at least"),
        ("(10,)", {"include_top": False}, "picture"),
    ],
)
def test_what_cannot_be_is_one_sentence(shape: str, params: dict[str, Value], says: str) -> None:
    project = drawn("MobileNetV2", 32, params)
    wanted = tuple(int(size) for size in shape.strip("()").split(",") if size.strip())
    project = edits.set_param(project, node_id(project, "input"), "shape", wanted)
    answer = told(project)
    assert says in answer.problem
    assert "\n" not in answer.problem
    assert not answer.outputs


def of(project: Project) -> tuple[Call, ...]:
    return tuple(
        Call(call.id, call.kind, call.expression, call.inputs, call.shares, call.flags)
        for call in flat_calls(project, CATALOG)
    )


def test_other_answers_do_not_wait_for_a_network(checker: EngineClient) -> None:
    big = drawn("EfficientNetV2B3", 64, CATALOG.initial_params(BACKBONE + "EfficientNetV2B3"))
    net = node_id(big, "net")
    dense = Call("n90", "layer", "keras.layers.Dense(3)", (("inputs", (("n91", 0),)),))
    source = Call("n91", "input", "keras.Input(shape=(7,))")
    checker.send(UpdateGraph(501, 501, True, of(big), ()))
    checker.send(UpdateGraph(502, 502, False, (source, dense), ()))
    first = checker.wait_for(Inferred, lambda message: "n90" in message.answers)
    assert net not in first.answers
    assert not first.is_last
    last = checker.wait_for(Inferred, lambda message: message.revision == 502 and message.is_last)
    assert last.answers[net].parameters > 10_000_000
    assert node_id(big, "output") in last.answers
    assert (net,) in [message.calls for message in checker.of(Building)]
    checker.messages.clear()
    checker.send(UpdateGraph(503, 503, True, of(big), ()))
    checker.wait_for(Inferred, lambda message: message.revision == 503 and message.is_last)
    assert (net,) not in [message.calls for message in checker.of(Building)], "it is remembered, and not built again"


def test_building_is_told_and_can_be_cancelled(checker: EngineClient) -> None:
    big = drawn("EfficientNetB6", 64, CATALOG.initial_params(BACKBONE + "EfficientNetB6"))
    net, after = node_id(big, "net"), node_id(big, "output")
    checker.send(UpdateGraph(511, 511, True, of(big), ()))
    assert checker.wait_for(Building).calls == (net,)
    checker.send(CancelBuilding(512))
    last = checker.wait_for(Inferred, lambda message: message.revision == 511 and message.is_last)
    assert "because you cancelled" in last.answers[net].problem
    assert last.answers[after].blocked_by == (net,)
    assert checker.wait_for(Building).calls == ()
    small = drawn("MobileNet", 32, {"alpha": 0.25, "include_top": False})
    checker.send(UpdateGraph(513, 513, True, of(small), ()))
    found = checker.wait_for(Inferred, lambda message: message.revision == 513 and message.is_last)
    assert found.answers[node_id(small, "net")].parameters > 100_000


def test_a_try_is_answered_at_once(checker: EngineClient) -> None:
    source, net, _ = of(drawn("MobileNetV2", 32, {"include_top": False}))
    checker.send(UpdateGraph(504, 504, True, (source,), ()), TryCalls(505, (net,)))
    assert checker.wait_for(Tried).answers == (Answer(),)


def test_a_network_is_expanded(checker: EngineClient) -> None:
    call = "keras.applications.MobileNet(include_top=False, trainable=False)"
    checker.send(Expand(506, call, (None, 32, 32, 3)), Expand(507, "keras.layers.Dense(units=3)", (None, 32)))
    found = checker.wait_for(Expanded, lambda message: message.id == 506)
    assert not found.problem
    layers = found.config["config"]["layers"]
    assert len(layers) > 80
    assert not any(layer["config"].get("trainable") for layer in layers)
    refused = [message for message in checker.of(Expanded) if message.id == 507]
    assert (refused or [checker.wait_for(Expanded)])[0].problem


def test_the_code_builds_it(keras: Any) -> None:
    params = {"alpha": 0.35, "include_top": False, "pooling": "avg", "trainable": False}
    project = drawn("MobileNetV2", 32, params)
    source = generate(project, CATALOG)
    assert "weights=None" in source.text
    assert "net.trainable = False" in source.text
    namespace: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source.text, "model.py", "exec"), namespace)
    model = namespace["build_model"]()
    answer = told(project)
    assert model.get_layer("net").count_params() == answer.parameters
    assert not model.trainable_weights
    keras.backend.clear_session(free_memory=False)
