"""Repairs of the training plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.bindings import resolve
from studio.core.class_weights import weighed
from studio.core.fixes.case import Case, Fix
from studio.core.plan import resolved, suited_to
from studio.core.project import OutputPlan, Project, TrainingPlan
from studio.core.rules.planning import WATCHERS
from studio.core.rules.training import BINARY
from studio.core.runs_on import why_not_on
from studio.core.tail import tail


def suited_loss(case: Case) -> Iterator[Fix]:
    """Let the program choose loss and metrics."""
    suited = suited_to(case.project, case.id, resolve(case.project).get(case.id))
    yield Fix(f"Use {suited.loss.type}", lambda project: _plan(project, case.id, loss=None, metrics=None))


def suited_metrics(case: Case) -> Iterator[Fix]:
    """Let the program choose the metrics."""
    suited = suited_to(case.project, case.id, resolve(case.project).get(case.id))
    label = f"Use {', '.join(metric.type for metric in suited.metrics)}"
    yield Fix(label, lambda project: _plan(project, case.id, metrics=None))


def add_probabilities(case: Case) -> Iterator[Fix]:
    """Add the activation, or tell the loss that there is none."""
    loss = resolved(case.project)[case.id].loss
    end = tail(case.project, case.id)
    if loss is None:
        return
    activation = "sigmoid" if loss.type in BINARY else "softmax"
    maker = case.project.main.nodes.get(end.maker or "")
    if maker is not None and maker.type in ("Dense", "Activation"):
        label = f"Give {maker.name} the activation {activation}"
        yield Fix(label, lambda project: edits.set_param(project, maker.id, "activation", activation))
    with_scores = KerasObject(loss.type, {**loss.params, "from_logits": True})
    yield Fix("Tell the loss: from_logits=True", lambda project: _plan(project, case.id, loss=with_scores))


def take_probabilities(case: Case) -> Iterator[Fix]:
    """Tell the loss that the activation is there."""
    loss = resolved(case.project)[case.id].loss
    if loss is not None:
        params = {name: value for name, value in loss.params.items() if name != "from_logits"}
        plain = KerasObject(loss.type, params)
        yield Fix("Tell the loss: from_logits=False", lambda project: _plan(project, case.id, loss=plain))


def _plan(project: Project, output: str, **changes: object) -> Project:
    plan = project.training.outputs.get(output, OutputPlan())
    return edits.set_output_plan(project, output, replace(plan, **changes))  # type: ignore[arg-type]


def keep_validation(case: Case) -> Iterator[Fix]:
    """Keep rows for validation, or watch the training loss."""
    split = replace(case.project.data.split, validation=0.2)
    if case.project.data.split.validation == 0:
        yield Fix("Keep 20 % for validation", lambda project: edits.set_split(project, split))

    def watch_loss(project: Project) -> Project:
        callbacks = tuple(
            KerasObject(found.type, {**found.params, "monitor": "loss"}) if found.type in WATCHERS else found
            for found in project.training.callbacks
        )
        return edits.set_training(project, replace(project.training, callbacks=callbacks))

    yield Fix("Watch loss", watch_loss)


def default_split(case: Case) -> Iterator[Fix]:
    """Divide the rows as a new project does."""
    split = replace(case.project.data.split, validation=0.2, test=0.0)
    yield Fix("Keep 20 % for validation", lambda project: edits.set_split(project, split))


def batch_of_32(case: Case) -> Iterator[Fix]:
    """Use the default batch size."""
    plan = replace(case.project.training, batch_size=32)
    yield Fix("Batches of 32", lambda project: edits.set_training(project, plan))


def default_optimizer(case: Case) -> Iterator[Fix]:
    """Take the optimizer that a new project has."""
    plan = replace(case.project.training, optimizer=TrainingPlan().optimizer)
    yield Fix(f"Use {plan.optimizer.type} as it is", lambda project: edits.set_training(project, plan))


def not_eager(case: Case) -> Iterator[Fix]:
    """Compile, or run eagerly, but not both."""
    plan = case.project.training
    compiled, eager = replace(plan, run_eagerly=False), replace(plan, jit_compile="auto")
    yield Fix("Compile it", lambda project: edits.set_training(project, compiled))
    yield Fix("Run it eagerly", lambda project: edits.set_training(project, eager))


def no_class_weights(case: Case) -> Iterator[Fix]:
    """Balance the classes where there are any, or let every row count the same."""
    plan = case.project.training
    balanced, equal = replace(plan, class_weights="balanced"), replace(plan, class_weights=None)
    if not weighed(case.project).reason:
        yield Fix("Balance the classes", lambda project: edits.set_training(project, balanced))
    yield Fix("No class weights", lambda project: edits.set_training(project, equal))


def no_sample_weights(case: Case) -> Iterator[Fix]:
    """Let every row count the same."""
    yield Fix("Let all rows count the same", lambda project: edits.set_sample_weights(project, None))


def one_kind_of_weights(case: Case) -> Iterator[Fix]:
    """Keep the weights of the rows, or those of the classes."""
    plain = replace(case.project.training, class_weights=None)
    yield Fix("Keep the sample weights", lambda project: edits.set_training(project, plain))
    yield Fix("Keep the class weights", lambda project: edits.set_sample_weights(project, None))


def batch_by_batch(case: Case) -> Iterator[Fix]:
    """Do one batch at a time."""
    plan = replace(case.project.training, steps_per_execution=1)
    yield Fix("One batch at a time", lambda project: edits.set_training(project, plan))


def on_one_device(case: Case) -> Iterator[Fix]:
    """Let the script train on one device, or one batch at a time where that is the reason."""
    plan = case.project.training
    slow = replace(plan, steps_per_execution=1)
    if not why_not_on(edits.set_training(case.project, slow), plan.runs_on):
        yield Fix("One batch at a time", lambda project: edits.set_training(project, slow))
    alone = replace(plan, runs_on="device")
    yield Fix("Train on one device", lambda project: edits.set_training(project, alone))


def synchronized(case: Case) -> Iterator[Fix]:
    """Let every BatchNormalization measure the whole batch."""

    def synchronize(project: Project) -> Project:
        for key, graph in project.graphs().items():
            for node in graph.nodes.values():
                if node.type == "BatchNormalization":
                    project = edits.set_param(project, node.id, "synchronized", True, graph=key)
        return project

    yield Fix("Synchronize them", synchronize)


def default_epochs(case: Case) -> Iterator[Fix]:
    """Train as many epochs as a new project does."""
    plan = replace(case.project.training, epochs=TrainingPlan().epochs)
    yield Fix(f"Train {plan.epochs} epochs", lambda project: edits.set_training(project, plan))
