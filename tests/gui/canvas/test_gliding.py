"""Nodes glide to where an edit puts them; the project, the fit and the next press are not kept waiting."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studio.core import edits
from studio.gui.canvas.scene import Scene
from tests.gui.canvas.drawing import node_named
from tests.gui.canvas.hands import Hands


@pytest.fixture
def gliding(hands: Hands) -> Hands:
    hands.canvas.camera.motion_ms = 60
    return hands


def fresh(hands: Hands) -> Scene:
    scene = Scene(hands.session)
    scene.load(hands.project)
    return scene


def pull(hands: Hands, by: float = 300.0) -> str:
    node = node_named(hands.project, "b1_l2")
    hands.session.apply(lambda project: edits.move(project, {node.id: (node.x + by, node.y)}), "Move")
    return node.id


def is_home(hands: Hands) -> bool:
    scene, whole = hands.canvas.scene, fresh(hands)
    return bool(np.array_equal(scene.pos, whole.pos) and np.array_equal(scene.edges.ends, whole.edges.ends))


def test_a_node_is_on_its_way_and_then_there(gliding: Hands, qtbot) -> None:
    slot = gliding.canvas.scene.slot[pull(gliding)]
    assert gliding.canvas.scene.pos[slot, 0] < fresh(gliding).pos[slot, 0]
    qtbot.waitUntil(lambda: is_home(gliding))


def test_a_nudge_is_no_journey(gliding: Hands) -> None:
    pull(gliding, 8.0)
    assert is_home(gliding)


def test_the_next_edit_begins_from_home(gliding: Hands, qtbot) -> None:
    pull(gliding)
    gliding.session.undo()
    gliding.session.redo()
    qtbot.waitUntil(lambda: is_home(gliding))
    gliding.session.apply(
        lambda project: edits.delete(project, gliding.session.catalog, [node_named(project, "b2_l2").id]), "Delete"
    )
    assert is_home(gliding)


def test_a_press_ends_it(gliding: Hands) -> None:
    pull(gliding)
    gliding.press(gliding.at(3000, 3000))
    assert is_home(gliding)
    gliding.key(Qt.Key.Key_Escape)


def test_fit_looks_at_where_they_will_be(gliding: Hands, qtbot) -> None:
    pull(gliding, 3000.0)
    gliding.canvas.sight.fit()
    qtbot.waitUntil(lambda: is_home(gliding))
    qtbot.waitUntil(lambda: gliding.canvas.view.scale < 0.5)


def test_without_motion_they_are_there_at_once(hands: Hands) -> None:
    pull(hands)
    assert is_home(hands)
