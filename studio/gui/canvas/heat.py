"""How hot each node of the scene is. Beside the cards, because one node's heat depends on the largest of all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from studio.core.project import Block, Graph
from studio.gui.canvas.card import AnswerLike
from studio.gui.canvas.measures import Measure, Sizes, level, memory, of_calls
from studio.gui.canvas.numbers import gradient_text, memory_text, time_text

TEXTS: Mapping[Measure, Callable[[float], str]] = {
    "memory": memory_text, "time": time_text, "gradients": gradient_text,
}  # fmt: skip
"""How the numbers of a measure are written; what is not here a card has anyway."""

MEASURED: Final = ("time", "gradients")
"""What only an engine can tell that runs the network."""


class Warmth(NamedTuple):
    """What a card shows: the level, the share of the largest, the number; None where the card has it anyway."""

    level: int
    share: float
    text: str | None


class Heat:
    """Values and levels by node id; empty while nothing is measured. ``revision`` rises with every change."""

    def __init__(self) -> None:
        self.measure: Measure = ""
        self.values: Mapping[str, float] = {}
        self.levels: dict[str, int] = {}
        self.largest: float = 0
        self.is_all = True
        """Whether no node was left out because something of its shape is not known."""
        self.revision = 0
        self._level_of: dict[float, int] = {}
        self._array_key: tuple[int, int] = (-1, -1)
        self._array = np.zeros(0, np.uint8)

    @property
    def total(self) -> float:
        """The sum of all nodes; of lengths that of all together."""
        if self.measure == "gradients":
            return math.hypot(*self.values.values())
        return sum(self.values.values())

    def of(self, node_id: str) -> Warmth | None:
        """What the card of a node shows; None while nothing is measured or the value is not known."""
        value = self.values.get(node_id)
        if value is None:
            return Warmth(0, 0.0, "") if self.measure in MEASURED and self.values else None
        share = value / self.largest if self.largest else 0.0
        text = TEXTS[self.measure](value) if self.measure in TEXTS else None
        return Warmth(self.levels.get(node_id, 0), share, text)

    def set(self, measure: Measure, values: Mapping[str, float], *, is_all: bool = True) -> set[str]:
        """Take new values. Returns the nodes that look otherwise now."""
        before, old_levels, old_largest = self.values, self.levels, self.largest
        is_other = measure != self.measure
        self.measure, self.values, self.is_all = measure, values, is_all
        self.largest = max(values.values(), default=0)
        self.levels = self._levels(is_same=not is_other and old_largest == self.largest)
        known = before.keys() | values.keys()
        if is_other or old_largest != self.largest:
            changed = set(known)  # the bars are shares of the largest
        else:
            changed = {
                id for id in known if before.get(id) != values.get(id) or old_levels.get(id) != self.levels.get(id)
            }
        self.revision += bool(changed) or is_other
        return changed

    def _levels(self, *, is_same: bool) -> dict[str, int]:
        """The level of each value; a logarithm for each value that was seen before would cost a frame."""
        if not is_same:
            self._level_of.clear()
        known, largest = self._level_of, self.largest
        for value in set(self.values.values()) - known.keys():
            known[value] = level(value, largest)
        return {id: known[value] for id, value in self.values.items()}

    def array(self, ids: list[str], structure: int) -> np.ndarray:
        """The level of each row of the scene."""
        key = (self.revision, structure)
        if key != self._array_key:
            self._array_key = key
            self._array = np.array([self.levels.get(id, 0) for id in ids], np.uint8)
        return self._array


def measured(
    measure: Measure,
    graph: Graph,
    parameters: Mapping[str, int],
    answers: Mapping[str, AnswerLike],
    prefix: str,
    batch: int,
    sizes: Sizes,
    calls: Mapping[str, float],
    blocks: Mapping[str, Block],
) -> tuple[Mapping[str, float], bool]:
    """The values of a graph's nodes by one measure, and whether that is all of it.

    ``parameters`` are those of the cards, ``calls`` what an engine measured.
    """
    if measure == "memory":
        return memory(graph, answers, prefix, batch, sizes, blocks)
    if measure in MEASURED:
        return of_calls(graph, calls, prefix, is_length=measure == "gradients"), True
    return (parameters if measure else {}), True
