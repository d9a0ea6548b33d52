"""Every loss, optimizer, schedule, metric, callback, initializer, regularizer and constraint, with every parameter.

What the exported file makes of it has the config that the form shows: that of the object made in Python directly.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from studio.catalog.spec import ObjectKind, ObjectSpec, Parameter
from studio.catalog.values import Dictionary, KerasObject, Value
from studio.codegen import generate
from studio.core import edits
from studio.core.edits import is_same_value
from studio.core.project import OutputPlan, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id
from tests.support.other_values import as_keras, other_values
from tests.support.packages import missing

pytestmark = pytest.mark.keras

KINDS: Final[tuple[ObjectKind, ...]] = (
    "loss", "optimizer", "schedule", "metric", "callback", "initializer", "regularizer", "constraint",
)  # fmt: skip

NOT_MADE: Mapping[tuple[ObjectKind, str], str] = {
    ("callback", "LambdaCallback"): "It takes functions: code of one's own, tried in tests/engine/test_templates.py.",
    ("callback", "LearningRateScheduler"): "It takes a function, as LambdaCallback does.",
    **missing({("callback", "OrbaxCheckpoint"): "OrbaxCheckpoint", ("initializer", "STFT"): "STFT"}),
}
"""Objects that cannot be tried here, and why."""

WITH: Mapping[tuple[str, str], Mapping[str, Value]] = {
    ("AUC", "num_labels"): {"multi_label": True},
    ("ModelCheckpoint", "save_weights_only"): {"filepath": "best.weights.h5"},
    ("PiecewiseConstantDecay", "boundaries"): {"values": (0.1, 0.05, 0.01)},
    ("PiecewiseConstantDecay", "values"): {"boundaries": (5,)},
}
"""Parameters that Keras takes only together with others."""

_OTHER: Mapping[str, tuple[Value, ...]] = {
    "embeddings_metadata": (Dictionary({"layer": "words.tsv"}),),
    "filepath": ("other.keras",),
    "label_weights": ((0.5, 0.25),),
    "learning_rate_power": (-0.25,),
    "num_labels": (2,),
    "target_class_ids": ((1,), (0, 1)),
    "values": ((0.1, 0.05),),
    "window": ("hamming",),
}

ONE_VALUE: Mapping[tuple[str, str], str] = {}
"""Parameters that have no value beside their default, and why."""

MADE = {kind: [spec for spec in CATALOG.objects(kind).values() if (kind, spec.type) not in NOT_MADE] for kind in KINDS}
ALL = [(kind, spec.type) for kind in KINDS for spec in MADE[kind]]

DRAWING = graph("x:Input(shape=(8,)) -> layer:Dense(units=4) -> y:Output")


class Recorder:
    """Takes what the exported file gives to the model. ``given`` are the arguments by name."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}

    def compile(self, **given: Any) -> None:
        self.given |= given

    def fit(self, _batches: Any, **given: Any) -> None:
        self.given |= given


