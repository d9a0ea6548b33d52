"""The edit that gives some uses of a block a block of their own, so that it can be changed without the other uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio.core.edits.blocks import rename_block
from studio.core.edits.clipboard import copied_block
from studio.core.edits.layers import sharing
from studio.core.edits.rebuild import with_graph
from studio.core.naming import unused
from studio.core.project import MAIN, Node, Project
from studio.core.rules.crossing import why_not_own_block


def give_own_block(project: Project, use_ids: Iterable[str], *, graph: str = MAIN) -> Project:
    """Let these uses of one block use a copy of it, whose id is ``f"b{project.next_id}"``; the others keep theirs.

    They go on sharing weights among themselves, but no longer with uses that stay: those have other layers now. Blocks
    inside of the block are not copied.
    """
    drawn = project.graph(graph)
    chosen = [id for id in drawn.nodes if id in set(use_ids)]
    if why_not_own_block(project, chosen, graph=graph) is not None:
        return project
    new = f"b{project.next_id}"
    block = project.blocks[drawn.nodes[chosen[0]].block or ""]
    made, next_id = copied_block(block, new, block.name, project.next_id + 1, {})
    nodes = dict(drawn.nodes)
    for id in chosen:
        family = [nodes[node.id] for node in sharing(drawn, id)]
        for part in (
            [node for node in family if node.id in chosen],
            [node for node in family if node.id not in chosen],
        ):
            nodes.update(_sharing_among(part))
    nodes.update((id, replace(nodes[id], block=new)) for id in chosen)
    project = with_graph(
        replace(project, blocks={**project.blocks, new: made}), graph, nodes=nodes, next_id=next_id
    )  # fmt: skip
    # What is called as the block, to add nothing to names, follows the new name.
    return rename_block(project, new, unused(block.name, {each.name for each in project.blocks.values()}))


def _sharing_among(part: list[Node]) -> dict[str, Node]:
    return {node.id: replace(node, shares=None if place == 0 else part[0].id) for place, node in enumerate(part)}
