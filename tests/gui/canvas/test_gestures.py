"""Every gesture of the mouse: what it does is one step that undo takes back, and Esc and the loss of focus give it up.

The table is the list of gestures; a gesture that is not in it is not there. What each one means is tested beside, in
the modules about edges, moving, cutting, frames and way-points.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import Project
from studio.gui.canvas import areas
from studio.gui.canvas.view import View
from tests.gui.canvas.drawing import edge_between, many, put, two_branch_answers, two_branches
from tests.gui.canvas.hands import ALT, CTRL, EMPTY, LEFT, MIDDLE, NONE, SHIFT, Hands
from tests.support.thorough import IS_THOROUGH

RIGHT = Qt.MouseButton.RightButton
Show = Callable[[Project], Hands]
Where = Callable[[Hands], QPoint]


@dataclass(frozen=True)
class Gesture:
    """From where to where it goes, with which button and keys; ``before`` makes the drawing ready for it.

    ``by_way_of`` are points between; ``is_edit`` tells that it changes the project, not only what is seen.
    """

    start: Where
    stop: Where
    modifiers: Qt.KeyboardModifier = NONE
    button: Qt.MouseButton = LEFT
    before: Callable[[Hands], object] = lambda hands: None
    by_way_of: Callable[[Hands], list[QPoint]] = lambda hands: []
    is_edit: bool = True

    def begin(self, hands: Hands) -> QPoint:
        """Press, and go to where it would end; gives that point."""
        stop = self.stop(hands)
        start = self.start(hands)
        way = self.by_way_of(hands)
        hands.press(start, self.modifiers, self.button)
        for point in (start + (stop - start) / 3, *way, stop):
            hands.move(point)
        return stop


def frame(hands: Hands) -> None:
    hands.session.set_selection([node.id for node in hands.project.main.nodes.values() if node.name.startswith("b1")])
    hands.key(Qt.Key.Key_J, CTRL)
    hands.enter()
    hands.session.set_selection([])


def way_point(hands: Hands) -> None:
    hands.double_click(hands.on_edge("b1_l1", "b1_l2"))


def point_of(hands: Hands) -> QPoint:
    edge = edge_between(hands.project, "b1_l1", "b1_l2")
    assert edge is not None
    return hands.at(*edge.route[0])


def title(hands: Hands) -> QPoint:
    left, top, _, _ = areas.area(hands.canvas.scene, 0)
    return hands.at(left + 60, top + 14)


def shaken(hands: Hands) -> list[QPoint]:
    return [hands.node("b1_l2") + QPoint(step, 0) for step in (30, -30, 30, -30, 30)]


def note(hands: Hands) -> None:
    hands.session.apply(lambda project: edits.add_note(project, "Why two branches?", x=620, y=80), "Write")
    QApplication.processEvents()


def on_note(hands: Hands, parts: int = 7) -> QPoint:
    """A point of the note: near its upper left corner, or at the folded one for 3."""
    left, top, right, bottom = hands.canvas.scene.notes.box(0)
    return hands.at(right - parts, bottom - parts) if parts == 3 else hands.at(left + 30, top + 14)


def framed_note(hands: Hands) -> None:
    note(hands)
    frame(hands)
    (kept,) = hands.project.main.frames
    hands.session.apply(lambda project: edits.join_frame(project, kept, project.main.notes), "Join")


GESTURES = {
    "draw an edge from an output": Gesture(lambda h: h.output("b1_l1"), lambda h: h.input("m1_l1")),
    "draw an edge from an input": Gesture(lambda h: h.input("m1_l1"), lambda h: h.output("b2_l1")),
    "drop an edge on a node": Gesture(lambda h: h.output("b1_l1"), lambda h: h.node("m1_l1")),
    "plug an edge in elsewhere": Gesture(lambda h: h.input("b1_l2"), lambda h: h.input("b2_l2")),
    "plug in one edge of a merge": Gesture(lambda h: h.on_edge("b1_l3", "m1_l1", 0.85), lambda h: h.input("b2_l3")),
    "pull an edge off": Gesture(lambda h: h.input("b1_l2"), lambda h: EMPTY),
    "copy an edge": Gesture(lambda h: h.input("b1_l2"), lambda h: h.input("m1_l1"), SHIFT),
    "move all edges of an output": Gesture(lambda h: h.output("m1_l1"), lambda h: h.output("b1_l3"), CTRL),
    "cut with the knife": Gesture(lambda h: h.at(20, 170), lambda h: h.at(620, 170), CTRL, RIGHT),
    "take a node out with Alt": Gesture(lambda h: h.node("b1_l2"), lambda h: EMPTY, ALT),
    "shake a node out": Gesture(lambda h: h.node("b1_l2"), lambda h: EMPTY, by_way_of=shaken),
    "move a node": Gesture(lambda h: h.node("b1_l2"), lambda h: h.node("b1_l2") + QPoint(-60, 13)),
    "move several nodes": Gesture(
        lambda h: h.node("b2_l1"),
        lambda h: h.node("b2_l1") + QPoint(90, 40),
        before=lambda h: h.key(Qt.Key.Key_A, CTRL),
    ),
    "put a node on an edge": Gesture(lambda h: h.node("loose"), lambda h: h.on_edge("b1_l1", "b1_l2")),
    "move a frame": Gesture(title, lambda h: title(h) + QPoint(-50, 30), before=frame),
    "move a node into a frame": Gesture(lambda h: h.node("loose"), lambda h: h.node("b1_l3", -40, 55), before=frame),
    "move a point of an edge": Gesture(point_of, lambda h: point_of(h) + QPoint(-70, 5), before=way_point),
    "select with a box": Gesture(lambda h: h.at(-60, 60), lambda h: h.at(260, 300), is_edit=False),
    "select more with a box": Gesture(
        lambda h: h.at(-60, 60), lambda h: h.at(260, 300), SHIFT, before=lambda h: h.click(h.node("b2_l1")),
        is_edit=False,
    ),
    "move a note": Gesture(
        lambda h: on_note(h), lambda h: on_note(h) + QPoint(61, -37), before=lambda h: note(h)
    ),
    "move a note into a frame": Gesture(
        lambda h: on_note(h), lambda h: h.node("b1_l2", -110, 0), before=lambda h: (frame(h), note(h))
    ),
    "resize a note": Gesture(
        lambda h: on_note(h, 3), lambda h: on_note(h, 3) + QPoint(50, 41), before=lambda h: note(h)
    ),
    "move layers and a note of a frame": Gesture(
        lambda h: title(h), lambda h: title(h) + QPoint(40, 24), before=lambda h: framed_note(h)
    ),
    "pan": Gesture(lambda h: EMPTY, lambda h: EMPTY + QPoint(-40, 25), button=MIDDLE, is_edit=False),
}  # fmt: skip

ALL = pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES.keys())
EDITS = pytest.mark.parametrize(
    "gesture", [each for each in GESTURES.values() if each.is_edit], ids=[n for n, g in GESTURES.items() if g.is_edit]
)


@pytest.fixture
def drawn(hands_on: Show) -> Hands:
    """The two branches, with their answers, and a layer that stands alone."""
    project = put(two_branches(), "Dropout", "loose", 620, 300, rate=0.5)
    hands = hands_on(project)
    hands.session.answer(two_branch_answers(project))
    QApplication.processEvents()
    return hands


def shown(hands: Hands, qtbot) -> QImage:
    """The drawing as it is on the screen as soon as all pictures of nodes are there; parts may be from a strip."""
    canvas = hands.canvas
    canvas.camera.is_exact = True

    def is_painted() -> bool:  # on a slow machine pictures of nodes take several frames, of which each asks for one
        was_refining = canvas.camera.is_refining
        QApplication.processEvents()  # in which it may end and ask for a frame, which comes with the next events
        return canvas.painter.is_complete and not was_refining and not canvas.camera.is_refining

    qtbot.waitUntil(is_painted)
    return grabbed(hands)


def grabbed(hands: Hands) -> QImage:
    """What is on the screen now."""
    canvas = hands.canvas
    return canvas.screen().grabWindow(canvas.winId()).toImage()


def is_at_rest(hands: Hands) -> bool:
    """Whether what is on the screen was painted in one go."""
    stage = hands.canvas.stage
    return not stage._whole_soon.isActive() and not stage._is_whole_asked


def before_rest(hands: Hands, qtbot) -> QImage:
    """The last that was on the screen before the drawing was painted whole: all that events ask for is there then."""
    found = [shown(hands, qtbot)]

    def has_come_to_rest() -> bool:
        if is_at_rest(hands):
            return True
        found.append(grabbed(hands))
        return False

    qtbot.waitUntil(has_come_to_rest)
    return found[-1]


def picture(hands: Hands, qtbot) -> QImage:
    """The drawing as it is on the screen at rest."""
    shown(hands, qtbot)
    qtbot.waitUntil(lambda: is_at_rest(hands))
    return shown(hands, qtbot)


def repainted(hands: Hands, qtbot) -> QImage:
    """The same, painted whole."""
    hands.canvas.update()
    return picture(hands, qtbot)


def assert_like_a_whole_painting(hands: Hands, qtbot, told: object) -> None:
    """At rest every pixel is as a whole painting has it; before that some where Qt cut an outline at a strip's end.

    That is a shade for a second's tenth. Whatever was forgotten, a node, a ring, an edge, is more than that.
    """
    early, late, whole = before_rest(hands, qtbot), picture(hands, qtbot), repainted(hands, qtbot)
    assert late == whole, told
    first, last = (
        np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8).astype(int)
        for image in (early, whole)
    )
    assert early.size() == whole.size(), told
    assert (np.abs(first - last) > 24).sum() < 150, told


@EDITS
def test_it_is_one_step_that_undo_takes_back(drawn: Hands, gesture: Gesture) -> None:
    gesture.before(drawn)
    before = drawn.project
    stop = gesture.begin(drawn)
    assert drawn.project is before, "nothing is done before the button is let go"
    drawn.release(stop, gesture.modifiers & ~ALT, gesture.button)
    assert drawn.project is not before
    after = drawn.project
    assert drawn.canvas.gesture is None
    assert drawn.undo_is_one_step(before)
    drawn.session.redo()
    assert drawn.project is after


@ALL
@pytest.mark.parametrize("how", ["Esc", "focus", "another button", "an edit from elsewhere"])
def test_it_can_be_given_up(drawn: Hands, qtbot, gesture: Gesture, how: str) -> None:
    gesture.before(drawn)
    drawn.move(EMPTY)
    selection, before, view = drawn.session.chosen, drawn.project, drawn.canvas.view
    stop = gesture.begin(drawn)
    match how:
        case "Esc":
            drawn.key(Qt.Key.Key_Escape, gesture.modifiers)  # which are still held
        case "focus":
            drawn.canvas.clearFocus()
        case "another button":
            drawn.press(stop, button=MIDDLE if gesture.button != MIDDLE else LEFT)
        case _:
            drawn.session.apply(lambda project: put(project, "ReLU", "new", 900, 600), "From elsewhere")
            before = drawn.project
    assert drawn.canvas.gesture is None
    drawn.release(stop, gesture.modifiers, gesture.button)
    assert drawn.project is before
    if not gesture.is_edit and gesture.button is LEFT:
        assert drawn.session.chosen == selection
    if gesture.button is not MIDDLE:  # what was panned stays so
        assert drawn.canvas.view == view
    assert picture(drawn, qtbot) == repainted(drawn, qtbot)


KEYS = {
    "F": (Qt.Key.Key_F, NONE, ("loose", "b2_l1")),
    "Q": (Qt.Key.Key_Q, NONE, ("measurements", "b1_l1", "b1_l2", "b1_l3", "loose")),
    "M": (Qt.Key.Key_M, NONE, ("b1_l2",)),
    "H": (Qt.Key.Key_H, NONE, ("b1_l2", "b2_l2")),
    "Delete": (Qt.Key.Key_Delete, NONE, ("b1_l2", "b2_l2")),
    "Ctrl+Delete": (Qt.Key.Key_Delete, CTRL, ("b1_l2",)),
    "Ctrl+D": (Qt.Key.Key_D, CTRL, ("b1_l2", "b1_l3")),
    "Ctrl+Shift+D": (Qt.Key.Key_D, CTRL | SHIFT, ("b1_l2", "b1_l3")),
    "Ctrl+X": (Qt.Key.Key_X, CTRL, ("b1_l2",)),
    "Right": (Qt.Key.Key_Right, NONE, ("b1_l2",)),
    "Shift+Up": (Qt.Key.Key_Up, SHIFT, ("b1_l2", "b2_l2")),
}
"""What single keys do to what is selected."""


@pytest.mark.parametrize(("key", "modifiers", "names"), KEYS.values(), ids=KEYS.keys())
def test_a_key_is_one_step_that_undo_takes_back(
    drawn: Hands, key: Qt.Key, modifiers: Qt.KeyboardModifier, names: tuple[str, ...]
) -> None:
    if key is Qt.Key.Key_Q:
        drawn.drag(drawn.node("b1_l3"), drawn.node("b1_l3", -24))
    chosen = frozenset(node.id for node in drawn.project.main.nodes.values() if node.name in names)
    drawn.session.set_selection(chosen)
    before = drawn.project
    drawn.key(key, modifiers)
    assert drawn.project is not before
    drawn.session.undo()
    assert drawn.project is before


def test_a_press_with_alt_and_a_double_click_on_an_edge_are_one_step_each(drawn: Hands) -> None:
    before = drawn.project
    drawn.click(drawn.on_edge("b1_l1", "b1_l2"), ALT)
    assert edge_between(drawn.project, "b1_l1", "b1_l2") is None
    assert drawn.undo_is_one_step(before)
    drawn.double_click(drawn.on_edge("b1_l1", "b1_l2"))
    assert drawn.project is not before
    assert drawn.undo_is_one_step(before)


def test_a_copy_keeps_its_inputs_where_that_is_wished(drawn: Hands) -> None:
    chosen = [node.id for node in drawn.project.main.nodes.values() if node.name in ("b1_l3", "m1_l1")]
    drawn.session.set_selection(chosen)
    before = drawn.project
    drawn.key(Qt.Key.Key_D, CTRL | SHIFT)
    assert edge_between(drawn.project, "b1_l2", "b1_l3_1")
    assert edge_between(drawn.project, "b1_l3_1", "m1_l1_1")
    assert edge_between(drawn.project, "b2_l3", "m1_l1_1")
    assert not edge_between(drawn.project, "b1_l3", "m1_l1_1")
    assert drawn.undo_is_one_step(before)
    drawn.session.set_selection(chosen)
    drawn.key(Qt.Key.Key_C, CTRL)
    drawn.move(EMPTY)
    drawn.key(Qt.Key.Key_V, CTRL | SHIFT)
    assert edge_between(drawn.project, "b1_l2", "b1_l3_1")
    assert drawn.undo_is_one_step(before)


# ---- what is seen ----------------------------------------------------------------------------------------------------

ROUNDS = 1500 if IS_THOROUGH else 20
"""A round takes about 100 ms."""


@pytest.mark.parametrize("seed", range(2))
def test_what_is_on_the_screen_after_random_gestures_is_what_a_whole_painting_shows(
    drawn: Hands, qtbot, seed: int
) -> None:
    pick = random.Random(seed)
    start = drawn.project
    for number in range(ROUNDS):
        name = pick.choice(sorted(GESTURES))
        gesture = GESTURES[name]
        if drawn.project is not start:
            while drawn.session.document.history.past:
                drawn.session.undo()
            drawn.session.set_selection([])
        gesture.before(drawn)
        stop = gesture.begin(drawn)
        if pick.random() < 0.3:
            drawn.key(Qt.Key.Key_Escape)
        drawn.release(stop, gesture.modifiers & ~ALT, gesture.button)
        if pick.random() < 0.4:
            drawn.session.undo()
        drawn.wheel(EMPTY, pick.choice((-1, 1))) if pick.random() < 0.2 else None
        drawn.move(EMPTY)
        assert_like_a_whole_painting(drawn, qtbot, f"after {name}, round {number}")
        if not number % 10:
            drawn.canvas.sight.fit()


@pytest.mark.parametrize("scale", [0.2, 0.45, 0.7, 1.1])
def test_at_rest_a_pan_left_what_a_whole_painting_shows(hands_on: Show, qtbot, scale: float) -> None:
    """With many slanting edges, frames and a note: what Qt draws otherwise where the end of a strip cuts it."""
    hands = hands_on(many(90))
    note(hands)
    hands.session.apply(lambda project: edits.make_frame(project, ("n1", "n2", "n14"), "Some of them"), "Frame")
    pick = random.Random(7)
    hands.canvas.sight.go_to(View(scale, 40, 30))
    for number in range(6):
        for _ in range(4):
            step = QPoint(pick.randrange(-70, 70), pick.randrange(-70, 70))
            hands.drag(EMPTY, EMPTY + step, button=MIDDLE)
            QApplication.processEvents()
        assert_like_a_whole_painting(hands, qtbot, number)
