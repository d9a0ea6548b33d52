"""The pages of the inspector: what stands around a form, and several nodes, outputs or the project as a whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio.catalog.values import KerasObject
from studio.core import edits, rules
from studio.core.problem import Problem
from studio.core.project import OutputPlan
from studio.gui import theme
from studio.gui.panels.inspector import project_page
from tests.gui.panels.conftest import Answer
from tests.gui.panels.inspecting import field, make, params, row, type_over

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


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
    kept = {"units": 12, "mode": "soft", "start": KerasObject("Ones")}
    session.apply(lambda project: edits.add_node(project, "FutureLayer", params=kept, name="future"), "Add")
    node = next(node.id for node in session.graph.nodes.values() if node.type == "FutureLayer")
    panel = make(qtbot, session, node)
    assert "FutureLayer" in panel.node_page.head.kind.text()
    assert not panel.node_page.form.isVisible()
    assert panel.node_page.kept.text() == 'mode = "soft"\nstart = Ones\nunits = 12'
    assert panel.node_page.kept.isVisible()
    session.set_selection({"n2"})
    assert not panel.node_page.kept.isVisible()


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


def test_a_block_is_applied_to_every_time_step_by_a_click(qtbot, session) -> None:
    session.apply(lambda project: edits.make_block(project, session.catalog, ["n2"], "part"), "block")
    use = next(key for key, each in session.graph.nodes.items() if each.type == "block")
    panel = make(qtbot, session, "n1")
    part = panel.node_page.steps_part
    assert not part.isVisible()
    session.set_selection([use])
    assert part.isVisible()
    assert not part.switch.isChecked()
    assert part.switch.toolTip().startswith("TimeDistributed: the block sees one step of a sequence after the other")
    before = session.project
    QTest.mouseClick(part.switch, Qt.MouseButton.LeftButton, pos=QPoint(8, part.switch.height() // 2))
    assert session.graph.nodes[use].is_time_distributed
    assert part.switch.isChecked()
    assert panel.node_page.head.kind.text() == "TimeDistributed of the block part"
    session.answer(**{
        "n1": Answer(outputs=(((None, 5, 10), "float32"),)),
        use: Answer(outputs=(((None, 5, 7), "float32"),)),
        f"{use}/n2": Answer(outputs=(((None, 7), "float32"),), parameters=77, trainable_parameters=77),
    })  # fmt: skip
    assert panel.node_page.weights.text() == "77 weights"
    assert panel.node_page.flow.text() == "(None, 5, 10) → (None, 5, 7)  float32"
    session.undo()
    assert session.project is before
    assert not part.switch.isChecked()


def test_the_switch_says_why_a_block_of_two_inputs_has_no_time_steps(qtbot, session) -> None:
    session.apply(lambda project: edits.make_block(project, session.catalog, ["n2"], "part"), "block")
    use = next(each for each in session.graph.nodes.values() if each.type == "block")
    session.apply(lambda project: edits.add_node(project, "Input", graph=use.block or ""), "another")
    part = make(qtbot, session, use.id).node_page.steps_part
    assert not part.switch.isEnabled()
    assert part.switch.toolTip().endswith("part, which part uses, has 2 Inputs and 1 Output.")
    session.apply(lambda project: edits.set_time_distributed(project, [use.id], True), "so it came in")
    assert part.switch.isEnabled()
