"""The search over the drawing with the engine that knows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import PortRef, Project
from studio.gui.canvas.offers import Found
from studio.gui.settings import Settings
from studio.gui.window import MainWindow

pytestmark = [pytest.mark.keras, pytest.mark.journey]


def test_shapes_and_reasons_of_keras_stand_in_the_search_and_habits_last(
    qtbot, window: MainWindow, settings: Settings
) -> None:
    session = window.session
    project = edits.add_node(Project(), "Input", params={"shape": (4, 4, 3)})
    project = edits.add_node(project, "Conv2D", params={"filters": 8, "kernel_size": 3}, y=120)
    project = edits.connect(project, session.catalog, PortRef("n1", "output"), PortRef("n2", "inputs"))
    session.load(project, None)
    qtbot.waitUntil(lambda: "n2" in session.answers, timeout=60_000)
    session.set_selection(["n2"])
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_A)

    def row(type: str) -> Found:
        search = window.canvas.quick_add
        assert search is not None
        return next(each for each in search.found if each.key == type)

    qtbot.waitUntil(lambda: row("Flatten").shape == "(None, 32)")
    assert row("BatchNormalization").shape == "(None, 2, 2, 8)"
    qtbot.waitUntil(lambda: row("Conv2D").is_refused)  # 3 x 3 does not go into 2 x 2
    assert row("Conv2D").note
    assert "axes" not in row("Conv2D").note, "the sentence is the engine's"
    QTest.keyClicks(QApplication.focusWidget(), "flatten")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert session.graph.nodes["n4"].type == "Flatten"
    assert '"Conv2D":{"Flatten":1}' in settings.habits
