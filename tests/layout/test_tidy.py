"""Tidying a project: one edit, in place, as a whole or a selection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.core import edits
from studio.core.project import MAIN, PortRef, Project
from studio.layout import Box, Cancelled, places_for, tidy
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node, node_id

BRANCHES = """
image:Input(shape=(8, 8, 3)) -> c1:Conv2D(filters=4, kernel_size=1) -> both:Concatenate -> y:Output
image -> c2:Conv2D(filters=4, kernel_size=1) -> both
image -> both
"""


def places(project: Project, key: str = MAIN) -> dict[str, tuple[float, float]]:
    return {found.name: (found.x, found.y) for found in project.graph(key).nodes.values()}


def routes(project: Project) -> dict[str, tuple[tuple[float, float], ...]]:
    return {edge.id: edge.route for edge in project.main.edges.values()}


def ids(project: Project, *names: str) -> set[str]:
    return {node_id(project, name) for name in names}


def test_nodes_move_and_long_edges_get_way_points() -> None:
    project = graph(BRANCHES)
    tidied = tidy(project)
    found = places(tidied)
    assert found["c1"][1] == found["c2"][1] > found["image"][1]
    assert found["c1"][0] < found["c2"][0]
    routed = [edge for edge in tidied.main.edges.values() if edge.route]
    assert [(node_id(project, "image"), node_id(project, "both"))] == [
        (edge.source.node, edge.target.node) for edge in routed
    ]
    assert replace(tidied, main=project.main) == project
    assert tidy(tidied) == tidied


def test_what_is_tidy_gives_back_the_same_object() -> None:
    tidied = tidy(graph(BRANCHES))
    assert tidy(tidied) is tidied
    assert tidy(Project()) is not None


def test_the_drawing_stays_where_it_is() -> None:
    project = tidy(graph(BRANCHES))
    away = {id: (found.x + 4000, found.y - 800) for id, found in project.main.nodes.items()}
    assert places(tidy(edits.move(project, away))) == {
        name: (x + 4000, y - 800) for name, (x, y) in places(project).items()
    }


def test_direction_and_sizes_count() -> None:
    project = edits.set_direction(graph(BRANCHES), "right")
    found = places(tidy(project))
    assert found["c1"][0] == found["c2"][0] > found["image"][0]
    assert found["c1"][1] < found["c2"][1]
    tall = {id: Box(184, 300) for id in ids(project, "c1")}
    assert places(tidy(project, tall))["c2"][1] - places(tidy(project, tall))["c1"][1] >= 300


def test_old_way_points_are_taken_away() -> None:
    project = graph("a:Input -> b:Dense -> c:Output")
    edge = next(iter(project.main.edges))
    assert not any(routes(tidy(edits.set_route(project, edge, [(500, 500)]))).values())


def test_a_selection_moves_alone_and_clear_of_the_rest() -> None:
    project = tidy(graph("a:Input(shape=(4,)) -> b:Dense -> c:Dense -> d:Dense -> e:Output; x:Input -> y:Dense"))
    chosen = ids(project, "b", "c", "d")
    untidy = edits.move(project, {node_id(project, "c"): (700.0, 500.0), node_id(project, "d"): (20.0, 0.0)})
    tidied = tidy(untidy, only=chosen)
    found = places(tidied)
    assert [found[name] for name in "aexy"] == [places(untidy)[name] for name in "aexy"]
    assert found["b"][0] == found["c"][0] == found["d"][0]
    boxes = [(x, y) for x, y in found.values()]
    assert not any(abs(x - u) < 184 and abs(y - v) < 60 for at, (x, y) in enumerate(boxes) for u, v in boxes[at + 1 :])


def test_a_selection_stays_in_line_with_the_rest() -> None:
    chain = "a:Input(shape=(4,)) -> b:Dense(units=4) -> c:Dense(units=4) -> d:Dense(units=4) -> e:Dense -> y:Output"
    project = tidy(graph(f"{chain}; sum:Add -> z:Output; b & d -> sum"))
    wanted = places(project)
    untidy = edits.move(project, {node_id(project, "c"): (wanted["c"][0] + 60, wanted["c"][1])})
    found = places(tidy(untidy, only=ids(project, "b", "c", "d")))
    assert {name: x for name, (x, _) in found.items()} == {name: x for name, (x, _) in wanted.items()}
    assert found["b"] == wanted["b"]


def test_a_new_node_finds_its_place_around_the_others() -> None:
    project = tidy(graph(BRANCHES))
    old = set(project.main.nodes)
    grown = graph("image -> c3:Conv2D(filters=4, kernel_size=1) -> both", project=project)
    tidied = tidy(grown, around=old)
    moved = [name for name, place in places(project).items() if abs(places(tidied)[name][0] - place[0]) > 60]
    assert moved == []
    assert places(tidied)["c3"][1] == places(tidied)["c1"][1]


def test_ports_come_in_their_order() -> None:
    text = "a:Input(shape=(4, 8)) -> v:Dense(units=8); a -> q:Dense(units=8)"
    project = graph(f"{text}; mha:MultiHeadAttention(num_heads=2, key_dim=4) -> y:Output")
    for source, port in (("v", "value"), ("q", "query")):
        project = edits.connect(
            project, CATALOG, PortRef(node_id(project, source), "output"), PortRef(node_id(project, "mha"), port)
        )
    assert len(project.main.edges) == 5
    found = places(tidy(project, catalog=CATALOG))
    assert found["q"][0] < found["v"][0]


def test_a_block_is_tidied_in_its_own_graph() -> None:
    project = graph("a:Input(shape=(4,)) -> b:Dense -> c:Dense -> y:Output")
    project = edits.make_block(project, CATALOG, ids(project, "b", "c"), "pair")
    (key,) = project.blocks
    tidied = tidy(project, graph=key)
    assert tidied.main is project.main
    assert len({x for x, _ in places(tidied, key).values()}) == 1


def test_places_fit_a_project_that_went_on() -> None:
    """They are found in a thread; meanwhile the person edits."""
    project = graph(BRANCHES)
    found = places_for(project)
    later = edits.rename(edits.delete(project, CATALOG, ids(project, "c2")), node_id(project, "c1"), "other")
    applied = found.applied(later)
    assert node(applied, "other").y == found.nodes[node_id(project, "c1")][1]
    assert "c2" not in places(applied)
    assert places_for(project, graph=MAIN, only=()).applied(project) is project


def test_it_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        tidy(graph(BRANCHES), cancelled=lambda: True)


@pytest.mark.parametrize("direction", ["down", "right"])
def test_what_was_taken_out_of_a_column_finds_back_into_its_gap(direction: str) -> None:
    project = edits.set_direction(graph("a:Input -> b:Dense -> c:Dense -> d:Dense -> e:Dense -> f:Output"), direction)
    whole = tidy(project)
    apart = edits.move(whole, {node_id(whole, "c"): (600.0, 350.0)})
    back = tidy(apart, only=ids(project, "c", "d"))
    found, wanted = places(back), places(whole)
    across, along = (0, 1) if direction == "down" else (1, 0)
    assert {place[across] for place in found.values()} == {place[across] for place in wanted.values()}
    assert all(abs(found[id][along] - wanted[id][along]) <= 24 for id in found)


@pytest.mark.parametrize("direction", ["down", "right"])
def test_the_rows_of_a_frame_lie_beside_those_of_the_other_branch(direction: str) -> None:
    project = graph(
        "x:Input -> a1:Dense -> a2:Dense -> a3:Dense -> sum:Add -> o:Output; "
        "x -> b1:Dense -> b2:Dense -> b3:Dense -> sum"
    )
    project = edits.set_direction(project, direction)
    framed = edits.make_frame(project, ids(project, "a1", "a2", "a3"), "Branch")
    plain, found = places(tidy(project)), places(tidy(framed))
    across, along = (0, 1) if direction == "down" else (1, 0)
    for number in "123":
        assert found[f"a{number}"][along] == found[f"b{number}"][along]
    assert len({found[f"a{number}"][across] for number in "123"}) == 1
    assert found["o"][along] - plain["o"][along] < 100, "a frame needs room for its name and border, and no more"
