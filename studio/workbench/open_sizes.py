"""A block that is called again with another size: what its Inputs would have to say so that it takes all of them.

Keras alone says what arrives and whether the layers inside take it; here the sizes that differ become open ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from studio.catalog.values import Value
from studio.core.problem import Remedy

if TYPE_CHECKING:
    from studio.codegen import FlatCall
    from studio.protocol import Answer
    from studio.protocol.calls import Shape


def remedy(sent: Mapping[str, FlatCall], answers: Mapping[str, Answer], call: FlatCall) -> Remedy | None:
    """What the Input of a block, which refuses what arrives at ``call``, could say; None where that would not do.

    Other numbers of channels or features are none of its business: weights are made for them.
    """
    is_begin = call.kind in ("output", "step") and "/" in call.id and (call.shares is not None or call.expression)
    if not is_begin:
        return None
    first = call.shares or call.id
    arriving = [_arriving(sent[first], answers)] if first in sent else []
    arriving += [_arriving(each, answers) for each in sent.values() if each.shares == first]
    known = [spec for spec in arriving if spec is not None]
    taken = _joined([shape for shape, _ in known])
    if taken is None:
        return None
    params: list[tuple[str, Value]] = [("shape", taken[1:])]
    if not known[0][1].startswith(("float", "bfloat")):
        params.append(("dtype", known[0][1]))
    return Remedy(call.id.rpartition("/")[2], tuple(params))


def _arriving(call: FlatCall, answers: Mapping[str, Answer]) -> tuple[Shape, str] | None:
    if call.kind == "step":  # of what arrives, a step alone
        outputs = answers[call.id].outputs if call.id in answers else ()
        return outputs[0] if outputs else None
    for _, sources in call.inputs:
        for source, index in sources:
            outputs = answers[source].outputs if source in answers else ()
            return outputs[index] if index < len(outputs) else None
    return None


def _joined(shapes: Iterable[Shape]) -> Shape | None:
    """A shape that fits all of these: the same where they agree, open where they do not."""
    first, *others = dict.fromkeys(shapes)
    if not others or any(len(each) != len(first) or each[-1:] != first[-1:] for each in others) or len(first) < 3:
        return None
    return tuple(sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(first, *others, strict=True))
