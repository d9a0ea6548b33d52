"""Turning the drawing: what was below comes to the right, as one step that can be taken back."""

from __future__ import annotations

import pytest

from studio.core import edits
from tests.support.graphs import graph, node


def test_a_chain_that_ran_down_runs_to_the_right() -> None:
    project = graph("a:Input -> b:Dense(units=3) -> c:Output")
    turned = edits.set_direction(project, "right")
    assert turned.direction == "right"
    places = [(node(turned, name).x, node(turned, name).y) for name in "abc"]
    before = [(node(project, name).x, node(project, name).y) for name in "abc"]
    assert [x for x, _ in places] == pytest.approx([y * edits.settings.TURN for _, y in before])
    assert places == sorted(places)


def test_turning_twice_gives_every_place_back() -> None:
    project = edits.set_route(graph("a:Input -> b:Output"), "e3", ((10.0, 20.0),))
    there_and_back = edits.set_direction(edits.set_direction(project, "right"), "down")
    for before, after in zip(project.main.nodes.values(), there_and_back.main.nodes.values(), strict=True):
        assert (after.x, after.y) == pytest.approx((before.x, before.y))
    for before, after in zip(project.main.edges.values(), there_and_back.main.edges.values(), strict=True):
        assert [pytest.approx(point) for point in before.route] == list(after.route)


def test_the_same_direction_changes_nothing() -> None:
    project = graph("a:Input -> b:Output")
    assert edits.set_direction(project, "down") is project
