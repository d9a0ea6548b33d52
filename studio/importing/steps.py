"""Models that a ``TimeDistributed`` of a file applies to every time step: blocks, unless they are layers in a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.catalog.spec import SEQUENTIAL, TIME_DISTRIBUTED
from studio.core.naming import to_snake_case
from studio.immutable import immutable
from studio.importing.entries import Entry, entry_of
from studio.importing.plain import MAX_LAYERS
from studio.importing.values import in_a_row

_DEEPEST = 20


@immutable
class Applied:
    """The model that is applied to every time step: its name and its config."""

    name: str
    config: Mapping[str, Any]


def applied_by(entry: Entry, depth: int = 0) -> Applied | None:
    """The model of a TimeDistributed that is more than a value can be; None for every other layer."""
    plain = entry.config.get("layer")
    if entry.type != TIME_DISTRIBUTED or entry.is_own or not isinstance(plain, dict) or _is_held(plain, depth):
        return None
    inner = entry_of(plain)
    name, config = inner.name, inner.config
    if inner.is_model and not config["layers"]:
        return None
    if not inner.is_model:
        name, config = to_snake_case(inner.type), {"layers": [plain]}
    return Applied(name, config if entry.config.get("trainable", True) is not False else _frozen(config))


def _is_held(plain: Mapping[str, Any], depth: int, *, is_part: bool = False) -> bool:
    """Whether it can stand inside of a layer as a value: one layer, or several in a row, of which this ``is_part``."""
    if depth > _DEEPEST or not isinstance(plain.get("class_name"), str):
        return True  # told where values are read
    entry = entry_of(plain)
    if entry.is_own:
        return True
    if entry.type == TIME_DISTRIBUTED:
        return applied_by(entry, depth + 1) is None
    if not entry.is_model:
        return True
    row = in_a_row(plain) if entry.type == SEQUENTIAL or is_part else None
    return row is not None and len(row) < MAX_LAYERS and all(_is_held(each, depth + 1, is_part=True) for each in row)


def _frozen(config: Mapping[str, Any], depth: int = 0) -> Mapping[str, Any]:
    """A model of which nothing learns, since the layer around it does not."""
    layers = config.get("layers")
    if not isinstance(layers, list) or depth > _DEEPEST:
        return config
    return {**config, "layers": [_frozen_layer(each, depth) if isinstance(each, dict) else each for each in layers]}


def _frozen_layer(plain: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
    config = plain.get("config")
    if not isinstance(config, dict) or plain.get("class_name") == "InputLayer":
        return plain
    return {**plain, "config": {**_frozen(config, depth + 1), "trainable": False}}
