"""Two inputs, two outputs and an auxiliary head: drawn, fed, judged one by one, trained, and taken away as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.data.columns_table import FEATURE, NAME, TARGET
from studio.gui.training.judges import Judge
from studio.gui.training.plan import PlanPanel
from studio.gui.window import MainWindow
from studio.workbench.starting import new_project
from tests.journeys.hands import Person, run_without_us

pytestmark = [pytest.mark.keras, pytest.mark.journey]

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def draw(person: Person) -> None:
    """Sizes and island in, species and body mass out, and a second opinion on the species half way."""
    window = person.window
    window.files.new(new_project())
    window.canvas.camera.motion_ms = 0
    for name in list(window.session.graph.nodes):
        window.session.set_selection([name])
        QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    window.canvas.camera.zoom_to(1.0)
    person.drop("Input", -200, -200, name="size")
    person.drop("Input", 100, -200, name="island")
    person.drop("Normalization", -200, -110, name="scaled")
    person.drop("Embedding", 100, -110, name="places", input_dim="3", output_dim="2")
    person.drop("Flatten", 100, -20, name="flat")
    person.drop("Concatenate", -50, 70, name="both")
    window.canvas.sight.fit()
    person.drop("Dense", -50, 160, name="trunk", units="16", activation="relu")
    person.drop("Dense", 250, 160, name="hint", units="3", activation="softmax")
    person.drop("Output", 250, 250, name="early")
    window.canvas.sight.fit()
    person.drop("Dense", -200, 250, name="scores", units="3", activation="softmax")
    person.drop("Dense", 50, 250, name="mass", units="1")
    person.drop("Output", -200, 340, name="species")
    person.drop("Output", 50, 340, name="body_mass_g")
    QApplication.processEvents()  # what the coach had to say is gone: the canvas is higher now
    window.canvas.sight.fit()
    window.canvas.camera.zoom(0.65)  # so that nothing lies over the Inputs at the upper edge
    person.connect_chain("size", "scaled", "both", "trunk", "scores", "species")
    person.connect_chain("island", "places", "flat", "both", "hint", "early")
    person.connect_chain("trunk", "mass", "body_mass_g")


def tick(page: Any, column: str, place: int) -> None:
    """Click into a cell of the table of columns."""
    table = page.columns
    page.ensureWidgetVisible(table)
    rows = [table.columns.index(row, NAME).data() for row in range(table.columns.rowCount())]
    index = table.columns.index(rows.index(column), place)
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(index).center())


def feed(person: Person, qtbot: QtBot) -> None:
    """Choose the penguins, what is learned of them, and that both heads learn the species."""
    window = person.window
    person.choose_data("bundled", "penguins")
    person.go_to(Qt.Key.Key_2)
    panel: Any = window.panels["data"].content
    qtbot.waitUntil(lambda: not panel.is_waiting)
    tick(panel.page, "island", FEATURE)
    tick(panel.page, "body_mass_g", TARGET)
    early = next(node.id for node in window.session.graph.nodes.values() if node.name == "early")
    form = panel.page.bindings
    panel.page.ensureWidgetVisible(form.buttons[early])
    qtbot.mouseClick(form.buttons[early], LEFT)
    choice = form.popup
    qtbot.waitUntil(choice.isVisible)
    choice.list.setCurrentRow([choice.list.item(row).text() for row in range(choice.list.count())].index("species"))
    QTest.keyClick(choice.list, Qt.Key.Key_Space)
    choice.close()


def judge(plan: PlanPanel, name: str) -> Judge:
    """The part of the plan that is about the output of this name."""
    nodes = plan._session.project.main.nodes
    return next(part for key, part in plan.judges.items() if nodes[key].name == name)


def type_into(plan: PlanPanel, field: QWidget, text: str) -> None:
    plan.bring_into_view(field)
    line = cast(QLineEdit, field)
    QTest.mouseClick(line, LEFT)
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def add_metric(plan: PlanPanel, output: str, text: str) -> None:
    field = judge(plan, output).metrics.adding
    plan.bring_into_view(field)
    QTest.mouseClick(field.line, LEFT)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_two_inputs_two_outputs_and_an_auxiliary_head(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    person = Person(qtbot, window)
    draw(person)
    feed(person, qtbot)
    session = window.session
    person.go_to(Qt.Key.Key_3)
    plan = cast(PlanPanel, window.panels["plan"].content)
    assert {name: judge(plan, name).loss.line.text() for name in ("species", "early", "body_mass_g")} == {
        "species": "automatic: SparseCategoricalCrossentropy",
        "early": "automatic: SparseCategoricalCrossentropy",
        "body_mass_g": "automatic: MeanSquaredError",
    }
    type_into(plan, judge(plan, "early").weight, "0.3")
    type_into(plan, judge(plan, "body_mass_g").weight, "0.000001")
    add_metric(plan, "early", "SparseTopK")
    add_metric(plan, "body_mass_g", "MeanAbsolutePerc")
    type_into(plan, plan.numbers["epochs"], "3")
    person.go_to(Qt.Key.Key_1)
    ends = [node.id for node in session.graph.nodes.values() if node.type == "Output"]
    qtbot.waitUntil(lambda: all(end in session.answers and session.answers[end].outputs for end in ends))
    qtbot.waitUntil(lambda: session.engine_state == "ready")
    qtbot.waitUntil(lambda: not [each for each in session.problems if each.severity == "error"])

    person.train()
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message + run.details
    script = tmp_path / "export" / "penguins.py"
    script.parent.mkdir()
    assert window.files.export(script)
    text = script.read_text(encoding="utf-8")
    assert text == run.source_text
    assert '"early": 0.3' in text
    assert '"body_mass_g": 1e-6' in text
    run_without_us(script, tmp_path / "history.json")
    history = json.loads((tmp_path / "history.json").read_text())
    judged = {
        "species": ("loss", "accuracy"),
        "early": ("loss", "accuracy", "sparse_top_k_categorical_accuracy"),
        "body_mass_g": ("loss", "mean_absolute_error", "mean_absolute_percentage_error"),
    }
    wanted = {"loss", *(f"{output}_{name}" for output, names in judged.items() for name in names)}
    wanted |= {f"val_{name}" for name in wanted}
    assert set(history) == wanted
    for name in wanted:
        assert run.curves[name].epochs.y.tolist() == history[name], name
    whole, parts = history["loss"], [history[f"{output}_loss"] for output in ("species", "early", "body_mass_g")]
    for total, species, early, mass in zip(whole, *parts, strict=True):
        assert total == pytest.approx(species + 0.3 * early + 0.000001 * mass, rel=0.02), (
            "each is a mean over batches of its own"
        )
