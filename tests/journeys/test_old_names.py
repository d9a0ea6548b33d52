"""Names of older books lead from the list of layers and from the action search to what does it today."""

from __future__ import annotations

from typing import Any, cast

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.training.plan import PlanPanel
from studio.gui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def plan_of(window: MainWindow) -> PlanPanel:
    return cast(PlanPanel, window.panels["plan"].content)


def listed(window: MainWindow) -> list[str]:
    """The rows of the list that is open in the plan."""
    popup: Any = QApplication.activePopupWidget()
    assert popup is not None
    model = popup.model()
    rows = [model.index(row, 0).data() for row in range(model.rowCount())]
    popup.hide()
    return rows


@pytest.fixture
def palette(faked_window: MainWindow, qtbot: QtBot) -> Any:
    faked_window.workspaces.show("design")
    panel = faked_window.palette_panel
    panel.search_field.clear()
    panel.focus_search()
    yield panel
    panel.search_field.clear()


def test_a_loss_of_old_leads_from_the_layers_into_the_plan(
    qtbot: QtBot, faked_window: MainWindow, palette: Any
) -> None:
    QTest.keyClicks(palette.search_field, "tfa.losses.SigmoidFocalCrossEntropy")
    assert palette.note.isVisible()
    assert "Today BinaryFocalCrossentropy" in palette.note.text()
    assert palette.model.rows[0].text == "BinaryFocalCrossentropy, in the training plan"
    QTest.keyClick(palette.search_field, Qt.Key.Key_Return)
    assert faked_window.workspaces.current == "train"
    assert listed(faked_window) == [
        "BinaryFocalCrossentropy, was tfa.losses.SigmoidFocalCrossEntropy",
        "New: A focal loss with its settings",
    ]
    judge = next(iter(plan_of(faked_window).judges.values()))
    before = faked_window.session.project
    QTest.keyClick(judge.loss, Qt.Key.Key_Return)
    (own,) = faked_window.session.project.training.outputs.values()
    assert own.loss is not None
    assert own.loss.type == "BinaryFocalCrossentropy"
    faked_window.session.undo()
    assert faked_window.session.project is before


def test_a_click_on_the_row_goes_there_too(qtbot: QtBot, faked_window: MainWindow, palette: Any) -> None:
    QTest.keyClicks(palette.search_field, "LazyAdam")
    index = palette.model.index(0, 0)
    qtbot.mouseClick(palette.list.viewport(), LEFT, pos=palette.list.visualRect(index).center())
    assert listed(faked_window)[0] == "Adam, was tfa.optimizers.LazyAdam"
    assert plan_of(faked_window).steps.optimizer.line.text() == "LazyAdam"


@pytest.mark.parametrize(
    ("text", "words", "rows"),
    [
        ("ImageDataGenerator", "Today layers do this", ["RandomFlip", "RandomRotation", "RandomZoom", "Rescaling"]),
        ("keras.backend", "keras.ops today", ["sum", "mean", "square"]),
        ("K.sum", "keras.ops today", ["sum", "mean", "square"]),
        ("lr=", "learning rate today", ["Learning rate, in the training plan"]),
        ("tfa.metrics.F1Score", "without num_classes", ["F1Score, in the training plan"]),
        ("tfa.losses.GIoULoss", "code of your own", ["GIoULoss, in the training plan"]),
        ("RectifiedAdam", "RectifiedAdam is offered", ["AdamW, in the training plan"]),
        ("adam", "Adam is an optimizer", ["Adam, in the training plan"]),
        ("LearningRateScheduler", "is a callback", ["LearningRateScheduler, in the training plan"]),
        ("fit_generator", "fit_generator is gone", []),
        ("tf.keras.layers.Dense", "", ["Dense"]),
        ("de", "", ["Dense"]),
        ("Dense", "", ["Dense"]),
        ("K.softmax", "", ["Softmax"]),
    ],
)
def test_the_list_of_layers_says_what_it_is_today(palette: Any, text: str, words: str, rows: list[str]) -> None:
    QTest.keyClicks(palette.search_field, text)
    assert palette.note.isVisible() is bool(words)
    assert words in palette.note.text()
    assert [row.text for row in palette.model.rows[: len(rows)]] == rows
    palette.search_field.clear()
    assert not palette.note.isVisible()


@pytest.fixture
def search(faked_window: MainWindow) -> Any:
    faked_window.workspaces.show("design")
    faked_window.search_actions()
    found = faked_window._search
    assert found is not None
    yield found
    found.hide()


def said(search: Any) -> list[str]:
    return [search._list.item(row).text() for row in range(search._list.count())]


def test_the_action_search_knows_them_as_well(qtbot: QtBot, faked_window: MainWindow, search: Any) -> None:
    assert not search.note.isVisible()
    QTest.keyClicks(search._field, "lr=")
    assert "learning rate today" in search.note.text()
    assert said(search)[0] == "Learning rate, in the training plan"
    QTest.keyClick(search._field, Qt.Key.Key_Return)
    assert faked_window.workspaces.current == "train"
    field = plan_of(faked_window).steps.learning_rate
    faked_window.activateWindow()
    qtbot.waitUntil(field.hasFocus)
    assert field.selectedText() == field.text()


