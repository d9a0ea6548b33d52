"""What ``compile`` and ``fit`` of a script say, as a training plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from studio.catalog.values import KerasObject
from studio.core.project import ClassWeights, DtypePolicy, TrainingPlan
from studio.core.rules.planning import PLACES, callback_problems
from studio.importing.plan import execution_of, training_plan
from studio.importing.report import Findings
from studio.importing.script.calling import BALANCED
from studio.importing.script.layers import OTHER_NAMES
from studio.importing.script.run import Run
from studio.importing.script.things import Configured, Instance, Known, Network, Routine, Thing
from studio.importing.values import Catalog

MOST_CLASSES = 10_000
"""A class number beyond it is a slip."""


def plan_of(
    run: Run, network: Network, outputs: Mapping[str, str], catalog: Catalog, findings: Findings
) -> TrainingPlan:
    """The plan of a model; what is no plain object of Keras is told and left to the program."""
    compiled: dict[str, Any] = {}
    for key in ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics"):
        thing = (network.compiled or {}).get(key)
        if thing is None:
            continue
        try:
            compiled[key] = _plain(thing, catalog.own)
        except ValueError:
            what = key.replace("_", " ")
            findings.miss(f"The {what} of the script is code of its own, which a project does not take; choose one.")
    if run.is_ours and network.compiled is not None:
        compiled["metrics"] = _none_where_none_stands(compiled.get("metrics"), outputs)
    plan = training_plan(compiled, outputs, catalog, findings)
    plan = execution_of(network.compiled or {}, plan)
    fitted = network.fitted or {}
    epochs, batch_size = fitted.get("epochs"), fitted.get("batch_size")
    seed = run.seeds[-1] if run.seeds else None
    batches = fitted.get("x")
    if isinstance(batches, Instance) and batches.own_class.name == "Batches" and len(batches.args) in (4, 5):
        batch_size = batches.args[-2]  # The rows come before it, with their weights or without.
        seed = seed if _is_count(seed, 0) else batches.args[-1]
    if isinstance(epochs, int) and _is_count(epochs, 1):
        plan = replace(plan, epochs=epochs)
    if isinstance(batch_size, int) and _is_count(batch_size, 1):
        plan = replace(plan, batch_size=batch_size)
    if isinstance(seed, int) and _is_count(seed, 0):
        plan = replace(plan, seed=seed)
    plan = replace(plan, class_weights=_class_weights(fitted.get("class_weight"), findings))
    plan = replace(
        plan, dtype_policy=_dtype_policy(run.policies, findings), are_inputs_listed=network.are_inputs_listed
    )
    if fitted.get("sample_weight") is not None:
        findings.miss(
            "The sample weights of the script are known only when it runs; choose a column of the data for them."
        )
    callbacks = fitted.get("callbacks")
    if callbacks is not None:
        found = []
        for each in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
            if isinstance(each, Configured) and each.kind == "callback":
                found.append(_inside(KerasObject(each.type, each.params), findings))
            else:
                name = each.own_class.name if isinstance(each, Instance) else "one that only running the script tells"
                findings.miss("Callbacks of the script that Keras has not were left out: {}.", name)
        plan = replace(plan, callbacks=tuple(found))
    return plan


def _inside(callback: KerasObject, findings: Findings) -> KerasObject:
    """A callback that writes into the run's folder, wherever the script would write."""
    if all(problem.code != "callback_place" for problem in callback_problems(callback)):
        return callback
    params = dict(callback.params)
    for name in PLACES:
        place = params.get(name)
        if isinstance(place, str):
            params[name] = place.replace("\\", "/").rstrip("/").rpartition("/")[2] or name
    findings.replace("Writes into the folder of the run now, and not where the script would: {}.", callback.type)
    return KerasObject(callback.type, params)


def _none_where_none_stands(metrics: Any, outputs: Mapping[str, str]) -> Any:
    """A text of ours names every metric: an Output without one has none, which is not to be chosen from the data."""
    if metrics is None or isinstance(metrics, dict):
        return {key: [] for key in outputs} | (metrics or {})
    return metrics


def _class_weights(thing: Thing, findings: Findings) -> ClassWeights:
    """Class weights as the script says them: by class number, or by the function that balances them."""
    if thing is None:
        return None
    if isinstance(thing, Instance) and thing.own_class.name == BALANCED:
        return "balanced"
    if isinstance(thing, dict) and thing and all(_is_count(key, 0) and key < MOST_CLASSES for key in thing):
        weights = [thing.get(number, 1.0) for number in range(max(thing) + 1)]
        if all(type(weight) in (int, float) and 0 <= weight < math.inf for weight in weights):
            return tuple([float(weight) for weight in weights])
    findings.miss("The class weights of the script are known only when it runs; choose them again.")
    return None


def _dtype_policy(told: list[Thing], findings: Findings) -> DtypePolicy:
    """The policy that the script sets; where it sets several, the layers of one drawing cannot follow all of them."""
    if not told:
        return "float32"
    names = [each if isinstance(each, str) else "" for each in told]
    if len(set(names)) == 1 and names[0] in get_args(DtypePolicy):
        return cast(DtypePolicy, names[0])
    known = ", ".join(get_args(DtypePolicy))
    findings.miss(f"The script computes in other numbers than {known}, or in several; choose them under Train.")
    return "float32"


def _is_count(thing: Thing, low: int) -> bool:
    return type(thing) is int and low <= thing < 2**31


def _plain(thing: Thing, own: frozenset[str]) -> Any:
    """A thing as it stands in a config. ``own`` are the names of code that the project has."""
    if isinstance(thing, Routine) and thing.name in own:
        return {"class_name": thing.name, "config": {}}
    if isinstance(thing, Configured):
        return KerasObject(thing.type, thing.params)
    if isinstance(thing, Known):
        return OTHER_NAMES.get(thing.last, thing.last)
    if isinstance(thing, dict):
        return {str(key): _plain(each, own) for key, each in thing.items()}
    if isinstance(thing, list | tuple):
        return [_plain(each, own) for each in thing]
    if thing is None or isinstance(thing, str | int | float):
        return thing
    raise ValueError(type(thing).__name__)
