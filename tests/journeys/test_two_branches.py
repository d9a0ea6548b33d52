"""From an empty canvas to the book's two branches on real data, and out into the world as a Python file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.gui.window import MainWindow
from studio.workbench.starting import new_project
from tests.journeys.hands import Person, run_without_us

pytestmark = [pytest.mark.keras, pytest.mark.journey]

GOOD_ACCURACY = 0.9


def draw(person: Person) -> None:
    """The two branches, by drag and drop."""
    window = person.window
    window.files.new(new_project())
    window.canvas.camera.motion_ms = 0
    person.choose_data("bundled", "breast_cancer")
    window.canvas.sight.fit()
    person.move("output", 92, 700)
    window.canvas.sight.fit()
    for branch, units, x in ((1, "10", -60), (2, "3", 244)):
        for level in (1, 2, 3):
            person.drop("Dense", x, 40 + 100 * level, name=f"b{branch}_l{level}", units=units, activation="relu")
    person.drop("Concatenate", 92, 440, name="m1")
    person.drop("Dense", 92, 530, name="m1_l1", units="5", activation="relu")
    person.drop("Dense", 92, 620, name="diagnosis", units="1", activation="sigmoid")
    person.connect_chain("input", "b1_l1", "b1_l2", "b1_l3", "m1")
    person.connect_chain("input", "b2_l1", "b2_l2", "b2_l3", "m1", "m1_l1", "diagnosis", "output")


def test_draw_train_undo_save_export(
    qtbot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(qtbot, window)
    draw(person)
    session = window.session
    start_steps = len(session.document.history.past)
    qtbot.waitUntil(lambda: session.engine_state == "ready")
    by_name = {node.name: node.id for node in session.graph.nodes.values()}
    qtbot.waitUntil(lambda: "m1" in by_name and by_name["output"] in session.answers)
    assert session.answers[by_name["m1"]].outputs[0][0] == (None, 13)
    qtbot.waitUntil(lambda: not [p for p in session.problems if p.severity == "error"])

    person.set_plan("epochs", "15")
    person.train()
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message + run.details
    assert max(run.curves["val_accuracy"].epochs.y) > GOOD_ACCURACY

    finished = session.project
    assert start_steps > 20
    while session.document.can_undo:
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert {node.type for node in session.graph.nodes.values()} == {"Input", "Output"}
    assert session.project == new_project()
    while session.document.can_redo:
        QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session.project is finished

    path = tmp_path / "two branches.studio"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert session.document.is_saved
    assert window.files.open(path)
    assert session.project == finished

    script = tmp_path / "export" / "two_branches.py"
    script.parent.mkdir()
    assert window.files.export(script)
    assert script.read_text(encoding="utf-8") == run.source_text
    assert {entry.name for entry in script.parent.iterdir()} == {"two_branches.py", "breast_cancer.csv"}
    history_file = tmp_path / "history.json"
    run_without_us(script, history_file)
    history = json.loads(history_file.read_text())
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert run.curves[name].epochs.y.tolist() == history[name], name
