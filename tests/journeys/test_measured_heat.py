"""Time and gradients on the cards: measured by the engine when they are wanted, and after a training."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core import edits
from studio.gui.canvas.heat_legend import HeatLegend
from studio.gui.window import MainWindow
from studio.workbench.examples import example

pytestmark = [pytest.mark.keras, pytest.mark.journey]

ENGINE_MS = 120_000


def test_heat_by_time_and_by_gradients(qtbot, window: MainWindow) -> None:
    first = example("book_mlp")
    assert first is not None
    window.open_example(first)
    session, scene = window.session, window.canvas.scene
    qtbot.waitUntil(lambda: session.engine_state == "ready" and not session.is_judging, timeout=ENGINE_MS)
    legend = window.canvas.findChild(HeatLegend, "heat_legend")
    assert legend is not None

    window.actions_table["heat_time"].trigger()
    assert window.trainer.is_measuring, "nothing is known yet: it is measured at once"
    qtbot.waitUntil(lambda: bool(scene.heat.values), timeout=ENGINE_MS)
    layers = {node.id for node in session.graph.nodes.values() if node.type not in ("Input", "Output")}
    assert scene.heat.values.keys() == layers
    assert legend.told == "Measured just now, before training"
    assert scene.heat.total > 0
    assert legend.total.endswith(f"for a batch of {session.project.training.batch_size}")

    window.actions_table["heat_gradients"].trigger()
    before = dict(scene.heat.values)
    dense = {node.id for node in session.graph.nodes.values() if node.type == "Dense"}
    assert dense == before.keys()
    assert all(size > 0 for size in before.values())

    project = session.project
    session.apply(lambda project: edits.move(project, {next(iter(dense)): (900, 40)}), "Move")
    qtbot.waitUntil(lambda: not session.is_judging, timeout=ENGINE_MS)
    assert legend.told == "Measured just now, before training", "where a layer stands does not matter"
    session.undo()
    session.apply(lambda project: edits.set_param(project, min(dense), "units", 5), "Change units")
    qtbot.waitUntil(lambda: legend.told == "Out of date: measured just now", timeout=ENGINE_MS)
    qtbot.waitUntil(lambda: not session.is_judging, timeout=ENGINE_MS)
    QTest.mouseClick(legend.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.trainer.is_measuring, timeout=ENGINE_MS)
    assert legend.told == "Measured just now, before training"
    assert scene.heat.values != before

    session.undo()
    assert session.project is project
    plan = replace(project.training, epochs=2)
    session.apply(lambda project: edits.set_training(project, plan), "Two epochs")
    qtbot.waitUntil(lambda: not session.is_judging, timeout=ENGINE_MS)
    window.train()
    qtbot.waitUntil(lambda: bool(window.trainer.runs) and not window.trainer.is_busy, timeout=ENGINE_MS)
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message + run.details
    qtbot.waitUntil(lambda: legend.told == f"Measured just now, after run {run.number}", timeout=ENGINE_MS)

    QTest.mouseClick(legend.button, Qt.MouseButton.LeftButton)
    assert window.trainer.is_measuring
    QTest.mouseClick(legend.close_button, Qt.MouseButton.LeftButton)
    assert not window.trainer.is_measuring, "who does not look does not wait"
    assert not scene.heat.measure
    assert not window.trainer.measures_runs
    qtbot.waitUntil(lambda: window.trainer.state == "ready", timeout=ENGINE_MS)
