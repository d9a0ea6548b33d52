"""Rows of the scene's arrays: in the order of the ids' numbers, kept while others come and go."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import numpy as np

from studio.core.topology import id_key
from studio.gui.canvas.geometry import Slots


def with_new(ids: list[str], added: Collection[str]) -> list[str]:
    """The ids with new ones in the order of their numbers."""
    if len(added) > 30:
        return sorted((*ids, *added), key=id_key)
    for id in added:
        insort(ids, id, key=id_key)
    return ids


def taken(array: np.ndarray, order: Slots) -> np.ndarray:
    """Rows of ``array`` in a new order; zeros where the order says -1."""
    new = order < 0
    if len(array) == 0:
        return np.zeros((len(order), *array.shape[1:]), array.dtype)
    result = array[order]
    result[new] = 0
    return result


def portions(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """The ids in lists of at most ``size`` (``itertools.batched`` of Python 3.12)."""
    rest = iter(ids)
    while portion := list(islice(rest, size)):
        yield portion
