"""The first minute: start, press Train, see every cell of the table turn right."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt

from studio.gui.window import MainWindow

pytestmark = [pytest.mark.keras, pytest.mark.journey]

WITHIN_SECONDS = 10
"""The issue's bound, from the engine being ready."""


def test_pressing_train_makes_the_whole_table_right(qtbot, window: MainWindow) -> None:
    assert window.coach.isVisible()
    assert not window.table.are_all_right
    assert window.header.train_button.text() == "Train"

    began = time.monotonic()
    qtbot.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.header.train_button.text() == "Stop")
    qtbot.waitUntil(lambda: window.table.are_all_right, timeout=60_000)
    took = time.monotonic() - began

    run = window.trainer.runs[0]
    qtbot.waitUntil(lambda: not run.is_alive, timeout=60_000)
    assert run.outcome == "finished"
    assert window.table.are_all_right
    assert run.curves["loss"].epochs.y[-1] < run.curves["loss"].epochs.y[0]
    assert run.source_text == window.session.source.text
    assert (run.folder / "model.py").read_text(encoding="utf-8") == run.source_text
    qtbot.waitUntil(lambda: window.header.train_button.text() == "Train")
    assert window.coach.step == "remove"
    print(f"all predictions right after {took:.1f} s (the issue wants {WITHIN_SECONDS} s on an idle machine)")


def test_train_pressed_while_the_engine_loads_is_remembered(qtbot, fresh_window: MainWindow) -> None:
    window = fresh_window
    assert window.trainer.state in ("off", "warming")
    qtbot.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    assert window.trainer.state == "waiting"
    qtbot.waitUntil(lambda: window.table.are_all_right, timeout=180_000)


def test_the_hints_lead_on_to_an_own_network(qtbot, window: MainWindow) -> None:
    qtbot.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.coach.step == "remove", timeout=60_000)
    layers = len(window.session.project.main.nodes)
    window.coach.action_requested.emit("delete_hidden")
    assert len(window.session.project.main.nodes) == layers - 1
    assert window.coach.step == "retrain"
    window.coach.action_requested.emit("train")
    qtbot.waitUntil(lambda: window.coach.step == "insert", timeout=60_000)
    assert len(window.trainer.runs) == 2
    window.coach.dismiss()
    assert window.settings.is_coach_done
