"""Counts which layer follows which in a project. Blocks are looked through: what leads into one leads to its layers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from studio.catalog.spec import TIME_DISTRIBUTED
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Graph, Node, PortRef, Project

_DEEPEST = 20
"""A block that uses itself ends here."""

Pair = tuple[str, str]


def pairs(project: Project) -> Counter[Pair]:
    """How often a layer of the first type leads to one of the second, each block counted once."""
    found: Counter[Pair] = Counter()
    for key, graph in project.graphs().items():
        is_inner = key != MAIN
        for edge in graph.edges.values():
            ends = graph.nodes.get(edge.source.node), graph.nodes.get(edge.target.node)
            if is_inner and any(node is not None and node.type in (INPUT, OUTPUT) for node in ends):
                continue  # counted where the block is used
            for before in types_at(project, graph, edge.source, is_source=True):
                for after in types_at(project, graph, edge.target, is_source=False):
                    found[before, after] += 1
    return found


def types_at(project: Project, graph: Graph, ref: PortRef, *, is_source: bool, depth: int = _DEEPEST) -> Iterator[str]:
    """The types of the layers at the end of an edge: one, or those inside of a block; none where there is nothing."""
    node = graph.nodes.get(ref.node)
    if node is None:
        return
    if node.type != BLOCK:
        yield node.type
        return
    if node.is_time_distributed:
        yield TIME_DISTRIBUTED
        return
    block = project.blocks.get(node.block or "")
    end = _end_of(block.graph, ref.port, OUTPUT if is_source else INPUT) if block is not None else None
    if block is None or end is None or not depth:
        return
    for edge in block.graph.edges.values():
        inner = edge.target if is_source else edge.source
        if inner.node == end.id:
            other = edge.source if is_source else edge.target
            beyond = block.graph.nodes.get(other.node)
            if beyond is not None and beyond.type not in (INPUT, OUTPUT):
                yield from types_at(project, block.graph, other, is_source=is_source, depth=depth - 1)


def _end_of(graph: Graph, port: str, type: str) -> Node | None:
    return next((node for node in graph.nodes.values() if node.type == type and node.name == port), None)
