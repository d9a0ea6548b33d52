"""Masks that Keras works out by itself, and writes into a config as operations that nobody has drawn.

An Embedding or a Masking makes a mask, and so does a call that is given one; the layers after it hand it on. A config
has operations for them, and their results as ``mask`` or ``query_mask`` of the calls that take them. The same layers
get the same masks again when the model is built, so a drawing leaves those out. Another mask than the one that would
come by itself was given by a person, and is an edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio.catalog.spec import LayerSpec
from studio.immutable import immutable
from studio.importing.entries import Entry, LayerCall, ModelEntries, Tensor, tensors_in
from studio.importing.values import Catalog

_COMBINING = frozenset(
    {"Any", "Concatenate", "ConvertToTensor", "ExpandDims", "LogicalAnd", "LogicalOr", "NotEqual", "Squeeze"}
)
"""The operations of which Keras makes the mask of a merge from those of its inputs."""

_FILLING = frozenset({"OnesLike", "ZerosLike"})
"""What stands in such a mask for an input that has none."""


def without_automatic_masks(model: ModelEntries, catalog: Catalog) -> ModelEntries:
    """The model without the masks that Keras makes of its own accord; the very same where there are none."""
    model = _by_name(model, catalog)
    if not any(_masks_of(call) for entry in model.entries for call in entry.calls):
        return model
    flow = _Flow(model, catalog)
    dropped = False
    entries: list[Entry] = []
    for entry in model.entries:
        calls = tuple([flow.without_automatic(entry, call) for call in entry.calls])
        is_same = all(new is old for new, old in zip(calls, entry.calls, strict=True))
        dropped |= not is_same
        entries.append(entry if is_same else replace(entry, calls=calls))
    if not dropped:
        return model
    return replace(model, entries=tuple(_still_needed(entries, model)))


def _by_name(model: ModelEntries, catalog: Catalog) -> ModelEntries:
    """The model with masks under their name that stand behind what a call takes (``Softmax()(x, mask)``)."""
    entries = []
    for entry in model.entries:
        spec = catalog.layers.get(entry.type)
        if spec is not None and "mask" in spec.inputs_if and not entry.is_own:
            calls = tuple([_call_by_name(call, len(spec.inputs)) for call in entry.calls])
            if any(new is not old for new, old in zip(calls, entry.calls, strict=True)):
                entry = replace(entry, calls=calls)
        entries.append(entry)
    is_same = all(new is old for new, old in zip(entries, model.entries, strict=True))
    return model if is_same else replace(model, entries=tuple(entries))


def _call_by_name(call: LayerCall, count: int) -> LayerCall:
    """``count`` is how many arguments are no mask. What is not given may stand between them and the mask."""
    more = call.args[count:]
    if not more or not tensors_in(more[-1]) or any(more[:-1]) or call.kwargs.get("mask") is not None:
        return call
    return replace(call, args=call.args[:count], kwargs={**call.kwargs, "mask": more[-1]})


def _masks_of(call: LayerCall) -> list[str]:
    """The names by which a call is given masks."""
    return [name for name, value in call.kwargs.items() if _is_mask(name) and tensors_in(value)]


def _is_mask(name: str) -> bool:
    return name == "mask" or name.endswith("_mask")


@immutable
class _Mask:
    """The mask that a tensor has by itself: one of ``tensors``, or what a merge makes of them all."""

    tensors: frozenset[Tensor] = frozenset()
    is_combined: bool = False


_NO_MASK = _Mask()


class _Flow:
    """Which tensors of a model have which masks by themselves."""

    def __init__(self, model: ModelEntries, catalog: Catalog) -> None:
        self._catalog = catalog
        self._entries = {entry.key: entry for entry in model.entries}
        self._comparisons: dict[Tensor, list[tuple[object, Tensor]]] = {}
        """For each tensor, what it is compared with and what that gives: the beginning of every mask."""
        for entry in model.entries:
            if entry.is_operation and entry.type == "NotEqual":
                for number, call in enumerate(entry.calls):
                    values = [*call.args, *call.kwargs.values()]
                    if len(values) == 2 and isinstance(values[0], Tensor):
                        made = Tensor(entry.key, number, 0)
                        self._comparisons.setdefault(values[0], []).append((values[1], made))
        self._reduced: dict[Tensor, list[Tensor]] = {}
        for entry in model.entries:
            if entry.is_operation and entry.type == "Any":
                for number, call in enumerate(entry.calls):
                    for tensor in tensors_in(list(call.args)):
                        self._reduced.setdefault(tensor, []).append(Tensor(entry.key, number, 0))
        self._known: dict[tuple[str, int], _Mask] = {}

    def without_automatic(self, entry: Entry, call: LayerCall) -> LayerCall:
        """The call without the masks that it would be given anyway."""
        names = _masks_of(call)
        spec = self._catalog.layers.get(entry.type)
        if not names or entry.is_operation or entry.is_own or (spec is None and not entry.is_model):
            return call
        left = {
            name: value
            for name, value in call.kwargs.items()
            if name not in names or not self._is_automatic(value, self._masked_by(name, call, spec))
        }
        return call if len(left) == len(call.kwargs) else replace(call, kwargs=left)

    def _masked_by(self, name: str, call: LayerCall, spec: LayerSpec | None) -> list[Tensor]:
        """The tensors whose masks a call has under a name; none where it takes no such mask by itself."""
        if name == "mask":
            return _first(call, spec)
        places = {port.name: place for place, port in enumerate(spec.inputs)} if spec is not None else {}
        port = name.removesuffix("_mask")
        if port not in places:
            return []
        if port in call.kwargs:
            return tensors_in(call.kwargs[port])
        return tensors_in(call.args[places[port]]) if places[port] < len(call.args) else []

    def _is_automatic(self, value: Any, masked: list[Tensor]) -> bool:
        given = value if isinstance(value, list | tuple) else [value]
        if len(given) != len(masked):
            return False
        return all(self._comes_by_itself(mask, tensor) for mask, tensor in zip(given, masked, strict=True))

    def _comes_by_itself(self, mask: Any, tensor: Tensor) -> bool:
        own = self._mask_of(tensor)
        if not isinstance(mask, Tensor):
            return not own.tensors
        mask = self._unwrapped(mask)
        if mask in own.tensors:
            return True
        return own.is_combined and self._parts(mask, own.tensors) <= own.tensors

    def _unwrapped(self, mask: Tensor) -> Tensor:
        """The very mask: attention hands on a copy of it."""
        for _ in self._entries:
            entry = self._entries.get(mask.layer)
            if (
                entry is None
                or entry.type != "ConvertToTensor"
                or not entry.is_operation
                or mask.call >= len(entry.calls)
            ):
                break
            mask = next(iter(tensors_in(list(entry.calls[mask.call].args))), mask)
        return mask

    def _parts(self, mask: Tensor, known: frozenset[Tensor]) -> set[Tensor]:
        """The masks of which one is combined, down to those that are ``known`` and those that somebody gave."""
        found: set[Tensor] = set()
        waiting, seen = [mask], {mask}
        while waiting:
            tensor = waiting.pop()
            entry = self._entries.get(tensor.layer)
            if tensor in known or entry is None or not entry.is_operation or tensor.call >= len(entry.calls):
                found.add(tensor)
            elif entry.type in _COMBINING:
                call = entry.calls[tensor.call]
                taken = [each for each in tensors_in([call.args, dict(call.kwargs)]) if each not in seen]
                waiting += taken
                seen.update(taken)
            elif entry.type not in _FILLING:
                found.add(tensor)
        return found

    def _mask_of(self, tensor: Tensor) -> _Mask:
        """The mask that a tensor has. The calls before it are asked first, however many they are."""
        waiting = [tensor]
        begun: set[tuple[str, int]] = set()
        while waiting:
            key = (waiting[-1].layer, waiting[-1].call)
            if key in self._known:
                waiting.pop()
                continue
            before = self._handing_on(*key)
            unknown = [each for each in before if (each.layer, each.call) not in self._known]
            if unknown and key not in begun:
                begun.add(key)  # in a circle, which no sound model has, it is not asked a second time
                waiting += unknown
                continue
            waiting.pop()
            self._known[key] = self._made_by(*key, before)
        # Of several tensors that a layer gives only the first one has a mask: states and scores have none.
        return self._known[(tensor.layer, tensor.call)] if tensor.index == 0 else _NO_MASK

    def _handing_on(self, key: str, number: int) -> list[Tensor]:
        """The tensors whose masks a call hands on."""
        entry = self._entries.get(key)
        spec = self._catalog.layers.get(entry.type) if entry is not None else None
        if entry is None or spec is None or number >= len(entry.calls) or entry.is_own or entry.is_operation:
            return []
        return _first(entry.calls[number], spec) if spec.hands_mask_on and _gives_all_steps(entry) else []

    def _made_by(self, key: str, number: int, before: list[Tensor]) -> _Mask:
        entry = self._entries.get(key)
        if entry is None or number >= len(entry.calls):
            return _NO_MASK
        call = entry.calls[number]
        if entry.type == "Embedding" and entry.config.get("mask_zero") is True:
            return _Mask(frozenset([made for value, made in self._compared(call) if value == 0]))
        if entry.type == "Masking":
            value = entry.config.get("mask_value", 0.0)
            whole = [made for other, made in self._compared(call) if other == value]
            return _Mask(frozenset([made for each in whole for made in self._reduced.get(each, ())]))
        if before and (given := call.kwargs.get("mask")) is not None:
            first = given[0] if isinstance(given, list | tuple) and given else given
            return _Mask(frozenset([self._unwrapped(first)])) if isinstance(first, Tensor) else _NO_MASK
        masks = [mask for each in before if (mask := self._of_known(each)).tensors]
        if len(before) == 1:
            return masks[0] if masks else _NO_MASK
        return _Mask(frozenset([tensor for mask in masks for tensor in mask.tensors]), is_combined=bool(masks))

    def _of_known(self, tensor: Tensor) -> _Mask:
        return self._known.get((tensor.layer, tensor.call), _NO_MASK) if tensor.index == 0 else _NO_MASK

    def _compared(self, call: LayerCall) -> list[tuple[object, Tensor]]:
        return [each for tensor in tensors_in(list(call.args)) for each in self._comparisons.get(tensor, ())]


def _first(call: LayerCall, spec: LayerSpec | None) -> list[Tensor]:
    """The tensors of the first argument: their masks are those of the call."""
    if call.args:
        return tensors_in(call.args[0])
    return tensors_in(call.kwargs.get(spec.inputs[0].name)) if spec is not None and spec.inputs else []


def _gives_all_steps(entry: Entry) -> bool:
    """Whether a layer gives something for each step, so that a mask of the steps still says something."""
    config = entry.config
    inside = config.get("layer")
    if entry.type == "Bidirectional" and isinstance(inside, Mapping) and isinstance(inside.get("config"), Mapping):
        config = inside["config"]
    return config.get("return_sequences") is not False


def _still_needed(entries: list[Entry], model: ModelEntries) -> list[Entry]:
    """The entries without the operations whose results now go nowhere."""
    operations = {entry.key for entry in entries if entry.is_operation}
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
