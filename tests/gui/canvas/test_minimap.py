"""The map in the corner: there when it is of use, and a way to move the view."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.core import edits
from studio.gui import theme
from studio.gui.canvas.minimap import Minimap
from tests.gui.canvas.drawing import chain, many
from tests.gui.canvas.hands import Hands


def map_of(hands: Hands) -> Minimap:
    found = hands.canvas.findChild(QWidget, "minimap")
    assert isinstance(found, Minimap)
    return found


@pytest.fixture
def tall(hands_on) -> Hands:
    """A chain that is longer than the canvas at 100 %."""
    hands = hands_on(chain("Input", *["Dense"] * 20, "Output"))
    hands.canvas.camera.zoom_to(1.0)
    return hands


def test_a_drawing_that_is_whole_in_view_needs_no_map(hands: Hands) -> None:
    assert not map_of(hands).isVisible()
    hands.canvas.pan_by(600, 0)
    assert map_of(hands).isVisible()
    hands.canvas.sight.fit()
    assert not map_of(hands).isVisible()


def test_it_can_be_switched_off(tall: Hands) -> None:
    assert map_of(tall).isVisible()
    tall.canvas.set_shows_minimap(False)
    assert not map_of(tall).isVisible()
    tall.canvas.pan_by(10, 10)
    assert not map_of(tall).isVisible()
    tall.canvas.set_shows_minimap(True)
    assert map_of(tall).isVisible()


def test_a_small_canvas_keeps_its_room(tall: Hands) -> None:
    tall.canvas.resize(400, 300)
    assert not map_of(tall).isVisible()


def test_a_press_shows_that_part_and_changes_nothing_else(tall: Hands) -> None:
    before, small = tall.project, map_of(tall)
    x, y = tall.canvas.scene.pos[-1] + tall.canvas.scene.size[-1] / 2
    scale, left, top = small._scale()
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=QPoint(round(x * scale + left), round(y * scale + top)))
    assert tall.canvas.rect().contains(tall.node("output"))
    assert tall.project is before
    assert tall.canvas.view.scale == pytest.approx(1.0)


def test_a_drag_of_the_rectangle_moves_the_view_with_it(tall: Hands) -> None:
    small = map_of(tall)
    start = small.view_rectangle().center().toPoint() + QPoint(2, 3)
    first = tall.canvas.view
    QTest.mousePress(small, Qt.MouseButton.LeftButton, pos=start)
    assert abs(tall.canvas.view.y_offset - first.y_offset) <= 40  # a pixel of the map
    QTest.mouseMove(small, start - QPoint(0, 20))
    QApplication.processEvents()
    QTest.mouseRelease(small, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 20))
    moved = (tall.canvas.view.y_offset - first.y_offset) * small._scale()[0]
    assert moved == pytest.approx(20, abs=1.5)


def test_it_shows_families_problems_and_the_view(tall: Hands) -> None:
    image = map_of(tall).grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert QColor(theme.family_colour("core")).name() in seen
    tall.canvas.set_shows_minimap(True)


def test_it_follows_the_drawing(tall: Hands) -> None:
    tall.canvas.sight.show("n1")  # else undo would
    before = map_of(tall).grab().toImage()
    tall.session.apply(lambda project: edits.move(project, {"n1": (900.0, 0.0)}), "Move")
    assert map_of(tall).grab().toImage() != before
    tall.session.undo()
    assert map_of(tall).grab().toImage() == before


def test_ten_thousand_nodes_fall_on_few_pixels(hands_on) -> None:
    hands = hands_on(many(3000))
    while not len(hands.canvas.scene):
        QApplication.processEvents()
    hands.canvas.camera.zoom_to(1.0)
    assert map_of(hands).isVisible()
    image = map_of(hands).grab().toImage()
    assert image.pixelColor(68, 48).name() != QColor(theme.current().surface).name()


def test_after_a_gesture_it_shows_what_changed_meanwhile(tall: Hands) -> None:
    """While a gesture goes on the map keeps its picture; it must not keep it longer."""
    small = map_of(tall)
    QApplication.processEvents()
    before = small.grab().toImage()
    start = QPoint(900, 300)
    tall.session.apply(lambda project: edits.add_node(project, "Dense", x=900, y=300), "Add")
    tall.press(start, button=Qt.MouseButton.MiddleButton)
    tall.move(start + QPoint(3, 5))
    tall.move(start)
    assert small.isVisible()
    tall.release(start, button=Qt.MouseButton.MiddleButton)
    QApplication.processEvents()
    seen = tall.canvas.screen().grabWindow(tall.canvas.winId()).copy(small.geometry()).toImage()
    tall.canvas.update()
    QApplication.processEvents()
    painted = tall.canvas.screen().grabWindow(tall.canvas.winId()).copy(small.geometry()).toImage()
    assert seen == painted
    assert small.grab().toImage() != before
