"""The form of a node in the inspector: typing, choosing, what is no value, and taking it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.catalog.values import KerasObject
from studio.core import edits
from tests.gui.panels.conftest import Answer
from tests.gui.panels.inspecting import choose, field, make, params, row, type_over

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_typing_changes_the_node_as_one_step(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    before = session.project
    type_over(field(panel, "units"), "64")
    assert params(session, "n2")["units"] == 64
    session.undo()
    assert session.project is before
    assert field(panel, "units").text() == "10"
    session.redo()
    assert field(panel, "units").text() == "64"


def test_leaving_the_field_begins_another_step(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    type_over(field(panel, "units"), "64")
    panel.node_page.head.field.setFocus()
    type_over(field(panel, "units"), "7")
    session.undo()
    assert params(session, "n2")["units"] == 64


def test_a_text_that_is_no_value_is_explained_and_kept(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    before = session.project
    units = field(panel, "units")
    type_over(units, "-")
    QTest.keyClicks(units, "3")
    assert session.project is before
    assert "Units" in row(panel, "units").message.text()
    assert row(panel, "units").message.isVisible()
    session.apply(lambda project: edits.set_note(project, "n2", "meanwhile"), "Note")
    session.answer(n2=Answer())
    assert units.text() == "-3"
    assert units.hasFocus() or QApplication.focusWidget() is None
    QTest.keyClick(units, Qt.Key.Key_Escape)
    assert units.text() == "10"
    assert not row(panel, "units").message.isVisible()


def test_what_was_good_on_the_way_to_a_bad_text_is_taken_back(qtbot, session) -> None:
    """The 3 of "3.5" was never meant: the value from before typing stays, and there is nothing to undo."""
    panel = make(qtbot, session, "n2")
    units, before = field(panel, "units"), session.project
    type_over(units, "3")
    assert params(session, "n2")["units"] == 3
    QTest.keyClicks(units, ".5")
    assert session.project is before
    assert units.text() == "3.5"
    assert row(panel, "units").message.isVisible()
    assert not session.document.can_undo
    QTest.keyClick(units, Qt.Key.Key_Escape)
    assert units.text() == str(params(session, "n2").get("units"))
    type_over(units, "7")
    QTest.keyClick(units, Qt.Key.Key_Return)  # This one was meant.
    QTest.keyClicks(units, "x")
    assert params(session, "n2")["units"] == 7


def test_two_lines_have_something_between_them(qtbot, session) -> None:
    """An Output inside of a block is name and shapes; a use of a block has a switch above these."""
    panel = make(qtbot, session, "n2")
    session.answer(n2=Answer(outputs=(((None, 7), "float32"),), parameters=5))
    assert not panel.node_page._lower_line.isHidden()
    session.apply(lambda project: edits.make_block(project, session.catalog, ["n2"], "part"), "Make a block")
    use = next(found for found in session.project.main.nodes.values() if found.block)
    inner = session.project.blocks[use.block or ""].graph.nodes
    session.answer(**{f"{use.id}/{id}": Answer(outputs=(((None, 7), "float32"),), parameters=5) for id in inner})
    session.set_selection([use.id])
    assert panel.node_page.flow.text()
    assert not panel.node_page._lower_line.isHidden()
    session.graph_key, session.use = use.block, (use.id,)
    session.set_selection([next(id for id, each in inner.items() if each.type == "Output")])
    assert panel.node_page.flow.text()
    assert panel.node_page._lower_line.isHidden()


def test_the_cursor_stays_while_the_project_answers(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    units = field(panel, "units")
    units.setFocus()
    units.setCursorPosition(1)
    QTest.keyClicks(units, "5")
    assert params(session, "n2")["units"] == 150
    assert units.cursorPosition() == 2
    assert panel.node_page.form.row("units").editor.field is units


def test_ctrl_z_is_left_to_the_window(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    units = field(panel, "units")
    type_over(units, "64")
    QTest.keyClick(units, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert units.text() == "64"


def test_choices(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    choose(panel, "activation", "tanh")
    assert params(session, "n2")["activation"] == "tanh"
    choose(panel, "activation", "none")
    assert "activation" not in params(session, "n2")
    choose(panel, "use_bias", "no")
    assert params(session, "n2")["use_bias"] is False
    choose(panel, "use_bias", "yes")
    assert "use_bias" not in params(session, "n2")


def test_the_dot_tells_what_was_changed_and_takes_it_back(qtbot, session) -> None:
    panel = make(qtbot, session, "n3")
    assert row(panel, "units").dot.isEnabled()
    assert not row(panel, "activation").dot.isEnabled()
    choose(panel, "activation", "relu")
    dot = row(panel, "activation").dot
    assert dot.isEnabled()
    QTest.mouseClick(dot, Qt.MouseButton.LeftButton)
    assert params(session, "n3") == {"units": 3}
    assert not dot.isEnabled()
    assert field(panel, "activation").currentText() == "none"


def test_a_required_parameter_goes_back_to_what_a_new_node_has(qtbot, session) -> None:
    panel = make(qtbot, session, "n3")
    initial = session.catalog.layer("Dense").parameter("units").initial
    if initial is None:
        pytest.skip("no word on a first value yet")
    QTest.mouseClick(row(panel, "units").dot, Qt.MouseButton.LeftButton)
    assert params(session, "n3")["units"] == initial


def test_an_object_with_parameters_of_its_own(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    choose(panel, "kernel_regularizer", "L2")
    chosen = params(session, "n2")["kernel_regularizer"]
    assert isinstance(chosen, KerasObject)
    assert chosen.type == "L2"
    nested = row(panel, "kernel_regularizer")._nested
    strength = nested.row("l2").editor.field
    type_over(strength, "0.5")
    assert params(session, "n2")["kernel_regularizer"] == KerasObject("L2", {"l2": 0.5})
    type_over(strength, "much")
    assert params(session, "n2")["kernel_regularizer"] == KerasObject("L2", {"l2": 0.5})
    assert nested.row("l2").message.isVisible()
    choose(panel, "kernel_regularizer", "none")
    assert "kernel_regularizer" not in params(session, "n2")
    assert not nested.isVisible()


def test_the_default_object_is_not_stored(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    choose(panel, "kernel_initializer", "HeNormal")
    assert "kernel_initializer" in params(session, "n2")
    choose(panel, "kernel_initializer", "GlorotUniform")
    assert "kernel_initializer" not in params(session, "n2")


def test_every_layer_of_keras_has_a_form_that_shows_all_its_defaults(qtbot, session) -> None:
    for number, type_name in enumerate(sorted(session.catalog.layers)):
        session.apply(
            lambda project, n=number, t=type_name: edits.add_node(
                project, t, x=0, y=0, name=f"node_{n}", params=session.catalog.initial_params(t)
            ),
            "Add",
        )
    panel = make(qtbot, session)
    before = session.project
    for node in before.main.nodes.values():
        session.set_selection({node.id})
        form = panel.node_page.form
        for parameter in form.parameters:
            found = form.row(parameter.name)
            assert found is not None
            assert not found.message.text()
    assert session.project is before


def test_the_hint_of_the_field_in_use_stands_at_the_edge_and_moves_no_row(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    panel.activateWindow()
    units = panel.node_page.form.row("units")
    assert not panel.hint.isVisible()
    activation = panel.node_page.form.row("activation").editor.field
    qtbot.mouseClick(units.editor.field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.hint.isVisible)
    panel.grab()  # so that all is where it stays
    place = units.mapTo(panel, units.rect().topLeft())
    activation.setFocus()
    qtbot.mouseClick(units.editor.field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.hint.isVisible)
    assert panel.hint.text.text() == "units: How many outputs the layer has."
    assert units.mapTo(panel, units.rect().topLeft()) == place
    activation.setFocus()
    assert panel.hint.text.text().startswith("activation: The function that bends")
    panel.node_page.note.setFocus()
    assert not panel.hint.isVisible()
