"""Where losses and metrics do not fit the data or the end of the network.

The sentences and numbers are those of the mistakes that beginners make; most of them Keras passes over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from studio.catalog.values import KerasObject
from studio.core.bindings import Binding, ends, resolve
from studio.core.plan import Task, resolved, task_of
from studio.core.problem import Problem
from studio.core.project import OUTPUT, Node, OutputPlan, Project
from studio.core.rules.width import Shapes, width_problems
from studio.core.tail import SQUASHING, Tail, tail

SPARSE = frozenset({"SparseCategoricalCrossentropy"})
ONE_HOT = frozenset({"CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"})
BINARY = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})
REGRESSION = frozenset({
    "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber",
    "LogCosh",
})  # fmt: skip
OF_CLASSES = SPARSE | ONE_HOT | BINARY

FITTING: dict[Task, frozenset[str]] = {
    "binary": BINARY,
    "labels": BINARY,
    "classes": SPARSE,
    "one_hot": ONE_HOT,
    "numbers": REGRESSION,
}
"""The losses among the known ones that suit a task; about others nothing is said."""

_ACCURACIES = frozenset({"Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"})
_SAYS = {
    "classes": "is compared with class numbers",
    "one_hot": "is compared with one-hot columns",
    "binary": "answers one yes or no",
    "labels": "answers several independent questions",
    "numbers": "is compared with numbers",
}
_BETTER = {"classes": "SparseCategoricalCrossentropy", "one_hot": "CategoricalCrossentropy",
           "binary": "BinaryCrossentropy", "labels": "BinaryCrossentropy", "numbers": "MeanSquaredError"}  # fmt: skip


def training_problems(project: Project, shapes: Shapes) -> Iterator[Problem]:
    """Problems of the training plan."""
    plans = resolved(project)
    bindings = resolve(project)
    for node in ends(project, OUTPUT):
        end = tail(project, node.id)
        if not end.activation:
            continue
        binding = bindings.get(node.id)
        plan = plans[node.id]
        yield from _end(project, node, end)
        if plan.loss is not None:
            yield from _logits(project, node, end, plan.loss)
        if binding is not None:
            task = task_of(binding, end)
            yield from _loss(node, plan, task)
            yield from _metrics(node, plan, task)
            if task == "numbers":
                yield from _range(project, node, end, binding)
            yield from width_problems(project, node, end, binding, task, shapes)


def _end(project: Project, node: Node, end: Tail) -> Iterator[Problem]:
    nodes = project.main.nodes
    if end.activation == "softmax" and end.width == 1 and end.maker is not None:
        message = f"The softmax of {nodes[end.maker].name} over one unit is always 1; use sigmoid."
        yield Problem("softmax_of_one", message, node=end.maker, parameter="activation")
    if end.squashings > 1 and end.maker is not None:
        message = f"{nodes[end.maker].name} squashes values that a softmax or sigmoid has already squashed; keep one."
        yield Problem("softmax_twice", message, "warning", node=end.maker, parameter="activation")
    noisy = [nodes[key] for key in end.after if "Dropout" in nodes[key].type or "Noise" in nodes[key].type]
    if end.activation in SQUASHING and noisy:
        message = f"Nothing should come after the {end.activation}, but {noisy[0].name} does; take it out."
        yield Problem("after_softmax", message, "warning", node=noisy[0].id)


def _logits(project: Project, node: Node, end: Tail, loss: KerasObject) -> Iterator[Problem]:
    if loss.type not in OF_CLASSES or loss.type == "CategoricalHinge" or end.maker is None:
        return
    maker = project.main.nodes[end.maker].name
    from_logits = loss.params.get("from_logits") is True
    if end.is_logits and not from_logits:
        activation = "sigmoid" if loss.type in BINARY else "softmax"
        message = f"The loss of {node.name} expects probabilities, but {maker} gives raw scores; add a {activation}."
        yield Problem("raw_scores", message, "warning", node=node.id, parameter="loss")
    elif from_logits and not end.is_logits:
        message = (
            f"The loss of {node.name} expects raw scores, but {maker} ends with {end.activation}; keep one of both."
        )
        yield Problem("scores_twice", message, "warning", node=node.id, parameter="loss")


def _loss(node: Node, plan: OutputPlan, task: Task) -> Iterator[Problem]:
    loss = plan.loss
    if loss is None or loss.type not in OF_CLASSES | REGRESSION or loss.type in FITTING[task]:
        return
    severity = "warning" if loss.type in REGRESSION or (task == "numbers" and loss.type in BINARY) else "error"
    message = f"{node.name} {_SAYS[task]}, which {loss.type} is not made for; use {_BETTER[task]}."
    yield Problem("loss", message, "warning" if severity == "warning" else "error", node=node.id, parameter="loss")


def _metrics(node: Node, plan: OutputPlan, task: Task) -> Iterator[Problem]:
    for metric in plan.every_metric:
        if metric.type not in _ACCURACIES:
            continue
        if task == "numbers":
            message = f"{metric.type} counts exact hits, and numbers hardly ever hit exactly; use MeanAbsoluteError."
        elif task in ("binary", "labels") and metric.type != "BinaryAccuracy":
            message = f"{metric.type} does not count the separate answers of {node.name}; use BinaryAccuracy."
        elif task == "classes" and metric.type != "SparseCategoricalAccuracy":
            message = f"{metric.type} does not understand class numbers; use SparseCategoricalAccuracy."
        elif task == "one_hot" and metric.type != "CategoricalAccuracy":
            message = f"{metric.type} does not understand one-hot columns; use CategoricalAccuracy."
        else:
            continue
        yield Problem("metric", message, "warning", node=node.id, parameter="metrics")


def _range(project: Project, node: Node, end: Tail, binding: Binding) -> Iterator[Problem]:
    lows = [column.low for column in binding.columns if column.low is not None]
    highs = [column.high for column in binding.columns if column.high is not None]
    if not lows or not highs or end.maker is None:
        return
    low, high = min(lows), max(highs)
    bounds = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, float("inf"))}
    floor, ceiling = bounds.get(end.activation, (float("-inf"), float("inf")))
    if high > ceiling:
        limit = f"{end.activation} stops at {ceiling:g}"
    elif low < floor:
        limit = f"{end.activation} never gives less than {floor:g}"
    else:
        return
    maker = project.main.nodes[end.maker]
    message = f"Targets run {low:g} to {high:g}, but {limit}; let {maker.name} have no activation."
    yield Problem("range", message, "warning", node=maker.id, parameter="activation")
