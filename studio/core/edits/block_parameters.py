"""Edits of a block's parameters: made of an inner layer's value, renamed, given another default, taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from studio.catalog.spec import Parameter, ParameterKind
from studio.catalog.values import ParameterRef, Value, references_in
from studio.core.edits.blocks import filled_in
from studio.core.edits.layers import sharing
from studio.core.naming import unused, variable
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import BLOCK, MAIN, Block, BlockParameter, Node, Project


def parameters_of(project: Project, catalog: Catalog, block_id: str) -> tuple[Parameter, ...]:
    """The parameters of a block as a form shows them: of the kind of what takes them inside."""
    block = project.blocks.get(block_id)
    if block is None:
        return ()
    found = []
    for parameter in block.parameters:
        like = _taken_by(project, catalog, block, parameter.name, frozenset())
        default = parameter.default
        if like is None:
            like = Parameter(parameter.name, _kind_of(default), None, allows_none=True)
        found.append(replace(like, name=parameter.name, default=default, initial=None, advanced=False, is_call=False))
    return tuple(found)


def _taken_by(project: Project, catalog: Catalog, block: Block, name: str, above: frozenset[str]) -> Parameter | None:
    """The parameter of an inner layer that takes the block's parameter, through blocks inside."""
    for node in block.graph.nodes.values():
        for inner, value in node.params.items():
            if value != ParameterRef(name):
                continue
            if node.type == BLOCK:
                used = project.blocks.get(node.block or "")
                known = None
                if used is not None and used.id not in above | {block.id}:
                    known = _taken_by(project, catalog, used, inner, above | {block.id})
            else:
                spec = catalog.layer(node.type)
                known = spec.parameter(inner) if spec is not None else None
            if known is not None:
                return known
    return None


def _kind_of(value: Value) -> ParameterKind:
    kinds: tuple[tuple[type, ParameterKind], ...] = ((bool, "bool"), (int, "int"), (float, "float"), (str, "text"))
    return next((kind for type, kind in kinds if isinstance(value, type)), "list")


def promote(project: Project, catalog: Catalog, node_id: str, name: str, *, graph: str) -> Project:
    """Make a value of a layer, or of a block, inside a parameter of the block; its default is what stood there."""
    block = project.blocks.get(graph) if graph != MAIN else None
    node = block.graph.nodes.get(node_id) if block is not None else None
    parameter = _parameter(project, catalog, node, name) if node is not None else None
    if block is None or node is None or parameter is None or parameter.is_call:
        return project
    value = node.params.get(name, None if parameter.is_required else cast(Value, parameter.default))
    if isinstance(value, ParameterRef) or any(references_in(value)):
        return project
    new = BlockParameter(unused(name, {variable(each.name) for each in block.parameters}), value)
    nodes = dict(block.graph.nodes)
    for found in sharing(block.graph, node_id):
        nodes[found.id] = replace(found, params={**found.params, name: ParameterRef(new.name)})
    changed = replace(block, graph=replace(block.graph, nodes=nodes), parameters=(*block.parameters, new))
    return replace(project, blocks={**project.blocks, graph: changed})


def _parameter(project: Project, catalog: Catalog, node: Node, name: str) -> Parameter | None:
    if node.type == BLOCK:
        return next((each for each in parameters_of(project, catalog, node.block or "") if each.name == name), None)
    spec = catalog.layer(node.type)
    return spec.parameter(name) if spec is not None else None


def why_not_call_parameter(project: Project, block_id: str, old: str, new: str) -> Problem | None:
    """Why a parameter may not have this name, or None."""
    block = project.blocks.get(block_id)
    others = {variable(each.name) for each in block.parameters if each.name != old} if block is not None else set()
    if not new.isidentifier() or variable(new) != new or new.startswith("_"):
        return Problem("bad_name", f"“{new}” cannot be a parameter; use letters, digits and underscores.")
    if new in others:
        return Problem("duplicate_name", f"The block has a parameter called {new} already.")
    return None


def rename_parameter(project: Project, block_id: str, old: str, new: str) -> Project:
    """Give a parameter another name, inside the block and in all uses of it."""
    block = project.blocks.get(block_id)
    if block is None or old == new or all(each.name != old for each in block.parameters):
        return project
    if why_not_call_parameter(project, block_id, old, new) is not None:
        return project
    parameters = tuple([replace(each, name=new) if each.name == old else each for each in block.parameters])

    renamed = {old: ParameterRef(new)}

    def inner(node: Node) -> Node:
        params = {name: filled_in(value, renamed) for name, value in node.params.items()}
        return node if params == dict(node.params) else replace(node, params=params)

    def use(node: Node) -> Node:
        if old not in node.params:
            return node
        return replace(node, params={new if name == old else name: value for name, value in node.params.items()})

    return _everywhere(project, block_id, parameters, inner, use)


def remove_parameter(project: Project, block_id: str, name: str) -> Project:
    """Take a parameter away: what took it has its default from now on, and uses forget their values."""
    block = project.blocks.get(block_id)
    gone = next((each for each in block.parameters if each.name == name), None) if block is not None else None
    if block is None or gone is None:
        return project
    values: dict[str, Value] = {name: gone.default}

    def inner(node: Node) -> Node:
        if all(name not in references_in(value) for value in node.params.values()):
            return node
        return replace(node, params={key: filled_in(value, values) for key, value in node.params.items()})

    def use(node: Node) -> Node:
        if name not in node.params:
            return node
        return replace(node, params={key: value for key, value in node.params.items() if key != name})

    rest = tuple([each for each in block.parameters if each is not gone])
    return _everywhere(project, block_id, rest, inner, use)


def set_parameter_default(project: Project, block_id: str, name: str, value: Value) -> Project:
    """Give a parameter another default; uses that have no value of their own follow."""
    block = project.blocks.get(block_id)
    if block is None or any(references_in(value)):
        return project
    parameters = tuple([replace(each, default=value) if each.name == name else each for each in block.parameters])
    if repr(parameters) == repr(block.parameters):
        return project
    return replace(project, blocks={**project.blocks, block_id: replace(block, parameters=parameters)})


def uses_of(project: Project, block_id: str) -> tuple[tuple[str, Node], ...]:
    """All uses of a block, with the key of the graph where each stands."""
    return tuple(
        (key, node)
        for key, graph in project.graphs().items()
        for node in graph.nodes.values()
        if node.type == BLOCK and node.block == block_id
    )


def _everywhere(
    project: Project,
    block_id: str,
    parameters: tuple[BlockParameter, ...],
    inner: Callable[[Node], Node],
    use: Callable[[Node], Node],
) -> Project:
    """The block with other parameters, its inner nodes changed by ``inner``, its uses everywhere by ``use``."""
    main, blocks = project.main, dict(project.blocks)
    for key, graph in project.graphs().items():
        nodes = {}
        for node in graph.nodes.values():
            found = inner(node) if key == block_id else node
            nodes[node.id] = use(found) if found.type == BLOCK and found.block == block_id else found
        changed = graph if all(nodes[key] is node for key, node in graph.nodes.items()) else replace(graph, nodes=nodes)
        if key == MAIN:
            main = changed
        else:
            blocks[key] = replace(
                blocks[key], graph=changed, parameters=parameters if key == block_id else blocks[key].parameters
            )
    return replace(project, main=main, blocks=blocks)