@pytest.fixture(autouse=True)
def forget(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No callback writes into the folder of the tests, and nothing stays in Keras's global state."""
    import keras

    monkeypatch.chdir(tmp_path)
    yield
    keras.backend.clear_session(free_memory=False)


def spec_of(kind: ObjectKind, type: str) -> ObjectSpec:
    spec = CATALOG.object(kind, type)
    assert spec is not None
    return spec


@pytest.mark.parametrize(("kind", "type"), ALL)
def test_each_parameter_reaches_keras(kind: ObjectKind, type: str) -> None:
    start = CATALOG.initial_object_params(kind, type)
    assert config_of(exported(kind, type, start)) == config_of(directly(kind, type, start))
    lost = {}
    for parameter in spec_of(kind, type).parameters:
        if (type, parameter.name) not in ONE_VALUE:
            value, reasons = reaching(kind, type, parameter.name)
            if value is None:
                lost[parameter.name] = reasons
    assert lost == {}


@pytest.mark.parametrize(("kind", "type"), [each for each in ALL if len(spec_of(*each).parameters) > 1])
def test_several_parameters_together_mean_the_same_as_in_keras(kind: ObjectKind, type: str) -> None:
    """Neighbours in the form, three at a time, as far as Keras takes them together."""
    names = [parameter.name for parameter in spec_of(kind, type).parameters if (type, parameter.name) not in ONE_VALUE]
    most = 0
    for first in range(0, len(names), 3):
        params = CATALOG.initial_object_params(kind, type)
        for name in names[first : first + 3]:
            found, _ = reaching(kind, type, name)
            if found is not None and is_taken(kind, type, {**params, **found}):
                params |= found
        most = max(most, len(params))
        assert config_of(exported(kind, type, params)) == config_of(directly(kind, type, params)), params
    assert most > 1


@pytest.mark.parametrize(("kind", "type"), ALL)
def test_what_the_form_shows_unchanged_is_what_keras_does(kind: ObjectKind, type: str) -> None:
    """The default in a field is the value that Keras has when nobody says anything."""
    start = CATALOG.initial_object_params(kind, type)
    config = config_of(directly(kind, type, {name: start[name] for name in start if _is_required(kind, type, name)}))
    for parameter in spec_of(kind, type).parameters:
        if parameter.is_required or parameter.name not in config or parameter.default is None:
            continue  # None is "Keras chooses", and the config has what it chose.
        assert _close(config[parameter.name], parameter.default), parameter.name


def test_what_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for kind in KINDS:
            specs = MADE[kind]
            count = sum(len(spec.parameters) for spec in specs)
            less = sum((spec.type, parameter.name) in ONE_VALUE for spec in specs for parameter in spec.parameters)
            print(f"{kind}: {len(specs)} classes, {count - less} of {count} parameters")
        for (_, type), reason in NOT_MADE.items():
            print(f"  {type}: {reason}")
        for (type, name), reason in ONE_VALUE.items():
            print(f"  {type}.{name}: {reason}")


def test_every_public_class_is_there_or_has_a_reason() -> None:
    """Asked of Keras itself, so that nothing is forgotten in silence."""
    import keras

    from studio.engine.facts import LEFT_OUT

    modules = {
        "loss": keras.losses, "optimizer": keras.optimizers, "schedule": keras.optimizers.schedules,
        "metric": keras.metrics, "callback": keras.callbacks, "initializer": keras.initializers,
        "regularizer": keras.regularizers, "constraint": keras.constraints,
    }  # fmt: skip
    missing = []
    for kind, module in modules.items():
        known = {spec.type for spec in CATALOG.objects(kind).values()}  # type: ignore[arg-type]
        for name in dir(module):
            found = getattr(module, name)
            if isinstance(found, type) and found.__name__ not in known and not known & set(_names(module, found)):
                missing += [f"{kind} {name}"] * (not set(_names(module, found)) & LEFT_OUT.keys())
    assert missing == []


def _names(module: Any, found: Any) -> list[str]:
    return [name for name in dir(module) if getattr(module, name) is found]


def _is_required(kind: ObjectKind, type: str, name: str) -> bool:
    parameter = spec_of(kind, type).parameter(name)
    return parameter is not None and parameter.is_required


def _close(got: Any, shown: Any) -> bool:
    if isinstance(got, int | float) and isinstance(shown, int | float) and not isinstance(shown, bool):
        return math.isclose(got, shown, rel_tol=1e-6)
    return bool(got == (list(shown) if isinstance(shown, tuple) and isinstance(got, list) else shown))


@cache
def reaching(kind: ObjectKind, type: str, name: str) -> tuple[dict[str, Value] | None, tuple[str, ...]]:
    """Parameters, this one not at its default, that Keras gets as they are; or why each value does not do."""
    parameter = spec_of(kind, type).parameter(name)
    assert parameter is not None
    reasons = []
    for value in _values(kind, parameter):
        why = _why_lost(kind, type, parameter, value)
        if not why:
            return {**WITH.get((type, name), {}), name: value}, ()
        reasons.append(f"{value!r} {why}")
    return None, tuple(reasons)


def _values(kind: ObjectKind, parameter: Parameter) -> Iterator[Value]:
    if parameter.object_kind == "schedule":
        yield KerasObject("ExponentialDecay", {"initial_learning_rate": 0.5, "decay_steps": 7, "decay_rate": 0.5})
    yield from _OTHER.get(parameter.name, ())
    yield from other_values(parameter)


def _why_lost(kind: ObjectKind, type: str, parameter: Parameter, value: Value) -> str:
    """Why this value does not show that the parameter reaches Keras; empty where it does."""
    start = CATALOG.initial_object_params(kind, type)
    if not parameter.is_required and is_same_value(value, parameter.default):  # type: ignore[arg-type]
        return "is the default"
    if why := CATALOG.why_not_value(parameter, value):
        return f"is refused: {why}"
    others = WITH.get((type, parameter.name), {})
    params = {**start, **others, parameter.name: value}
    if not is_taken(kind, type, params):
        return "is not taken by Keras"
    wanted = config_of(directly(kind, type, params))
    if config_of(exported(kind, type, params)) != wanted:
        return "becomes another object in the export"
    plain = {name: each for name, each in params.items() if name != parameter.name}
    if is_taken(kind, type, plain) and config_of(directly(kind, type, plain)) == wanted:
        return "changes nothing in Keras"
    return ""


def is_taken(kind: ObjectKind, type: str, params: Mapping[str, Value]) -> bool:
    """Whether Keras itself constructs the object."""
    with contextlib.suppress(Exception):
        directly(kind, type, params)
        return True
    return False


def directly(kind: ObjectKind, type: str, params: Mapping[str, Value]) -> Any:
    """The object as a person makes it in Python, without any code of ours."""
    module = importlib.import_module(spec_of(kind, type).module)
    made = {name: as_keras(value) for name, value in params.items()}
    if type == "OrbaxCheckpoint":  # Orbax takes whole paths only, so the export makes one of what the form has.
        made["directory"] = os.path.abspath(str(made["directory"]))
    # People write lists as lists: Keras takes thresholds in a tuple for a single one.
    lists = {parameter.name for parameter in spec_of(kind, type).parameters if parameter.kind == "list"}
    return getattr(module, type)(
        **{name: list(value) if name in lists and isinstance(value, tuple) else value for name, value in made.items()}
    )


def exported(kind: ObjectKind, type: str, params: Mapping[str, Value]) -> Any:
    """The object that the exported file makes and gives to the model."""
    return _EXPORTED[kind](KerasObject(type, dict(params)))


def _namespace(project: Project) -> dict[str, Any]:
    source = generate(project, CATALOG)
    assert [problem for problem in source.problems if problem.code == "left_out"] == []
    namespace: dict[str, Any] = {"__name__": "exported", "__file__": "exported.py"}
    exec(compile(source.text, "exported.py", "exec"), namespace)
    return namespace


def _compiled(project: Project) -> dict[str, Any]:
    model = Recorder()
    _namespace(project)["compile_model"](model)
    return model.given


def _planned(**changes: Any) -> Project:
    return edits.set_training(DRAWING, replace(DRAWING.training, **changes))


def _judged(plan: OutputPlan) -> dict[str, Any]:
    return _compiled(edits.set_output_plan(DRAWING, node_id(DRAWING, "y"), plan))


def _called(callback: KerasObject) -> Any:
    model = Recorder()
    namespace = _namespace(_planned(callbacks=(callback,)))
    namespace["Batches"] = lambda *_arguments: None
    namespace["train"](model, ((None, None), None, None))
    return model.given["callbacks"][0]


def _of_the_layer(parameter: str) -> Callable[[KerasObject], Any]:
    def made(value: KerasObject) -> Any:
        layer = node_id(DRAWING, "layer")
        namespace = _namespace(edits.set_param(DRAWING, layer, parameter, value, catalog=CATALOG))
        with namespace["keras"].StatelessScope(initialize_variables=False):
            return getattr(namespace["build_model"]().get_layer("layer"), parameter)

    return made


_EXPORTED: Mapping[ObjectKind, Callable[[KerasObject], Any]] = {
    "loss": lambda value: _judged(OutputPlan(loss=value))["loss"],
    "metric": lambda value: _judged(OutputPlan(metrics=(value,)))["metrics"][0],
    "optimizer": lambda value: _compiled(_planned(optimizer=value))["optimizer"],
    "schedule": lambda value: (
        _compiled(_planned(optimizer=KerasObject("SGD", {"learning_rate": value})))["optimizer"]._learning_rate
    ),
    "callback": _called,
    "initializer": _of_the_layer("kernel_initializer"),
    "regularizer": _of_the_layer("kernel_regularizer"),
    "constraint": _of_the_layer("kernel_constraint"),
}


def config_of(made: Any) -> Any:
    """What Keras says that the object is, without seeds and names that Keras draws; a callback says it by fields."""
    config = made.get_config() if hasattr(made, "get_config") else _fields(made)
    # The config of a loss or metric that wraps a function has not all that is handed to the function.
    config = {**getattr(made, "_fn_kwargs", {}), **(config or _fields(made))}
    config = {**config, "class": f"{type(made).__module__}.{type(made).__name__}"}
    if isinstance(getattr(made, "dtype", None), str):
        config["dtype"] = made.dtype  # No loss tells it in its config.
    if isinstance(config.get("name"), str):
        config["name"] = re.sub(r"_\d+$", "", config["name"])
    return _plain(config)


def _fields(made: Any) -> dict[str, Any]:
    plain = (bool, int, float, str, tuple, list, dict, type(None))
    return {name: value for name, value in vars(made).items() if isinstance(value, plain)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.numpy().tolist() if hasattr(value, "numpy") else value.tolist() if hasattr(value, "tolist") else value
