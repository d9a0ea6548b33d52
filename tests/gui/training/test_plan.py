"""The training plan: real keys and clicks, each change one step of undo, bad input marked and without effect."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio import data
from studio.core import edits
from tests.codegen.projects import draw
from tests.gui.training.conftest import Plan, undone

LEFT = Qt.MouseButton.LeftButton


def test_what_the_data_suggests_is_shown(plan: Plan) -> None:
    assert plan.judge.loss.currentText() == "automatic: BinaryCrossentropy"
    assert [item.fold.text() for item in plan.judge.metrics.items] == ["BinaryAccuracy"]
    assert plan.judge.are_automatic.isVisible()
    assert plan.panel.steps.optimizer.currentText() == "Adam"
    assert plan.panel.steps.learning_rate.text() == "0.001"
    assert [plan.panel.numbers[name].text() for name in ("epochs", "batch_size", "seed")] == ["20", "32", "0"]


@pytest.mark.parametrize("name", ["epochs", "batch_size", "seed"])
def test_typing_a_number_is_one_step(plan: Plan, name: str) -> None:
    before = plan.session.project
    field = plan.panel.numbers[name]
    old = field.text()
    plan.type(field, "137")
    assert getattr(plan.training, name) == 137
    assert isinstance(getattr(plan.training, name), int)
    undone(plan, before)
    assert field.text() == old


def test_typing_again_later_is_another_step(plan: Plan) -> None:
    before = plan.session.project
    plan.type(plan.panel.numbers["epochs"], "30")
    plan.qtbot.keyClick(plan.panel.numbers["epochs"], Qt.Key.Key_Tab)
    plan.type(plan.panel.numbers["epochs"], "40")
    undone(plan, before, steps=2)


@pytest.mark.parametrize(
    ("name", "text"),
    [("epochs", "abc"), ("epochs", "0"), ("epochs", "-3"), ("epochs", "2.5"), ("epochs", ""), ("batch_size", "0"),
     ("batch_size", "9" * 400), ("seed", "-1"), ("seed", "4294967296"), ("seed", "nan")],
)  # fmt: skip
def test_what_is_no_number_is_marked_and_changes_nothing(plan: Plan, name: str, text: str) -> None:
    plan.session.apply(lambda p: edits.set_training(p, replace(p.training, **{name: 5})), "five")
    before = plan.session.project
    field = plan.panel.numbers[name]
    plan.qtbot.mouseClick(field, LEFT)
    field.selectAll()
    if text and text[0].isdigit() and text != "0":
        QApplication.clipboard().setText(text)  # typed digit by digit it would be a number for a while
        plan.qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    else:
        plan.qtbot.keyClick(field, Qt.Key.Key_Delete)
        plan.qtbot.keyClicks(field, text)
    assert field.property("invalid") is True
    assert field.toolTip().startswith("A whole number of at least")
    assert plan.session.project is before
    plan.qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "5"
    assert field.property("invalid") is False
    assert not field.toolTip().startswith("A whole number")


def test_the_tool_tip_of_a_number_is_there_from_the_start(plan: Plan) -> None:
    assert "training rows" in plan.panel.numbers["epochs"].toolTip()
    assert "length of a step" in plan.panel.steps.learning_rate.toolTip()


def test_how_the_computer_does_it_is_folded_until_asked_for(plan: Plan) -> None:
    execution = plan.panel.execution
    assert not execution.compiling.isVisible()
    plan.click(execution.fold)
    before = plan.session.project
    plan.choose(execution.compiling, "never")
    assert plan.training.jit_compile is False
    plan.type(execution.steps, "16")
    plan.qtbot.keyClick(execution.steps, Qt.Key.Key_Tab)
    assert plan.training.steps_per_execution == 16
    plan.click(execution.eagerly)
    assert plan.training.run_eagerly is True
    undone(plan, before, steps=3)
    assert execution.compiling.currentData() == "auto"
    assert (execution.steps.text(), execution.eagerly.isChecked()) == ("1", False)


def test_the_precision_is_chosen_in_one_step(plan: Plan) -> None:
    execution = plan.panel.execution
    plan.click(execution.fold)
    before = plan.session.project
    plan.choose(execution.policy, "mixed_float16: for graphics cards")
    assert plan.training.dtype_policy == "mixed_float16"
    undone(plan, before)
    assert execution.policy.currentData() == "float32"


def test_several_inputs_go_in_by_name_or_in_order_in_one_step(plan: Plan) -> None:
    choice = plan.panel.execution.inputs
    plan.click(plan.panel.execution.fold)
    assert not choice.isEnabled()
    assert "with a second one there is a choice" in choice.toolTip()
    plan.session.apply(lambda p: edits.add_node(p, "Input"), "second")
    assert choice.isEnabled()
    assert "in this order: cells, input." in choice.toolTip()
    second = next(node.id for node in plan.session.graph.nodes.values() if node.name == "input")
    plan.session.apply(lambda p: edits.move_end(p, second, 0), "order")
    assert "in this order: input, cells." in choice.toolTip()
    plan.session.undo()
    before = plan.session.project
    plan.choose(choice, "list, in order")
    assert plan.training.are_inputs_listed is True
    assert plan.steps == 2
    plan.session.undo()
    assert plan.session.project is before
    assert choice.currentText() == "dictionary, by name"


def test_where_the_script_runs_is_chosen_in_one_step(plan: Plan) -> None:
    choice = plan.panel.execution.runs_on
    plan.click(plan.panel.execution.fold)
    assert "always trains on one device" in choice.note.text()
    before = plan.session.project
    plan.choose(choice.field, "one computer, all devices")
    assert plan.training.runs_on == "host"
    assert "MirroredStrategy" in choice.note.text()
    undone(plan, before)
    assert choice.field.currentData() == "device"


def test_where_the_script_cannot_run_says_why(plan: Plan) -> None:
    choice = plan.panel.execution.runs_on
    plan.session.apply(lambda p: edits.set_training(p, replace(p.training, steps_per_execution=4)), "four")
    offered = {choice.field.itemText(index): index for index in range(choice.field.count())}
    disabled = {words for words, index in offered.items() if not choice.field.model().item(index).isEnabled()}
    assert "one computer, all devices: not for this network" in disabled
    assert "JAX, all devices" in offered.keys() - disabled
    never = {
        "parameter servers: Keras 3 does not train with them",
        "central storage: the loss is nan from the first epoch on",
        "keras.distribution with TensorFlow: does nothing there",
    }
    assert never < disabled
    for words in disabled:
        assert len(choice.field.itemData(offered[words], Qt.ItemDataRole.ToolTipRole)) > 30
    # Keys pass over what is disabled in a list, so the note below says it, too: once for all that have one reason.
    first, *more = choice.note.text().split("\n")
    assert "always trains on one device" in first
    assert [line.partition(": ")[0] for line in more] == [
        "one computer, all devices; several computers; several computers, by Ray"
    ]
    assert "set Batches at once to 1" in more[0]
    plan.session.apply(lambda p: edits.set_training(p, replace(p.training, runs_on="host")), "from a file")
    first, *more = choice.note.text().split("\n")
    assert "set Batches at once to 1" in first
    assert [line.partition(": ")[0] for line in more] == ["several computers; several computers, by Ray"]


def test_the_fold_is_open_where_something_in_it_is_set(plan: Plan) -> None:
    assert not plan.panel.execution.steps.isVisible()
    plan.session.apply(lambda p: edits.set_training(p, replace(p.training, steps_per_execution=4)), "four")
    assert plan.panel.execution.steps.isVisible()
    assert plan.panel.execution.steps.text() == "4"


def test_class_weights_are_balanced_or_typed_for_each_class(plan: Plan) -> None:
    weights = plan.panel.weights
    before = plan.session.project
    assert weights.kind.isVisible()
    plan.choose(weights.kind, "balanced: rare ones more")
    assert plan.training.class_weights == "balanced"
    assert "half as many rows, twice the weight" in weights.note.text()
    plan.choose(weights.kind, "typed for each class")
    assert plan.training.class_weights == (1.0, 1.0)
    plan.type(weights.numbers[1], "2.5")
    assert plan.training.class_weights == (1.0, 2.5)
    plan.type(weights.numbers[0], "-1")
    assert weights.numbers[0].property("invalid") is True
    assert plan.training.class_weights == (1.0, 2.5)
    undone(plan, before, steps=3)
    assert not weights.numbers


def test_a_column_weighs_the_rows_and_others_say_why_they_cannot(plan: Plan) -> None:
    rows = plan.panel.sample_weights
    before = plan.session.project
    model = rows.column.model()
    places = {rows.column.itemText(place): place for place in range(rows.column.count())}
    reason = rows.column.itemData(places["diagnosis"], Qt.ItemDataRole.ToolTipRole)
    assert "diagnosis holds classes; a weight is a number." in reason
    assert not model.flags(model.index(places["diagnosis"], 0)) & Qt.ItemFlag.ItemIsEnabled
    plan.choose(rows.column, "mean_area")
    assert plan.session.project.data.sample_weights == "mean_area"
    assert "mean_area" not in plan.session.project.data.features
    kinds = plan.panel.weights.kind
    balanced = kinds.model().index(kinds.findText("balanced: rare ones more"), 0)
    assert not kinds.model().flags(balanced) & Qt.ItemFlag.ItemIsEnabled
    assert "not both at once" in balanced.data(Qt.ItemDataRole.ToolTipRole)
    undone(plan, before)
    assert rows.column.currentText() == "off: each row the same"


def test_weights_of_rows_that_have_to_go_say_so(plan: Plan) -> None:
    rows = plan.panel.sample_weights
    assert not rows.note.isVisible()
    plan.session.apply(lambda p: replace(p, data=replace(p.data, sample_weights="no such\ncolumn")), "hand-made")
    assert rows.note.text() == "The data has no column no such\ncolumn any more."
    assert rows.column.currentText() == "no such column"
    plan.choose(rows.column, "off: each row the same")
    assert plan.session.project.data.sample_weights is None


def test_class_weights_that_cannot_be_say_why_and_go(plan: Plan) -> None:
    project = draw("Numbers", "x:Input -> a:Dense(units=1) -> y:Output")
    project = edits.set_data(project, data.choose("bundled", "sunspots"))
    plan.session.apply(lambda _: project, "other")
    assert not plan.panel.weights.isVisible()
    plan.session.apply(lambda p: edits.set_training(p, replace(p.training, class_weights="balanced")), "balanced")
    assert plan.panel.weights.note.text() == "y is compared with numbers, which have no classes."
    plan.choose(plan.panel.weights.kind, "off: each row the same")
    assert plan.training.class_weights is None
    assert not plan.panel.weights.isVisible()


def test_a_new_seed_with_one_click(plan: Plan) -> None:
    before = plan.session.project
    plan.click(plan.panel.new_seed_button)
    assert plan.training.seed == 4711
    assert plan.panel.numbers["seed"].text() == "4711"
    plan.click(plan.panel.new_seed_button)
    assert plan.training.seed == 4712
    undone(plan, before, steps=2)


def test_the_keyboard_goes_from_top_to_bottom(plan: Plan) -> None:
    panel = plan.panel
    panel.activateWindow()
    wanted = [
        plan.judge.loss, plan.judge.settings.fold, plan.judge.metrics.adding, plan.judge.metrics.items[0].fold,
        plan.judge.metrics.items[0].remove, plan.judge.weighted.adding, panel.weights.kind, panel.sample_weights.column,
        panel.steps.optimizer,
        panel.steps.learning_rate, panel.steps.schedule, panel.steps.settings.fold,
        panel.numbers["epochs"], panel.numbers["batch_size"], panel.numbers["seed"],
        panel.new_seed_button, panel.start.file_button,
        *(watcher.switch for watcher in panel.watchers.watchers.values()),
        panel.watchers.others.adding, panel.execution.fold,
    ]  # fmt: skip
    wanted[0].setFocus()
    visited = []
    for _ in wanted:
        visited.append(QApplication.focusWidget())
        plan.qtbot.keyClick(visited[-1], Qt.Key.Key_Tab)
    assert visited == wanted


def test_names_of_outputs_are_never_markup(plan: Plan) -> None:
    (output,) = plan.panel.judges
    plan.session.apply(lambda project: edits.rename(project, output, "b_out"), "Rename")
    assert plan.judge.loss.accessibleName() == "Loss of b_out"


def test_undo_reaches_a_field_that_has_the_focus(plan: Plan) -> None:
    field = plan.panel.numbers["epochs"]
    plan.type(field, "50")
    assert field.hasFocus()
    plan.session.undo()
    assert field.text() == "20"


def test_the_panel_fits_into_400_pixels(plan: Plan) -> None:
    plan.click(plan.panel.steps.settings.fold)
    plan.click(plan.panel.watchers.watchers["EarlyStopping"].switch)
    assert plan.panel.width() == 400
    assert plan.panel.minimumSizeHint().width() <= 400
    for widget in (
        plan.judge.loss,
        plan.judge.metrics.adding,
        plan.panel.numbers["epochs"],
        plan.panel.new_seed_button,
    ):
        assert 28 <= widget.height() <= 30
        assert widget.mapTo(plan.panel, widget.rect().topRight()).x() <= 384
