"""How deeply blocks may stand in blocks, and what they may stand for: as much as a project file holds."""

from __future__ import annotations

from collections.abc import Mapping

from studio.core.project import BLOCK, Block, Graph
from studio.importing.errors import ModelFileError

MOST_NESTED = 20
MOST_EXPANDED = 200_000


def refuse_deep(main: Graph, blocks: Mapping[str, Block]) -> None:
    """ModelFileError for blocks that are nested too deeply, or that multiply to more than a machine can hold.

    A few lines do that: each model calls the one before it twice.
    """
    known: dict[str, tuple[int, int]] = {}  # how deep a block is, and for how many nodes it stands
    for key in blocks:
        waiting = [key]
        while waiting:
            inner = [each for each in _used(blocks[waiting[-1]].graph) if each not in known]
            if inner and inner[0] in waiting:
                raise ModelFileError("A model of the script stands inside itself.")
            if inner:
                waiting += inner[:1]
            else:
                at = waiting.pop()
                known[at] = _measured(blocks[at].graph, known)
    deep, nodes = _measured(main, known)
    if deep > MOST_NESTED:
        raise ModelFileError(f"The models of the script stand in each other more than {MOST_NESTED} levels deep.")
    if nodes > MOST_EXPANDED:
        raise ModelFileError(f"The models of the script multiply to more than {MOST_EXPANDED:,} layers.")


def _used(graph: Graph) -> list[str]:
    return [node.block for node in graph.nodes.values() if node.type == BLOCK and node.block is not None]


def _measured(graph: Graph, known: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    inner = [known[key] for key in _used(graph)]
    return 1 + max((deep for deep, _ in inner), default=-1), len(graph.nodes) + sum(nodes for _, nodes in inner)
