"""What two Keras models have in common: the way back from a drawing must give the model that went in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from studio.codegen import generate
from studio.core.project import Project
from tests.support.catalog import CATALOG


def built(project: Project) -> Any:
    """The model that the project's exported code builds."""
    source = generate(project, CATALOG)
    left_out = [problem.message for problem in source.problems if problem.code != "no_data"]
    assert left_out == []
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


def copy_weights(source: Any, target: Any) -> None:
    """The weights of one model into another of the same layers."""
    own = {layer.name: layer for layer in target.layers}
    for layer in source.layers:
        if layer.weights:
            own[layer.name].set_weights(layer.get_weights())
