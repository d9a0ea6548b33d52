"""Which layer usually follows which: counted in the gallery and in the ready-made networks of Keras, never by hand.

``python -m studio.cli.neighbours`` counts anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from studio.assets import resource

Shares = Mapping[str, Mapping[str, float]]
"""For each layer type the share of every type that stands at its other side."""

FILE: Final = ("catalog", "neighbours.json")


@cache
def following() -> Shares:
    """After each type the shares of those that follow it; all shares of one type make 1."""
    return _shares((before, after, weight) for before, after, weight in _counted())


@cache
def preceding() -> Shares:
    """Before each type the shares of those that lead to it."""
    return _shares((after, before, weight) for before, after, weight in _counted())


def _counted() -> Iterator[tuple[str, str, float]]:
    parts: dict[str, dict[str, dict[str, float]]] = json.loads(resource(*FILE).read_text(encoding="utf-8"))
    for part in parts.values():
        for before, found in part.items():
            for after, weight in found.items():
                yield before, after, weight


def _shares(counted: Iterable[tuple[str, str, float]]) -> dict[str, dict[str, float]]:
    sums: dict[str, dict[str, float]] = {}
    for type, other, weight in counted:
        beside = sums.setdefault(type, {})
        beside[other] = beside.get(other, 0.0) + weight
    return {type: {other: n / sum(beside.values()) for other, n in beside.items()} for type, beside in sums.items()}
