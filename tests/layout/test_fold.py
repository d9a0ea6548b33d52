"""Encoders and decoders as a U."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import pairwise

import pytest

from studio.layout import Box, Edge, Folded, folded
from tests.layout.figures import CARD, RESIDUAL, TWO_BRANCHES, U_NET, Drawing, drawn

ROW_PX = 0.01


def fold(drawing: Drawing, volumes: Mapping[str, float] | None = None) -> Folded | None:
    return folded(drawing.boxes, drawing.edges, volumes)


def middles(found: Folded, drawing: Drawing) -> dict[str, tuple[float, float]]:
    return {
        id: (x + drawing.boxes[id].width / 2, y + drawing.boxes[id].height / 2)
        for id, (x, y) in found.positions.items()
    }


def overlapping(found: Folded, boxes: Mapping[str, Box]) -> list[tuple[str, str]]:
    rectangles = {id: (x, y, x + boxes[id].width, y + boxes[id].height) for id, (x, y) in found.positions.items()}
    return [
        (one, other)
        for one, a in rectangles.items()
        for other, b in rectangles.items()
        if one < other and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def hidden(found: Folded, drawing: Drawing) -> list[tuple[str, str]]:
    """Edges, and nodes through which their curves run."""
    weights = [
        ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3) for t in (step / 40 for step in range(41))
    ]
    hits = []
    for edge in drawing.edges:
        curve = found.curves[edge.id]
        points = [
            tuple(sum(w * point[axis] for w, point in zip(at, curve, strict=True)) for axis in (0, 1)) for at in weights
        ]
        for node, (x, y) in found.positions.items():
            box = drawing.boxes[node]
            is_own = node in (edge.source, edge.target)
            if not is_own and any(x + 1 < u < x + box.width - 1 and y + 1 < v < y + box.height - 1 for u, v in points):
                hits.append((edge.id, node))
    return hits


RESIDUAL_U_NET = drawn(
    "in a1 b1 add1 p1 a2 b2 add2 p2 m1 m2 up2 join2 e2 up1 join1 e1 out;"
    "in s1 add1; p1 s2 add2; add2 join2; add1 join1; e2 side near"
)
GATED_U_NET = drawn(
    "in d1 p1 d2 p2 m1 m2 up2 g2 gadd2 psi2 gate2 join2 e2 up1 g1 gadd1 psi1 gate1 join1 e1 out;"
    "d2 s2 gadd2; d2 gate2; up2 join2; d1 s1 gadd1; d1 gate1; up1 join1"
)


@pytest.mark.parametrize("drawing", [U_NET, RESIDUAL_U_NET, GATED_U_NET], ids=["plain", "residual", "gated"])
def test_no_curve_runs_through_a_node(drawing: Drawing) -> None:
    found = fold(drawing)
    assert found is not None
    assert overlapping(found, drawing.boxes) == []
    assert hidden(found, drawing) == []


def test_residual_connections_do_not_say_where_it_turns() -> None:
    found = fold(RESIDUAL_U_NET)
    assert found is not None
    at = middles(found, RESIDUAL_U_NET)
    assert len({at[id][1] for id in ("p2", "m1", "m2", "up2")}) == 1
    assert len({at[id][0] for id in ("in", "add1", "add2", "p2")}) == 1
    for source, target in (("add1", "join1"), ("add2", "join2")):
        assert at[source][1] == pytest.approx(at[target][1], abs=ROW_PX)


def test_what_stands_aside_is_near_to_where_it_leaves_the_chain() -> None:
    found = fold(RESIDUAL_U_NET)
    assert found is not None
    at = middles(found, RESIDUAL_U_NET)
    assert 0 < at["e2"][1] - at["side"][1] < 3 * CARD.height
    assert 0 < at["side"][1] - at["near"][1] < 2 * CARD.height


def test_a_u_net_goes_down_along_the_bottom_and_up() -> None:
    found = fold(U_NET)
    assert found is not None
    at = middles(found, U_NET)
    left = ["in", "d1", "d1b", "p1", "d2", "d2b", "p2", "d3", "d3b"]
    right = ["k3", "e3", "u2", "k2", "e2", "u1", "k1", "e1", "out"]
    assert len({at[id][0] for id in left}) == len({at[id][0] for id in right}) == 1
    assert at["in"][0] < at["out"][0]
    assert [at[id][1] for id in left] == sorted({at[id][1] for id in left})
    assert [at[id][1] for id in right] == sorted({at[id][1] for id in right}, reverse=True)
    bottom = ["p3", "m1", "m2", "u3"]
    assert len({at[id][1] for id in bottom}) == 1
    assert at["p3"][1] > max(at[id][1] for id in (*left, *right))
    assert [at[id][0] for id in bottom] == sorted(at[id][0] for id in bottom)
    assert (at["p3"][0], at["u3"][0]) == (at["in"][0], at["out"][0])


def test_skips_run_straight_across() -> None:
    found = fold(U_NET)
    assert found is not None
    at = middles(found, U_NET)
    for source, target in (("d1b", "k1"), ("d2b", "k2"), ("d3b", "k3")):
        assert at[source][1] == pytest.approx(at[target][1], abs=ROW_PX)
        edge = next(edge for edge in U_NET.edges if (edge.source, edge.target) == (source, target))
        heights = {round(y, 2) for _, y in found.curves[edge.id]}
        assert len(heights) == 1


def test_curves_begin_and_end_at_their_nodes() -> None:
    found = fold(U_NET)
    assert found is not None
    at = middles(found, U_NET)
    for edge in U_NET.edges:
        curve = found.curves[edge.id]
        assert len(curve) % 3 == 1
        for point, node in ((curve[0], edge.source), (curve[-1], edge.target)):
            aside, below = abs(point[0] - at[node][0]), abs(point[1] - at[node][1])
            assert (aside, below) in (
                (pytest.approx(CARD.width / 2), pytest.approx(0)),
                (pytest.approx(0), pytest.approx(CARD.height / 2)),
            )


def test_the_shorter_side_spreads_over_the_room() -> None:
    drawing = drawn("in a b p m u k x1 x2 x3 x4 y; b k; a x1")
    found = fold(drawing)
    assert found is not None
    at = middles(found, drawing)
    steps = [at[two][1] - at[one][1] for one, two in pairwise(("in", "a"))]
    assert steps[0] > 100


def test_without_skips_it_turns_at_the_narrowest_layer() -> None:
    chain = drawn("in a b code c d out")
    assert fold(chain) is None
    sizes = {"in": 784.0, "a": 128.0, "b": 64.0, "code": 2.0, "c": 64.0, "d": 128.0, "out": 784.0}
    found = fold(chain, sizes)
    assert found is not None
    at = middles(found, chain)
    assert at["b"][1] == max(at[id][1] for id in ("in", "a", "b"))
    assert at["code"][1] > at["b"][1]
    assert at["in"][0] < at["code"][0] < at["out"][0]
    assert at["b"][0] < at["c"][0]
    assert overlapping(found, chain.boxes) == []


@pytest.mark.parametrize("sizes", [{}, {"in": 4.0, "a": 4.0, "b": 2.0, "out": 1.0}, {"in": 8.0, "out": 1.0}])
def test_what_has_no_way_back_up_is_not_folded(sizes: dict[str, float]) -> None:
    assert fold(drawn("in a b out"), sizes) is None
    assert fold(RESIDUAL) is None
    assert fold(TWO_BRANCHES) is None
    assert folded({}, []) is None
    assert fold(drawn("a")) is None
    assert folded({"a": CARD, "b": CARD}, [Edge("e", "a", "b"), Edge("f", "b", "a"), Edge("g", "a", "a")]) is None


def random_net(seed: int) -> Drawing:
    """An encoder and a decoder of random depth: uneven sides, gates on skips, side inputs, cards of any size."""
    chance = random.Random(seed)
    depth = chance.randint(1, 5)
    down = [[f"d{level}_{k}" for k in range(chance.randint(1, 4))] for level in range(depth)]
    up = [[f"u{level}_{k}" for k in range(chance.randint(1, 4))] for level in range(depth)]
    bottom = [f"b{k}" for k in range(chance.randint(1, 4))]
    chain = ["in", *(id for level in down for id in level), *bottom, *(id for level in reversed(up) for id in level)]
    text = " ".join([*chain, "out"])
    for level in range(depth):
        gate = f"gate{level} " if chance.random() < 0.3 else ""
        text += f"; {down[level][-1]} {gate}{up[level][0]}"
        if chance.random() < 0.3:
            text += f"; more{level} {chance.choice([down, up])[level][0]}"
    found = drawn(text)
    sizes = [CARD, Box(96, 24), Box(300, 60), Box(184, 200)]
    kinds = sizes if chance.random() < 0.5 else [CARD]
    return Drawing({id: chance.choice(kinds) for id in found.boxes}, found.edges)


@pytest.mark.parametrize("seed", range(200))
def test_random_nets_are_sound(seed: int) -> None:
    drawing = random_net(seed)
    found = fold(drawing, {"in": 100.0, "b0": 1.0, "out": 100.0})
    assert found is not None
    assert found.positions.keys() == drawing.boxes.keys()
    assert found.curves.keys() == {edge.id for edge in drawing.edges}
    assert overlapping(found, drawing.boxes) == []
    assert hidden(found, drawing) == []
    assert fold(drawing, {"in": 100.0, "b0": 1.0, "out": 100.0}) == found
