"""Every layer of the catalog, drawn: checked, exported, and each parameter carried all the way into Keras.

One table, no exceptions but those that are named here with their reason.
"""

from __future__ import annotations

import ast
import importlib
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from studio.catalog.spec import REQUIRED, SEQUENTIAL, LayerSpec, Parameter, is_backbone
from studio.catalog.values import KerasObject, Value
from studio.codegen import flat_calls, generate
from studio.core import edits
from studio.core.edits import is_same_value
from studio.core.project import Project
from tests.support.catalog import CATALOG, keras_class
from tests.support.every_layer import FITTING, Drawn, draw, fitted, problems
from tests.support.other_values import ONE_VALUE, WITH, as_keras, other_values
from tests.support.packages import missing

pytestmark = [pytest.mark.keras, pytest.mark.usefixtures("fresh_names")]

NOT_CALLED: Mapping[str, str] = {
    "Lambda": "It needs code of one's own, which no project can hold yet.",
    **missing({"STFTSpectrogram": "STFTSpectrogram"}),
}
"""Layers that cannot be tried here, and why."""

OTHER_WHEN_RUN: Mapping[str, str] = {
    "RandomCrop": "Keras 3.15 tells the cropped size, but crops in training only and passes whole pictures otherwise.",
}
"""Layers that give another shape when they run than Keras tells beforehand, and which."""

CLASSES = {type for type in CATALOG.layers if not is_backbone(type)}
DRAWN = sorted(CLASSES - {"Input", "Output"} - NOT_CALLED.keys())
ALL = sorted((CLASSES | CATALOG.cells.keys()) - {"Input", "Output"} - NOT_CALLED.keys())


def spec_of(type: str) -> LayerSpec:
    spec = CATALOG.inner_layer(type)
    assert spec is not None
    return spec


@pytest.mark.parametrize("type", DRAWN)
def test_drawn_checked_exported_and_built(type: str) -> None:
    drawn = fitted(type)
    assert list(problems(drawn)) == []
    assert len(drawn.answer.outputs) == len(CATALOG.ports(type, CATALOG.initial_params(type))[1])
    model, namespace = built(drawn)
    assert [(tuple(output.shape), str(output.dtype)) for output in model.outputs] == outputs_of(drawn)
    assert model.count_params() == drawn.answer.parameters
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert trainable == drawn.answer.trainable_parameters
    if type not in OTHER_WHEN_RUN:
        for (shape, dtype), (wanted, kind) in zip(ran(model, namespace), outputs_of(drawn), strict=True):
            assert dtype == kind
            assert [size if told is not None else None for size, told in zip(shape, wanted[1:], strict=True)] == [
                *wanted[1:]
            ]


@pytest.mark.parametrize("type", ALL)
def test_each_parameter_reaches_keras(type: str) -> None:
    start = CATALOG.initial_params(type)
    assert config_of(exported(type, start)) == config_of(evaluated(type, start)) == config_of(directly(type, start))
    lost = {}
    for parameter in spec_of(type).parameters:
        if parameter.name == "trainable" and spec_of(type).freezes_late:
            continue  # said after the call: test_frozen_is_frozen looks at the weights
        if not parameter.is_call and (type, parameter.name) not in ONE_VALUE:
            value, reasons = reaching(type, parameter.name)
            if value is None:
                lost[parameter.name] = reasons
    assert lost == {}


@pytest.mark.parametrize("type", DRAWN)
def test_several_parameters_together_mean_the_same_as_in_keras(type: str) -> None:
    """Neighbours in the form, three at a time, as far as Keras takes them together."""
    parameters = [parameter for parameter in spec_of(type).parameters if not parameter.is_call]
    names = [parameter.name for parameter in parameters if (type, parameter.name) not in ONE_VALUE]
    tried = 0
    for first in range(0, len(names), 3):
        params = CATALOG.initial_params(type)
        for name in names[first : first + 3]:
            found, _ = reaching(type, name)
            if found is not None and is_taken(type, {**params, **found}):
                params |= found
        drawn = fitted(type, params)
        wanted = called(type, params, drawn)
        if wanted is None:
            assert drawn.answer.problem, params
            continue
        tried += 1
        assert list(problems(drawn)) == [], params
        assert (outputs_of(drawn), drawn.answer.parameters) == wanted, params
        assert len(wanted[0]) == len(CATALOG.ports(type, params)[1]), params
    assert tried or len(names) < 2


