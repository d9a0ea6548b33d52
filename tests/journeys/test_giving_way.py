"""A value with which Keras cannot make a layer gives way in the form; what is wrong with the shapes stays and marks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from studio.core import edits
from studio.gui.panels.inspector.row import ParameterRow
from studio.gui.window import MainWindow
from tests.journeys.hands import Person
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node, node_id

pytestmark = [pytest.mark.keras, pytest.mark.journey]


def begin(qtbot, window: MainWindow, text: str, name: str) -> Person:
    window.session.load(graph(text), None, is_saved=True)
    window.workspaces.show("design")
    window.session.set_selection([node_id(window.session.project, name)])
    qtbot.waitUntil(lambda: window.session.engine_state == "ready" and not window.session.is_judging, timeout=60_000)
    return Person(qtbot, window)


def row(window: MainWindow, name: str) -> ParameterRow:
    found = window.inspector.node_page.form.row(name)
    assert found is not None
    return found


def test_what_no_layer_can_be_made_with_gives_way(qtbot, window: MainWindow) -> None:
    person = begin(
        qtbot, window, "x:Input(shape=(8, 8, 3)) -> c:Conv2D(filters=8, kernel_size=3) -> y:Output; other:Conv2D", "c"
    )
    session = window.session
    before, steps = session.project, len(session.document.history.past)
    field = row(window, "groups").editor.field
    assert isinstance(field, QLineEdit)
    person.set_parameter("groups", "3")
    qtbot.waitUntil(lambda: session.project is before)
    message = row(window, "groups").message
    assert message.isVisible()
    assert "groups" in message.text()
    assert (field.text(), field.property("invalid")) == ("3", True)
    assert len(session.document.history.past) == steps
    assert not session.document.can_redo
    key = node_id(session.project, "c")
    qtbot.waitUntil(lambda: not session.is_judging and not session.problems_of(key))
    # A better text mends it, and typing goes on from the last good value.
    field.selectAll()
    QTest.keyClicks(field, "1")
    assert message.isHidden()
    # Another layer does not show what was said of this one; one without an input is refused as well.
    person.set_parameter("groups", "3")
    qtbot.waitUntil(message.isVisible)
    session.set_selection([node_id(session.project, "other")])
    assert row(window, "groups").message.isHidden()
    assert row(window, "groups").editor.field.text() == "1"
    before = session.project
    person.set_parameter("groups", "5")
    qtbot.waitUntil(lambda: session.project is before)
    assert row(window, "groups").message.isVisible()
    QTest.keyClick(row(window, "groups").editor.field, Qt.Key.Key_Escape)
    assert row(window, "groups").editor.field.text() == "1"


def test_a_choice_that_is_refused_shows_the_one_before(qtbot, window: MainWindow) -> None:
    person = begin(
        qtbot, window,
        "x:Input(shape=(), dtype='string') -> t:TextVectorization(output_sequence_length=5) -> y:Output", "t",
    )  # fmt: skip
    session, before = window.session, window.session.project
    field = row(window, "output_mode").editor.field
    assert isinstance(field, QComboBox)
    shown = field.currentText()
    other = next(field.itemText(number) for number in range(field.count()) if "multi" in field.itemText(number))
    person.set_parameter("output_mode", other)
    qtbot.waitUntil(lambda: session.project is before)
    assert field.currentText() == shown
    assert row(window, "output_mode").message.isVisible()


def test_what_does_not_fit_the_shapes_stays_and_marks_the_node(qtbot, window: MainWindow) -> None:
    person = begin(qtbot, window, "x:Input(shape=(8, 8, 3)) -> c:Conv2D(filters=8, kernel_size=3) -> y:Output", "c")
    session = window.session
    person.set_parameter("kernel_size", "9")
    key = node_id(session.project, "c")
    qtbot.waitUntil(lambda: not session.is_judging and bool(session.problems_of(key)))
    assert node(session.project, "c").params["kernel_size"] == 9
    assert row(window, "kernel_size").message.isHidden()
    session.undo()
    qtbot.waitUntil(lambda: not session.is_judging and not session.problems_of(key))


def test_what_was_refused_before_is_not_blamed_on_the_next_change(qtbot, window: MainWindow) -> None:
    person = begin(
        qtbot, window, "x:Input(shape=(8, 8, 3)) -> c:Conv2D(filters=8, kernel_size=3, groups=3) -> y:Output", "c"
    )
    session, key = window.session, node_id(window.session.project, "c")
    qtbot.waitUntil(lambda: bool(session.problems_of(key)))
    person.set_parameter("kernel_size", "5")
    qtbot.waitUntil(lambda: not session.is_judging)
    assert node(session.project, "c").params["kernel_size"] == 5
    person.set_parameter("groups", "1")
    qtbot.waitUntil(lambda: not session.is_judging and not session.problems_of(key))


def test_what_no_layer_inside_a_block_can_be_made_with_gives_way_at_its_use(qtbot, window: MainWindow) -> None:
    person = begin(qtbot, window, "x:Input(shape=(8, 8, 3)) -> c:Conv2D(filters=8, kernel_size=3) -> y:Output", "c")
    session = window.session
    made = edits.make_block(session.project, CATALOG, [node_id(session.project, "c")], "tower")
    (block,) = made.blocks
    made = edits.promote(made, CATALOG, node_id(made, "c", block), "groups", graph=block)
    session.load(made, None, is_saved=True)
    session.set_selection([node_id(made, "tower")])
    qtbot.waitUntil(lambda: not session.is_judging)
    before = session.project
    person.set_parameter("groups", "3")
    qtbot.waitUntil(lambda: session.project is before)
    message = row(window, "groups").message
    assert message.isVisible()
    assert message.text().startswith("tower/c: ")
    assert not session.document.can_undo
    person.set_parameter("groups", "1")
    qtbot.waitUntil(lambda: not session.is_judging)
    assert message.isHidden()
