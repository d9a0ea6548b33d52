"""Blocks that go from project to project: one block as a fragment, and a use of it in another project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from studio.core.edits.clipboard import Fragment, copy, paste, pasted_ids
from studio.core.edits.nodes import add_node
from studio.core.project import BLOCK, MAIN, Block, Graph, Project, Snippet
from studio.core.rules.blocks import blocks_inside, why_not_use_block
from studio.core.topology import id_key


def block_fragment(project: Project, block: str) -> Fragment:
    """One use of a block, with all that it needs: blocks inside of it and the person's own code."""
    alone = add_node(replace(project, main=Graph()), BLOCK, block=block)
    return copy(alone, [_next(project)])


def _next(project: Project) -> str:
    return f"n{project.next_id}"


def block_in(fragment: Fragment) -> Block | None:
    """The block of a fragment that holds one use of a block and nothing else."""
    nodes = list(fragment.graph.nodes.values())
    return fragment.blocks.get(nodes[0].block or "") if len(nodes) == 1 and nodes[0].type == BLOCK else None


def outer_blocks(project: Project) -> list[str]:
    """The blocks of a project that no other block uses, by their numbers; all of them where each uses another."""
    inner = {found for key in project.blocks for found in blocks_inside(project, key) if found != key}
    return sorted(project.blocks.keys() - inner or project.blocks.keys(), key=id_key)


def use_fragment(
    project: Project, fragment: Fragment, *, x: float = 0.0, y: float = 0.0, graph: str = MAIN
) -> tuple[Project, str]:
    """Put a use of the fragment's block into a graph. Returns the project and the id of the new node ("" for none).

    Where the project has the very block already, it is used again; otherwise it comes in, with free names.
    """
    wanted = block_in(fragment)
    if wanted is None:
        return project, ""
    there = same_block(project, fragment)
    if there is not None and why_not_use_block(project, there, graph=graph) is None:
        return add_node(project, BLOCK, x=x, y=y, block=there, graph=graph), _next(project)
    (node,) = fragment.graph.nodes.values()
    after = paste(project, fragment, dx=x - node.x, dy=y - node.y, graph=graph)
    return after, next(iter(pasted_ids(project, after, graph=graph)), "")


def same_block(project: Project, fragment: Fragment) -> str | None:
    """The block of the project that is the fragment's block, drawn from the same layers with the same values."""
    wanted = block_in(fragment)
    own = {snippet.name: snippet for snippet in project.snippets.values()}
    if wanted is None or not all(_is_there(own, snippet) for snippet in fragment.snippets.values()):
        return None
    form = _form(fragment.blocks, wanted.id)
    for key in sorted(project.blocks, key=id_key):
        block = project.blocks[key]
        is_named_so = _stem(block.name) == _stem(wanted.name)  # it may have got a number when it came in
        if is_named_so and len(block.graph.nodes) == len(wanted.graph.nodes) and _form(project.blocks, key) == form:
            return key
    return None


def _stem(name: str) -> str:
    return re.sub(r"_\d+\Z", "", name)


def _is_there(own: Mapping[str, Snippet], snippet: Snippet) -> bool:
    found = own.get(snippet.name)
    return found is not None and (found.kind, found.source) == (snippet.kind, snippet.source)


def _form(blocks: Mapping[str, Block], key: str, above: tuple[str, ...] = ()) -> object:
    """What a block is apart from ids and its name: equal for a block and its copy in another project."""
    block = blocks.get(key)
    if block is None or key in above:
        return key if block is None else above.index(key)
    order = {id: str(place) for place, id in enumerate(sorted(block.graph.nodes, key=id_key))}
    nodes = []
    for id, place in order.items():
        node = block.graph.nodes[id]
        inner = _form(blocks, node.block, (*above, key)) if node.block is not None else None
        shares = order.get(node.shares) if node.shares is not None else None
        nodes.append((replace(node, id=place, shares=shares, block=None), inner))
    edges = sorted(
        (order.get(edge.source.node, ""), edge.source.port, order.get(edge.target.node, ""), edge.target.port,
         edge.rank, edge.route)
        for edge in block.graph.edges.values()
    )  # fmt: skip
    return nodes, edges, block.parameters
