"""From what a model was compiled with to a training plan: optimizer, losses, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio.catalog.spec import ObjectKind, Parameter
from studio.catalog.values import KerasObject, Value
from studio.core.project import OutputPlan, TrainingPlan
from studio.importing.plain import as_written, shown
from studio.importing.report import Findings
from studio.importing.values import Catalog, Unfit, Values

_BY_LOSS = {
    "SparseCategoricalCrossentropy": ("SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"),
    "CategoricalCrossentropy": ("CategoricalAccuracy", "CategoricalCrossentropy"),
    "CategoricalFocalCrossentropy": ("CategoricalAccuracy", "CategoricalCrossentropy"),
    "BinaryCrossentropy": ("BinaryAccuracy", "BinaryCrossentropy"),
    "BinaryFocalCrossentropy": ("BinaryAccuracy", "BinaryCrossentropy"),
}
"""What Keras takes "accuracy" and "crossentropy" for when it has seen the targets; the loss tells the same."""
_WORDS = {"accuracy": 0, "acc": 0, "crossentropy": 1, "ce": 1}


def training_plan(
    compiled: Mapping[str, Any] | None, outputs: Mapping[str, str], catalog: Catalog, findings: Findings
) -> TrainingPlan:
    """The plan of a model with these Outputs (id by key or layer name); the usual one where it was never compiled."""
    plan = TrainingPlan()
    if not compiled:
        return plan
    reader = _Reader(catalog, findings)
    told = compiled.get("optimizer", compiled.get("optimizer_config"))
    optimizer = reader.object("optimizer", told) if told is not None else None
    if optimizer is not None:
        plan = replace(plan, optimizer=_with_short_rate(optimizer, catalog))
    losses = _by_output(compiled.get("loss"), outputs)
    metrics = _by_output(compiled.get("metrics"), outputs, is_list=True)
    weighted = _by_output(compiled.get("weighted_metrics"), outputs, is_list=True)
    weights = _by_output(compiled.get("loss_weights"), outputs)
    plans: dict[str, OutputPlan] = {}
    for key in outputs.values():
        loss = reader.object("loss", losses[key]) if losses.get(key) is not None else None
        found = reader.metrics(metrics.get(key), loss)
        weight = weights.get(key)
        number = float(weight) if type(weight) in (int, float) and weight is not None else 1.0
        own = OutputPlan(loss, found, number, reader.metrics(weighted.get(key), loss) or ())
        if own != OutputPlan():
            plans[key] = own
    # A saved model does not tell whether "auto" was decided by Keras or by a person, so Keras decides again.
    told = {key: value for key, value in compiled.items() if key != "jit_compile"}
    return execution_of(told, replace(plan, outputs=plans))


def execution_of(compiled: Mapping[str, Any], plan: TrainingPlan) -> TrainingPlan:
    """The plan with what ``compile`` was told of how the computer does the training."""
    compiling, steps = compiled.get("jit_compile"), compiled.get("steps_per_execution")
    if type(compiling) is bool:
        plan = replace(plan, jit_compile=compiling)
    if type(steps) is int and 1 <= steps < 2**31:
        plan = replace(plan, steps_per_execution=steps)
    return replace(plan, run_eagerly=True) if compiled.get("run_eagerly") is True else plan


def _by_output(plain: Any, outputs: Mapping[str, str], is_list: bool = False) -> dict[str, Any]:
    """What each Output was given, by its id: by key, by place, or the same for all."""
    ids = list(outputs.values())
    if isinstance(plain, dict) and "class_name" not in plain:
        return {outputs[name]: value for name, value in plain.items() if name in outputs}
    if isinstance(plain, list):
        is_nested = any(isinstance(item, list) for item in plain)
        if len(plain) == len(ids) and (len(ids) > 1 or is_nested or not is_list):
            return dict(zip(ids, plain, strict=True))
        return {ids[0]: plain} if len(ids) == 1 else {}
    return dict.fromkeys(ids, plain)


class _Reader:
    def __init__(self, catalog: Catalog, findings: Findings) -> None:
        self._catalog = catalog
        self._values = Values(catalog)
        self._findings = findings

    def object(self, kind: ObjectKind, plain: Any) -> KerasObject | None:
        """The object that stands here in one of Keras's ways; None, and a finding, where nobody knows it."""
        if isinstance(plain, KerasObject) and self._catalog.object(kind, plain.type) is not None:
            return _nameless(plain) if kind == "loss" else plain
        if isinstance(plain, KerasObject):
            plain = {"class_name": plain.type}
        if isinstance(plain, dict) and isinstance(plain.get("config"), str):
            plain = plain["config"]  # A function: {"class_name": "function", "config": "mean_squared_error"}.
        plain = _of_today(plain)
        if kind == "optimizer" and isinstance(plain, dict) and str(plain.get("class_name")).startswith(_REGISTERED):
            plain = {**plain, "class_name": plain["class_name"].removeprefix(_REGISTERED)}
        name = plain.get("class_name") if isinstance(plain, dict) else plain
        is_foreign = isinstance(plain, dict) and ">" in str(plain.get("registered_name") or "")
        spec = self._catalog.object(kind, name) if isinstance(name, str) and not is_foreign else None
        if spec is None:
            word = shown(name).rpartition(">")[2]
            self._findings.miss(
                f"The {kind} {word} is none of Keras's own, and its code is not here; choose another one."
            )
            return None
        config = plain.get("config") if isinstance(plain, dict) else None
        try:
            params = self._values.params(spec, config) if isinstance(config, dict) else {}
        except Unfit as error:
            self._findings.miss(f"A value of the {kind} {spec.type} was left out: {error}.")
            params = {}
        made = KerasObject(spec.type, params)
        return _nameless(made) if kind == "loss" else made

    def metrics(self, plain: Any, loss: KerasObject | None) -> tuple[KerasObject, ...] | None:
        """The metrics of one Output; None where none were told."""
        if plain is None:
            return None
        found = []
        for item in plain if isinstance(plain, list) else [plain]:
            if item is None:
                continue
            word = item.lower() if isinstance(item, str) else ""
            if word in _WORDS:
                pair = _BY_LOSS.get(loss.type if loss is not None else "")
                if pair is None:
                    self._findings.miss(f"Which metric {word} means cannot be told from the loss; choose one.")
                    continue
                found.append(KerasObject(pair[_WORDS[word]], {"name": word}))
                continue
            metric = self.object("metric", item)
            if metric is not None:
                found.append(metric)
        return tuple(found)


