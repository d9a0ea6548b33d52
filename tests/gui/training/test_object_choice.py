"""Losses, optimizers, metrics and callbacks are found by typing, and old names say what they are today."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio.catalog.values import KerasObject
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
