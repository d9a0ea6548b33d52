"""Arranging around what stands: sound from any start, and calm after a small change."""

from __future__ import annotations

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.layout import Arrangement, Edge
from tests.layout.figures import (
    INCEPTION,
    RESIDUAL,
    TWO_BRANCHES,
    U_NET,
    Drawing,
    drawn,
    edges_through_nodes,
    overlaps,
    random_drawing,
    rectangle,
    upward_edges,
)
from tests.support.thorough import sample

KNOWN = {"residual": RESIDUAL, "inception": INCEPTION, "u-net": U_NET, "two branches": TWO_BRANCHES}
each_known = pytest.mark.parametrize("drawing", KNOWN.values(), ids=KNOWN)


def around(drawing: Drawing, before: Arrangement, direction: str = "down") -> Arrangement:
    return drawing.arranged(previous=before.positions, previous_routes=before.routes, direction=direction)


def moves(drawing: Drawing, before: Arrangement, after: Arrangement, axis: int = 0) -> float:
    """By how much the old nodes moved across the direction, on average, px."""
    return fmean(abs(after.positions[node][axis] - before.positions[node][axis]) for node in drawing.boxes)


@each_known
@pytest.mark.parametrize("direction", ["down", "right"])
def test_what_is_tidy_stays(drawing: Drawing, direction: str) -> None:
    before = drawing.arranged(direction=direction)
    assert around(drawing, before, direction) == before


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["down", "right"]))
def test_any_places_at_all_become_a_sound_drawing(seed: int, places: int, direction: str) -> None:
    drawing = random_drawing(seed)
    chance = random.Random(places)
    known = chance.sample(list(drawing.boxes), chance.randint(1, len(drawing.boxes)))
    found = drawing.arranged(
        previous={node: (chance.uniform(-900, 900), chance.uniform(-900, 900)) for node in known},
        previous_routes={
            edge.id: [(chance.uniform(-900, 900), chance.uniform(-900, 900))]
            for edge in drawing.edges
            if chance.random() < 0.3
        },
        direction=direction,
    )
    assert overlaps(found, drawing.boxes) == []
    assert upward_edges(found, drawing, direction) == []
    assert edges_through_nodes(found, drawing, direction) == []


@pytest.mark.parametrize("kind", ["leaf", "inserted", "beside", "alone"])
@each_known
def test_a_new_node_leaves_the_others_where_they_are(drawing: Drawing, kind: str) -> None:
    """Sideways, that is: what follows an inserted node must go down by one rank."""
    before = drawing.arranged()
    moved = []
    for edge in drawing.edges:
        source, target = edge.source, edge.target
        if kind == "leaf":
            new = drawing.with_node("new", (source, "new", 0))
        elif kind == "inserted":
            new = drawing.without_edge(source, target).with_node("new", (source, "new", 0), ("new", target, edge.rank))
        elif kind == "beside":
            new = drawing.with_node("new", (source, "new", 0), ("new", target, 99))
        else:
            new = drawing.with_node("new")
        after = around(new, before)
        assert overlaps(after, new.boxes) == []
        assert edges_through_nodes(after, new) == []
        moved.append(moves(drawing, before, after))
    assert fmean(moved) < 10


def test_a_new_node_in_any_drawing_moves_the_others_little() -> None:
    """Also where nodes have all sizes and edges cross: few px on average, though a full rank must make room."""
    moved = []
    for seed in sample(range(1000), 120):
        drawing = random_drawing(seed)
        if not drawing.edges:
            continue
        before = drawing.arranged()
        edge = random.Random(seed).choice(drawing.edges)
        if seed % 2:
            new = drawing.without_edge(edge.source, edge.target)
            new = new.with_node("new", (edge.source, "new", 0), ("new", edge.target, edge.rank))
        else:
            new = drawing.with_node("new", (edge.source, "new", 0))
        moved.append(moves(drawing, before, around(new, before)))
    assert fmean(moved) < 10


def test_most_nodes_stay_where_they_are_when_one_is_inserted() -> None:
    drawing = drawn("a b c d e f g h")
    before = drawing.arranged()
    new = drawing.without_edge("f", "g").with_node("new", ("f", "new", 0), ("new", "g", 0))
    after = around(new, before)
    assert [node for node in drawing.boxes if after.positions[node] != before.positions[node]] == ["g", "h"]
    assert after.positions["new"] == before.positions["g"]


def test_an_order_that_a_hand_gave_is_kept() -> None:
    before = dict(TWO_BRANCHES.arranged().positions)
    for one, other in (("a1", "b1"), ("a2", "b2")):
        before[one], before[other] = before[other], before[one]
    after = TWO_BRANCHES.arranged(previous=before)
    assert after.positions["b1"][0] < after.positions["a1"][0]
    assert TWO_BRANCHES.arranged().positions["b1"][0] > TWO_BRANCHES.arranged().positions["a1"][0]


def test_what_stood_keeps_its_order_though_edges_come_to_cross() -> None:
    """Nodes that change places with others for a crossing less are far from where one left them."""
    before = drawn("in a x; in b y; in c z").arranged()
    new = drawn("in a x; in b y; in c z; a z out; c x")
    after = around(new, before)
    for row in ("abc", "xyz"):
        assert sorted(row, key=lambda node: after.positions[node][0]) == list(row)
    assert new.arranged().crossings < after.crossings


def test_a_new_long_edge_goes_around() -> None:
    before = INCEPTION.arranged()
    new = Drawing(INCEPTION.boxes, [*INCEPTION.edges, Edge("new", "stem", "pool", 9)])
    after = around(new, before)
    assert after.crossings == new.arranged().crossings
    assert edges_through_nodes(after, new) == []


def test_a_new_part_stands_aside() -> None:
    drawing = drawn("a b c")
    before = drawing.arranged()
    new = drawn("a b c; d e; f")
    after = new.arranged(previous=before.positions)
    assert [after.positions[node] for node in "abc"] == list(before.positions.values())
    for node in "def":
        assert rectangle(after, new.boxes, node)[0] >= 184 + 80
    assert overlaps(after, new.boxes) == []


def test_parts_that_came_to_cover_each_other_make_room() -> None:
    new = drawn("a b; c d")
    after = new.arranged(previous={"a": (0, 0), "b": (0, 88), "c": (40, 40), "d": (40, 128)})
    assert overlaps(after, new.boxes) == []
    assert after.positions["a"] == (0, 0)
    assert after.positions["c"][1] == 40
