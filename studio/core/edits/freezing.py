"""Edits of what training changes: layers, ready-made networks and uses of blocks are frozen, or learn again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio.catalog.values import ParameterRef
from studio.core.edits.layers import sharing
from studio.core.edits.rebuild import with_graph
from studio.core.frozen import TRAINABLE, can_freeze
from studio.core.ports import Catalog, is_layer
from studio.core.project import BLOCK, MAIN, BlockParameter, Project


def set_frozen(
    project: Project, catalog: Catalog, node_ids: Iterable[str], is_frozen: bool, *, graph: str = MAIN
) -> Project:
    """Freeze nodes, or let them learn again; those that share a layer follow it.

    A use of a block is frozen by itself: the block gets a parameter ``trainable`` that its layers take.
    """
    for key in node_ids:
        node = project.graph(graph).nodes.get(key)
        if node is None or not can_freeze(project, catalog, node):
            continue
        if node.type == BLOCK and node.block is not None and is_frozen:
            project = _with_parameter(project, catalog, node.block, frozenset())
        drawn = project.graph(graph)
        changed = {}
        for found in sharing(drawn, key):
            params = {name: value for name, value in found.params.items() if name != TRAINABLE}
            if is_frozen:
                params[TRAINABLE] = False
            if params != dict(found.params):
                changed[found.id] = replace(found, params=params)
        if changed:
            project = with_graph(project, graph, nodes={**drawn.nodes, **changed})
    return project


def let_follow(project: Project, catalog: Catalog, block: str) -> Project:
    """Let those layers of a block that say nothing of their own be frozen with the use that they are in."""
    return _with_parameter(project, catalog, block, frozenset()) if block in project.blocks else project


def _with_parameter(project: Project, catalog: Catalog, block_id: str, above: frozenset[str]) -> Project:
    """The block with a parameter ``trainable`` that all of its layers take, and the blocks inside of it too."""
    block = project.blocks[block_id]
    if block_id in above:
        return project
    parameters = block.parameters
    if all(parameter.name != TRAINABLE for parameter in parameters):
        parameters = (*parameters, BlockParameter(TRAINABLE, True))
    nodes = dict(block.graph.nodes)
    for node in block.graph.nodes.values():
        if TRAINABLE in node.params or not can_freeze(project, catalog, node):
            continue
        if node.type == BLOCK and node.block is not None:
            project = _with_parameter(project, catalog, node.block, above | {block_id})
        elif not is_layer(node):
            continue
        nodes[node.id] = replace(node, params={**node.params, TRAINABLE: ParameterRef(TRAINABLE)})
    block = replace(project.blocks[block_id], parameters=parameters)
    if nodes != dict(block.graph.nodes):
        block = replace(block, graph=replace(block.graph, nodes=nodes))
    return replace(project, blocks={**project.blocks, block_id: block})
