"""The optimizer, the losses and the metrics of a training plan, chosen and set by real keys and clicks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.core import edits
from studio.core.project import OutputPlan, Project
from tests.gui.training.conftest import Plan, undone
from tests.support.catalog import CATALOG


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


def test_the_weight_of_a_loss_that_stands_alone_can_be_seen(plan: Plan) -> None:
    """A script says it, or an output that stood beside is gone: the code has it then."""
    weighed = OutputPlan(weight=2.0)
    (output,) = [node.id for node in plan.session.project.main.nodes.values() if node.type == "Output"]

    def weigh(project: Project) -> Project:
        return replace(project, training=replace(project.training, outputs={output: weighed}))

    plan.session.apply(weigh, "Weigh")
    judge = plan.judge
    plan.qtbot.waitUntil(judge.weight.isVisible)
    assert judge.weight.text() == "2"
    assert "loss_weights=2.0," in generate(plan.session.project, CATALOG).text
    plan.type(judge.weight, "1")
    assert judge.weight.isVisible()  # while one types
    assert "loss_weights" not in generate(plan.session.project, CATALOG).text


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
    plan.qtbot.waitUntil(lambda: not row.message.isHidden())
    assert row.message.text() == "Keras refuses to cut gradients twice."
    assert row.editor.field.text() == "2"
    assert row.editor.field.property("invalid") is True
    assert plan.training.optimizer.params == {"clipnorm": 1.0}
    assert plan.steps == 1
    assert not session.document.can_redo
    plan.qtbot.waitUntil(lambda: not session.is_judging and not session.problems_of(""))
    plan.qtbot.keyClick(row.editor.field, Qt.Key.Key_Escape)
    assert row.message.isHidden()
    assert row.editor.field.text() == ""


def test_what_keras_refuses_of_a_file_stays_and_is_told(plan: Plan) -> None:
    session = plan.session
    optimizer = KerasObject("Adam", {"clipnorm": 1.0, "clipvalue": 2.0})
    session.apply(lambda p: edits.set_training(p, replace(p.training, optimizer=optimizer)), "from a file")
    session.start()
    settings = plan.panel.steps.settings
    plan.qtbot.waitUntil(settings.problem.isVisible)
    assert settings.problem.text() == "Keras refuses to cut gradients twice."
    (problem,) = [problem for problem in session.problems if problem.code == "keras"]
    assert (problem.node, problem.parameter, problem.severity) == (None, "optimizer", "error")
    assert plan.training.optimizer == optimizer
    plan.click(settings.fold)
    plan.type(settings.form.row("clipvalue").editor.field, "None")
    plan.qtbot.waitUntil(settings.problem.isHidden)
    assert plan.training.optimizer == KerasObject("Adam", {"clipnorm": 1.0})


def test_two_outputs_have_a_form_each_and_a_gone_one_none(plan: Plan) -> None:
    plan.session.apply(lambda project: edits.add_node(project, "Output", x=0, y=0, name="second"), "Add")
    assert len(plan.panel.judges) == 2
    plan.session.undo()
    assert len(plan.panel.judges) == 1
