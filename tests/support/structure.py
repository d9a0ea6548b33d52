"""What a project means without names and blocks: every call with what it takes, down to the Inputs."""

from __future__ import annotations

import hashlib
from collections import Counter

from studio.codegen import flat_calls
from studio.core.project import Project
from tests.support.catalog import CATALOG


def structure(project: Project) -> Counter[str]:
    """How often each call is made, blocks taken apart; the Inputs and Outputs by their names. No Keras is needed.

    Which calls are of one layer counts; which of them is drawn as the layer, or comes first, does not.
    """
    digests: dict[tuple[str, int], str] = {}
    found: Counter[str] = Counter()
    calls_of: dict[str, list[str]] = {}
    for call in flat_calls(project, CATALOG):
        taken = [(port, [digests.get(each, "?") for each in tensors]) for port, tensors in call.inputs]
        if call.kind == "output":
            digests[(call.id, 0)] = taken[0][1][0] if taken and taken[0][1] else "?"
            if "/" not in call.id:
                found[f"{project.main.nodes[call.id].name} {digests[(call.id, 0)]}"] += 1
            continue
        own = project.main.nodes[call.id].name if call.kind == "input" else ""
        text = repr((call.kind, own, call.expression, call.flags, taken, call.fault))
        digest = hashlib.sha256(text.encode()).hexdigest()
        for number in range(4):
            digests[(call.id, number)] = f"{digest}{number}"
        found[digest] += 1
        calls_of.setdefault(call.shares or call.id, []).append(digest)
    found.update(f"one layer: {' '.join(sorted(calls))}" for calls in calls_of.values() if len(calls) > 1)
    return found
