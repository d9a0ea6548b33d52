"""What is wrong with the training plan itself: values that cannot be, callbacks that watch what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject
from studio.core.plan import monitored
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Project

WATCHERS = {"EarlyStopping": "val_loss", "ReduceLROnPlateau": "val_loss", "ModelCheckpoint": "val_loss"}
"""Callbacks that watch a quantity, and which one unless told otherwise."""


def plan_problems(project: Project, catalog: Catalog) -> Iterator[Problem]:
    """Problems of optimizer, epochs, batches and callbacks, and of values that Keras's classes would not take."""
    plan = project.training
    yield from _values(project, catalog)
    if plan.epochs < 1:
        yield Problem("epochs", "Training needs at least one epoch.", parameter="epochs")
    if plan.batch_size < 1:
        yield Problem("batch_size", "A batch needs at least one row.", parameter="batch_size")
    elif plan.batch_size == 1:
        for node in project.main.nodes.values():
            if node.type == "BatchNormalization":
                message = f"A batch of one row minus its own mean is zero, so {node.name} erases everything; use 32."
                yield Problem("batch_of_one", message, "warning", node=node.id)
    for callback in plan.callbacks:
        if callback.type not in WATCHERS:
            continue
        watched = callback.params.get("monitor", WATCHERS[callback.type])
        if isinstance(watched, str) and watched not in (known := monitored(project)):
            if watched.startswith("val_") and watched[4:] in known:
                message = f"{callback.type} watches {watched}, but no rows are kept for validation; keep some."
            else:
                message = f"{callback.type} watches {watched}, which this model does not report; let it watch loss."
            yield Problem("monitor", message, "warning", parameter="callbacks")


def _values(project: Project, catalog: Catalog) -> Iterator[Problem]:
    plan = project.training
    chosen: list[tuple[ObjectKind, KerasObject, str | None, str]] = [("optimizer", plan.optimizer, None, "optimizer")]
    chosen += [("callback", callback, None, "callbacks") for callback in plan.callbacks]
    for key, output in plan.outputs.items():
        if output.loss is not None:
            chosen.append(("loss", output.loss, key, "loss"))
        chosen += [("metric", metric, key, "metrics") for metric in output.metrics or ()]
    for kind, value, node, parameter in chosen:
        complaint = catalog.why_not_object(kind, value)
        if complaint is not None:
            yield Problem(f"{kind}_value", complaint, node=node, parameter=parameter)
