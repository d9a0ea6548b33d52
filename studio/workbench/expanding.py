"""A ready-made network becomes a block of its layers, from the config that the engine told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio import codegen, importing, layout
from studio.catalog import Catalog
from studio.catalog.spec import is_backbone, shown_type
from studio.core import edits
from studio.core.naming import unused
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Block, Edge, Graph, Node, PortRef, Project
from studio.importing import ModelFileError
from studio.layout.arrangement import Question, never
from studio.protocol import Answer, Shape

__all__ = ["ModelFileError", "as_block", "question", "why_not_expand"]


def why_not_expand(project: Project, node_id: str, graph: str = MAIN) -> str:
    """Why a node cannot be expanded into its layers, in one sentence; "" where it can."""
    node = project.graph(graph).nodes.get(node_id)
    if node is None or not is_backbone(node.type):
        return "Select a ready-made network, such as a MobileNetV2."
    if len(edits.sharing(project.graph(graph), node_id)) > 1:
        return f"{node.name} is used more than once; give each use weights of its own first."
    return ""


def question(
    project: Project, catalog: Catalog, node_id: str, graph: str, answers: Mapping[str, Answer]
) -> tuple[str, Shape] | str:
    """What to ask the engine: the network's call and the shape that arrives there; or why that is not known yet."""
    end = node_id if graph == MAIN else f"/{node_id}"
    for call in codegen.flat_calls(project, catalog):
        if call.id == node_id or (graph != MAIN and call.id.endswith(end)):
            sources = [tensor for _, tensors in call.inputs for tensor in tensors]
            answer = answers.get(sources[0][0]) if sources else None
            if answer is not None and sources[0][1] < len(answer.outputs):
                return call.expression, answer.outputs[sources[0][1]][0]
    return "Its layers depend on the size of the pictures; connect its input first."


def as_block(
    project: Project,
    catalog: Catalog,
    node_id: str,
    config: Mapping[str, Any],
    graph: str = MAIN,
    cancelled: Question = never,
) -> Project:
    """The project with a block in the place of the network; edges, name and place stay.

    ModelFileError where the config cannot be read. Takes up to seconds, most of them for tidying the block.
    """
    node = project.graph(graph).nodes[node_id]
    brought = importing.from_config(config, catalog).project
    if edits.is_frozen(node):  # Frozen is the use of the block, so that all of it learns again by one click.
        for key in (MAIN, *brought.blocks):
            brought = edits.set_frozen(brought, catalog, brought.graph(key).nodes, False, graph=key)
    for key in (MAIN, *brought.blocks):
        brought = layout.tidy(brought, graph=key, catalog=catalog, cancelled=cancelled)
    moved = project.next_id

    def new(identifier: str) -> str:
        return f"{identifier[0]}{int(identifier[1:]) + moved}"

    block_id = f"b{moved}"
    taken = {block.name for block in project.blocks.values()}
    blocks = dict(project.blocks)
    name = unused(shown_type(node.type), taken)
    blocks[block_id] = Block(block_id, name, _renumbered(brought.main, new))
    taken.add(name)
    for block in brought.blocks.values():
        name = unused(block.name, taken)
        taken.add(name)
        blocks[new(block.id)] = Block(new(block.id), name, _renumbered(block.graph, new), block.parameters)
    inside = blocks[block_id].graph.nodes.values()
    begin = next(each for each in inside if each.type == INPUT)
    end = next(each for each in inside if each.type == OUTPUT)
    use = replace(node, type=BLOCK, params={}, block=block_id)
    drawn = project.graph(graph)
    edges = {key: _at_block(edge, node_id, begin.name, end.name) for key, edge in drawn.edges.items()}
    changed = replace(drawn, nodes={**drawn.nodes, node_id: use}, edges=edges)
    project = replace(project, blocks=blocks, next_id=moved + brought.next_id + 1)
    if graph == MAIN:
        project = replace(project, main=changed)
    else:
        project = replace(project, blocks={**project.blocks, graph: replace(project.blocks[graph], graph=changed)})
    return edits.set_frozen(project, catalog, [node_id], True, graph=graph) if edits.is_frozen(node) else project


def _at_block(edge: Edge, node: str, begin: str, end: str) -> Edge:
    if edge.target.node == node:
        edge = replace(edge, target=PortRef(node, begin))
    if edge.source.node == node:
        edge = replace(edge, source=PortRef(node, end))
    return edge


def _renumbered(graph: Graph, new: Any) -> Graph:
    def node(old: Node) -> Node:
        params = {} if old.type == INPUT else old.params
        shares, block = (new(each) if each else None for each in (old.shares, old.block))
        return replace(old, id=new(old.id), params=params, shares=shares, block=block)

    def edge(old: Edge) -> Edge:
        source, target = (PortRef(new(ref.node), ref.port) for ref in (old.source, old.target))
        return replace(old, id=new(old.id), source=source, target=target)

    nodes, edges = map(node, graph.nodes.values()), map(edge, graph.edges.values())
    return replace(graph, nodes={each.id: each for each in nodes}, edges={each.id: each for each in edges})
