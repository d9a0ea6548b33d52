"""Nodes that are tidied alone: the others stay, and edges between both find their way."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pytest

from studio.core import edits
from studio.core.project import Edge, Node, PortRef, Project
from studio.layout import Cancelled, tidy
from studio.layout.arrangement import never
from studio.layout.detours import MOST_CELLS, detour, lanes_of
from studio.layout.parts import Part, Rectangle
from studio.layout.selection import detours
from tests.layout.figures import CARD, Drawing, as_drawn, edges_through_nodes, overlaps
from tests.support.graphs import graph, node_id


def random_project(seed: int) -> Project:
    """Merges and chains of up to 30 nodes, tidy."""
    chance = random.Random(seed)
    nodes = {f"n{k}": Node(f"n{k}", "Add", f"a{k}") for k in range(chance.randint(6, 30))}
    edges: dict[str, Edge] = {}
    for k in range(1, len(nodes)):
        for rank in range(chance.choices([1, 2, 3], [6, 3, 1])[0]):
            source, id = chance.randint(max(0, k - 5), k - 1), f"e{1000 + len(edges)}"
            edges[id] = Edge(id, PortRef(f"n{source}", "output"), PortRef(f"n{k}", "inputs"), rank)
    project = Project()
    project = replace(project, main=replace(project.main, nodes=nodes, edges=edges), next_id=3000)
    return tidy(edits.set_direction(project, "right") if seed % 2 else project)


def selected(project: Project, seed: int) -> set[str]:
    """Some nodes that are joined, and what lies between them."""
    chance = random.Random(seed)
    whole = nx.DiGraph()
    whole.add_nodes_from(project.main.nodes)
    whole.add_edges_from((edge.source.node, edge.target.node) for edge in project.main.edges.values())
    found = {chance.choice(list(project.main.nodes))}
    for _ in range(chance.randint(1, 8)):
        found.add(chance.choice(sorted({other for node in found for other in nx.all_neighbors(whole, node)} or found)))
    below = set().union(*(nx.descendants(whole, node) for node in found))
    return found | (below & set().union(*(nx.ancestors(whole, node) for node in found)))


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_no_edge_of_a_selection_runs_through_a_node(start: int) -> None:
    upwards = 0
    for seed in range(start, start + 50):
        project = random_project(seed)
        chosen = selected(project, seed)
        if seed % 3 == 0:  # moved by hand before
            chance = random.Random(seed)
            places = {id: (project.main.nodes[id].x, project.main.nodes[id].y) for id in chosen}
            project = edits.move(
                project,
                {id: (x + chance.randint(-150, 150), y + chance.randint(-99, 99)) for id, (x, y) in places.items()},
            )
        found = tidy(project, only=chosen)
        others = project.main.nodes.keys() - chosen
        assert all(found.main.nodes[id] is project.main.nodes[id] for id in others)
        arrangement, drawing = as_drawn(found)
        assert overlaps(arrangement, drawing.boxes) == []
        along = 1 if project.direction == "down" else 0
        length = CARD.height if along else CARD.width
        places = arrangement.positions
        forward = [edge for edge in drawing.edges if places[edge.target][along] >= places[edge.source][along] + length]
        upwards += len(forward) < len(drawing.edges)
        down = Drawing(drawing.boxes, forward)
        assert edges_through_nodes(arrangement, down, project.direction) == [], seed
    assert upwards <= 5, "where nodes between which others stay come together there may be no way down"


def test_a_branch_keeps_its_heights_where_the_rest_needs_them() -> None:
    """Arranged by itself it would be as short as can be, and the edge from d would run upwards."""
    project = tidy(graph("x:Input -> a:Dense -> b:Dense -> c:Dense -> d:Dense -> e:Dense -> y:Output; "
                         "x -> p:Dense -> q:Add -> r:Dense -> s:Add -> y2:Output; c -> q; e -> s"))  # fmt: skip
    chosen = {node_id(project, name) for name in ("p", "q", "r", "s")}
    found = tidy(project, only=chosen)
    places = {node.name: (node.x, node.y) for node in found.main.nodes.values()}
    assert places["q"][1] > places["c"][1] + 60
    assert places["s"][1] > places["e"][1] + 60
    assert places["y2"][1] > places["s"][1]
    assert edges_through_nodes(*as_drawn(found)) == []


WALL: list[Rectangle] = [(-100, 100, 100, 160)]


def clear(way: tuple[tuple[float, float], ...] | None, start, end, obstacles: list[Rectangle]) -> bool:
    assert way is not None
    points = [start, *way, end]
    assert all(above[1] <= below[1] for above, below in pairwise(points))
    return not any(
        min(x, u) < each[2] and max(x, u) > each[0] and min(y, v) < each[3] and max(y, v) > each[1]
        for (x, y), (u, v) in pairwise(points)
        for each in obstacles
    )


def test_a_way_that_is_free_needs_no_points() -> None:
    assert detour((0, 0), (300, 90), WALL) == ()
    assert detour((200, 0), (200, 400), WALL) == ()


@pytest.mark.parametrize(("end", "side"), [((40, 260), 124), ((-40, 260), -124)])
def test_a_way_leads_around_a_node_on_the_nearer_side(end: tuple[float, float], side: float) -> None:
    way = detour((0, 0), end, WALL)
    assert way == ((side, 100), (side, 160))
    assert clear(way, (0, 0), end, WALL)


def test_a_way_runs_beside_another_one() -> None:
    lanes = lanes_of([(0, 0), (124, 100), (124, 160), (40, 260)])
    assert lanes == [(124, 100, 160)]
    way = detour((0, 0), (10, 260), WALL, lanes)
    assert way == ((-124, 100), (-124, 160))


def test_a_way_between_many_nodes() -> None:
    chance = random.Random(3)
    for _ in range(60):
        obstacles = []
        for row in range(chance.randint(1, 6)):
            x = float(chance.randint(-500, 0))
            for _ in range(chance.randint(1, 5)):
                y = 100.0 + row * 100 + chance.randint(0, 20)
                obstacles.append((x, y, x + 184, y + 60))
                x += 184 + chance.choice([3, 14, 40, 90])
        start, end = (float(chance.randint(-300, 300)), 60.0), (float(chance.randint(-300, 300)), 800.0)
        assert clear(detour(start, end, obstacles), start, end, obstacles)


def test_where_there_is_no_way_there_is_none() -> None:
    assert detour((0, 300), (0, 0), WALL) is None
    around = [*WALL, (-140, -50, -101, 160), (101, -50, 140, 160)]
    assert detour((0, 0), (0, 400), [*around, (-140, 90, 140, 95)]) is None
    rows = [(float(-9 * k), 10.0 * k, float(9 * k), 10.0 * k + 5) for k in range(1, 200)]
    assert MOST_CELLS < 400 * 400
    assert detour((0, 0), (0, 3000), rows) is None


def test_ways_can_be_cancelled() -> None:
    part, rest = Part({"a": (0, 0, 184, 60)}, {}), Part({"b": (0, 200, 184, 260)}, {})
    assert detours({"e": ("a", "b")}, part, rest, never) == {}
    with pytest.raises(Cancelled):
        detours({"e": ("a", "b")}, part, rest, lambda: True)
