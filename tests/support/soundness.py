"""What must hold of every project that edits made, whatever the edits were."""

from __future__ import annotations

from studio.core.ports import Catalog, ports_of
from studio.core.project import BLOCK, INPUT, OUTPUT, Graph, Project
from studio.core.rules.blocks import blocks_inside
from studio.core.topology import cycles
from tests.support.catalog import CATALOG


def assert_sound(project: Project, catalog: Catalog = CATALOG) -> None:
    """Fails where the project is broken in a way that no edit may break it."""
    ids: list[str] = [*project.blocks]
    for key, graph in project.graphs().items():
        ids += [*graph.nodes, *graph.edges, *graph.frames, *graph.notes]
        _assert_graph(graph, key)
        for node in graph.nodes.values():
            if node.type == BLOCK:
                assert node.block in project.blocks, f"{node.id} uses a block that is gone"
            inputs = ports_of(project, catalog, node)[0]
            many = {port.name for port in inputs if port.takes_many}
            ends = [edge.target.port for edge in graph.edges.values() if edge.target.node == node.id]
            assert all(port in many or ends.count(port) == 1 for port in ends), f"crowded port at {node.id}"
            if node.type == BLOCK:
                known = {port.name for side in ports_of(project, catalog, node) for port in side}
                used = {edge.target.port for edge in graph.edges.values() if edge.target.node == node.id}
                used |= {edge.source.port for edge in graph.edges.values() if edge.source.node == node.id}
                assert used <= known, f"an edge hangs at a lost port of {node.id}"
    assert len(ids) == len(set(ids)), "an id stands for two things"
    assert all(int(identifier[1:]) < project.next_id for identifier in ids), "an id will be given again"
    names = [block.name for block in project.blocks.values()]
    assert len(names) == len(set(names)), "two blocks have one name"
    for block in project.blocks:
        assert block not in blocks_inside(project, block), "a block is made of itself"
    ends_of_main = {key for key, node in project.main.nodes.items() if node.type in (INPUT, OUTPUT)}
    assert project.data.bindings.keys() <= ends_of_main
    assert project.training.outputs.keys() <= ends_of_main


def _assert_graph(graph: Graph, key: str) -> None:
    names = [node.name for node in graph.nodes.values()]
    assert len(names) == len(set(names)), f"two nodes of {key} have one name"
    ranks: dict[object, list[int]] = {}
    for identifier, edge in graph.edges.items():
        assert identifier == edge.id
        assert edge.source.node in graph.nodes, f"{edge.id} starts nowhere"
        assert edge.target.node in graph.nodes, f"{edge.id} ends nowhere"
        ranks.setdefault(edge.target, []).append(edge.rank)
    assert all(sorted(found) == [*range(len(found))] for found in ranks.values()), f"ranks of {key} have gaps"
    assert cycles(graph) == (), f"{key} has a cycle"
    framed = [node for frame in graph.frames.values() for node in frame.nodes]
    assert len(framed) == len(set(framed)), f"a node of {key} stands in two frames"
    assert graph.nodes.keys() >= set(framed), f"a frame of {key} stands around a node that is gone"
    held = [note for frame in graph.frames.values() for note in frame.notes]
    assert len(held) == len(set(held)), f"a note of {key} stands in two frames"
    assert graph.notes.keys() >= set(held), f"a frame of {key} holds a note that is gone"
    assert all(frame.nodes for frame in graph.frames.values()), f"a frame of {key} stands around nothing"
    for identifier, node in graph.nodes.items():
        assert identifier == node.id
        if node.shares is not None:
            origin = graph.nodes[node.shares]
            assert (origin.shares, origin.type, origin.params) == (None, node.type, node.params)
