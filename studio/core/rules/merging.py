"""What a merge does with shapes that Keras takes and a person may not mean."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.rules.width import Shapes
from studio.core.topology import edges_into

_ELEMENTWISE = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})


def merging_problems(project: Project, shapes: Shapes) -> Iterator[Problem]:
    """Hints about merges of the main graph where one number is copied to many places."""
    for node in project.main.nodes.values():
        if node.type not in _ELEMENTWISE:
            continue
        sources = [edge.source.node for edge in edges_into(project.main, node.id) if edge.source.port == "output"]
        known = {key: shapes[key] for key in sources if key in shapes}
        widest = max((shape[-1] or 0 for shape in known.values() if len(shape) == 2), default=0)
        for key, shape in known.items():
            if len(shape) == 2 and shape[-1] == 1 and widest > 1:
                name = project.main.nodes[key].name
                message = f"{node.name} copies the single number of {name} to all {widest} places; is that meant?"
                yield Problem("broadcast", message, "hint", node=node.id)
