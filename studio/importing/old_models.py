"""What Keras 2 wrote otherwise than Keras 3, as Keras 3 would write it.

``x + y`` and ``tf.concat`` on tensors were layers of the class TFOpLambda, slices SlicingOpLambda: they become the
operations of Keras that do the same. What stands in no table here stays such a layer, and is kept in grey. The calls of
a model inside a model were counted from 1.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any

from studio.importing.entries import ModelEntries, Tensor, tensors_in
from studio.importing.old_functions import of_function
from studio.importing.old_layers import is_of_yesterday, layer_of_today
from studio.importing.old_sizes import with_known_sizes


def of_today(model: ModelEntries) -> ModelEntries:
    """The model as Keras 3 would have written it, with every call counted from 0."""
    if any(is_of_yesterday(entry) for entry in model.entries):
        model = replace(model, entries=tuple([layer_of_today(entry) for entry in model.entries]))
    if not any(call.is_old for entry in model.entries for call in entry.calls):
        return _with_outputs_counted_back(model)
    model = with_known_sizes(model)
    model = replace(model, entries=tuple([each for entry in model.entries for each in of_function(entry)]))
    taken = [tensor for entry in model.entries for call in entry.calls
             for tensor in tensors_in([*call.args, *call.kwargs.values()])]  # fmt: skip
    taken += [tensor for _, tensor in model.outputs]
    highest = {tensor.layer: 0 for tensor in taken}
    for tensor in taken:
        highest[tensor.layer] = max(highest[tensor.layer], tensor.call)
    # Its own making was the first call of such a model, so one too many is counted.
    ahead = {each.key for each in model.entries if each.is_model and highest.get(each.key, 0) == len(each.calls) > 0}
    return _counted_back(model, ahead) if ahead else model


def _with_outputs_counted_back(model: ModelEntries) -> ModelEntries:
    """Keras 3 counts the making of a Functional model as its first call where it tells the outputs, only there."""
    ahead = {each.key for each in model.entries if each.is_model and "output_layers" in each.config}
    if ahead.isdisjoint(tensor.layer for _, tensor in model.outputs):
        return model
    outputs = [
        (key, replace(tensor, call=tensor.call - 1) if tensor.layer in ahead and tensor.call > 0 else tensor)
        for key, tensor in model.outputs
    ]
    return replace(model, outputs=tuple(outputs))


def _counted_back(model: ModelEntries, ahead: Set[str]) -> ModelEntries:
    def back(plain: Any) -> Any:
        if isinstance(plain, Tensor):
            is_ahead = plain.layer in ahead and plain.call > 0
            return Tensor(plain.layer, plain.call - 1, plain.index) if is_ahead else plain
        if isinstance(plain, list | tuple):
            return type(plain)([back(each) for each in plain])
        return {key: back(each) for key, each in plain.items()} if isinstance(plain, dict) else plain

    entries = [
        replace(each, calls=tuple([replace(call, args=back(call.args), kwargs=back(dict(call.kwargs)))
                                   for call in each.calls]))
        for each in model.entries
    ]  # fmt: skip
    outputs = tuple([(key, back(tensor)) for key, tensor in model.outputs])
    return replace(model, entries=tuple(entries), outputs=outputs)