@pytest.mark.parametrize("type", [type for type in DRAWN if spec_of(type).parameter("trainable")])
def test_frozen_is_frozen(type: str) -> None:
    """Also what a layer makes inside when it is called: Keras trains that, unless it is told once more."""
    drawn = fitted(type, {**CATALOG.initial_params(type), "trainable": False})
    assert drawn.answer.trainable_parameters == 0
    model, _ = built(drawn)
    assert model.trainable_weights == []
    assert model.count_params() == drawn.answer.parameters
    shared = edits.share(drawn.project, drawn.node, 0, 0)
    assert generate(shared, CATALOG).text.count("trainable = False") == spec_of(type).freezes_late


SWITCHES = {
    type: switches
    for type in DRAWN
    if (
        switches := [
            each for each in spec_of(type).parameters if each.is_call and each.name not in spec_of(type).inputs_if
        ]
    )
}
"""Those that open a port are told by what arrives there."""


@pytest.mark.parametrize("type", SWITCHES)
def test_each_switch_of_a_call_reaches_keras(type: str) -> None:
    for switch in SWITCHES[type]:
        params = {**CATALOG.initial_params(type), switch.name: not switch.default}
        drawn = fitted(type, params)
        assert list(problems(drawn)) == []
        assert (outputs_of(drawn), drawn.answer.parameters) == called(type, params, drawn)
        assert f"{switch.name}={not switch.default}" in generate(drawn.project, CATALOG).text
        assert [(tuple(output.shape), str(output.dtype)) for output in built(drawn)[0].outputs] == outputs_of(drawn)


def test_what_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    count = sum(len(spec_of(type).parameters) for type in ALL)
    with capsys.disabled():
        print(f"\n{len(ALL)} layers and {count - len(ONE_VALUE)} of {count} parameters; not called:")
        for type, reason in [
            *NOT_CALLED.items(),
            *((f"{left.type} (left out)", left.reason) for left in CATALOG.left_out),
        ]:
            print(f"  {type}: {reason}")


@cache
def reaching(type: str, name: str) -> tuple[dict[str, Value] | None, tuple[str, ...]]:
    """Parameters, this one not at its default, that Keras gets as they are; or why each value does not do."""
    parameter = spec_of(type).parameter(name)
    assert parameter is not None
    reasons = []
    for value in other_values(parameter):
        why = _why_lost(type, parameter, value)
        if not why:
            return {**WITH.get((type, name), {}), name: value}, ()
        reasons.append(f"{value!r} {why}")
    return None, tuple(reasons)


def _why_lost(type: str, parameter: Parameter, value: Value) -> str:
    """Why this value does not show that the parameter reaches Keras; empty where it does."""
    start = CATALOG.initial_params(type)
    before = start.get(parameter.name, parameter.default)
    if before is not REQUIRED and is_same_value(value, before):  # type: ignore[arg-type]
        return "is the default"
    if why := CATALOG.why_not_value(parameter, value):
        return f"is refused: {why}"
    others = WITH.get((type, parameter.name), {})
    params = {**start, **others, parameter.name: value}
    if not is_taken(type, params):
        return "is not taken by Keras"
    wanted = config_of(directly(type, params))
    if config_of(evaluated(type, params)) != wanted:
        return "becomes another layer in the engine"
    if config_of(exported(type, params)) != wanted:
        return "becomes another layer in the export"
    plain = config_of(directly(type, {**start, **others})) if is_taken(type, {**start, **others}) else {}
    if parameter.name in wanted and wanted[parameter.name] == plain.get(parameter.name):
        return "is not kept by Keras"
    return "" if parameter.name in wanted or f"{parameter.name}=" in line_of(type, params) else "is not in the code"


def is_taken(type: str, params: Mapping[str, Value]) -> bool:
    """Whether Keras itself constructs the layer."""
    try:
        config_of(directly(type, params))
    except Exception:
        return False
    return True


def directly(type: str, params: Mapping[str, Value]) -> Any:
    """The layer as a person makes it in Python, without any code of ours."""
    return keras_class(type)(**{name: as_keras(value) for name, value in params.items()})


def evaluated(type: str, params: Mapping[str, Value]) -> Any:
    """The layer as the engine makes it for inference."""
    from studio.engine.expressions import evaluate

    made = evaluate(next(call.expression for call in flat_calls(standing(type, params), CATALOG) if call.id == "n1"))
    if type == SEQUENTIAL:
        return made.layer
    return made.cell if type in CATALOG.cells else made


