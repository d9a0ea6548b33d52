from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from studio.catalog.values import KerasObject
from studio.core import edits, rules
from studio.core.problem import Problem
from studio.core.project import OutputPlan
from studio.gui import theme
from studio.gui.panels.inspector import InspectorPanel, project_page
from tests.gui.panels.conftest import Answer

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def make(qtbot, session, *chosen: str) -> InspectorPanel:
    panel = InspectorPanel(session)
    qtbot.addWidget(panel)
    panel.resize(336, 700)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)  # only the active window has a focus to lose
    session.set_selection(chosen)
    return panel


def row(panel, name: str):
    found = panel.node_page.form.row(name)
    assert found is not None
    return found


def field(panel, name: str) -> QWidget:
    return row(panel, name).editor.field


def type_over(widget: QLineEdit, text: str) -> None:
    widget.setFocus()
    widget.selectAll()
    if text:
        QTest.keyClicks(widget, text)
    else:
        QTest.keyClick(widget, Qt.Key.Key_Delete)


def choose(panel, name: str, text: str) -> None:
    combo = field(panel, name)
    number = combo.findText(text)
    assert number >= 0
    combo.setCurrentIndex(number)
    combo.activated.emit(number)


def params(session, node: str) -> dict:
    return dict(session.graph.nodes[node].params)


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


