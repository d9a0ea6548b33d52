"""What a project means without names and blocks: every call with what it takes, down to the Inputs."""

from __future__ import annotations

import hashlib
from collections import Counter

from studio.codegen import flat_calls
from studio.core.project import Project
from tests.support.catalog import CATALOG


def structure(project: Project) -> Counter[str]:
    """How often each call is made, blocks taken apart; the Inputs and Outputs by their names. No Keras is needed.

    Of the calls of one layer the first makes it, wherever it is drawn as the layer of its own."""
    digests: dict[tuple[str, int], str] = {}
    found: Counter[str] = Counter()
    made: set[str] = set()
    for call in flat_calls(project, CATALOG):
        taken = [(port, [digests.get(each, "?") for each in tensors]) for port, tensors in call.inputs]
        if call.kind == "output":
            digests[(call.id, 0)] = taken[0][1][0] if taken and taken[0][1] else "?"
            if "/" not in call.id:
                found[f"{project.main.nodes[call.id].name} {digests[(call.id, 0)]}"] += 1
            continue
        own = project.main.nodes[call.id].name if call.kind == "input" else ""
        layer = call.shares or call.id
        text = repr((call.kind, own, call.expression, call.flags, taken, call.fault, layer not in made))
        made.add(layer)
        digest = hashlib.sha256(text.encode()).hexdigest()
        for number in range(4):
            digests[(call.id, number)] = f"{digest}{number}"
        found[digest] += 1
    return found
