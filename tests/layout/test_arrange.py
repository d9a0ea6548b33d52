"""What holds for every arrangement, and what makes one good to look at."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gui.canvas import geometry
from studio.layout import Arrangement, Box, Cancelled, Edge, Gaps, arrange
from tests.layout.figures import (
    CARD,
    INCEPTION,
    RESIDUAL,
    TWO_BRANCHES,
    TWO_INPUTS,
    U_NET,
    Drawing,
    drawn,
    edges_through_nodes,
    middle,
    overlaps,
    path,
    random_drawing,
    rectangle,
    upward_edges,
)

KNOWN = {"residual": RESIDUAL, "inception": INCEPTION, "u-net": U_NET, "two branches": TWO_BRANCHES}
each_known = pytest.mark.parametrize("drawing", [*KNOWN.values(), TWO_INPUTS], ids=[*KNOWN, "two inputs"])


def is_sound(found: Arrangement, drawing: Drawing, direction: str = "down") -> bool:
    assert overlaps(found, drawing.boxes) == []
    assert upward_edges(found, drawing, direction) == []
    assert edges_through_nodes(found, drawing, direction) == []
    return True


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_a_thousand_random_drawings(start: int) -> None:
    for seed in range(start, start + 100):
        drawing = random_drawing(seed)
        direction = "right" if seed % 4 == 3 else "down"
        assert is_sound(drawing.arranged(direction=direction), drawing, direction), seed


@each_known
@pytest.mark.parametrize("direction", ["down", "right"])
def test_known_drawings_have_no_crossing(drawing: Drawing, direction: str) -> None:
    found = drawing.arranged(direction=direction)
    assert is_sound(found, drawing, direction)
    assert found.crossings == 0


@given(st.integers(0, 10**6))
def test_the_same_drawing_is_arranged_alike(seed: int) -> None:
    drawing = random_drawing(seed)
    assert drawing.arranged() == drawing.arranged()


@given(
    st.integers(0, 8),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(-1, 3)), max_size=20),
    st.sampled_from(["down", "right"]),
)
def test_any_edges_at_all(count: int, ends: list[tuple[int, int, int]], direction: str) -> None:
    """Cycles, edges from a node to itself, edges to nodes that are not there: no overlap, and an answer for each."""
    boxes = {f"n{k}": CARD for k in range(count)}
    edges = [Edge(f"e{k}", f"n{a}", f"n{b}", rank) for k, (a, b, rank) in enumerate(ends)]
    found = arrange(boxes, edges, direction=direction)  # type: ignore[arg-type]
    assert list(found.positions) == list(boxes)
    assert set(found.routes) == {edge.id for edge in edges}
    assert overlaps(found, boxes) == []


def test_a_cycle_is_entered_where_data_enters() -> None:
    found = drawn("in a b c out; c a").arranged()
    heights = [found.positions[node][1] for node in ("in", "a", "b", "c", "out")]
    assert heights == sorted(set(heights))
    assert found.routes["e4"] == ()


def test_a_chain_is_straight_and_close() -> None:
    found = drawn("a b c d").arranged()
    assert list(found.positions.values()) == [(0, 0), (0, 88), (0, 176), (0, 264)]
    assert set(found.routes.values()) == {()}
    found = drawn("a b c d").arranged(direction="right")
    assert list(found.positions.values()) == [(0, 0), (216, 0), (432, 0), (648, 0)]


def test_corners_stand_on_the_grid() -> None:
    for drawing in KNOWN.values():
        for point in drawing.arranged().positions.values():
            assert [value % 8 for value in point] == [0, 0]


def test_gaps_are_kept() -> None:
    gaps = Gaps(sideways=100, ranks=50, bent=50, parts=300)
    found = drawn("a b; a c; d").arranged(gaps=gaps)
    (_, _, right, _), (left, top, last, _) = (rectangle(found, {"b": CARD, "c": CARD}, node) for node in "bc")
    assert left - right >= 100
    assert top - 60 >= 50
    assert found.positions["d"][0] - last >= 300


@pytest.mark.parametrize("drawing", [RESIDUAL, U_NET], ids=["residual", "u-net"])
def test_the_main_chain_is_exactly_vertical(drawing: Drawing) -> None:
    found = drawing.arranged()
    assert len({middle(found, drawing, node) for node in drawing.boxes}) == 1


@pytest.mark.parametrize("kind", [Box(184, 60), Box(96, 24), Box(300, 100)])
def test_the_main_chain_is_vertical_with_nodes_of_other_sizes(kind: Box) -> None:
    boxes = {node: kind if node[0] == "b" else CARD for node in RESIDUAL.boxes}
    drawing = Drawing(boxes, RESIDUAL.edges)
    found = drawing.arranged()
    assert len({middle(found, drawing, node) for node in boxes}) == 1
    assert is_sound(found, drawing)


def test_branches_stand_in_the_order_of_the_inputs_of_their_merge() -> None:
    found = INCEPTION.arranged()
    for merge in ("mix0", "mix1"):
        entering = sorted((edge for edge in INCEPTION.edges if edge.target == merge), key=lambda edge: edge.rank)
        ends = [path(found, INCEPTION.boxes, edge)[-2][0] for edge in entering]
        assert ends == sorted(set(ends)), merge
    turned = Drawing(INCEPTION.boxes, [Edge(e.id, e.source, e.target, -e.rank) for e in INCEPTION.edges])
    assert [turned.arranged().positions[node][0] for node in ["d1", "e1", "f1", "g1"]] == sorted(
        (found.positions[node][0] for node in ["d1", "e1", "f1", "g1"]), reverse=True
    )


def test_a_fan_spreads_evenly_around_its_trunk() -> None:
    found = INCEPTION.arranged()
    trunk = {middle(found, INCEPTION, node) for node in ("in", "stem", "mix0", "mix1", "pool", "out")}
    assert len(trunk) == 1
    branches = [middle(found, INCEPTION, node) for node in ("d1", "e1", "f1", "g1")]
    assert sum(branches) / 4 == pytest.approx(trunk.pop(), abs=8)
    for branch in (["b1", "b2", "b3"], ["f1", "f2", "f3"], ["a1", "a2"]):
        assert len({middle(found, INCEPTION, node) for node in branch}) == 1


@pytest.mark.parametrize("drawing", [TWO_BRANCHES, TWO_INPUTS], ids=["branches", "inputs"])
def test_two_equal_branches_are_drawn_evenly(drawing: Drawing) -> None:
    found = drawing.arranged()
    left, right = ("a1", "b1") if "a1" in drawing.boxes else ("l1", "r1")
    here = middle(found, drawing, "both")
    assert here - middle(found, drawing, left) == middle(found, drawing, right) - here == 112


def test_what_many_inputs_are_merged_to_stands_in_their_middle() -> None:
    """Also where one of them has the longest way to it, and so stands alone at the top."""
    drawing = drawn("a a2 all; b b2 all; c c2 all; d d2 d3 all; e e2 e3 e4 all; all x y")
    found = drawing.arranged()
    ends = [middle(found, drawing, node) for node in ("a2", "b2", "c2", "d3", "e4")]
    assert len({middle(found, drawing, node) for node in ("all", "x", "y")}) == 1
    assert middle(found, drawing, "all") == pytest.approx(sum(ends) / 5, abs=8)
    for branch in (["a", "a2"], ["d", "d2", "d3"], ["e", "e2", "e3", "e4"]):
        assert len({middle(found, drawing, node) for node in branch}) == 1
    assert is_sound(found, drawing)


@pytest.mark.parametrize(
    "text",
    [
        "s1 s2 s3 s4 s5 s6 s7 s8 all; a a2 all; b b2 all; c c2 all; all x",
        "s1 s2 s3 s4 all; a all; b all; all x",
    ],
)
def test_a_long_branch_is_the_main_one_beside_short_inputs(text: str) -> None:
    drawing = drawn(text)
    found = drawing.arranged()
    assert len({middle(found, drawing, node) for node in ("s1", "s2", "s4", "all", "x")}) == 1


@pytest.mark.parametrize(("branches", "least", "most"), [(2, 28, 60), (4, 60, 60), (14, 90, 120)])
def test_a_wide_fan_has_room_for_its_curves(branches: int, least: float, most: float) -> None:
    drawing = drawn("; ".join(f"in a{k} out" for k in range(branches)))
    found = drawing.arranged()
    for one, other in (("in", "a0"), ("a0", "out")):
        assert least <= found.positions[other][1] - found.positions[one][1] - CARD.height <= most


def test_a_short_cut_stands_beside_the_main_branch() -> None:
    drawing = drawn("in short add; in a b c d e add; add out")
    found = drawing.arranged()
    assert len({middle(found, drawing, node) for node in ["in", "a", "b", "c", "d", "e", "add", "out"]}) == 1
    assert middle(found, drawing, "short") == middle(found, drawing, "a") - 224


def test_a_long_edge_runs_in_a_lane() -> None:
    found = drawn("a b c d; a d").arranged()
    (x, top), (same, bottom) = found.routes["e3"]
    assert x == same
    assert x > 184 + 20
    assert (top, bottom) == (found.positions["b"][1], found.positions["c"][1] + 60)


def test_several_edges_between_two_nodes_are_seen() -> None:
    found = drawn("a b; a b; a b").arranged()
    assert len({found.routes[edge] for edge in ("e0", "e1", "e2")}) == 3


def test_many_edges_between_two_nodes_keep_clear_of_the_neighbour_of_a_low_one() -> None:
    low = Drawing({"a": CARD, "b": Box(1, 1), "c": CARD}, [Edge(f"e{k}", "a", "b", k) for k in range(9)])
    low = Drawing(low.boxes, [*low.edges, Edge("aside", "a", "c")])
    found = low.arranged()
    assert is_sound(found, low)
    assert len(set(found.routes.values())) == 10


def test_parts_stand_side_by_side_and_single_nodes_in_a_block() -> None:
    drawing = drawn("a b c; d e; " + "; ".join(f"s{k}" for k in range(12)))
    found = drawing.arranged()
    assert overlaps(found, drawing.boxes) == []
    assert found.positions["a"][1] == found.positions["d"][1] == found.positions["s0"][1]
    assert found.positions["a"][0] < found.positions["d"][0] < found.positions["s0"][0]
    columns = {found.positions[f"s{k}"][0] for k in range(12)}
    assert 2 <= len(columns) <= 6


def test_nothing_is_arranged_as_nothing() -> None:
    assert arrange({}, []) == Arrangement({}, {}, 0)


def test_it_ends_when_it_is_cancelled() -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    with pytest.raises(Cancelled):
        arrange(RESIDUAL.boxes, RESIDUAL.edges, cancelled=cancelled)
    assert asked == 6


def test_large_drawings_take_the_quick_way() -> None:
    chance = random.Random(1)
    boxes = {f"n{k}": CARD for k in range(2000)}
    edges = [
        Edge(f"e{k}-{rank}", f"n{max(0, k - chance.randint(1, 4))}", f"n{k}", rank)
        for k in range(1, 2000)
        for rank in range(chance.choice([1, 1, 2]))
    ]
    found = arrange(boxes, edges)
    drawing = Drawing(boxes, edges)
    assert upward_edges(found, drawing) == []
    corners = np.array(list(found.positions.values()))
    near = np.abs(corners[:, None] - corners[None])
    assert np.count_nonzero((near[..., 0] < 184) & (near[..., 1] < 60)) == len(boxes)


@given(st.integers(0, 10**6))
def test_curves_as_painted_keep_clear_of_nodes(seed: int) -> None:
    """The bounding rectangles that the other tests look at are right about the curves that the canvas draws."""
    drawing = random_drawing(seed)
    found = drawing.arranged()
    boxes = np.array([rectangle(found, drawing.boxes, node) for node in drawing.boxes])
    for edge in drawing.edges:
        points = path(found, drawing.boxes, edge)
        line = geometry.sampled(geometry.routed_curve([*points[0], *points[-1]], points[1:-1], "down"))
        x, y = line[:, None, 0], line[:, None, 1]
        hit = (x > boxes[:, 0] + 0.5) & (x < boxes[:, 2] - 0.5) & (y > boxes[:, 1] + 0.5) & (y < boxes[:, 3] - 0.5)
        assert not hit.any(), edge


def test_a_fan_inside_of_a_residual_connection_leaves_the_main_chain_straight() -> None:
    drawing = drawn("in sum; in a1 both; in b1 b2 both; in c1 c2 both; both mix sum; sum out")
    found = drawing.arranged()
    assert len({middle(found, drawing, node) for node in ["in", "b1", "b2", "both", "mix", "sum", "out"]}) == 1
    assert middle(found, drawing, "a1") < middle(found, drawing, "b1") < middle(found, drawing, "c1")
