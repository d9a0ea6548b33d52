"""Many nodes that move together are a picture that is moved: it shows what painting each of them would."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import Project
from studio.gui.canvas import lifted, pictures
from studio.gui.canvas.view import View
from tests.gui.canvas.drawing import many, shape_answer
from tests.gui.canvas.hands import LEFT, NONE, Hands

STEP = QPoint(64, 40)
"""A whole number of pixels and of steps of the grid, so that both ways round alike."""


@pytest.fixture
def hands(hands_on: Callable[[Project], Hands]) -> Hands:
    project = many(180)
    places = {node.id: (round(node.x / 8) * 8, round(node.y / 8) * 8) for node in project.main.nodes.values()}
    hands = hands_on(edits.move(project, places))
    hands.canvas.set_shows_minimap(False)
    hands.canvas.camera.set_view(View(1.0, -300.0, -200.0))
    return hands


def seen(hands: Hands) -> QImage:
    """What is shown, once all pictures are made."""
    QApplication.processEvents()
    while hands.canvas.camera.is_refining:
        QApplication.processEvents()
    return hands.canvas.grab().toImage()


def apart(one: QImage, other: QImage) -> int:
    """The largest difference of a colour."""
    rows = [
        np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, :, :3].astype(int)
        for image in (one, other)
    ]
    return int(np.abs(rows[0] - rows[1]).max())


def dragged(hands: Hands, ids: list[str]) -> QPoint:
    """Press on the first one and drag: where the pointer is then."""
    canvas, scene = hands.canvas, hands.canvas.scene
    hands.session.set_selection(ids)
    x, y = (scene.pos[scene.slot[ids[0]]] + (60, 30)).tolist()
    at = hands.at(x, y)
    QTest.mousePress(canvas, LEFT, NONE, at)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, at + STEP * part)
        QApplication.processEvents()
    return at + STEP


def in_view(hands: Hands) -> list[str]:
    """Ids from the middle of the view on."""
    scene, view = hands.canvas.scene, hands.canvas.view
    middle = view.to_scene(hands.canvas.width() / 2, hands.canvas.height() / 2)
    near = ((scene.pos - middle) ** 2).sum(axis=1).argsort()
    return [scene.ids[k] for k in near.tolist()]


@pytest.mark.parametrize("count", [16, 180], ids=["some", "more than a picture is taken of"])
def test_the_picture_shows_what_painting_each_node_shows(
    hands: Hands, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    ids = in_view(hands)[:count]
    dragged(hands, ids)
    moved = seen(hands)
    hands.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(hands.canvas, LEFT, NONE)
    monkeypatch.setattr(lifted, "_FEW", 10_000)
    still = seen(hands)
    dragged(hands, ids)
    assert apart(seen(hands), moved) <= 3, "laying a blend on the drawing rounds twice"
    assert apart(still, moved) > 100


def test_an_answer_during_the_drag_is_seen_at_once(hands: Hands) -> None:
    ids = in_view(hands)[:16]
    dragged(hands, ids)
    before = seen(hands)
    hands.session.answer({ids[0]: shape_answer(None, 512, parameters=7)})
    assert seen(hands) != before


def test_a_drag_of_all_draws_no_picture_of_what_is_out_of_view(
    hands_on: Callable[[Project], Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = hands_on(many(1500))
    while len(hands.canvas.scene) < 1500:
        QApplication.processEvents()
    hands.canvas.camera.set_view(View(1.0, -2000.0, -2000.0))
    seen(hands)
    drawn, draw = [], pictures.draw_card
    monkeypatch.setattr(pictures, "draw_card", lambda *args, **more: (drawn.append(1), draw(*args, **more)))
    dragged(hands, in_view(hands))
    assert 0 < len(drawn) < 200
