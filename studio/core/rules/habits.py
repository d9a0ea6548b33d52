"""What runs but teaches nothing: layers that add no power to the network."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.frozen import TRAINABLE, can_freeze, is_frozen
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.tail import activation_of
from studio.core.topology import adjacency


def habit_problems(project: Project, catalog: Catalog) -> Iterator[Problem]:
    """Hints about drawings that Keras takes without a word and a teacher would not."""
    yield from _still_learning(project, catalog)
    for graph in project.graphs().values():
        outgoing = adjacency(graph).outgoing
        for node in graph.nodes.values():
            if node.type != "Dense" or node.params.get("activation") not in (None, "linear"):
                continue
            targets = [graph.nodes[edge.target.node] for edge in outgoing.get(node.id, ())]
            if targets and all(target.type == "Dense" for target in targets) and activation_of(node) == "linear":
                message = (
                    f"{node.name} has no activation, so {node.name} and {targets[0].name} together "
                    "can only draw a straight line; give it relu."
                )
                yield Problem("no_activation", message, "hint", node=node.id, parameter="activation")


def _still_learning(project: Project, catalog: Catalog) -> Iterator[Problem]:
    """Layers that came into a block after a use of it was frozen: they are not told of that."""
    frozen: dict[str, str] = {}
    for graph in project.graphs().values():
        for node in graph.nodes.values():
            if node.block is not None and is_frozen(node):
                frozen.setdefault(node.block, node.name)
    for key, use in frozen.items():
        block = project.blocks.get(key)
        for node in block.graph.nodes.values() if block is not None else ():
            if TRAINABLE not in node.params and node.shares is None and can_freeze(project, catalog, node):
                message = f"{node.name} goes on learning where {use} is frozen: it does not follow the block in that."
                yield Problem("still_learning", message, "hint", node=node.id, parameter=TRAINABLE)
