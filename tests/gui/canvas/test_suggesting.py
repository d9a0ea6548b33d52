"""The search offers first what fits, what usually stands there, and what this person adds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.catalog import neighbours
from studio.core.project import Project
from studio.gui.canvas.habits import Habits
from studio.gui.canvas.offers import Found
from studio.protocol import Answer
from tests.gui.canvas.drawing import FakeSession, chain, edge_between, node_named, shape_answer
from tests.gui.canvas.hands import ALT, SHIFT, Hands

Show = Callable[[Project], Hands]


def open_after(hands: Hands, name: str, *shape: int | None) -> None:
    """Say what leaves a layer, select it and press A."""
    if shape:
        hands.session.answer({node_named(hands.project, name).id: shape_answer(*shape)})
    hands.click(hands.node(name))
    hands.key(Qt.Key.Key_A)
    QApplication.processEvents()


def rows(hands: Hands) -> list[Found]:
    search = hands.canvas.quick_add
    assert search is not None
    return list(search.found)


def types(hands: Hands) -> list[str]:
    return [found.key for found in rows(hands)]


def row_of(hands: Hands, type: str) -> Found:
    return next(found for found in rows(hands) if found.key == type)


def say(hands: Hands, **answers: Answer) -> None:
    """Let the engine answer what was asked last."""
    session: FakeSession = hands.session
    calls = session.tried_calls[-1]
    told = tuple(answers.get(call.id, Answer(outputs=(((None, 7), "float32"),))) for call in calls)
    session.tried.emit(len(session.tried_calls), told)
    QApplication.processEvents()


def press(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


def test_what_usually_follows_comes_first(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Conv2D"))
    open_after(hands, "conv2d")
    usual = sorted(neighbours.following()["Conv2D"].items(), key=lambda pair: -pair[1])
    assert types(hands)[:3] == [type for type, _ in usual[:3]]
    hands.enter()
    assert edge_between(hands.project, "conv2d", hands.project.main.nodes[next(iter(hands.session.selection))].name)


def test_in_front_of_an_input_stands_what_usually_leads_there(hands_on: Show) -> None:
    hands = hands_on(chain("Conv2D", "MaxPooling2D"))
    before = hands.project
    hands.drag(hands.input("conv2d"), hands.node("conv2d") - hands.at(0, 140) + hands.at(0, 0))
    assert types(hands)[0] == max(neighbours.preceding()["Conv2D"].items(), key=lambda pair: pair[1])[0]
    press(Qt.Key.Key_Escape)
    assert hands.project is before


def test_what_cannot_fit_comes_last_at_once_and_can_still_be_added(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    open_after(hands, "dense", None, 10)
    order = types(hands)
    assert order.index("Dense") < order.index("Conv2D")
    assert all(found.is_refused for found in rows(hands)[order.index("Conv2D") :])
    assert "4 axes" in row_of(hands, "Conv2D").note
    hands.type("conv2d")
    assert types(hands)[0] == "Conv2D", "the name itself is meant, whether it fits or not"
    hands.enter()
    assert edge_between(hands.project, "dense", "conv2d")


def test_the_engine_refines_what_the_facts_say(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Conv2D"))
    open_after(hands, "conv2d", None, 2, 2, 8)
    highlighted = hands.canvas.quick_add.current.key
    asked = {call.id for call in hands.session.tried_calls[-1]}
    assert {"BatchNormalization", "Conv2D"} <= asked
    assert all(tensors == ((node_named(hands.project, "conv2d").id, 0),) * len(tensors)
               for call in hands.session.tried_calls[-1] for _, tensors in call.inputs if tensors)  # fmt: skip
    say(hands, Conv2D=Answer(problem="A kernel of 3 does not fit into a picture of 2."))
    assert row_of(hands, "BatchNormalization").shape == "(None, 7)"
    assert row_of(hands, "Conv2D").note == "A kernel of 3 does not fit into a picture of 2."
    order = types(hands)
    assert order.index("Conv2D") > order.index("Flatten")
    assert hands.canvas.quick_add.current.key == highlighted
    count = len(hands.session.tried_calls)
    say(hands)  # the next ones, which were asked about meanwhile
    while len(hands.session.tried_calls) > count:
        count = len(hands.session.tried_calls)
        say(hands)
    press(Qt.Key.Key_Escape)
    hands.key(Qt.Key.Key_A)
    QApplication.processEvents()
    assert len(hands.session.tried_calls) == count, "the same tensor again: all is known"
    assert row_of(hands, "Conv2D").is_refused


def test_an_answer_does_not_change_what_enter_takes(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    open_after(hands, "dense", None, 10)
    for _ in range(3):
        press(Qt.Key.Key_Down)
    wanted = rows(hands)[3].key
    refused = {type: Answer(problem="no") for type in types(hands)[:3]}
    say(hands, **refused)
    hands.enter()
    (new,) = hands.session.selection
    assert hands.project.main.nodes[new].type == wanted


def test_answers_after_the_search_is_closed_are_for_nobody(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    open_after(hands, "dense", None, 10)
    press(Qt.Key.Key_Escape)
    count = len(hands.session.tried_calls)
    say(hands)
    assert hands.canvas.quick_add is None
    assert len(hands.session.tried_calls) == count, "nothing more is asked"


def test_what_one_adds_oneself_is_offered_first(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    kept: list[str] = []
    hands.canvas.popups.suggesting.habits = Habits("", kept.append)
    for _ in range(3):
        open_after(hands, "dense")
        hands.type("gaussiandropout")
        hands.enter()
    assert json.loads(kept[-1]) == {"Dense": {"GaussianDropout": 3}}
    open_after(hands, "dense")
    assert types(hands)[0] == "GaussianDropout"
    press(Qt.Key.Key_Escape)
    hands.canvas.popups.suggesting.habits = Habits(kept[-1])  # as after a start of the program
    hands.key(Qt.Key.Key_A)
    assert types(hands)[0] == "GaussianDropout"
    hands.type("d")
    assert types(hands)[0] == "Dense", "a habit after Dense decides among names that begin alike"


def test_layers_from_the_palette_and_on_edges_count_too(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    habits = hands.canvas.popups.suggesting.habits = Habits()
    hands.drop_layer("AlphaDropout", hands.on_edge("input", "dense"))
    hands.drop_layer("Flatten", hands.at(900, 60), ALT)
    assert habits.after("Input", "AlphaDropout") > 0
    assert habits.after("", "Flatten") > 0
    assert len(habits) == 2


def test_inserting_on_an_edge_looks_at_what_arrives_there(hands_on: Show) -> None:
    hands = hands_on(chain("Conv2D", "Flatten"))
    hands.session.answer({node_named(hands.project, "conv2d").id: shape_answer(None, 8, 8, 4)})
    hands.click(hands.node("flatten"))
    hands.key(Qt.Key.Key_Insert)
    assert not row_of(hands, "MaxPooling2D").is_refused
    assert row_of(hands, "LSTM").is_refused


def test_without_a_port_the_list_is_the_palettes(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    hands.key(Qt.Key.Key_Escape)
    hands.key(Qt.Key.Key_A, SHIFT)
    assert types(hands) == [spec.type for spec in hands.session.catalog.search("")]
    assert not hands.session.tried_calls


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', '{"a": {"b": -1, "c": true, "d": "x"}}', '{"a": {"b": 1e9}}'])
def test_habits_that_cannot_be_read_begin_anew(text: str) -> None:
    habits = Habits(text)
    assert len(habits) == 0
    habits.note("Dense", "Dropout")
    assert habits.after("Dense", "Dropout") > 0


def test_old_habits_fade_and_can_be_forgotten() -> None:
    kept: list[str] = []
    habits = Habits("", kept.append)
    for _ in range(1990):
        habits.note("Dense", "Dropout")
    for _ in range(600):
        habits.note("Dense", "ReLU")
    assert len(habits) < 2000
    assert habits.after("Dense", "ReLU") > 0.3
    habits.forget()
    assert (len(habits), kept[-1]) == (0, "")


def test_the_same_tensor_of_another_catalog_is_asked_about_again(hands_on: Show) -> None:
    hands = hands_on(chain("Input", "Dense"))
    open_after(hands, "dense", None, 10)
    say(hands)
    press(Qt.Key.Key_Escape)
    hands.session.catalog = hands.session.catalog.with_own([replace(hands.session.catalog.layers["ReLU"])], [])
    count = len(hands.session.tried_calls)
    hands.key(Qt.Key.Key_A)
    QApplication.processEvents()
    assert len(hands.session.tried_calls) > count
