"""The training plan: real keys and clicks, each change one step of undo, bad input marked and without effect."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio import data
from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.core import edits
from tests.codegen.projects import draw
from tests.gui.training.conftest import Plan, undone
from tests.support.catalog import CATALOG

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
    assert "one computer, all devices" in disabled
    assert "JAX, all devices" not in disabled
    assert {words for words in offered if "not offered" in words} < disabled
    for words in disabled:
        assert len(choice.field.itemData(offered[words], Qt.ItemDataRole.ToolTipRole)) > 30
    plan.session.apply(lambda p: edits.set_training(p, replace(p.training, runs_on="host")), "from a file")
    assert "set Batches at once to 1" in choice.note.text()


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


def test_the_learning_rate_belongs_to_the_optimizer(plan: Plan) -> None:
    before = plan.session.project
    plan.type(plan.panel.steps.learning_rate, "0,05")
    assert plan.training.optimizer == KerasObject("Adam", {"learning_rate": 0.05})
    undone(plan, before)
    plan.type(plan.panel.steps.learning_rate, "0.05")
    plan.type(plan.panel.steps.learning_rate, "0.001")
    assert plan.training.optimizer == KerasObject("Adam")  # the default is not written


def test_another_optimizer_brings_its_own_learning_rate(plan: Plan) -> None:
    plan.type(plan.panel.steps.learning_rate, "0.05")
    before, steps = plan.session.project, plan.steps
    order = [plan.panel.steps.optimizer.itemData(index) for index in range(plan.panel.steps.optimizer.count())]
    assert {"Adam", "SGD"} <= set(order[:6])
    plan.panel.steps.optimizer.setCurrentIndex(order.index("SGD"))
    plan.panel.steps.optimizer.activated.emit(order.index("SGD"))
    assert plan.training.optimizer == KerasObject("SGD")
    assert plan.panel.steps.learning_rate.text() == "0.01"
    assert plan.steps == steps + 1
    plan.session.undo()
    assert plan.session.project is before
    assert plan.panel.steps.optimizer.currentText() == "Adam"
    assert plan.panel.steps.learning_rate.text() == "0.05"


def test_settings_of_the_optimizer_unfold(plan: Plan) -> None:
    settings = plan.panel.steps.settings
    assert settings.fold.text() == "Settings of Adam"
    assert settings.form is None
    plan.click(settings.fold)
    assert settings.form is not None
    assert "learning_rate" not in settings.form.rows
    before = plan.session.project
    plan.type(settings.form.rows["beta_1"].editor.field, "0.8")
    assert plan.training.optimizer == KerasObject("Adam", {"beta_1": 0.8})
    undone(plan, before)
    assert settings.form.rows["beta_1"].editor.field.text() == "0.9"
    plan.type(settings.form.rows["beta_1"].editor.field, "much")
    assert plan.session.project is before
    assert not settings.form.rows["beta_1"].message.isHidden()
    plan.pick(plan.panel.steps.optimizer, "SGD")
    assert settings.fold.text() == "Settings of SGD"
    assert "momentum" in settings.form.rows


def test_a_loss_is_chosen_and_given_back_to_the_data(plan: Plan) -> None:
    before = plan.session.project
    plan.pick(plan.judge.loss, "MeanSquaredError")
    assert plan.chosen.loss == KerasObject("MeanSquaredError")
    assert plan.judge.loss.itemText(0) == "automatic"
    plan.pick(plan.judge.loss, "")
    assert plan.session.project.training == before.training
    assert plan.judge.loss.currentText() == "automatic: BinaryCrossentropy"


def test_a_parameter_of_the_loss_chooses_it(plan: Plan) -> None:
    before = plan.session.project
    plan.click(plan.judge.settings.fold)
    rows = plan.judge.settings.form.rows
    assert "name" not in rows
    plan.type(rows["label_smoothing"].editor.field, "0.1")
    assert plan.chosen.loss == KerasObject("BinaryCrossentropy", {"label_smoothing": 0.1})
    assert plan.judge.loss.currentText() == "BinaryCrossentropy"
    undone(plan, before)


def test_metrics_are_added_and_removed(plan: Plan) -> None:
    before = plan.session.project
    metrics = plan.judge.metrics
    plan.add(metrics, "AUC")
    assert [metric.type for metric in plan.chosen.metrics] == ["BinaryAccuracy", "AUC"]
    assert [item.fold.text() for item in metrics.items] == ["BinaryAccuracy", "AUC"]
    assert not plan.judge.are_automatic.isVisible()
    plan.click(metrics.items[0].remove)
    assert [metric.type for metric in plan.chosen.metrics] == ["AUC"]
    assert [item.fold.text() for item in metrics.items] == ["AUC"]
    plan.click(metrics.items[0].remove)
    assert plan.chosen.metrics == ()
    plan.click(plan.judge.automatic_metrics)
    assert plan.session.project.training == before.training
    assert plan.judge.are_automatic.isVisible()
    assert plan.steps == 4


def test_weighted_metrics_stand_beside_the_others(plan: Plan) -> None:
    before = plan.session.project
    weighted = plan.judge.weighted
    plan.add(weighted, "BinaryAccuracy")
    assert plan.chosen.metrics is None
    assert [metric.type for metric in plan.chosen.weighted_metrics] == ["BinaryAccuracy"]
    plan.click(weighted.items[0].fold)
    plan.type(weighted.items[0].form.row("threshold").editor.field, "0.7")
    assert plan.chosen.weighted_metrics[0].params == {"threshold": 0.7}
    assert "weighted_metrics" in generate(plan.session.project, CATALOG).text
    plan.click(weighted.items[0].remove)
    assert plan.training.outputs == {}
    undone(plan, before, steps=3)


def test_a_metric_has_all_its_parameters(plan: Plan) -> None:
    before = plan.session.project
    metrics = plan.judge.metrics
    plan.add(metrics, "AUC")
    plan.click(metrics.items[1].fold)
    form = metrics.items[1].form
    spec = CATALOG.object("metric", "AUC")
    assert spec is not None
    assert all(form.row(parameter.name) is not None for parameter in spec.parameters)
    plan.type(form.row("num_thresholds").editor.field, "50")
    plan.qtbot.keyClick(form.row("num_thresholds").editor.field, Qt.Key.Key_Tab)
    plan.type(form.row("name").editor.field, "area")
    assert plan.chosen.metrics[1] == KerasObject("AUC", {"num_thresholds": 50, "name": "area"})
    assert metrics.items[1].form is form
    plan.type(form.row("num_thresholds").editor.field, "many")
    assert plan.chosen.metrics[1].params["num_thresholds"] == 50
    assert not form.row("num_thresholds").message.isHidden()
    undone(plan, before, steps=3)


def test_removing_a_metric_leaves_the_fold_of_the_next_open(plan: Plan) -> None:
    metrics = plan.judge.metrics
    plan.add(metrics, "MeanIoU")
    plan.click(metrics.items[1].fold)
    assert plan.chosen.metrics[1] == KerasObject("MeanIoU", {"num_classes": 2})  # Keras insists on a number
    plan.click(metrics.items[0].remove)
    assert metrics.items[0].fold.isChecked()
    assert metrics.items[0].form.rows["num_classes"].editor.field.text() == "2"


def test_only_one_of_several_outputs_has_a_weight(plan: Plan) -> None:
    assert not plan.judge.weight.isVisible()
    plan.session.apply(lambda project: edits.add_node(project, "Output", x=0, y=0, name="second"), "Add")
    before = plan.session.project
    judge = plan.judge
    plan.qtbot.waitUntil(judge.weight.isVisible)
    assert judge.weight.text() == "1"
    plan.type(judge.weight, "0.25")
    assert plan.chosen.weight == 0.25
    plan.type(judge.weight, "-1")
    assert judge.weight.property("invalid") is True
    assert plan.chosen.weight == 0.25
    plan.session.undo()
    assert plan.session.project is before
    assert judge.weight.text() == "1"


def test_what_keras_refuses_is_told_at_once_and_the_value_before_stays(plan: Plan) -> None:
    session = plan.session
    session.start()
    settings = plan.panel.steps.settings
    plan.click(settings.fold)
    form = settings.form
    plan.type(form.row("clipnorm").editor.field, "1")
    plan.qtbot.keyClick(form.row("clipnorm").editor.field, Qt.Key.Key_Tab)
    row = form.row("clipvalue")
    plan.type(row.editor.field, "2")
    plan.qtbot.waitUntil(lambda: not row.message.isHidden(), timeout=20_000)
    assert row.message.text() == "Keras refuses to cut gradients twice."
    assert row.editor.field.text() == "2"
    assert row.editor.field.property("invalid") is True
    assert plan.training.optimizer.params == {"clipnorm": 1.0}
    assert plan.steps == 1
    assert not session.document.can_redo
    plan.qtbot.waitUntil(lambda: not session.is_judging and not session.problems_of(""), timeout=20_000)
    plan.qtbot.keyClick(row.editor.field, Qt.Key.Key_Escape)
    assert row.message.isHidden()
    assert row.editor.field.text() == ""


def test_what_keras_refuses_of_a_file_stays_and_is_told(plan: Plan) -> None:
    session = plan.session
    optimizer = KerasObject("Adam", {"clipnorm": 1.0, "clipvalue": 2.0})
    session.apply(lambda p: edits.set_training(p, replace(p.training, optimizer=optimizer)), "from a file")
    session.start()
    settings = plan.panel.steps.settings
    plan.qtbot.waitUntil(settings.problem.isVisible, timeout=20_000)
    assert settings.problem.text() == "Keras refuses to cut gradients twice."
    (problem,) = [problem for problem in session.problems if problem.code == "keras"]
    assert (problem.node, problem.parameter, problem.severity) == (None, "optimizer", "error")
    assert plan.training.optimizer == optimizer
    plan.click(settings.fold)
    plan.type(settings.form.row("clipvalue").editor.field, "None")
    plan.qtbot.waitUntil(settings.problem.isHidden, timeout=20_000)
    assert plan.training.optimizer == KerasObject("Adam", {"clipnorm": 1.0})


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


def test_two_outputs_have_a_form_each_and_a_gone_one_none(plan: Plan) -> None:
    plan.session.apply(lambda project: edits.add_node(project, "Output", x=0, y=0, name="second"), "Add")
    assert len(plan.panel.judges) == 2
    plan.session.undo()
    assert len(plan.panel.judges) == 1


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
