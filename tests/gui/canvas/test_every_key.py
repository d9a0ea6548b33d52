"""Every key of the drawing, whatever is selected: one step that undo takes back, or a field that Esc and the loss of
focus close without a change, or a reason. So do the fields that the mouse opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.project import Project
from studio.gui import keymap
from studio.gui.actions import TABLE
from studio.gui.canvas.keys import KEYS
from tests.gui.canvas.drawing import node_named, put, two_branches
from tests.gui.canvas.hands import CTRL, EMPTY, NONE, Hands
from tests.gui.canvas.test_gestures import frame, note, on_note, picture, repainted, title
from tests.support.thorough import sample

Key = Qt.Key


@pytest.fixture
def hands(hands_on: Callable[[Project], Hands]) -> Hands:
    """The two branches with a layer that stands alone, a note, and a frame around the first branch."""
    made = hands_on(put(two_branches(), "Dropout", "loose", 620, 300, rate=0.5))
    note(made)
    frame(made)
    made.session.set_selection([])
    return made


def select(hands: Hands, *names: str) -> None:
    hands.session.set_selection([node_named(hands.project, name).id for name in names])


def mark_edge(hands: Hands) -> None:
    select(hands, "b1_l2")
    hands.key(Key.Key_E)


SELECTED: dict[str, Callable[[Hands], object]] = {
    "nothing": lambda h: None,
    "one": lambda h: select(h, "b1_l2"),
    "an edge": mark_edge,
    "several": lambda h: select(h, "b1_l2", "b1_l3", "loose"),
    "one alone": lambda h: select(h, "loose"),
    "a point of an edge": lambda h: (mark_edge(h), h.key(Key.Key_W)),
    "a note": lambda h: h.session.set_selection(h.project.main.notes),
    "a frame": lambda h: h.session.set_selection(next(iter(h.project.main.frames.values())).nodes),
}


def leave(hands: Hands, how: str) -> None:
    """Give up what is open over the drawing."""
    if how == "Esc":
        hands.key_into(Key.Key_Escape)
    else:
        hands.canvas.setFocus()
    QApplication.processEvents()


def steps(hands: Hands) -> int:
    return len(hands.session.document.history.past)


@pytest.mark.parametrize("what", sample(list(SELECTED), 4))
def test_a_key_is_one_step_or_a_question_that_can_be_given_up(hands: Hands, what: str) -> None:
    start = steps(hands)
    opens: set[object] = set()
    for how, (key, modifiers) in ((how, each) for how in ("Esc", "focus") for each in KEYS):
        if how == "focus" and (key, modifiers) not in opens:
            continue
        while steps(hands) > start:
            hands.session.undo()
        hands.session.set_selection([])
        hands.canvas.select_edge(None)
        SELECTED[what](hands)
        told = f"{modifiers.name} {key.name} with {what}, {how}"
        before, past, chosen, edge = hands.project, steps(hands), hands.session.chosen, hands.canvas.selected_edge
        hands.key(key, modifiers)
        is_question = hands.canvas.popups.is_open
        if is_question:
            opens.add((key, modifiers))
            leave(hands, how)
            assert not hands.canvas.popups.is_open, told
            assert hands.session.chosen == chosen, told
            assert hands.canvas.selected_edge == edge, told
            is_made_first = (key, modifiers) == (Key.Key_J, CTRL)  # a frame is there before it is asked for its title
            assert is_made_first or hands.project is before, told
        assert hands.canvas.hasFocus(), told
        assert steps(hands) - past == int(hands.project is not before), told
        if hands.project is not before:
            hands.session.undo()
            assert hands.project is before, told
            assert hands.session.chosen == chosen, told


@pytest.mark.parametrize("what", ["nothing", "one", "one alone"])
def test_no_question_is_asked_without_an_answer(hands: Hands, what: str) -> None:
    """Where nothing can be chosen the reason is said instead."""
    said: list[str] = []
    hands.canvas.narrator.said.connect(said.append)
    for action in ("R", "Shift+R", "Shift+F", "Shift+Insert", "I", "O", "J"):
        SELECTED[what](hands)
        said.clear()
        key, modifiers = keymap.keys.combination(action)  # type: ignore[misc]
        hands.key(key, modifiers)
        search = hands.canvas.quick_add
        assert said or search is not None, action
        if search is not None:
            assert search.found, action
            hands.key_into(Key.Key_Escape)


def test_a_key_that_can_do_nothing_says_why(hands: Hands) -> None:
    said: list[str] = []
    hands.canvas.narrator.said.connect(said.append)
    hands.canvas.narrator.why_not = lambda action: f"no {action}."
    try:
        keymap.use({}, TABLE)
        hands.key(Key.Key_F)
        assert said == ["no connect."]
        hands.key(Key.Key_Delete)
        assert said[-1] == "no delete."
        select(hands, "b1_l2")
        hands.key(Key.Key_M)
        assert len(said) == 2, "what was done needs no reason"
    finally:
        keymap.use({}, [])


# ---- fields that the mouse opens -------------------------------------------------------------------------------------

Open = Callable[[Hands], object]
FIELDS: dict[str, tuple[Open, str]] = {
    "a double click on nothing": (lambda h: h.double_click(EMPTY), "re"),
    "an output let go over nothing": (lambda h: h.drag(h.output("b1_l1"), EMPTY), "re"),
    "an input let go over nothing": (lambda h: h.drag(h.input("loose"), EMPTY), "re"),
    "a double click on a layer": (lambda h: h.double_click(h.node("loose")), "other"),
    "a double click on a title": (lambda h: h.double_click(title(h)), "other"),
    "a double click on a note": (lambda h: h.double_click(on_note(h)), "other"),
}


@pytest.mark.parametrize("how", ["Esc", "focus"])
@pytest.mark.parametrize(("open_it", "text"), FIELDS.values(), ids=FIELDS)
def test_a_field_can_be_given_up_or_is_one_step(hands: Hands, open_it: Open, text: str, how: str) -> None:
    before, past = hands.project, steps(hands)
    open_it(hands)
    is_search = hands.canvas.quick_add is not None
    assert hands.canvas.popups.is_open
    leave(hands, how)
    assert not hands.canvas.popups.is_open
    assert hands.project is before
    assert hands.canvas.hasFocus()
    open_it(hands)
    hands.type(text)
    leave(hands, how)
    # a name and a text that were typed are kept by a click elsewhere, as in any form
    assert (hands.project is before) == (is_search or how == "Esc")
    if hands.project is not before:
        assert steps(hands) == past + 1
        assert hands.undo_is_one_step(before)
    open_it(hands)
    hands.type(text)
    hands.key_into(Key.Key_Return, CTRL if "note" in str(type(hands.canvas.popups.name_field)).lower() else NONE)
    assert hands.project is not before
    assert steps(hands) == past + 1
    assert hands.undo_is_one_step(before)


@pytest.mark.parametrize("how", ["Esc", "focus", "an edit from elsewhere"])
def test_a_layer_that_is_dragged_here_can_be_taken_away_again(hands: Hands, qtbot, how: str) -> None:
    where = hands.on_edge("b2_l1", "b2_l2")
    before = hands.project
    hands.hover_layer("ReLU", where)
    match how:
        case "Esc":  # which ends the drag itself; the drawing sees that it leaves
            QApplication.sendEvent(hands.canvas, QDragLeaveEvent())
        case "focus":
            hands.canvas.clearFocus()
        case _:
            hands.session.apply(lambda project: put(project, "ReLU", "new", 900, 600), "From elsewhere")
            before = hands.project
    assert hands.canvas.gesture is None
    assert hands.project is before
    hands.move(EMPTY)
    assert picture(hands, qtbot) == repainted(hands, qtbot)
    hands.drop_layer("ReLU", where)
    assert hands.project is not before
    assert hands.undo_is_one_step(before)


def test_space_is_let_go_with_the_focus(hands: Hands) -> None:
    """Its release goes elsewhere; the next press would pan."""
    QTest.keyPress(hands.canvas, Key.Key_Space)
    assert hands.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    hands.canvas.clearFocus()
    assert hands.canvas.cursor().shape() != Qt.CursorShape.OpenHandCursor
    before = hands.canvas.view
    hands.drag(EMPTY, EMPTY + QPoint(-40, 30))
    assert hands.canvas.view == before
