"""Shapes on edges: on free places, one for each port."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from studio.core.project import Project
from studio.gui.canvas import geometry, marks
from studio.gui.canvas.labels import Labels, pill_width, shape_on, single_place
from studio.gui.canvas.scene import Scene
from tests.gui.canvas.drawing import FakeSession, chain, join, put, shape_answer, two_branch_answers, two_branches


@pytest.fixture(autouse=True)
def _fonts(qapp: QApplication) -> None:
    """Labels measure text, and text needs the application."""


def scene_of(project: Project, *shape: int | None) -> Scene:
    """A scene where every node gives this shape; without one that of the book's network."""
    session = FakeSession(project)
    if shape:
        session.answers = {id: shape_answer(*shape) for id in project.main.nodes}
    else:
        session.answers = two_branch_answers(project)
    scene = Scene(session)
    scene.load(project)
    return scene


def fan(gap: float, width: float, count: int = 3) -> Project:
    """One layer that feeds several, which meet in a merge."""
    project = put(Project(), "Conv2D", "top", 0, 0)
    project = put(project, "Concatenate", "end", 0, 2 * (geometry.NODE_HEIGHT + gap))
    for k in range(count):
        project = put(project, "Conv2D", f"c{k}", (k - (count - 1) / 2) * width, geometry.NODE_HEIGHT + gap)
        project = join(join(project, "top", f"c{k}"), f"c{k}", "end")
    return project


def boxes(scene: Scene) -> list[geometry.Box]:
    labels, found = Labels(), []
    for edge in range(len(scene.edges)):
        place = labels.place(scene, edge)
        if place is not None:
            half = pill_width(shape_on(scene, edge)) / 2
            x, y = place
            found.append((x - half, y - marks.PILL_HEIGHT / 2, x + half, y + marks.PILL_HEIGHT / 2))
    return found


def overlap(one: geometry.Box, other: geometry.Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(
    gap=st.floats(20, 200),
    width=st.floats(200, 400),
    count=st.integers(1, 5),
    direction=st.sampled_from(["down", "right"]),
)
def test_labels_of_branches_cover_neither_each_other_nor_a_card(gap, width, count, direction) -> None:
    project = fan(gap, width, count)
    if direction == "right":
        turned = {id: replace(node, x=node.y * 3, y=node.x / 2) for id, node in project.main.nodes.items()}
        project = replace(project, direction="right", main=replace(project.main, nodes=turned))
    scene = scene_of(project, None, 14, 14, 8)
    found = boxes(scene)
    assert not any(overlap(one, other) for one, other in itertools.combinations(found, 2))
    assert not any(len(geometry.nodes_in(scene.pos, scene.size, box)) for box in found)


def test_a_port_that_feeds_several_edges_says_its_shape_once() -> None:
    scene = scene_of(fan(60, 240), None, 14, 14, 8)
    assert len(boxes(scene)) == 4  # the fan, and each of three edges into the merge


def test_every_edge_of_the_books_network_has_its_shape() -> None:
    scene = scene_of(two_branches())
    labels = Labels()
    told = {scene.edges[k].source for k in range(len(scene.edges)) if labels.place(scene, k)}
    assert told == {edge.source for edge in scene.edges}


def test_left_to_right_a_gap_without_room_stays_empty() -> None:
    project = chain("Input", "Dense", "Dense", "Output")
    nodes = {id: replace(node, x=k * 220.0, y=0.0) for k, (id, node) in enumerate(project.main.nodes.items())}
    project = replace(project, direction="right", main=replace(project.main, nodes=nodes))
    assert boxes(scene_of(project, None, 28, 28, 1)) == []


def test_an_edge_that_is_pointed_at_always_says_its_shape() -> None:
    project = chain("Input", "Dense", "Output")
    nodes = {id: replace(node, x=k * 220.0, y=0.0) for k, (id, node) in enumerate(project.main.nodes.items())}
    scene = scene_of(replace(project, direction="right", main=replace(project.main, nodes=nodes)), None, 28, 28, 1)
    x, y = single_place(scene, 0)
    assert not len(geometry.nodes_in(scene.pos, scene.size, (x, y, x, y)))


def test_places_follow_a_node_that_moves() -> None:
    scene = scene_of(fan(60, 240), None, 14, 14, 8)
    labels = Labels()
    before = [labels.place(scene, k) for k in range(len(scene.edges))]
    scene.place(np.arange(len(scene)), scene.pos + np.array((80, 160)))
    after = [labels.place(scene, k) for k in range(len(scene.edges))]
    for one, other in zip(before, after, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (other[0] - one[0], other[1] - one[1]) == pytest.approx((80, 160))
