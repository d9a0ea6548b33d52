"""How much each node weighs: parameters, memory of its outputs, time for one batch, gradient. Numbers only, no Qt."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from studio.core.project import BLOCK, Block, Graph
from studio.gui.canvas.card import AnswerLike

Measure = Literal["", "parameters", "memory", "time", "gradients"]

LEVELS: Final = 5
"""Steps of heat. Each one begins at half of the next: the sizes of layers differ by powers."""

_BITS = re.compile(r"(\d+)\Z")


def bytes_of(outputs: Iterable[tuple[Iterable[int | None], str]], batch: int) -> int | None:
    """Bytes of tensors for one batch; None where a length other than the batch, or the type, is not known."""
    total = 0
    for shape, dtype in outputs:
        lengths = [batch if place == 0 and length is None else length for place, length in enumerate(shape)]
        bits = 8 if dtype == "bool" else int(found[1]) if (found := _BITS.search(dtype)) is not None else 0
        if not bits or any(length is None for length in lengths):
            return None
        total += math.prod(length or 0 for length in lengths) * bits // 8
    return total


class Sizes:
    """Bytes of what was answered, found again as long as the answer is the same object."""

    def __init__(self) -> None:
        self._batch = 0
        self._kept: dict[str, tuple[AnswerLike, int | None]] = {}

    def of(self, call: str, answer: AnswerLike, batch: int) -> int | None:
        """Bytes of the outputs of a call; None where they are not known."""
        if batch != self._batch:
            self._batch = batch
            self._kept.clear()
        kept = self._kept.get(call)
        if kept is None or kept[0] is not answer:
            kept = self._kept[call] = (answer, bytes_of(answer.outputs, batch))
        return kept[1]


def memory(
    graph: Graph, answers: Mapping[str, AnswerLike], prefix: str, batch: int, sizes: Sizes | None = None,
    blocks: Mapping[str, Block] | None = None,
) -> tuple[dict[str, int], bool]:  # fmt: skip
    """Bytes of the outputs of each node of a graph, those inside of blocks included; and whether that is all of it.

    An Output node hands on what it takes, and takes no memory of its own. ``sizes`` are kept by who asks again.
    What is inside of a block on every time step is there for each of them; ``blocks`` tell what is inside of which.
    """
    sizes = sizes or Sizes()
    found: dict[str, int] = {}
    is_all = True
    for call, answer in answers.items():
        id, _, inner = call.removeprefix(prefix).partition("/")
        node = graph.nodes.get(id) if call.startswith(prefix) else None
        is_use = node is not None and node.type == BLOCK and not inner
        if node is None or node.type == "Output" or (is_use and not node.is_time_distributed):
            continue
        size, times = sizes.of(call, answer, batch), _times(graph, blocks or {}, answers, prefix, call)
        is_all = is_all and size is not None and times is not None
        found[id] = found.get(id, 0) + (size or 0) * (times or 1)
    return found, is_all


def _times(
    graph: Graph, blocks: Mapping[str, Block], answers: Mapping[str, AnswerLike], prefix: str, call: str
) -> int | None:
    """On how many time steps a call is done that stands in a block; None where that is not known."""
    times, use = 1, prefix
    for part in call.removeprefix(prefix).split("/")[:-1]:
        node = graph.nodes.get(part)
        block = blocks.get(node.block or "") if node is not None else None
        if node is None or block is None:
            break
        answer = answers.get(use + part)
        if node.is_time_distributed:
            steps = [*answer.outputs[0][0]][1] if answer is not None and answer.outputs else None
            if steps is None:
                return None
            times *= steps
        graph, use = block.graph, f"{use}{part}/"
    return times


def of_calls(graph: Graph, values: Mapping[str, float], prefix: str, *, is_length: bool) -> dict[str, float]:
    """What was measured of calls, by the nodes of a graph: of a block that of all calls inside together.

    Lengths (``is_length``) add up as those of vectors that stand upright on each other.
    """
    found: dict[str, float] = {}
    for call, value in values.items():
        id = call.removeprefix(prefix).partition("/")[0]
        if call.startswith(prefix) and id in graph.nodes:
            before = found.get(id, 0.0)
            found[id] = math.hypot(before, value) if is_length else before + value
    return found


def level(value: float, largest: float) -> int:
    """1 to ``LEVELS`` by how near it is to the largest, each level half of the next; 0 for nothing."""
    if value <= 0 or largest <= 0:
        return 0
    return max(1, LEVELS - math.floor(math.log2(largest / value) + 1e-9))


def limits(largest: float) -> list[float]:
    """The largest value of each level, from the lowest on."""
    return [largest / 2 ** (LEVELS - number) for number in range(1, LEVELS + 1)]
