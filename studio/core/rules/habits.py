"""What runs but teaches nothing: layers that add no power to the network."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.tail import activation_of
from studio.core.topology import adjacency


def habit_problems(project: Project) -> Iterator[Problem]:
    """Hints about drawings that Keras takes without a word and a teacher would not."""
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