def test_renaming_checks_as_you_type(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    head = panel.node_page.head
    type_over(head.field, "hidden_")
    QTest.keyClicks(head.field, "2")
    assert session.graph.nodes["n2"].name == "hidden_"
    assert "hidden_2" in head.message.text()
    QTest.keyClicks(head.field, "b")
    assert session.graph.nodes["n2"].name == "hidden_2b"
    assert not head.message.isVisible()
    session.undo()
    assert session.graph.nodes["n2"].name == "hidden"
    assert head.field.text() == "hidden"


def test_no_number_is_told_before_the_engine_has_spoken(qtbot, session) -> None:
    page = make(qtbot, session).project_page
    assert not page.weights.isVisible()
    session.answer(n2=Answer(outputs=(((None, 10), "float32"),), parameters=110, trainable_parameters=110))
    assert page.weights.isVisible()
    assert page.weights.text() == "110 weights"


def test_facts_of_the_engine(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    session.answer(
        n1=Answer(outputs=(((None, 10), "float32"),)),
        n2=Answer(outputs=(((None, 10), "float32"),), parameters=110, trainable_parameters=110),
    )
    page = panel.node_page
    assert page.weights.text() == "110 weights"
    assert page.sum.text() == "10 × 10 + 10"
    assert page.flow.text() == "(None, 10) → (None, 10)  float32"
    session.answer(n2=Answer(outputs=(((None, 10), "float32"),), parameters=999, trainable_parameters=999))
    assert page.sum.text() == ""
    session.answer(n2=Answer(blocked_by=("n1",)))
    assert "data" in page.flow.text()


def test_problem_card_with_details_and_fix(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    session.tell(Problem("shape", "<b>hidden</b> does not fit.", node="n2", details="ValueError: x"))
    card = panel.node_page.problems.cards[0]
    assert card.isVisible()
    assert not card.details.isVisible()
    QTest.mouseClick(card.details_button, Qt.MouseButton.LeftButton)
    assert card.details.isVisible()
    session.tell()
    assert panel.node_page.problems.cards == []


def test_a_fix_on_the_card_mends(qtbot, session) -> None:
    session.apply(lambda project: edits.delete(project, session.catalog, ["n4"]), "Delete answer")
    found = [problem for problem in rules.problems(session.project, session.catalog) if problem.node == "n3"]
    panel = make(qtbot, session, "n3")
    session.tell(*found)
    buttons = [button for card in panel.node_page.problems.cards for button in card.fix_buttons]
    assert buttons
    before = session.project
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert session.project is not before


def test_note(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    QTest.keyClicks(panel.node_page.note, "why so wide")
    assert session.graph.nodes["n2"].note == "why so wide"
    session.undo()
    assert session.graph.nodes["n2"].note == ""
    assert panel.node_page.note.toPlainText() == ""


def test_several_nodes_of_one_type_are_changed_in_one_step(qtbot, session) -> None:
    panel = make(qtbot, session, "n2", "n3")
    before = session.project
    units = panel.several_page.form.row("units").editor.field
    assert units.text() == ""
    assert units.placeholderText() == "several values"
    type_over(units, "12")
    assert [params(session, node)["units"] for node in ("n2", "n3")] == [12, 12]
    assert params(session, "n2")["activation"] == "relu"
    session.undo()
    assert session.project is before
    type_over(units, "3")
    QTest.keyClicks(units, ".5")
    assert session.project is before, "each has its own value again"
    assert (units.text(), session.document.can_undo) == ("3.5", False)
    session.set_selection({"n1", "n2"})
    assert panel.several_page.form is None
    assert "2" in panel.several_page.title.text()


def test_nothing_selected_shows_the_project(qtbot, session) -> None:
    panel = make(qtbot, session)
    page = panel.project_page
    type_over(page.head.field, "my net")
    assert session.project.title == "my net"
    QTest.mouseClick(page.right, Qt.MouseButton.LeftButton)
    assert session.project.direction == "right"
    session.undo()
    assert page.down.isChecked()
    session.undo()
    assert page.head.field.text() == "two_branches"
    type_over(page.head.field, "")
    assert session.project.title == "two_branches"
    assert page.head.message.isVisible()


def test_output_shows_and_changes_loss_and_metrics(qtbot, session) -> None:
    panel = make(qtbot, session, "n4")
    part = panel.node_page.output_part
    assert part.isVisible()
    assert part.loss_name.text() == "MeanSquaredError"
    number = part.loss.findText("Huber")
    part.loss.activated.emit(number)
    assert session.project.training.outputs["n4"].loss.type == "Huber"
    assert part.loss.currentText() == "Huber"
    type_over(part.loss_form.row("delta").editor.field, "2")
    assert session.project.training.outputs["n4"].loss == KerasObject("Huber", {"delta": 2.0})
    part.loss.activated.emit(0)
    assert part.loss_name.isVisible()
    part.menu.aboutToShow.emit()
    wanted = next(action for action in part.menu.actions() if action.text() == "RootMeanSquaredError")
    wanted.trigger()
    chosen = session.project.training.outputs["n4"].metrics
    assert [metric.type for metric in chosen] == ["MeanAbsoluteError", "RootMeanSquaredError"]


def test_a_loss_that_nobody_knows_is_still_shown(qtbot, session) -> None:
    panel = make(qtbot, session, "n4")
    plan = OutputPlan(loss=KerasObject("LossOfTomorrow"))
    session.apply(lambda project: edits.set_output_plan(project, "n4", plan), "tomorrow")
    assert panel.node_page.output_part.loss.currentText() == "LossOfTomorrow"


def test_an_unknown_layer_has_a_page_without_a_form(qtbot, session) -> None:
    session.apply(lambda project: edits.add_node(project, "FutureLayer", x=0, y=0, name="future"), "Add")
    node = next(node.id for node in session.graph.nodes.values() if node.type == "FutureLayer")
    panel = make(qtbot, session, node)
    assert "FutureLayer" in panel.node_page.head.kind.text()
    assert not panel.node_page.form.isVisible()


def test_going_to_and_fro_reuses_the_form(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    form = panel.node_page.form
    session.set_selection({"n1"})
    session.set_selection({"n3"})
    assert panel.node_page.form is form
    assert field(panel, "units").text() == "3"


def test_refused_text_does_not_follow_to_another_node(qtbot, session) -> None:
    panel = make(qtbot, session, "n2")
    type_over(field(panel, "units"), "x")
    session.set_selection({"n3"})
    assert field(panel, "units").text() == "3"
    assert not row(panel, "units").message.isVisible()
    type_over(panel.node_page.head.field, "")
    session.set_selection({"n2"})
    assert panel.node_page.head.field.text() == "hidden"


def test_the_theme_changes_while_a_page_is_open(qtbot, session, qapp) -> None:
    panel = make(qtbot, session, "n2")
    session.tell(Problem("shape", "hidden does not fit.", node="n2"))
    theme.apply(qapp, "dark")
    theme.apply(qapp, "light")
    assert len(panel.node_page.problems.cards) == 1


def test_the_memory_of_a_large_network_is_told_when_its_answers_have_come(qtbot, session, monkeypatch) -> None:
    monkeypatch.setattr(project_page, "AT_ONCE_ANSWERS", 1)
    panel = make(qtbot, session)
    page = panel.project_page
    session.answer(
        n1=Answer(outputs=(((None, 10), "float32"),)),
        n2=Answer(outputs=(((None, 10), "float32"),), parameters=110, trainable_parameters=110),
    )
    assert page.memory.text() == ""
    qtbot.waitUntil(lambda: page.memory.text().startswith("440 B of weights"))


def test_two_fixes_do_not_widen_the_page(qtbot, session) -> None:
    """They have names of layers in them; side by side they pushed every field out of the panel."""
    panel = make(qtbot, session, "n2")
    narrow = panel.node_page.minimumSizeHint().width()
    session.apply(lambda project: edits.disconnect(project, ["e6"]), "Cut")
    session.tell(*(each for each in rules.problems(session.project, session.catalog) if each.node == "n2"))
    (card, *_) = panel.node_page.problems.cards
    assert len(card.fix_buttons) > 1
    assert panel.node_page.minimumSizeHint().width() <= max(narrow, 336 - 40)


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
