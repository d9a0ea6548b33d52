"""How models in a script begin: their Inputs in order, what those of a block say that it takes, their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from studio.catalog.values import Value
from studio.core.project import INPUT, Graph
from studio.importing.script.things import Call, Network


def begins_of(network: Network, calls: Sequence[Call]) -> list[Call]:
    """The Inputs in their order: that of the model, in which those have a place that it does not take."""
    begins = [tensor.call for _, tensor in network.inputs]
    drawn = [call for call in calls if call.kind == "input"]
    return drawn if [call for call in drawn if call in begins] == begins else begins


def with_taken(graph: Graph, taken: Sequence[Mapping[str, Value]]) -> Graph:
    """The same with these parameters of its Inputs, in their order."""
    begins = [node for node in graph.nodes.values() if node.type == INPUT]
    said = {node.id: replace(node, params=params) for node, params in zip(begins, taken, strict=False)}
    return replace(graph, nodes={**graph.nodes, **said})


def model_name(network: Network) -> str:
    """What a model inside another one is called."""
    return network.name or network.variable or ("functional" if network.stack is None else "sequential")
