"""What two Keras models have in common: the way back from a drawing must give the model that went in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from studio.codegen import generate
from studio.core.project import Project
from studio.core.snippets import with_snippets
from tests.support.catalog import CATALOG


def built(project: Project, tolerated: tuple[str, ...] = ("no_data",)) -> Any:
    """The model that the project's exported code builds."""
    source = generate(project, with_snippets(CATALOG, project))
    left_out = [problem.message for problem in source.problems if problem.code not in tolerated]
    assert left_out == [], left_out
    namespace: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source.text, "exported.py", "exec"), namespace)
    return namespace["build_model"]()


def told(model: Any) -> dict[str, Any]:
    """Layers by name with class, config and what each call takes, in the form in which two models can be compared."""
    plain = json.loads(model.to_json())["config"]
    return {
        layer["name"]: (
            layer["class_name"],
            without_names(layer["config"]),
            sorted(sources(call) for call in layer["inbound_nodes"]),
        )
        for layer in plain["layers"]
    }


def sources(call: Any) -> list[str]:
    """The layers and outputs from which one call takes its tensors, in order."""
    return [f"{name}[{index}]" for name, index in _histories(call)]


def _histories(plain: Any) -> Iterator[tuple[str, int]]:
    if isinstance(plain, dict):
        if "keras_history" in plain:
            name, _, index = plain["keras_history"]
            yield name, index
        else:
            for item in plain.values():
                yield from _histories(item)
    elif isinstance(plain, list):
        for item in plain:
            yield from _histories(item)


def without_names(config: dict[str, Any]) -> Any:
    """A config without the names that Keras gives inner layers by counting, and without what only building adds."""

    def clean(item: Any, depth: int) -> Any:
        if isinstance(item, dict):
            skipped = ("name", "build_config", "shared_object_id") if depth else ("shared_object_id",)
            return {key: clean(value, depth + 1) for key, value in item.items() if key not in skipped}
        if isinstance(item, list):
            return [clean(each, depth) for each in item]
        return item

    return clean(config, 0)


def flattened(model: Any) -> Any:
    """The model with the very same layers, those of the models inside it among them: a drawing has blocks there, and
    its code functions. The model itself where there are none.
    """
    import keras

    nested = (keras.Sequential, keras.Model)
    if not any(isinstance(layer, nested) for layer in model.layers):
        return model

    def through(operation: Any) -> Any:
        whole = operation._functional if isinstance(operation, keras.Sequential) else operation
        if isinstance(whole, keras.Model):
            return lambda tensor, **_: whole._run_through_graph(tensor, operation_fn=through)
        return operation

    inputs = [keras.Input(batch_shape=each.shape, dtype=each.dtype, name=each.name) for each in model.inputs]
    given = inputs if isinstance(model.input, list) else inputs[0]
    return keras.Model(given, through(model)(given))


def copy_weights(source: Any, target: Any) -> None:
    """The weights of one model into another of the same layers."""
    own = {layer.name: layer for layer in target.layers}
    for layer in source.layers:
        if layer.weights:
            own[layer.name].set_weights(layer.get_weights())


def paired_by_structure(one: Any, other: Any) -> list[tuple[Any, Any]]:
    """The layers of two models that are the same but for names: same class, config and way from the inputs.

    AssertionError where a layer of one model has none in the other.
    """
    ours, theirs = _by_structure(one), _by_structure(other)
    assert {key: len(found) for key, found in ours.items()} == {key: len(found) for key, found in theirs.items()}
    return [pair for key, found in ours.items() for pair in zip(found, theirs[key], strict=True)]


def weigh_by_structure(model: Any) -> None:
    """Random weights that follow from what a layer is and how it is reached: two of the same model have the same."""
    for digest, layers in _by_structure(model).items():
        for layer in layers:
            chance = np.random.default_rng(int(digest[:16], 16))
            layer.set_weights([chance.normal(0, 0.3, weight.shape) for weight in layer.weights])


def _by_structure(model: Any) -> dict[str, list[Any]]:
    digests: dict[str, str] = {}
    found: dict[str, list[Any]] = {}
    plain = json.loads(model.to_json())["config"]["layers"]
    waiting = list(plain)
    while waiting:
        ready = [each for each in waiting if all(name in digests for name in _takes(each))]
        assert ready, "a layer that is called on what it gave itself"
        for layer in ready:
            config = {key: value for key, value in without_names(layer["config"]).items() if key != "name"}
            calls = [[(digests[name], index) for name, index in _histories(call)] for call in layer["inbound_nodes"]]
            text = json.dumps([layer["class_name"], config, calls], sort_keys=True)
            digests[layer["name"]] = hashlib.sha256(text.encode()).hexdigest()
            waiting.remove(layer)
    own = {layer.name: layer for layer in model.layers}
    for name, digest in digests.items():
        if name in own:  # operations such as a sum of two tensors have no layer
            found.setdefault(digest, []).append(own[name])
    return found


def _takes(layer: Any) -> set[str]:
    return {name for call in layer["inbound_nodes"] for name, _ in _histories(call)}
