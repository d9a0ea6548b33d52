"""How many axes the tensors may have that a layer takes, found by calling it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import keras

RANKS: Final = (2, 3, 4, 5)
"""With the batch: rows of numbers, sequences, pictures, films."""

LENGTH: Final = 12
"""Of every axis: divisible by what samples ask for, and large enough for a kernel."""


Ports: TypeAlias = Sequence[Mapping[str, Any]]


def ranks_of(layer: Callable[..., Any], values: Mapping[str, Any], ports: Ports) -> list[int]:
    """The ranks that a layer with these parameters takes. None at all says that they are not known."""
    return [rank for rank in RANKS if _takes(layer, values, ports, (None, *(LENGTH,) * (rank - 1)))]


def _takes(
    layer: Callable[..., Any], values: Mapping[str, Any], ports: Ports, shape: tuple[int | None, ...]
) -> bool:  # fmt: skip
    given = {}
    for port in ports:
        if not port.get("is_optional"):
            count = max(2, port.get("fewest", 1)) if port.get("takes_many") else 0
            tensors = [keras.KerasTensor(shape) for _ in range(count or 1)]
            given[port["name"]] = tensors if count else tensors[0]
    first, *others = given.values()
    try:
        layer(**values)(first, **dict(zip(list(given)[1:], others, strict=True)))
    except Exception:  # Keras raises whatever it likes
        return False
    return True
