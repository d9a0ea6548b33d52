"""Numbers of the training plan that cannot be: said below their field, and the last good one stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studio.gui.training.fields import NumberField
from tests.gui.training.conftest import Plan

BAD = ("", "True", "abc", "nan", "inf", "-1", "-0.5", "1e400", "9" * 400, "1/2", "²", "lambda: 1")
WHOLE = (*BAD, "1.5", str(10**30), "3 3")


def paste(plan: Plan, field: NumberField, text: str) -> None:
    plan.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    QApplication.clipboard().setText(text)
    if text:
        plan.qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    else:
        plan.qtbot.keyClick(field, Qt.Key.Key_Delete)


@pytest.mark.parametrize("name", ["epochs", "batch_size", "seed", "learning_rate"])
def test_a_bad_number_is_refused_below_its_field(plan: Plan, name: str) -> None:
    field = plan.panel.steps.learning_rate if name == "learning_rate" else plan.panel.numbers[name]
    before, good = plan.session.project, field.text()
    for text in BAD if name == "learning_rate" else WHOLE:
        paste(plan, field, text)
        assert plan.session.project is before, text
        assert field.note.isVisible(), text
        assert field.note.text().startswith("A number" if name == "learning_rate" else "A whole number"), text
        plan.qtbot.keyClick(field, Qt.Key.Key_Tab)
        assert (field.text(), field.note.isVisible()) == (good, False), text
    paste(plan, field, "3")
    assert plan.session.project is not before
    assert not field.note.isVisible()


@pytest.mark.parametrize(("name", "text"), [("epochs", "3.5"), ("seed", "12a"), ("learning_rate", "0.5%")])
def test_a_number_on_the_way_to_a_bad_one_is_taken_back(plan: Plan, name: str, text: str) -> None:
    field = plan.panel.steps.learning_rate if name == "learning_rate" else plan.panel.numbers[name]
    before, good = plan.session.project, field.text()
    plan.type(field, text)
    assert plan.session.project is before
    assert (field.text(), field.note.isVisible()) == (text, True)
    plan.qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == good


def test_what_stands_in_no_block_takes_nothing_from_one(plan: Plan) -> None:
    """A reference of a block means nothing in the plan: it would be a name that the script does not have."""
    plan.click(plan.panel.steps.settings.fold)
    form = plan.panel.steps.settings.form
    assert form is not None
    row = form.row("epsilon")
    assert row is not None
    before = plan.session.project
    plan.type(row.editor.field, "= tiny")
    assert plan.session.project is before
    assert "only a block has some" in row.message.text()