def exported(type: str, params: Mapping[str, Value]) -> Any:
    """The layer as the line in an exported file makes it."""
    import keras

    names = {"keras": keras, "layers": keras.layers, "math": math}
    names |= {name: importlib.import_module(module) for name, module in CATALOG.borrowed.items()}
    return eval(line_of(type, params), names)


def line_of(type: str, params: Mapping[str, Value]) -> str:
    """The call that makes the layer in an exported file."""
    tree = ast.parse(generate(standing(type, params), CATALOG).text)
    calls = (found for found in ast.walk(tree) if isinstance(found, ast.Call))
    return next(ast.unparse(call) for call in calls if ast.unparse(call.func).endswith(f".{type}"))


def standing(type: str, params: Mapping[str, Value]) -> Project:
    """A project with the layer as node n1; a cell stands in an RNN, several layers in a row in a TimeDistributed."""
    if type == SEQUENTIAL:
        return draw("TimeDistributed", {"layer": KerasObject(type, params)}, FITTING[0])[0]
    if type in CATALOG.cells:
        return draw("RNN", {"cell": KerasObject(type, params)}, FITTING[0])[0]
    return draw(type, params, FITTING[0])[0]


def config_of(layer: Any) -> Any:
    """What Keras says that the layer is, without names and without seeds that Keras draws."""
    config = dict(layer.get_config())
    if layer.activity_regularizer is not None:
        config["activity_regularizer"] = layer.activity_regularizer.get_config()
    config["dtype"] = layer.dtype_policy.name
    if type(layer).__name__ == "RandomCrop" and config["seed"] != 3:
        config["seed"] = None
    return _without_names(config)


def _without_names(config: Any) -> Any:
    if isinstance(config, Mapping):
        return {key: _without_names(value) for key, value in config.items() if key != "name"}
    if isinstance(config, list | tuple):
        return [_without_names(item) for item in config]
    return config.tolist() if hasattr(config, "tolist") else config


def called(type: str, params: Mapping[str, Value], drawn: Drawn) -> tuple[list[Any], int] | None:
    """Outputs and count of weights of the layer that Keras itself calls on the same Inputs; None where it refuses."""
    import keras

    from studio.engine.inference import symbolic

    by_port: dict[str, list[Any]] = {}
    for port, sources in drawn.call.inputs:
        shapes = [drawn.answers[source].outputs[index] for source, index in sources]
        by_port[port] = [keras.KerasTensor(tuple(shape), dtype) for shape, dtype in shapes]
    many = {port.name for port in CATALOG.ports(type, params)[0] if port.takes_many}
    arguments = [found if port in many else found[0] for port, found in by_port.items() if found]
    switches = {parameter.name for parameter in spec_of(type).parameters if parameter.is_call}
    flags = {name: value for name, value in params.items() if name in switches}
    with symbolic():
        try:
            layer = directly(type, {name: value for name, value in params.items() if name not in switches})
            made = keras.tree.flatten(layer(*arguments, **flags))
        except Exception:
            return None
        weights = sum(math.prod(weight.shape) for weight in layer.weights)
        return [(tuple(tensor.shape), str(tensor.dtype)) for tensor in made], weights


def ran(model: Any, namespace: Mapping[str, Any]) -> list[Any]:
    """Shape of one row and type of each output, when two rows of numbers (or texts) really go through the model."""
    import keras

    random = np.random.default_rng(0)
    rows = {}
    for tensor in model.inputs:
        shape = (2, *tensor.shape[1:])
        numbers = (random.random(shape) * 3).astype("int32" if tensor.dtype == "string" else tensor.dtype)
        # Keras takes texts as tensors only.
        texts = numbers.astype(str) if tensor.dtype == "string" else None
        rows[tensor.name] = numbers if texts is None else keras.ops.convert_to_tensor(texts, dtype="string")
    x = rows if len(rows) > 1 else next(iter(rows.values()))
    if "adapt_layers" in namespace:
        namespace["adapt_layers"](model, ((x, None), None, None))
    found = keras.tree.flatten(model.predict(x, verbose=0))
    return [(tuple(output.shape[1:]), str(output.dtype)) for output in found]


def built(drawn: Drawn) -> tuple[Any, Mapping[str, Any]]:
    """The model that the exported file builds, and the names of the file."""
    source = generate(drawn.project, CATALOG)
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": "exported.py"}
    exec(compile(source.text, "exported.py", "exec"), namespace)
    return namespace["build_model"](), namespace


def outputs_of(drawn: Drawn) -> list[Any]:
    return [(tuple(shape), dtype) for shape, dtype in drawn.answer.outputs]
