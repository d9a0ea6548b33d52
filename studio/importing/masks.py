"""Masks that Keras works out by itself, and writes into a config as operations that nobody has drawn.

Where an Embedding or a Masking makes a mask, a config has operations for it and hands their results to the layers after
it as ``mask`` or ``query_mask``. The same layers get the same masks again when the model is built, so a drawing leaves
both out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from studio.importing.entries import Entry, LayerCall, ModelEntries, entries_of, tensors_in
from studio.importing.values import Catalog


def without_automatic_masks(model: ModelEntries, catalog: Catalog) -> ModelEntries:
    """The model without the masks that Keras makes of its own accord; the very same where there are none."""
    operations = {entry.key for entry in model.entries if entry.is_operation}
    if not operations or not makes_masks(model.entries):
        return model
    dropped: set[str] = set()
    entries = [_unmasked(entry, catalog, operations, dropped) for entry in model.entries]
    if not dropped:
        return model
    return replace(model, entries=tuple(_still_needed(entries, model, operations)))


def makes_masks(entries: Iterable[Entry], depth: int = 0) -> bool:
    """Whether one of the layers makes a mask."""
    for entry in entries:
        if entry.type == "Masking" or (entry.type == "Embedding" and entry.config.get("mask_zero") is True):
            return True
        if entry.is_model and depth < 20 and makes_masks(entries_of(entry.config).entries, depth + 1):
            return True
    return False


def _unmasked(entry: Entry, catalog: Catalog, operations: set[str], dropped: set[str]) -> Entry:
    spec = catalog.layers.get(entry.type)
    if entry.is_operation or entry.is_own or (spec is None and not entry.is_model):
        return entry
    ports = {port.name for port in spec.inputs} if spec is not None else set()
    automatic = {"mask"} - ports | {f"{port}_mask" for port in ports}

    def kept(call: LayerCall) -> LayerCall:
        left: Mapping[str, Any] = {
            name: value
            for name, value in call.kwargs.items()
            if name not in automatic or not (found := tensors_in(value))
            or not all(tensor.layer in operations for tensor in found)
        }  # fmt: skip
        if len(left) == len(call.kwargs):
            return call
        dropped.update(tensor.layer for name in automatic for tensor in tensors_in(call.kwargs.get(name)))
        return replace(call, kwargs=left)

    return replace(entry, calls=tuple(kept(call) for call in entry.calls))


def _still_needed(entries: list[Entry], model: ModelEntries, operations: set[str]) -> list[Entry]:
    """The entries without the operations whose results now go nowhere."""
    ends = {tensor.layer for _, tensor in model.outputs}
    users: dict[str, int] = {}
    by_key = {entry.key: entry for entry in entries}
    takes = {
        entry.key: [tensor.layer for call in entry.calls for tensor in tensors_in([call.args, dict(call.kwargs)])]
        for entry in entries
    }
    for taken in takes.values():
        for key in taken:
            users[key] = users.get(key, 0) + 1
    idle = [key for key in operations if not users.get(key) and key not in ends]
    while idle:
        key = idle.pop()
        if by_key.pop(key, None) is None:
            continue
        for source in takes[key]:
            users[source] -= 1
            if users[source] == 0 and source in operations and source not in ends:
                idle.append(source)
    return list(by_key.values())
