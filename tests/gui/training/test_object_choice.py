"""Losses, optimizers, metrics and callbacks are found by typing, and old names say what they are today."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.gui.panels.inspector import InspectorPanel
from studio.gui.training.object_choice import ObjectChoice
from tests.gui.training.conftest import LEFT, Plan, undone


def search(plan: Plan, field: ObjectChoice, text: str) -> list[str]:
    """Click into a field, type, and give the rows of the list that opens."""
    plan.qtbot.mouseClick(field.line, LEFT)
    plan.qtbot.keyClicks(field, text)
    popup: Any = field.list.popup()
    assert popup.isVisible()
    model = popup.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def enter(plan: Plan, field: ObjectChoice) -> None:
    plan.qtbot.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_click_shows_all_and_typing_narrows(plan: Plan) -> None:
    field = plan.panel.steps.optimizer
    plan.qtbot.mouseClick(field.line, LEFT)
    popup: Any = field.list.popup()
    assert popup.isVisible()
    assert popup.model().rowCount() == field.count()
    plan.qtbot.keyClicks(field, "rms")
    assert popup.model().index(0, 0).data() == "RMSprop"
    assert popup.model().rowCount() < field.count()
    before = plan.session.project
    enter(plan, field)
    assert plan.training.optimizer == KerasObject("RMSprop")
    assert field.line.text() == "RMSprop"
    assert not popup.isVisible()
    undone(plan, before)
    assert field.line.text() == "Adam"


def test_a_click_on_a_row_takes_it(plan: Plan) -> None:
    field = plan.judge.loss
    rows = search(plan, field, "huber")
    assert rows[0] == "Huber"
    popup: Any = field.list.popup()
    plan.qtbot.mouseClick(popup.viewport(), LEFT, pos=popup.visualRect(popup.model().index(0, 0)).center())
    plan.qtbot.waitUntil(lambda: field.line.text() == "Huber")
    assert plan.chosen.loss == KerasObject("Huber")


def test_the_focal_loss_of_old(plan: Plan) -> None:
    before = plan.session.project
    field = plan.judge.loss
    rows = search(plan, field, "tfa.losses.SigmoidFocalCrossEntropy")
    assert rows[0] == "BinaryFocalCrossentropy, was tfa.losses.SigmoidFocalCrossEntropy"
    assert field.note.isVisible()
    assert "averages" in field.note.text()
    enter(plan, field)
    assert plan.chosen.loss == KerasObject("BinaryFocalCrossentropy", {"apply_class_balancing": True})
    assert field.line.text() == "BinaryFocalCrossentropy"
    assert field.note.isVisible()
    undone(plan, before)


@pytest.mark.parametrize(
    ("text", "wanted", "words"),
    [("RMSProp", "RMSprop", "written RMSprop"), ("RectifiedAdam", "AdamW", "warms up"), ("LazyAdam", "Adam", "lazy")],
)
def test_old_optimizers(plan: Plan, text: str, wanted: str, words: str) -> None:
    field = plan.panel.steps.optimizer
    search(plan, field, text)
    assert words in field.note.text()
    enter(plan, field)
    assert plan.training.optimizer.type == wanted
    has_schedule = isinstance(plan.training.optimizer.params.get("learning_rate"), KerasObject)
    assert has_schedule is (wanted == "AdamW")


@pytest.mark.parametrize(("text", "words"), [("lr", "learning rate"), ("ImageDataGenerator", "RandomFlip")])
def test_what_is_no_object_today_changes_nothing(plan: Plan, text: str, words: str) -> None:
    before = plan.session.project
    field = plan.panel.steps.optimizer
    rows = search(plan, field, text)
    assert rows[0] == f"{text}: gone"
    assert words in field.note.text()
    enter(plan, field)
    assert plan.session.project is before
    assert field.line.text() == "Adam"
    assert field.note.isVisible()  # it still says where to look


def test_metrics_and_callbacks_are_found_as_well(plan: Plan) -> None:
    field = plan.judge.metrics.adding
    search(plan, field, "tfa.metrics.F1Score")
    assert "num_classes" in field.note.text()
    enter(plan, field)
    assert plan.chosen.metrics[-1] == KerasObject("F1Score", {"average": "macro"})
    assert field.line.text() == ""
    field = plan.panel.watchers.others.adding
    search(plan, field, "csv")
    enter(plan, field)
    assert plan.training.callbacks == (KerasObject("CSVLogger", {"filename": "training.csv"}),)


def test_nonsense_and_escape_are_forgotten(plan: Plan) -> None:
    before = plan.session.project
    field = plan.judge.loss
    assert search(plan, field, "qqqq") == ["nothing of that name"]
    enter(plan, field)
    assert plan.session.project is before
    assert field.line.text() == "automatic: BinaryCrossentropy"
    search(plan, field, "huber")
    plan.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.line.text() == "automatic: BinaryCrossentropy"
    search(plan, field, "huber")
    field.list.popup().hide()
    plan.panel.activateWindow()
    plan.qtbot.waitUntil(field.hasFocus)
    plan.qtbot.mouseClick(plan.panel.numbers["epochs"], LEFT)
    assert not field.hasFocus()
    assert field.line.text() == "automatic: BinaryCrossentropy"
    assert plan.session.project is before


def taken(plan: Plan, field: ObjectChoice, row: str) -> None:
    """Click on a row of the list that is open."""
    popup: Any = field.list.popup()
    model = popup.model()
    index = next(model.index(each, 0) for each in range(model.rowCount()) if model.index(each, 0).data() == row)
    popup.scrollTo(index)
    plan.qtbot.mouseClick(popup.viewport(), LEFT, pos=popup.visualRect(index).center())
    QApplication.processEvents()


def opened(plan: Plan) -> list[str]:
    """The names of the code whose editor was asked for, from now on."""
    found: list[str] = []
    plan.session.code_wanted.connect(lambda key: found.append(plan.session.project.snippets[key].name))
    return found


def test_a_new_loss_begins_from_a_template_and_is_chosen_in_one_step(plan: Plan) -> None:
    before, editors = plan.session.project, opened(plan)
    rows = search(plan, plan.judge.loss, "new")
    assert rows[0] == "New: A loss from keras.ops"
    assert len(rows) == 6
    taken(plan, plan.judge.loss, "New: A focal loss with its settings")
    assert plan.chosen.loss == KerasObject("FocalLoss")
    assert plan.judge.loss.line.text() == "FocalLoss"
    (snippet,) = plan.session.project.snippets.values()
    assert snippet.kind == "loss"
    assert editors == ["FocalLoss"]
    plan.click(plan.judge.settings.fold)
    plan.type(plan.judge.settings.form.rows["gamma"].editor.field, "3")
    assert plan.chosen.loss == KerasObject("FocalLoss", {"gamma": 3.0})
    plan.click(plan.judge.settings.code)
    assert editors == ["FocalLoss", "FocalLoss"]
    undone(plan, before, steps=2)
    assert not plan.judge.settings.code.isVisible()


def test_an_entry_of_the_open_list_begins_code_as_well(plan: Plan) -> None:
    plan.choose(plan.judge.loss, "New: A loss from keras.ops")
    assert plan.chosen.loss == KerasObject("squared_error")
    assert plan.judge.loss.line.text() == "squared_error"
    plan.choose(plan.judge.loss, "New: A loss from keras.ops")
    assert plan.chosen.loss == KerasObject("squared_error_1"), "another one, for the first is there already"


def test_old_names_without_a_successor_lead_to_their_template(plan: Plan) -> None:
    rows = search(plan, plan.judge.loss, "tfa.losses.GIoULoss")
    assert rows == ["New: A loss for boxes (GIoU)"]
    assert "code of your own" in plan.judge.loss.note.text()
    enter(plan, plan.judge.loss)
    assert plan.chosen.loss == KerasObject("giou_loss")
    rows = search(plan, plan.judge.loss, "tfa.losses.SigmoidFocalCrossEntropy")
    assert rows[:2] == [
        "BinaryFocalCrossentropy, was tfa.losses.SigmoidFocalCrossEntropy",
        "New: A focal loss with its settings",
    ]


@pytest.mark.parametrize("is_typed", [True, False])
def test_metrics_of_ones_own_are_added_and_removed(plan: Plan, is_typed: bool) -> None:
    before, editors = plan.session.project, opened(plan)
    metrics = plan.judge.metrics
    if is_typed:
        search(plan, metrics.adding, "CohenKappa")
        enter(plan, metrics.adding)
    else:
        plan.choose(metrics.adding, "New: Cohen's kappa for classes")
    metrics = plan.judge.metrics
    assert [metric.type for metric in plan.chosen.metrics] == ["BinaryAccuracy", "CohenKappa"]
    assert metrics.adding.currentIndex() == -1
    assert [item.code.isVisible() for item in metrics.items] == [False, True]
    plan.click(metrics.items[1].code)
    assert editors == ["CohenKappa", "CohenKappa"]
    plan.click(metrics.items[1].remove)
    assert [metric.type for metric in plan.chosen.metrics] == ["BinaryAccuracy"]
    undone(plan, before, steps=2)


def test_an_optimizer_and_a_schedule_of_ones_own(plan: Plan) -> None:
    before = plan.session.project
    steps = plan.panel.steps
    rows = search(plan, steps.optimizer, "tfa.optimizers.RectifiedAdam")
    assert rows[:2] == ["AdamW, was tfa.optimizers.RectifiedAdam", "New: Rectified Adam (RAdam)"]
    taken(plan, steps.optimizer, rows[1])
    assert plan.training.optimizer == KerasObject("RectifiedAdam")
    assert steps.learning_rate.text() == "0.001"
    assert steps.settings.code.isVisible()
    plan.choose(steps.schedule, "New: A learning rate that warms up")
    assert plan.training.optimizer == KerasObject("RectifiedAdam", {"learning_rate": KerasObject("WarmUp")})
    assert steps.schedule_settings.code.isVisible()
    undone(plan, before, steps=2)


def test_callbacks_that_need_functions_come_with_one_that_works(plan: Plan) -> None:
    before, editors = plan.session.project, opened(plan)
    others = plan.panel.watchers.others
    plan.add(others, "LearningRateScheduler")
    assert plan.training.callbacks == (KerasObject("LearningRateScheduler", {"schedule": KerasObject("falling_rate")}),)
    plan.add(others, "LambdaCallback")
    assert plan.training.callbacks[1] == KerasObject("LambdaCallback", {"on_epoch_end": KerasObject("tell_epoch")})
    assert editors == ["falling_rate", "tell_epoch"]
    plan.click(others.items[1].fold)
    choice = others.items[1].form.rows["on_train_end"].editor.field
    plan.choose(choice, choice.itemText(choice.count() - 1))
    assert plan.training.callbacks[1].params["on_train_end"] == KerasObject("tell_training")
    plan.choose(others.adding, "New: A callback")
    assert plan.training.callbacks[2] == KerasObject("TellWeights")
    assert editors == ["falling_rate", "tell_epoch", "tell_training", "TellWeights"]
    plan.click(others.items[0].code)
    assert editors[4:] == ["falling_rate"]
    plan.click(others.items[1].code)
    menu: Any = QApplication.activePopupWidget()
    assert [action.text() for action in menu.actions()] == ["tell_epoch", "tell_training"]
    menu.actions()[1].trigger()
    menu.close()
    assert editors[5:] == ["tell_training"]
    undone(plan, before, steps=4)


def test_code_that_was_renamed_is_still_the_one_that_is_chosen(plan: Plan) -> None:
    plan.choose(plan.judge.loss, "New: A loss from keras.ops")
    (snippet,) = plan.session.project.snippets.values()
    text = snippet.source.replace("squared_error", "my_error")
    plan.session.write_code(lambda project: edits.set_snippet_source(project, snippet.id, text), "rename")
    assert plan.chosen.loss == KerasObject("my_error")
    assert plan.judge.loss.line.text() == "my_error"


def test_an_output_begins_a_loss_and_a_metric_of_ones_own_in_the_inspector(plan: Plan) -> None:
    session = plan.session
    (output,) = plan.panel.judges
    panel = InspectorPanel(session)
    plan.qtbot.addWidget(panel)
    panel.show()
    session.set_selection([output])
    part = panel.node_page.output_part
    before, editors = session.project, opened(plan)
    plan.choose(part.loss, "New: A focal loss with its settings")
    assert plan.chosen.loss == KerasObject("FocalLoss")
    assert part.loss.currentText() == "FocalLoss"
    assert not part.loss_name.isVisible()
    part.menu.aboutToShow.emit()
    next(action for action in part.menu.actions() if action.text() == "New: A metric from keras.ops").trigger()
    assert [metric.type for metric in plan.chosen.metrics] == ["BinaryAccuracy", "within_a_tenth"]
    assert editors == ["FocalLoss", "within_a_tenth"]
    undone(plan, before, steps=2)
    assert part.loss.currentText() == "Automatic"