def _nameless(loss: KerasObject) -> KerasObject:
    return replace(loss, params={name: value for name, value in loss.params.items() if name != "name"})


_REGISTERED = "Custom>"
"""The last Keras 2 registered its optimizers as if they were somebody's own, and wrote that into the class."""


def _of_today(plain: Any) -> Any:
    """What Keras 2 wrote otherwise: a metric that is a function, and losses that leave the reduction to Keras."""
    config = plain.get("config") if isinstance(plain, dict) else None
    if not isinstance(config, dict):
        return plain
    if plain.get("class_name") in ("MeanMetricWrapper", "SumOverBatchSizeMetricWrapper") and "fn" in config:
        function, name = config["fn"], config.get("name")
        if isinstance(function, dict):
            function = function.get("config", function.get("class_name"))
        return function if name in (None, function) else {"class_name": function, "config": {"name": name}}
    if config.get("reduction") == "auto":
        return {**plain, "config": {key: value for key, value in config.items() if key != "reduction"}}
    return plain


def _with_short_rate(optimizer: KerasObject, catalog: Catalog) -> KerasObject:
    """Keras keeps the learning rate as float32: 0.001 comes back as 0.0010000000474974513."""
    rate = optimizer.params.get("learning_rate")
    spec = catalog.object("optimizer", optimizer.type)
    parameter: Parameter | None = spec.parameter("learning_rate") if spec is not None else None
    if not isinstance(rate, float) or parameter is None:
        return optimizer
    value: Value = as_written(rate)  # In a script a number stands as it was typed.
    params = {**optimizer.params, "learning_rate": value}
    if value == parameter.default:
        del params["learning_rate"]
    return KerasObject(optimizer.type, params)
