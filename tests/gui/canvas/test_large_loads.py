"""A large graph is shown a turn of the loop after it was opened, and shown as it is then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio import catalog as catalogs
from studio.core import edits
from studio.core.problem import Problem
from studio.core.project import Project
from studio.gui.canvas import following
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.scene import Scene
from studio.gui.session import Session
from studio.workbench import starting
from tests.gui.canvas.drawing import shape_answer
from tests.gui.canvas.hands import Hands
from tests.support.large import large_project


def test_an_edit_between_opening_and_showing_is_shown(qtbot: QtBot) -> None:
    session = Session(catalogs.load(), starting.new_project())
    canvas = Canvas(session)
    qtbot.addWidget(canvas)
    project = large_project()
    stem = next(node.id for node in project.main.nodes.values() if node.name == "stem")

    session.load(project, None)
    assert len(canvas.scene) == 0, "the handler that opened the file must not make 1,000 rows, too"
    session.apply(lambda old: edits.rename(old, stem, "renamed"), "Rename")
    session.set_selection((stem,))
    qtbot.waitUntil(lambda: len(canvas.scene) == len(project.main.nodes))

    assert canvas.scene.cards[canvas.scene.slot[stem]].title == "renamed"
    assert canvas.scene.selected_ids() == {stem}
    assert set(canvas.scene.edges.ids) == set(project.main.edges)

    session.load(starting.new_project(), None)
    assert len(canvas.scene) == 2, "a small one is there at once"
    session.close()


def test_what_is_said_between_two_portions_stands_on_the_cards(
    hands_on: Callable[[Project], Hands], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PORTION_S", 0.0)
    project = large_project()
    first, last = (
        next(node.id for node in project.main.nodes.values() if node.name == name) for name in ("stem", "digit")
    )
    hands = hands_on(project)
    session, scene = hands.session, hands.canvas.scene
    portions = 0
    while not len(scene):
        QApplication.processEvents()
        if (portions := portions + 1) == 4:
            session.answer({first: shape_answer(None, 7), last: shape_answer(None, 8)})
            session.tell(Problem("some", "This is wrong.", "error", node=first))
    cards = [scene.cards[scene.slot[node]] for node in (first, last)]
    assert portions > 6, "1,000 rows are too much for one turn"
    assert [card.shape for card in cards] == ["(None, 7)", "(None, 8)"]
    assert [card.problem for card in cards] == ["This is wrong.", ""]
    fresh = Scene(session)
    fresh.load(project)
    assert scene.cards == fresh.cards


def test_a_large_drawing_turns_a_turn_of_the_loop_later_and_is_in_view_then(
    hands_on: Callable[[Project], Hands], qtbot: QtBot
) -> None:
    project = large_project()
    hands = hands_on(project)
    session, canvas = hands.session, hands.canvas
    scene = canvas.scene
    qtbot.waitUntil(lambda: len(scene) == len(project.main.nodes))
    canvas.camera.set_view(canvas.view)  # someone chose the place
    canvas.sight.show(scene.ids[-1])
    session.apply(lambda old: edits.set_direction(old, "right"), "Turn")
    assert scene.direction == "down", "the handler that made 1,000 other nodes must not follow them, too"
    qtbot.waitUntil(lambda: scene.direction == "right")
    assert canvas.sight.has(scene.ids)

    session.apply(lambda old: edits.set_direction(old, "down"), "Turn")
    session.apply(lambda old: edits.delete(old, session.catalog, (scene.ids[0],)), "Delete")
    fresh = Scene(session)
    fresh.load(session.project)
    assert (scene.direction, scene.ids) == ("down", fresh.ids)
    assert (scene.edges.ends == fresh.edges.ends).all()


def test_a_box_that_is_begun_before_the_rows_are_there_is_given_up_when_they_come(
    hands_on: Callable[[Project], Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PORTION_S", 0.0)  # a quick machine makes all rows in one portion
    project = large_project()
    hands = hands_on(project)
    hands.press(QPoint(40, 200))
    assert not len(hands.canvas.scene)
    while not len(hands.canvas.scene):
        QApplication.processEvents()
    hands.release(QPoint(400, 300))
    assert hands.session.selection == frozenset()
    assert hands.canvas.gesture is None


def test_undo_brings_back_hundreds_of_nodes_portion_by_portion(
    hands_on: Callable[[Project], Hands], qtbot: QtBot
) -> None:
    project = large_project()
    hands = hands_on(project)
    session, canvas = hands.session, hands.canvas
    scene, ids = canvas.scene, [*project.main.nodes]
    qtbot.waitUntil(lambda: len(scene) == len(ids))
    canvas.camera.set_view(canvas.view)  # someone chose the place
    view = canvas.view
    session.apply(lambda old: edits.delete(old, session.catalog, ids[5:-5]), "Delete")
    assert len(scene) == 10

    session.undo()
    assert len(scene) == 0, "the handler that takes back a step must not make 1,000 rows, too"
    session.redo()
    session.undo()
    qtbot.waitUntil(lambda: len(scene) == len(ids))
    assert canvas.view == view
    fresh = Scene(session)
    fresh.load(session.project)
    assert scene.cards == fresh.cards
    assert [*scene.edges.ids] == [*fresh.edges.ids]
