"""The ports of a node, whether its type is a layer or a block, and what core asks of a catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from studio.catalog.spec import OPERATION, LayerSpec, ObjectKind, ObjectSpec, Parameter, Port
from studio.catalog.values import Value
from studio.core.project import BLOCK, INPUT, OUTPUT, Graph, Node, PortRef, Project
from studio.core.remember import Remembered
from studio.core.topology import id_key

Ports: TypeAlias = tuple[tuple[Port, ...], tuple[Port, ...]]
"""Input ports and output ports of a node."""

NO_PORTS: Ports = ((), ())


class Catalog(Protocol):
    """What core needs to know about layers. ``studio.catalog.Catalog`` is one; a test may bring three layers only."""

    @property
    def layers(self) -> Mapping[str, LayerSpec]: ...
    def layer(self, type: str, /) -> LayerSpec | None: ...
    def object(self, kind: ObjectKind, type: str, /) -> ObjectSpec | None: ...
    def ports(self, type: str, params: Mapping[str, Value], /) -> Ports: ...
    def why_not_value(self, parameter: Parameter, value: Value, /) -> str | None: ...
    def why_not_object(self, kind: ObjectKind, value: Value, /) -> str | None: ...
    def initial_params(self, type: str, /) -> Mapping[str, Value]: ...


class _Memory:
    """The ports that a catalog gives to types: ``fixed`` whatever their parameters are, ``varied`` by these."""

    __slots__ = ("fixed", "varied")

    def __init__(self, catalog: Catalog) -> None:
        self.fixed: dict[str, Ports] = {}
        self.varied: Remembered[Mapping[str, Value], dict[str, Ports]] = Remembered(20_000)


_of_catalog: Remembered[Catalog, _Memory] = Remembered(4)
_of_graph: Remembered[Graph, Ports] = Remembered(256)


def ports_of(project: Project, catalog: Catalog, node: Node) -> Ports:
    """The input and output ports of ``node``. Of an unknown type or a missing block: none.

    The ports of a block's use are the Input and Output nodes of the block's graph, by name, in the order of their ids.
    """
    if node.type == BLOCK:
        block = project.blocks.get(node.block or "")
        return NO_PORTS if block is None else _of_graph.get(block.graph, _block_ports)
    memory = _of_catalog.get(catalog, _Memory)
    found = memory.fixed.get(node.type)
    return found if found is not None else _ask(catalog, memory, node)


def _ask(catalog: Catalog, memory: _Memory, node: Node) -> Ports:
    spec = catalog.layer(node.type)
    if spec is None or spec.has_fixed_ports:
        found = memory.fixed[node.type] = NO_PORTS if spec is None else catalog.ports(node.type, node.params)
        return found
    # Moving or renaming a node keeps its mapping of parameters, so this is found again by the mapping's identity.
    by_type = memory.varied.get(node.params, _new_dict)
    if node.type not in by_type:
        by_type[node.type] = catalog.ports(node.type, node.params)
    return by_type[node.type]


def _new_dict(params: Mapping[str, Value]) -> dict[str, Ports]:
    return {}


def _block_ports(graph: Graph) -> Ports:
    nodes = sorted(graph.nodes.values(), key=lambda node: id_key(node.id))
    return (
        tuple(Port(node.name) for node in nodes if node.type == INPUT),
        tuple(Port(node.name) for node in nodes if node.type == OUTPUT),
    )


def input_port(project: Project, catalog: Catalog, graph: Graph, end: PortRef) -> Port | None:
    """The input port that ``end`` means, or None."""
    node = graph.nodes.get(end.node)
    found = ports_of(project, catalog, node)[0] if node is not None else ()
    return next((port for port in found if port.name == end.port), None)


def output_port(project: Project, catalog: Catalog, graph: Graph, end: PortRef) -> Port | None:
    """The output port that ``end`` means, or None."""
    node = graph.nodes.get(end.node)
    found = ports_of(project, catalog, node)[1] if node is not None else ()
    return next((port for port in found if port.name == end.port), None)


def is_layer(node: Node) -> bool:
    """Whether the node calls a layer of Keras or a function of ``keras.ops``: no Input, no Output, no block."""
    return node.type not in (INPUT, OUTPUT, BLOCK)


def is_operation(node: Node) -> bool:
    """Whether the node calls a function of ``keras.ops``, which has no weights and so nothing to share."""
    return node.type.startswith(OPERATION)
