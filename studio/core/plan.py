"""Loss and metrics of each Output: what a person chose, and for the rest what suits the data and the last layer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Literal

from studio.catalog.values import KerasObject, Value
from studio.core.bindings import Binding, ends, resolve
from studio.core.naming import output_keys, to_snake_case
from studio.core.project import OUTPUT, OutputPlan, Project
from studio.core.tail import Tail, tail
from studio.immutable import immutable

Task = Literal["binary", "labels", "classes", "one_hot", "numbers"]
"""What an Output learns.

"binary": one yes or no. "labels": several yes or no that do not exclude each other. "classes": one of several, told as
class number. "one_hot": one of several, told as ones and zeros. "numbers": regression, pictures included.
"""

_METRIC_NAMES = {"LogCoshError": "logcosh", "FBetaScore": "fbeta_score"}
"""Default names of Keras's metrics that are not the class name in snake case."""


@immutable
class Suited:
    """A loss and the metrics that go with it."""

    loss: KerasObject
    metrics: tuple[KerasObject, ...]


def resolved(project: Project) -> dict[str, OutputPlan]:
    """The plan of every Output of the main graph with loss and metrics filled in, by Output id."""
    bindings = resolve(project)
    plans: dict[str, OutputPlan] = {}
    for node in ends(project, OUTPUT):
        plan = project.training.outputs.get(node.id, OutputPlan())
        if plan.loss is None or plan.metrics is None:
            suited = suited_to(project, node.id, bindings.get(node.id))
            plan = replace(
                plan,
                loss=suited.loss if plan.loss is None else plan.loss,
                metrics=suited.metrics if plan.metrics is None else plan.metrics,
            )
        plans[node.id] = plan
    return plans


def suited_to(project: Project, output_id: str, binding: Binding | None) -> Suited:
    """Loss and metrics that suit what the Output is compared with and how the network ends before it."""
    end = tail(project, output_id)
    return _SUITED[task_of(binding, end)](end.is_logits)


def task_of(binding: Binding | None, end: Tail) -> Task:
    """What an Output learns; without data the last layer must tell."""
    if binding is None:
        return "classes" if end.activation == "softmax" else "labels" if end.activation == "sigmoid" else "numbers"
    columns = binding.columns
    if binding.encoding == "class":
        is_single = end.width == 1 or (end.width is None and end.activation == "sigmoid")
        return "binary" if len(columns[0].classes) == 2 and is_single else "classes"
    if binding.encoding == "one_hot":
        return "one_hot" if end.activation == "softmax" else "labels"
    if columns and all(column.is_binary for column in columns):
        if end.activation == "softmax" and end.width != 1:
            return "one_hot" if len(columns) > 1 else "classes"
        return "binary" if len(columns) == 1 else "labels"
    return "numbers"


def _object(type: str, **params: Value) -> KerasObject:
    return KerasObject(type, params)


def _binary(is_logits: bool) -> Suited:
    # Raw scores are "yes" above 0, probabilities above 0.5, which is the metric's default.
    if is_logits:
        return Suited(
            _object("BinaryCrossentropy", from_logits=True),
            (_object("BinaryAccuracy", name="accuracy", threshold=0.0),),
        )
    return Suited(_object("BinaryCrossentropy"), (_object("BinaryAccuracy", name="accuracy"),))


def _classes(is_logits: bool) -> Suited:
    metrics = (_object("SparseCategoricalAccuracy", name="accuracy"),)
    return Suited(_object("SparseCategoricalCrossentropy", **_logits(is_logits)), metrics)


def _one_hot(is_logits: bool) -> Suited:
    metrics = (_object("CategoricalAccuracy", name="accuracy"),)
    return Suited(_object("CategoricalCrossentropy", **_logits(is_logits)), metrics)


def _numbers(_: bool) -> Suited:
    return Suited(_object("MeanSquaredError"), (_object("MeanAbsoluteError"),))


def _logits(is_logits: bool) -> dict[str, Value]:
    return {"from_logits": True} if is_logits else {}


_SUITED = {"binary": _binary, "labels": _binary, "classes": _classes, "one_hot": _one_hot, "numbers": _numbers}


def metric_name(metric: KerasObject) -> str:
    """The name under which Keras reports a metric: the one it was given, else its class name in snake case."""
    name = metric.params.get("name")
    return name if isinstance(name, str) and name else _METRIC_NAMES.get(metric.type, to_snake_case(metric.type))


def monitored(project: Project) -> tuple[str, ...]:
    """The names of the quantities that a callback can watch, as they stand in Keras's history.

    With several Outputs there is a loss for each and the metrics carry the Output's key in front. Names that begin with
    "val_" exist only where rows are kept for validation.
    """
    names = ["loss"]
    plans = resolved(project)
    keys = keys_of_outputs(project)
    prefixes = {output_id: f"{keys[output_id]}_" if len(plans) > 1 else "" for output_id in plans}
    taken: Counter[str] = Counter()
    for output_id, prefix in prefixes.items():
        if prefix:
            names.append(f"{prefix}loss")
        for metric in plans[output_id].metrics or ():
            names.append(_unused(prefix + metric_name(metric), taken))
    for output_id, prefix in prefixes.items():
        for metric in plans[output_id].weighted_metrics:
            name = prefix + metric_name(metric)
            names.append(_unused(f"{prefix}weighted_{metric_name(metric)}" if name in taken else name, taken))
    if project.data.split.validation > 0:
        names += [f"val_{name}" for name in names]
    return tuple(dict.fromkeys(names))


def _unused(name: str, taken: Counter[str]) -> str:
    """The name under which Keras tells one more metric of this name."""
    taken[name] += 1
    return name if taken[name] == 1 else f"{name}_{taken[name] - 1}"


def keys_of_outputs(project: Project) -> dict[str, str]:
    """The key that each Output of the main graph has in the code's dictionaries, by Output id."""
    nodes = ends(project, OUTPUT)
    return dict(zip([node.id for node in nodes], output_keys([node.name for node in nodes]), strict=True))
