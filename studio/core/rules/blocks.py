"""Why a block may not be used, made or deleted."""

from __future__ import annotations

from studio.core.problem import Problem
from studio.core.project import BLOCK, MAIN, Project


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
