"""Nodes that stand together: nothing else comes between them, and the rest holds as ever."""

from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
import pytest

from studio.core import edits
from studio.layout import Arrangement, Padding, tidy
from studio.layout.clusters import arrange_with_clusters
from tests.layout.figures import (
    CARD,
    INCEPTION,
    RESIDUAL,
    TWO_BRANCHES,
    U_NET,
    Drawing,
    drawn,
    edges_through_nodes,
    middle,
    overlaps,
    random_drawing,
)
from tests.support.graphs import graph, node_id

PADDING = Padding()

Rectangle = tuple[float, float, float, float]


def arranged(drawing: Drawing, clusters: dict[str, list[str]], **options: object) -> Arrangement:
    return arrange_with_clusters(drawing.boxes, drawing.edges, clusters, **options)  # type: ignore[arg-type]


def area(found: Arrangement, drawing: Drawing, nodes: list[str]) -> Rectangle:
    left = min(found.positions[node][0] for node in nodes) - PADDING.around
    top = min(found.positions[node][1] for node in nodes) - PADDING.above
    right = max(found.positions[node][0] + drawing.boxes[node].width for node in nodes) + PADDING.around
    bottom = max(found.positions[node][1] + drawing.boxes[node].height for node in nodes) + PADDING.around
    return left, top, right, bottom


