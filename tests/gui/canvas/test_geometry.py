"""Where things are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.catalog.spec import Port
from studio.gui.canvas import geometry
from studio.gui.canvas.view import LARGEST, SMALLEST, View

ONE = (Port("inputs"),)
OUT = (Port("output"),)


def test_a_single_port_sits_in_the_middle_of_its_side() -> None:
    inputs, outputs = geometry.port_offsets(ONE, OUT, 184, 60, "down")
    assert inputs == {"inputs": (92, 0)}
    assert outputs == {"output": (92, 60)}
    inputs, outputs = geometry.port_offsets(ONE, OUT, 184, 60, "right")
    assert inputs == {"inputs": (0, 30)}
    assert outputs == {"output": (184, 30)}


def test_optional_ports_leave_the_needed_one_in_the_middle() -> None:
    ports = (Port("sequence"), Port("initial_state", is_optional=True), Port("mask", is_optional=True))
    places, _ = geometry.port_offsets(ports, OUT, 184, 60, "down")
    assert places["sequence"] == (92, 0)
    xs = [places["initial_state"][0], places["mask"][0]]
    assert 92 + 24 < xs[0] < xs[1] < 184
    assert xs[1] - xs[0] >= 18


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 4), st.sampled_from(["down", "right"]))
def test_ports_stay_on_their_side_and_apart(needed: int, optional: int, outputs: int, direction: str) -> None:
    ins = tuple(Port(f"i{k}", is_optional=k >= needed) for k in range(needed + optional))
    outs = tuple(Port(f"o{k}") for k in range(outputs))
    for places, along in zip(geometry.port_offsets(ins, outs, 184, 60, direction), (0, 1), strict=True):
        main = 1 if direction == "down" else 0
        assert {place[main] for place in places.values()} <= {(0, (60 if main else 184))[along]}
        spots = [place[1 - main] for place in places.values()]
        assert len(set(spots)) == len(spots)
        assert all(0 < spot < (184 if direction == "down" else 60) for spot in spots)


coordinates = st.floats(-2000, 2000)


@given(st.tuples(coordinates, coordinates, coordinates, coordinates), st.sampled_from(["down", "right"]))
def test_curves_start_and_end_at_the_ports_and_stay_in_their_bounds(ends, direction) -> None:
    points = geometry.curves(np.array([ends]), direction)[0]
    line = geometry.sampled(points)
    assert line[0] == pytest.approx(ends[:2])
    assert line[-1] == pytest.approx(ends[2:])
    assert (line >= points.min(axis=0) - 1e-6).all()
    assert (line <= points.max(axis=0) + 1e-6).all()


def test_a_routed_curve_passes_its_way_points() -> None:
    chain = geometry.routed_curve((0, 0, 100, 300), [(50, 100), (50, 200)], "down")
    line = geometry.sampled(chain)
    for stop in ((0, 0), (50, 100), (50, 200), (100, 300)):
        assert min(math.hypot(*(point - stop)) for point in line) < 1e-6


@given(st.floats(0.05, 0.95), coordinates, coordinates)
def test_distance_to_a_curve(t: float, dx: float, dy: float) -> None:
    chain = geometry.curves(np.array([[0.0, 0.0, dx, dy]]), "down")[0]
    x, y = geometry.along(chain, t)
    gap, fraction = geometry.distance_to(chain, x, y)
    assert gap < 1e-6 * max(1.0, abs(dx), abs(dy))
    if math.hypot(dx, dy) > 300 and dy > 0:
        assert fraction == pytest.approx(t, abs=0.02)


def test_node_at_gives_the_upper_one() -> None:
    pos, size = np.array([[0.0, 0.0], [100.0, 20.0]]), np.array([[184.0, 60.0]] * 2)
    assert geometry.node_at(pos, size, 120, 30) == 1
    assert geometry.node_at(pos, size, 20, 30) == 0
    assert geometry.node_at(pos, size, 20, 90) == -1


@given(
    st.floats(SMALLEST, LARGEST), coordinates, coordinates, st.floats(0.2, 5), st.floats(0, 1600), st.floats(0, 1000)
)
def test_zoom_leaves_the_point_under_the_pointer(scale, dx, dy, factor, x, y) -> None:
    view = View(scale, dx, dy)
    assert view.zoomed(factor, x, y).to_scene(x, y) == pytest.approx(view.to_scene(x, y), abs=1e-6 + 1e-9 / SMALLEST)
    assert SMALLEST <= view.zoomed(factor, x, y).scale <= LARGEST


@given(st.tuples(coordinates, coordinates, st.floats(1, 9000), st.floats(1, 9000)))
def test_fit_shows_everything_and_never_enlarges(box) -> None:
    left, top, width, height = box
    scale, x, y, _ = geometry.fit((left, top, left + width, top + height), 1000, 700)
    assert scale <= 1
    assert left * scale + x >= -1e-6
    assert (left + width) * scale + x <= 1000 + 1e-6
    assert top * scale + y >= -1e-6
    assert (top + height) * scale + y <= 700 + 1e-6


def test_a_note_covers_no_other_node_and_stays_in_view() -> None:
    pos, size = np.array([[0.0, 0.0], [220.0, 0.0]]), np.array([[184.0, 60.0]] * 2)
    assert geometry.free_side(pos, size, 0, 200, 50, "down") == (-216, 5)
    assert geometry.free_side(pos, size, 0, 200, 50, "down", (-100, -100, 900, 900)) == (0, 74)
    assert geometry.free_side(pos, size, 0, 200, 50, "down", (-100, -100, 900, 90)) is None
