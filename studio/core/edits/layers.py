"""Edits of what a layer is: parameters, type, shared weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from studio.catalog.values import Dictionary, KerasObject, Value
from studio.core.edits.rebuild import with_graph
from studio.core.naming import fresh_name, is_given_by_keras, names_in, unused
from studio.core.ports import Catalog, is_layer, is_operation
from studio.core.project import BLOCK, MAIN, Edge, Graph, Node, PortRef, Project
from studio.core.topology import edges_from, edges_into


def is_same_value(one: Value, other: Value) -> bool:
    """Whether two values would be written alike: 1 is not True, 1 is not 1.0, nan is nan."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_same_value, one, other))
    if isinstance(one, KerasObject) and isinstance(other, KerasObject):
        return one.type == other.type and _is_same_mapping(one.params, other.params)
    if isinstance(one, Dictionary) and isinstance(other, Dictionary):
        return list(one.items) == list(other.items) and _is_same_mapping(one.items, other.items)
    return one == other or (one != one and other != other)


def _is_same_mapping(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    return one.keys() == other.keys() and all(is_same_value(value, other[key]) for key, value in one.items())


def sharing(graph: Graph, node_id: str) -> tuple[Node, ...]:
    """All nodes that call the same layer as this one, itself among them; the origin first."""
    node = graph.nodes.get(node_id)
    if node is None:
        return ()
    origin = graph.nodes.get(node.shares or node.id, node)
    return (origin, *(found for found in graph.nodes.values() if found.shares == origin.id and found is not origin))


def set_params(
    project: Project,
    node_id: str,
    values: Mapping[str, Value],
    *,
    reset: Iterable[str] = (),
    catalog: Catalog | None = None,
    graph: str = MAIN,
) -> Project:
    """Set some parameters of a layer, and of every node that shares it; those in ``reset`` go back to the default.

    With a ``catalog``, a value that is Keras's default is not stored, and a switch of the call (``use_causal_mask``) is
    set for this call alone.
    """
    drawn = project.graph(graph)
    node = drawn.nodes.get(node_id)
    if node is None:
        return project
    spec = catalog.layer(node.type) if catalog is not None else None
    own = {each.name for each in spec.parameters if each.is_call and each.name not in spec.inputs_if} if spec else set()
    changed = {}
    for found in sharing(drawn, node_id):
        params = dict(found.params)
        is_meant = found.id == node_id
        for name in reset:
            if is_meant or name not in own:
                params.pop(name, None)
        for name, value in values.items():
            if not is_meant and name in own:
                continue
            if name not in params or not is_same_value(params[name], value):
                params[name] = value
            if catalog is not None and _is_default(catalog, node.type, name, value):
                del params[name]
        if not _is_same_mapping(params, found.params):
            changed[found.id] = replace(found, params=params)
    return with_graph(project, graph, nodes={**drawn.nodes, **changed}) if changed else project


def _is_default(catalog: Catalog, type: str, name: str, value: Value) -> bool:
    spec = catalog.layer(type)
    parameter = spec.parameter(name) if spec is not None else None
    if parameter is None or parameter.is_required:
        return False
    return is_same_value(cast(Value, parameter.default), value)


def set_param(
    project: Project, node_id: str, name: str, value: Value, *, catalog: Catalog | None = None, graph: str = MAIN
) -> Project:
    """Set one parameter of a layer, and of every node that shares it."""
    return set_params(project, node_id, {name: value}, catalog=catalog, graph=graph)


def reset_param(
    project: Project, node_id: str, name: str, *, catalog: Catalog | None = None, graph: str = MAIN
) -> Project:
    """Give one parameter Keras's default again."""
    return set_params(project, node_id, {}, reset=[name], catalog=catalog, graph=graph)


def swap_type(project: Project, catalog: Catalog, node_id: str, type: str, *, graph: str = MAIN) -> Project:
    """Make a layer (and those that share it) one of another type.

    Parameters that both types have stay where the new type takes their value; edges stay at the port of the same name
    or the same place; a name that Keras gave changes with the type.
    """
    drawn = project.graph(graph)
    node, spec = drawn.nodes.get(node_id), catalog.layer(type)
    if (
        node is None
        or spec is None
        or node.type == type
        or not is_layer(node)
        or not is_layer(replace(node, type=type))
    ):
        return project
    params = dict(catalog.initial_params(type))
    for name, value in node.params.items():
        parameter = spec.parameter(name)
        if parameter is not None and catalog.why_not_value(parameter, value) is None:
            params[name] = value
    nodes = dict(drawn.nodes)
    edges = dict(drawn.edges)
    taken = set(names_in(drawn))
    for found in sharing(drawn, node_id):
        name = found.name
        if is_given_by_keras(name, found.type):
            taken.discard(name)
            name = unused(fresh_name(project, graph, type), taken)
            taken.add(name)
        nodes[found.id] = replace(found, type=type, name=name, params=params)
        _refit_edges(catalog, drawn, found, nodes[found.id], edges)
    return with_graph(project, graph, nodes=nodes, edges=edges if edges != drawn.edges else None)


def _refit_edges(catalog: Catalog, drawn: Graph, old: Node, new: Node, edges: dict[str, Edge]) -> None:
    old_inputs, old_outputs = catalog.ports(old.type, old.params) if catalog.layer(old.type) else ((), ())
    new_inputs, new_outputs = catalog.ports(new.type, new.params)
    places = {port.name: place for place, port in enumerate(old_inputs)}
    filled: dict[str, int] = {}
    for edge in sorted(edges_into(drawn, old.id), key=lambda edge: places.get(edge.target.port, 0)):
        names = [port.name for port in new_inputs]
        place = places.get(edge.target.port, 0)
        name = edge.target.port if edge.target.port in names else names[place] if place < len(names) else None
        port = next((port for port in new_inputs if port.name == name), None)
        if port is None or (filled.get(port.name) and not port.takes_many):
            del edges[edge.id]
            continue
        rank = filled.get(port.name, 0)
        filled[port.name] = rank + 1
        edges[edge.id] = replace(edges[edge.id], target=PortRef(old.id, port.name), rank=rank)
    out_places = {port.name: place for place, port in enumerate(old_outputs)}
    out_names = [port.name for port in new_outputs]
    for edge in edges_from(drawn, old.id):
        place = out_places.get(edge.source.port, 0)
        if edge.source.port in out_names:
            continue
        if place < len(out_names):
            edges[edge.id] = replace(edges[edge.id], source=PortRef(old.id, out_names[place]))
        else:
            edges.pop(edge.id)


def share(project: Project, node_id: str, x: float, y: float, *, graph: str = MAIN) -> Project:
    """Put another call of the same layer, or use of a block, on the canvas: a node with the same weights."""
    drawn = project.graph(graph)
    node = drawn.nodes.get(node_id)
    if node is None or not (is_layer(node) or node.type == BLOCK) or is_operation(node):
        return project
    name = unused(node.name, names_in(drawn))
    origin = node.shares or node.id
    new = replace(
        Node(f"n{project.next_id}", node.type, name, node.params, x, y, shares=origin, block=node.block),
        is_time_distributed=node.is_time_distributed,
    )
    return with_graph(project, graph, nodes={**drawn.nodes, new.id: new}, next_id=project.next_id + 1)


def unshare(project: Project, node_id: str, *, graph: str = MAIN) -> Project:
    """Give a node weights of its own. If it was the origin, the first of the others becomes the origin."""
    drawn = project.graph(graph)
    family = sharing(drawn, node_id)
    if len(family) < 2:
        return project
    nodes = dict(drawn.nodes)
    nodes[node_id] = replace(nodes[node_id], shares=None)
    rest = [node for node in family if node.id != node_id]
    for node in rest:
        nodes[node.id] = replace(nodes[node.id], shares=None if node is rest[0] else rest[0].id)
    return with_graph(project, graph, nodes=nodes)