def intruders(found: Arrangement, drawing: Drawing, clusters: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Clusters, and nodes of others that reach into their area."""
    hits = []
    for name, nodes in clusters.items():
        left, top, right, bottom = area(found, drawing, nodes)
        for node, (x, y) in found.positions.items():
            box = drawing.boxes[node]
            if node not in nodes and x < right and left < x + box.width and y < bottom and top < y + box.height:
                hits.append((name, node))
    return hits


def trespassers(found: Arrangement, drawing: Drawing, clusters: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Clusters, and edges of others that are led through their nodes' area by their way-points."""
    hits = []
    for name, nodes in clusters.items():
        left, top, right, bottom = area(found, drawing, nodes)
        for edge in drawing.edges:
            if edge.source in nodes or edge.target in nodes:
                continue
            for (x, y), (u, v) in pairwise(found.routes[edge.id]):
                along = [(x + (u - x) * step / 20, y + (v - y) * step / 20) for step in range(21)]
                if any(left + 2 < px < right - 2 and top + 2 < py < bottom - 2 for px, py in along):
                    hits.append((name, edge.id))
    return hits


def test_a_chain_with_a_cluster_stays_straight() -> None:
    drawing = drawn("a b c d e")
    found = arranged(drawing, {"f": ["b", "c"]})
    assert len({x for x, _ in found.positions.values()}) == 1
    assert [found.positions[id][1] for id in "abcde"] == sorted(found.positions[id][1] for id in "abcde")
    assert intruders(found, drawing, {"f": ["b", "c"]}) == []


def test_without_clusters_it_is_the_plain_arrangement() -> None:
    assert arranged(INCEPTION, {}) == INCEPTION.arranged()


def random_clusters(drawing: Drawing, seed: int) -> dict[str, list[str]]:
    chance = random.Random(seed)
    nodes = list(drawing.boxes)
    clusters: dict[str, list[str]] = {}
    while nodes and len(clusters) < 5:
        size = chance.randint(1, min(6, len(nodes)))
        start = chance.randint(0, len(nodes) - size)
        clusters[f"f{len(clusters)}"] = nodes[start : start + size]
        nodes = nodes[:start] + nodes[start + size :]
    return clusters


@pytest.mark.parametrize("seed", range(150))
def test_random_clusters_are_sound(seed: int) -> None:
    drawing = random_drawing(seed)
    clusters = random_clusters(drawing, seed)
    direction = "right" if seed % 3 == 0 else "down"
    found = arranged(drawing, clusters, direction=direction)
    assert found.positions.keys() == drawing.boxes.keys()
    assert found.routes.keys() == {edge.id for edge in drawing.edges}
    assert overlaps(found, drawing.boxes) == []
    assert intruders(found, drawing, clusters) == []
    assert trespassers(found, drawing, clusters) == []
    again = arranged(drawing, clusters, direction=direction, previous=found.positions, previous_routes=found.routes)
    assert overlaps(again, drawing.boxes) == []
    assert intruders(again, drawing, clusters) == []


def stretch(drawing: Drawing, seed: int) -> list[str]:
    """Nodes as somebody frames them: joined, and with everything that lies between them."""
    graph = nx.DiGraph()
    graph.add_nodes_from(drawing.boxes)
    graph.add_edges_from((edge.source, edge.target) for edge in drawing.edges)
    chance = random.Random(seed)
    found = {chance.choice(list(drawing.boxes))}
    for _ in range(chance.randint(1, 8)):
        near = {other for node in found for other in (*graph.succ[node], *graph.pred[node])} - found
        if near:
            found.add(chance.choice(sorted(near)))
        below = set().union(*(nx.descendants(graph, node) for node in found))
        found |= below & set().union(*(nx.ancestors(graph, node) for node in found))
    return [node for node in drawing.boxes if node in found]


@pytest.mark.parametrize("start", range(0, 240, 40))
def test_no_edge_runs_through_a_node_where_one_frame_stands(start: int) -> None:
    """Edges come to the rows of their nodes; where a frame is one box they come through its gates."""
    for seed in range(start, start + 40):
        drawing = [INCEPTION, RESIDUAL, U_NET, TWO_BRANCHES, random_drawing(seed)][seed % 5]
        clusters = {"f": stretch(drawing, seed)}
        direction = "right" if seed % 3 == 0 else "down"
        found = arranged(drawing, clusters, direction=direction)
        assert overlaps(found, drawing.boxes) == [], seed
        assert intruders(found, drawing, clusters) == [], seed
        assert trespassers(found, drawing, clusters) == [], seed
        assert edges_through_nodes(found, drawing, direction) == [], seed


def test_an_edge_into_the_middle_of_a_frame_comes_from_aside() -> None:
    drawing = drawn("a b c d out; x y c; b z out")
    found = arranged(drawing, {"f": ["b", "c", "d"]})
    assert edges_through_nodes(found, drawing) == []
    assert found.positions["y"][1] < found.positions["c"][1]
    assert len({found.positions[node][0] for node in "abcd"}) == 1


def test_a_frame_whose_rows_would_be_pulled_apart_is_one_box_with_gates() -> None:
    """Between d1 and mix1 the other branches are longer, and something else would come between the rows."""
    inside = ["mix0", "a2", "b3", "d1", "g1", "g2"]
    found = arranged(INCEPTION, {"f": inside})
    assert edges_through_nodes(found, INCEPTION) == []
    assert intruders(found, INCEPTION, {"f": inside}) == []
    assert trespassers(found, INCEPTION, {"f": inside}) == []
    for way in (lambda edge: (edge.source, edge.target), lambda edge: (edge.target, edge.source)):
        over = [edge.id for edge in INCEPTION.edges if way(edge)[0] in inside and way(edge)[1] not in inside]
        assert len(over) >= 4
        assert set.intersection(*(set(found.routes[id]) for id in over)), "they have the gate in common"


@pytest.mark.parametrize("direction", ["down", "right"])
def test_the_main_chain_runs_straight_through_a_frame(direction: str) -> None:
    """Though the frame has a title on one side, and a short cut makes it wider on one."""
    inside = ["out1", "a1", "b1", "c1", "out2", "a2", "b2", "c2", "out3"]
    axis = 0 if direction == "down" else 1
    found = arranged(RESIDUAL, {"f": inside}, direction=direction)
    assert len({middle(found, RESIDUAL, node, axis) for node in RESIDUAL.boxes}) == 1
    chain = drawn("a b c d e")
    assert len({middle(arranged(chain, {"f": ["b", "c"]}, direction=direction), chain, n, axis) for n in "abcde"}) == 1


def test_nodes_in_a_frame_stand_on_the_grid() -> None:
    for direction in ("down", "right"):
        found = arranged(INCEPTION, {"f": ["b1", "b2", "b3"]}, direction=direction)
        assert all(value % 8 == 0 for point in found.positions.values() for value in point)


def test_frames_of_a_project_are_clusters_and_folded_nodes_are_small() -> None:
    project = graph("a:Input(shape=(4,)) -> b:Dense -> c:Dense -> d:Dense -> e:Output; a -> x:Dense -> d")
    b, c, x = (node_id(project, name) for name in "bcx")
    framed = edits.make_frame(project, [b, c], "Body")
    found = tidy(edits.set_folded(framed, [b], True)).main.nodes
    assert found[c].y - found[b].y < CARD.height + 32
    assert not (found[b].y - PADDING.above < found[x].y < found[c].y and abs(found[x].x - found[b].x) < CARD.width)
    tidied = tidy(framed)
    assert tidy(tidied) == tidied
