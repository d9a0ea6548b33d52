"""The precision of a whole model. In a file each layer has a policy of its own; here the training plan has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast, get_args

from studio.core.project import DtypePolicy
from studio.importing.entries import ModelEntries, entries_of
from studio.importing.steps import applied_by
from studio.importing.values import Unfit, policy_name

_USUAL: DtypePolicy = "float32"
_DEEPEST = 20


def shared_policy(model: ModelEntries) -> DtypePolicy:
    """The mixed precision of most layers of a model; layers of another one are told theirs. float32 where most have it.

    Keras's guide wants the last activation in float32, so hardly any model of mixed precision has it everywhere.
    """
    counted = Counter(_policies(model, 0))
    common, times = counted.most_common(1)[0] if counted else (_USUAL, 0)
    is_shared = common in get_args(DtypePolicy) and 2 * times > counted.total()
    return cast(DtypePolicy, common) if is_shared else _USUAL


def _policies(model: ModelEntries, depth: int) -> Iterator[object]:
    for entry in model.entries:
        if entry.is_model:
            if depth < _DEEPEST:
                yield from _policies(entries_of(entry.config), depth + 1)
        elif (applied := applied_by(entry)) is not None and depth < _DEEPEST:
            yield from _policies(entries_of(applied.config), depth + 1)
        elif not entry.is_input and not entry.is_operation and "dtype" in entry.config:
            try:
                yield str(policy_name(entry.config["dtype"]))
            except Unfit:
                yield ""
