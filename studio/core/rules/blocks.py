"""Why a block may not be used, made or deleted."""

from __future__ import annotations

from collections.abc import Iterable

from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Node, Project
from studio.core.topology import descendants, edges_from, edges_into, id_key


def blocks_inside(project: Project, block: str) -> frozenset[str]:
    """The blocks that a block uses, directly or inside of others, and itself if it uses itself."""
    found: set[str] = set()
    stack = [block]
    while stack:
        current = project.blocks.get(stack.pop())
        for node in current.graph.nodes.values() if current is not None else ():
            if node.type == BLOCK and node.block is not None and node.block not in found:
                found.add(node.block)
                stack.append(node.block)
    return frozenset(found)


def why_not_use_block(project: Project, block: str, *, graph: str = MAIN) -> Problem | None:
    """Why the block may not be used in this graph, or None."""
    wanted = project.blocks.get(block)
    if wanted is None:
        return Problem("unknown_block", "This block is no longer there.")
    if graph == block or graph in blocks_inside(project, block):
        message = f"{wanted.name} is made with this block, so it cannot be used inside of it."
        return Problem("block_recursion", message)
    return None


def why_not_make_block(project: Project, node_ids: Iterable[str], *, graph: str = MAIN) -> Problem | None:
    """Why these nodes cannot become a block, or None."""
    drawn = project.graph(graph)
    chosen = {node for node in node_ids if node in drawn.nodes}
    if not chosen:
        return Problem("nothing", "Select the layers that the block should have first.", "hint")
    for key in sorted(chosen, key=id_key):
        node = drawn.nodes[key]
        if node.type in (INPUT, OUTPUT):
            message = f"{node.name} is an {node.type}, which stays outside of a block; select layers only."
            return Problem("ends_inside", message, node=key)
    for node in drawn.nodes.values():
        if node.shares is not None and (node.id in chosen) != (node.shares in chosen):
            origin = drawn.nodes.get(node.shares)
            message = f"{node.name} shares its layer with {origin.name if origin else 'another'}; select both or none."
            return Problem("shares_across", message, node=node.id)
    leaving = [edge.target.node for key in chosen for edge in edges_from(drawn, key) if edge.target.node not in chosen]
    beyond = {node for start in leaving for node in descendants(drawn, start) | {start}} - chosen
    for key in sorted(chosen, key=id_key):
        for edge in edges_into(drawn, key):
            if edge.source.node in beyond:
                name = drawn.nodes[edge.source.node].name
                message = f"{name} lies between the selected layers; select it too."
                return Problem("not_closed", message, node=edge.source.node)
    return None


def why_not_unpack(project: Project, node_id: str, *, graph: str = MAIN) -> Problem | None:
    """Why the layers of a block cannot stand in the place of this use of it, or None."""
    use = project.graph(graph).nodes.get(node_id)
    if use is None or use.type != BLOCK or use.block not in project.blocks:
        return Problem("no_block", f"{use.name if use is not None else 'This'} is no block.", node=node_id)
    if use.is_time_distributed:
        message = f"{use.name} is applied to every time step, which the layers alone would not be."
        return Problem("time_distributed", message, node=node_id)
    return None


def why_not_time_distributed(project: Project, node: Node) -> str:
    """Why a use of a block cannot be applied to every time step, in a sentence; "" where it can, or is no such use."""
    block = project.blocks.get(node.block or "")
    if node.type != BLOCK or block is None:
        return ""
    ends = [inner.type for inner in block.graph.nodes.values() if inner.type in (INPUT, OUTPUT)]
    if sorted(ends) == [INPUT, OUTPUT]:
        return ""
    counts = [f"{ends.count(end) or 'no'} {end}{'s' if ends.count(end) != 1 else ''}" for end in (INPUT, OUTPUT)]
    return (
        "Only a block of one Input and one Output can be applied to every time step;"
        f" {block.name}, which {node.name} uses, has {counts[0]} and {counts[1]}."
    )


def why_not_delete_block(project: Project, block: str) -> Problem | None:
    """Why the block may not be deleted, or None."""
    found = project.blocks.get(block)
    if found is None:
        return Problem("unknown_block", "This block is no longer there.")
    for graph in project.graphs().values():
        for node in graph.nodes.values():
            if node.type == BLOCK and node.block == block:
                return Problem("block_in_use", f"{node.name} still uses {found.name}; delete it first.", node=node.id)
    return None
