"""Edits, undo, gestures, views and other files while rows are still made: in the end all is as if made at once."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.core.project import MAIN
from studio.gui import theme
from studio.gui.canvas import following, scene
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.scene import Scene
from studio.gui.session import Session
from tests.gui.canvas.drawing import many, two_branches
from tests.gui.canvas.hands import CTRL, LEFT, NONE, SHIFT, Hands
from tests.gui.canvas.test_gestures import assert_like_a_whole_painting
from tests.gui.canvas.test_scene import assert_same
from tests.support.catalog import CATALOG
from tests.support.strategies import ACTIONS, Step, perform
from tests.support.thorough import IS_THOROUGH

ROUNDS, SEEDS = (2500, 6) if IS_THOROUGH else (250, 2)
"""A round takes about 8 ms."""


@pytest.fixture
def hands(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """A canvas on a real session, on which even a small drawing comes in portions of three rows, each a turn."""
    monkeypatch.setattr(following, "AT_ONCE_NODES", 5)
    monkeypatch.setattr(following, "PORTION_S", 0.0)
    monkeypatch.setattr(scene, "PORTION", 3)
    theme.apply(qapp, "light")
    session = Session(CATALOG, two_branches())
    canvas = Canvas(session)
    qtbot.addWidget(canvas)
    canvas.camera.motion_ms = 0
    canvas.resize(900, 640)
    canvas.show()
    yield Hands(canvas)
    session.close()


class Someone:
    """Does anything at all, and lets the loop turn now and then."""

    def __init__(self, hands: Hands, seed: int) -> None:
        self.hands, self.canvas, self.session = hands, hands.canvas, hands.canvas.session
        self.pick = random.Random(seed)
        self.kinds = sorted(ACTIONS)
        self.held = False

    def act(self) -> str:
        name = self.pick.choice(
            ("edit", "edit", "edit", "turn", "turn", "undo", "redo", "select", "open", "file", "direction", "view",
             "press", "move", "move", "let go", "escape", "key")
        )  # fmt: skip
        getattr(self, f"_{name.replace(' ', '_')}")()
        for _ in range(self.pick.choice((0, 0, 1, 2))):
            QApplication.processEvents()
        return name

    def _edit(self) -> None:
        step = Step(self.pick.choice(self.kinds), *(self.pick.randrange(41) for _ in range(3)))
        if len(self.session.project.main.nodes) < 60:
            self.session.apply(lambda project: perform(project, step), step.kind)

    def _turn(self) -> None:
        QApplication.processEvents()

    def _undo(self) -> None:
        self.session.undo()

    def _redo(self) -> None:
        self.session.redo()

    def _select(self) -> None:
        graph = self.session.graph
        self.session.set_selection(id for id in (*graph.nodes, *graph.notes) if self.pick.random() < 0.4)

    def _open(self) -> None:
        self.session.open_graph(self.pick.choice([MAIN, *self.session.project.blocks]))

    def _file(self) -> None:
        if self.pick.random() < 0.3:
            project = two_branches() if self.pick.random() < 0.5 else many(self.pick.randrange(1, 40), seed=3)
            self.session.load(project, None)

    def _direction(self) -> None:
        to = self.pick.choice(("down", "right"))
        self.session.apply(lambda project: edits.set_direction(project, to), "Turn")

    def _view(self) -> None:
        way = self.pick.randrange(4)
        if way == 0:
            self.canvas.sight.fit()
        elif way == 1:
            self.canvas.pan_by(self.pick.randrange(-90, 90), self.pick.randrange(-90, 90))
        elif way == 2:
            self.canvas.camera.zoom(self.pick.choice((0.7, 1.4)), QPointF(self._point()))
        elif self.canvas.scene.ids:
            self.canvas.sight.show(self.pick.choice(self.canvas.scene.ids))

    def _point(self) -> QPoint:
        """Mostly on a node, so that something is moved."""
        rows = self.canvas.scene
        if len(rows) and self.pick.random() < 0.7:
            slot = self.pick.randrange(len(rows))
            x, y = (rows.pos[slot] + (self.pick.randrange(184), self.pick.randrange(62))).tolist()
            return self.hands.at(x, y)
        return QPoint(self.pick.randrange(900), self.pick.randrange(640))

    def _press(self) -> None:
        if not self.held:
            QTest.mousePress(self.canvas, LEFT, self.pick.choice((NONE, NONE, SHIFT, CTRL)), self._point())
            self.held = True

    def _move(self) -> None:
        QTest.mouseMove(self.canvas, self._point())

    def _let_go(self) -> None:
        if self.held:
            QTest.mouseRelease(self.canvas, LEFT, NONE, self._point())
            self.held = False

    def _escape(self) -> None:
        self.hands.key(Qt.Key.Key_Escape)

    def _key(self) -> None:
        self.hands.key(self.pick.choice((Qt.Key.Key_Delete, Qt.Key.Key_H, Qt.Key.Key_M, Qt.Key.Key_Right)))

    def rest(self, qtbot: QtBot) -> None:
        """Let go, and wait until everything has followed."""
        self._let_go()
        self._escape()
        self.canvas.cancel_gesture()
        qtbot.waitUntil(lambda: not self.session.is_judging and not self.canvas._following.is_loading)
        for _ in range(4):
            QApplication.processEvents()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_happens_while_rows_are_made_all_is_there_in_the_end(hands: Hands, qtbot: QtBot, seed: int) -> None:
    someone = Someone(hands, seed)
    canvas, session = hands.canvas, hands.canvas.session
    done: list[str] = []
    for number in itertools.count(1):
        done.append(someone.act())
        if number % 12:
            continue
        someone.rest(qtbot)
        fresh = Scene(session)
        fresh.load(session.project, session.graph_key, session.use)
        assert_same(canvas.scene, fresh)
        assert canvas.scene.selected_ids() == session.chosen, done[-12:]
        if number % 36 == 0:
            canvas.hover.leave()
            assert_like_a_whole_painting(hands, qtbot, done[-36:])
        if number >= ROUNDS:
            return
