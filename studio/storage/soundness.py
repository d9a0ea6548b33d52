"""What has to hold across nodes, so that no part of the program can be led in circles by a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studio.core.project import BLOCK, Block, Frame, Graph, Node, Note
from studio.storage.errors import ProjectFileError
from studio.storage.plain import shown

MAX_NESTING = 20
MAX_EXPANDED = 200_000


def refuse_bad_share(node: Node, nodes: Mapping[str, Node], where: str) -> None:
    """A shared layer must be there, and following it must end."""
    if node.shares is None:
        return
    seen = {node.id}
    while node.shares is not None:
        if node.shares not in nodes:
            raise ProjectFileError(f"{where}: {node.id} shares the layer of {shown(node.shares)}, which is not there.")
        if node.shares in seen:
            raise ProjectFileError(f"{where}: {node.id} shares its own layer.")
        seen.add(node.shares)
        node = nodes[node.shares]


def refuse_bad_frames(
    frames: Iterable[Frame], nodes: Mapping[str, Node], notes: Mapping[str, Note], where: str
) -> None:
    """A frame stands around nodes and notes that are there, and each of them stands in one frame at most."""
    framed: set[str] = set()
    for frame in frames:
        if not frame.nodes:
            raise ProjectFileError(f"{where}: the frame {frame.id} stands around nothing.")
        held = [*((node, nodes) for node in frame.nodes), *((note, notes) for note in frame.notes)]
        for id, there in held:
            if id not in there:
                raise ProjectFileError(f"{where}: the frame {frame.id} holds {shown(id)}, which is not there.")
            if id in framed:
                raise ProjectFileError(f"{where}: {id} stands in two frames.")
            framed.add(id)


def refuse_bad_blocks(main: Graph, blocks: Mapping[str, Block]) -> None:
    """A use must name a block that is there; no block may stand inside itself; and blocks in blocks must not multiply
    to more nodes than a machine can hold, which a few lines of a file could do."""
    uses: dict[str, list[str]] = {}
    graphs = {"main": main, **{block.id: block.graph for block in blocks.values()}}
    for key, graph in graphs.items():
        uses[key] = []
        for node in graph.nodes.values():
            if node.type == BLOCK and node.block is None:
                raise ProjectFileError(f"{node.id} is the use of a block, but it does not say which.")
            if node.block is not None and node.block not in blocks:
                raise ProjectFileError(f"{node.id} uses the block {shown(node.block)}, which is not there.")
            if node.block is not None:
                uses[key].append(node.block)
    sizes: dict[str, int] = {}
    for key in graphs:
        _measure(key, graphs, uses, sizes, ())
    if sizes["main"] > MAX_EXPANDED:
        raise ProjectFileError(f"The blocks of the project multiply to more than {MAX_EXPANDED:,} nodes.")


def _measure(
    key: str, graphs: Mapping[str, Graph], uses: Mapping[str, list[str]], sizes: dict[str, int], path: tuple[str, ...]
) -> int:
    """The nodes of a graph with all blocks written out."""
    if key in path:
        raise ProjectFileError(f"The block {key} contains itself.")
    if len(path) > MAX_NESTING:
        raise ProjectFileError(f"Blocks stand in blocks more than {MAX_NESTING} levels deep.")
    if key not in sizes:
        inner = (_measure(block, graphs, uses, sizes, (*path, key)) for block in uses[key])
        sizes[key] = len(graphs[key].nodes) + sum(inner)
    return sizes[key]