def test_the_action_search_adds_a_layer_that_does_it_today(faked_window: MainWindow, search: Any) -> None:
    before = faked_window.session.project
    QTest.keyClicks(search._field, "ImageDataGenerator")
    assert said(search)[:2] == ["Add RandomFlip", "Add RandomRotation"]
    QTest.keyClick(search._field, Qt.Key.Key_Return)
    assert "RandomFlip" in [node.type for node in faked_window.session.project.main.nodes.values()]
    faked_window.session.undo()
    assert faked_window.session.project is before


def test_the_action_search_opens_the_list_of_metrics(faked_window: MainWindow, search: Any) -> None:
    QTest.keyClicks(search._field, "tfa.metrics.CohenKappa")
    assert said(search)[0] == "CohenKappa, in the training plan"
    QTest.keyClick(search._field, Qt.Key.Key_Return)
    assert listed(faked_window) == ["New: Cohen's kappa for classes"]


def test_the_action_search_adds_what_is_called_so(faked_window: MainWindow, search: Any) -> None:
    for typed, first in (("CuDNNLSTM", "Add LSTM"), ("Convolution2D", "Add Conv2D"), ("K.mean", "Add ops.mean")):
        search._field.clear()
        QTest.keyClicks(search._field, typed)
        assert said(search)[0] == first
        assert said(search).count(first) == 1
    search._field.clear()
    QTest.keyClicks(search._field, "add")
    assert said(search)[0] != "Add Add"
    assert "Add Add" in said(search)


@pytest.mark.parametrize(
    ("typed", "words", "first"),
    [
        ("tfa.losses.SigmoidFocalCrossEntropy", "Today BinaryFocal", "BinaryFocalCrossentropy, in the training plan"),
        ("tfa.metrics.F1Score", "without num_classes", "F1Score, in the training plan"),
        ("tfa.optimizers.LazyAdam", "no lazy optimizer", "Adam, in the training plan"),
        ("RectifiedAdam", "RectifiedAdam is offered", "AdamW, in the training plan"),
        ("tf.py_function", "given a shape", "py_function, in the training plan"),
        ("keras.backend", "keras.ops today", "sum"),
        ("K.mean", "keras.ops today", "mean"),
        ("ImageDataGenerator", "Today layers do this", "RandomFlip"),
        ("Tokenizer", "Today TextVectorization", "TextVectorization"),
        ("keras.layers.experimental.preprocessing", "ordinary layers", "Normalization"),
        ("LocallyConnected1D", "are gone", "Conv1D"),
        ("CuDNNGRU", "Today GRU", "GRU"),
        ("lr=", "learning rate today", "Learning rate, in the training plan"),
        ("Dense", "", "Dense"),
    ],
)
def test_the_search_over_the_canvas_says_what_it_is_today(
    faked_window: MainWindow, typed: str, words: str, first: str
) -> None:
    faked_window.workspaces.show("design")
    faked_window.canvas.setFocus()
    QTest.keyClick(faked_window.canvas, Qt.Key.Key_A)
    search = faked_window.canvas.quick_add
    assert search is not None
    QTest.keyClicks(search.field, typed)
    assert search.note.isVisible() is bool(words)
    assert words in search.note.text()
    assert search.found[0].title == first
    assert not search.nothing.isVisible()
    search.close_search()


def test_the_search_over_the_canvas_leads_into_the_plan(faked_window: MainWindow) -> None:
    faked_window.workspaces.show("design")
    before = faked_window.session.project
    faked_window.canvas.setFocus()
    QTest.keyClick(faked_window.canvas, Qt.Key.Key_A)
    search = faked_window.canvas.quick_add
    assert search is not None
    QTest.keyClicks(search.field, "RectifiedAdam")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert faked_window.canvas.quick_add is None
    assert faked_window.workspaces.current == "train"
    assert listed(faked_window)[0] == "AdamW, was tfa.optimizers.RectifiedAdam"
    assert faked_window.session.project is before


def test_the_search_stays_on_the_canvas_when_more_is_said(faked_window: MainWindow) -> None:
    canvas = faked_window.canvas
    faked_window.workspaces.show("design")
    canvas.open_quick_add(QPointF(canvas.width() - 4, canvas.height() - 4))
    search = canvas.quick_add
    assert search is not None
    QTest.keyClicks(search.field, "tfa.losses.SigmoidFocalCrossEntropy")
    assert search.note.isVisible()
    assert canvas.rect().contains(search.geometry())
    search.close_search()


def test_the_list_of_the_plan_covers_nothing_of_what_is_said(qtbot: QtBot, faked_window: MainWindow) -> None:
    faked_window.workspaces.show("train")
    plan = plan_of(faked_window)
    choice = next(iter(plan.judges.values())).loss
    choice.search("tfa.losses.SigmoidFocalCrossEntropy")
    popup, note = choice.list.popup(), choice.note
    assert popup is not None
    for typed in ("", "x"):  # each letter opens the list anew
        QTest.keyClicks(choice.line, typed)
        if typed:
            QTest.keyClick(choice.line, Qt.Key.Key_Backspace)
        qtbot.waitUntil(lambda: popup.y() > note.mapToGlobal(note.rect().bottomLeft()).y())
        assert popup.isVisible()
        assert note.isVisible()
    popup.hide()
    QTest.keyClick(choice.line, Qt.Key.Key_Escape)
