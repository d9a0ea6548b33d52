"""What is wrong with the training plan itself: values that cannot be, callbacks that watch what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject, references_in
from studio.core.class_weights import weight_problems
from studio.core.plan import monitored
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.runs_on import runs_on_problems
from studio.core.sample_weights import sample_weight_problems

WATCHERS = dict.fromkeys(("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint", "OrbaxCheckpoint"), "val_loss")
"""Callbacks that watch a quantity, and which one unless told otherwise."""
PLACES = ("filepath", "filename", "directory", "log_dir", "backup_dir")
"""Parameters of callbacks that name a file or a folder to write to: a stranger's project must not choose it freely."""
LONGEST_NAME = 200
"""Letters; most systems take 255 bytes, and Keras adds an ending here and there."""
_SETS_RATE = frozenset({"ReduceLROnPlateau", "LearningRateScheduler"})
"""Callbacks that set the learning rate, which then must be a number."""
HIGHEST_SEED = 2**32 - 1
"""NumPy takes no larger one."""


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
    if not 0 <= plan.seed <= HIGHEST_SEED:
        message = f"A seed is a whole number from 0 to {HIGHEST_SEED:,}; choose another one."
        yield Problem("seed", message, parameter="seed")
    if plan.steps_per_execution < 1:
        yield Problem(
            "steps_per_execution", "Keras does at least one batch at a time.", parameter="steps_per_execution"
        )
    if plan.run_eagerly and plan.jit_compile is True:
        message = "What runs eagerly is not compiled, so Keras compiles nothing here; choose one of the two."
        yield Problem("eager_compiled", message, "warning", parameter="jit_compile")
    yield from weight_problems(project)
    yield from sample_weight_problems(project)
    yield from runs_on_problems(project, catalog)
    schedule = plan.optimizer.params.get("learning_rate")
    for callback in plan.callbacks:
        yield from callback_problems(callback)
        if callback.type in _SETS_RATE and isinstance(schedule, KerasObject):
            # Keras raises a TypeError, of ReduceLROnPlateau only at the first plateau
            message = (
                f"{callback.type} cannot change the learning rate while {schedule.type} sets it; "
                "take one of the two away."
            )
            yield Problem("rate_set_twice", message, parameter="callbacks")
        if callback.type == "SwapEMAWeights" and plan.optimizer.params.get("use_ema") is not True:
            message = f"SwapEMAWeights needs averaged weights; set Use ema of {plan.optimizer.type} to yes."
            yield Problem("no_ema", message, parameter="callbacks")
        if callback.type not in WATCHERS:
            continue
        watched = callback.params.get("monitor", WATCHERS[callback.type])
        if isinstance(watched, str) and watched not in (known := monitored(project)):
            if watched.startswith("val_") and watched[4:] in known:
                message = f"{callback.type} watches {watched}, but no rows are kept for validation; keep some."
            else:
                message = f"{callback.type} watches {watched}, which this model does not report; let it watch loss."
            yield Problem("monitor", message, "warning", parameter="callbacks")


def callback_problems(callback: KerasObject) -> Iterator[Problem]:
    """What is wrong with one callback by itself: where it would write, and values that only Keras's code refuses."""
    for name in PLACES:
        place = callback.params.get(name)
        if isinstance(place, str) and not _stays_inside(place):
            message = (
                f"{callback.type} would write to {place[:80]}; give a plain name, so that it stays in the run's folder."
            )
            yield Problem("callback_place", message, parameter="callbacks")
    if callback.type == "ModelCheckpoint":
        endings = checkpoint_endings(callback)
        if not str(callback.params.get("filepath", "")).endswith(endings):
            what = "weights alone" if callback.params.get("save_weights_only") is True else "a whole model"
            message = f"ModelCheckpoint writes {what} into a file that ends in {' or '.join(endings)}; name it so."
            yield Problem("checkpoint_name", message, parameter="callbacks")
    if callback.type == "ReduceLROnPlateau" and callback.params.get("factor") == 1:
        message = "The factor of ReduceLROnPlateau must be below 1, or the learning rate never falls."
        yield Problem("factor", message, parameter="callbacks")


def checkpoint_endings(callback: KerasObject) -> tuple[str, ...]:
    """How the file of a ModelCheckpoint may end."""
    return (".weights.h5",) if callback.params.get("save_weights_only") is True else (".keras", ".h5")


def _stays_inside(place: str) -> bool:
    """Whether a path leads into the folder in which it is used, on every system: no root, no drive, no way up."""
    parts = place.replace("\\", "/").split("/")
    if not place.isprintable() or max(map(len, parts)) > LONGEST_NAME:
        return False  # No system has files of such names.
    has_drive = place[1:2] == ":" or "://" in place
    return bool(place.strip() and parts[0]) and not has_drive and parts[0][0] != "~" and ".." not in parts


def _values(project: Project, catalog: Catalog) -> Iterator[Problem]:
    plan = project.training
    chosen: list[tuple[ObjectKind, KerasObject, str | None, str]] = [("optimizer", plan.optimizer, None, "optimizer")]
    chosen += [("callback", callback, None, "callbacks") for callback in plan.callbacks]
    for key, output in plan.outputs.items():
        if output.loss is not None:
            chosen.append(("loss", output.loss, key, "loss"))
        chosen += [("metric", metric, key, "metrics") for metric in output.every_metric]
    for kind, value, node, parameter in chosen:
        complaint = catalog.why_not_object(kind, value)
        named = next(references_in(value), None)
        if complaint is None and named is not None:
            complaint = f"{value.type} asks for the parameter {named} of a block, but stands in none; give it a value."
        if complaint is not None:
            yield Problem(f"{kind}_value", complaint, node=node, parameter=parameter)
