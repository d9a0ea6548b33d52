"""Names that tell where a layer stands: b1_l2 is the second layer of the first branch, m1_l1 begins after a merge."""

from __future__ import annotations

from dataclasses import replace

from studio.core import topology
from studio.core.edits.rebuild import with_graph
from studio.core.naming import unused
from studio.core.project import INPUT, MAIN, OUTPUT, Graph, Node, Project

_ENDS = (INPUT, OUTPUT)


def name_by_branch(project: Project, *, graph: str = MAIN) -> Project:
    """Name every layer by its branch or merge and its place in there. Inputs and Outputs keep their names.

    A layer goes on in the branch of the one before it when nothing else is drawn from there and nothing else ends at
    it; where several edges end, a merge begins. Branches and merges are counted in the order of the code. Layers on a
    cycle keep their names, since they stand nowhere.
    """
    drawn = project.graph(graph)
    places = _places(drawn)
    taken = {node.name for node in drawn.nodes.values() if node.id not in places}
    nodes: dict[str, Node] = dict(drawn.nodes)
    for key, place in places.items():
        name = unused(place, taken)
        taken.add(name)
        if name != nodes[key].name:
            nodes[key] = replace(nodes[key], name=name)
    return with_graph(project, graph, nodes=drawn.nodes if nodes == drawn.nodes else nodes)


def _places(drawn: Graph) -> dict[str, str]:
    """The name that each layer's place has, in the order in which layers are named."""
    on_cycles = frozenset().union(*topology.cycles(drawn))
    stems: dict[str, tuple[str, int]] = {}  # node -> its branch or merge, and which layer of it this is
    counts = {"b": 0, "m": 0}
    for key in topology.order(drawn):
        if drawn.nodes[key].type in _ENDS or key in on_cycles:
            continue
        before = topology.edges_into(drawn, key)
        source = before[0].source.node if len(before) == 1 else ""
        if source in stems and len(_layers_after(drawn, source)) == 1:
            stem, number = stems[source]
            stems[key] = stem, number + 1
            continue
        kind = "m" if len(before) > 1 else "b"
        counts[kind] += 1
        stems[key] = f"{kind}{counts[kind]}", 1
    return {key: f"{stem}_l{number}" for key, (stem, number) in stems.items()}


def _layers_after(drawn: Graph, key: str) -> set[str]:
    """The layers that take something from a node; an Output does not make a branch."""
    after = {edge.target.node for edge in topology.edges_from(drawn, key)}
    return {node for node in after if drawn.nodes[node].type not in _ENDS}
