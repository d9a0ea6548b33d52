"""What the window says of training while no run can begin: a network that came from a file has no data yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio import data
from studio.core import edits
from studio.gui.training.panel import TrainingPanel
from studio.gui.window import MainWindow
from tests.gui.test_models_in import CONFIG


def said(panel: TrainingPanel) -> str:
    """The words on the page that is shown while there is no run."""
    labels = (label.text() for label in panel._pages.currentWidget().findChildren(QLabel) if label.isVisible())
    return " ".join(labels)


def test_a_model_without_data_is_told_what_to_do_next(qtbot: QtBot, faked_window: MainWindow, tmp_path: Path) -> None:
    """The page said "Press Train to begin" beside a Train button that could not be pressed, and Step could be."""
    window = faked_window
    window.workspaces.show("design")
    panel = cast(TrainingPanel, window.panels["training"].content)
    path = tmp_path / "net.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    with qtbot.waitSignal(window.files.models.opened):
        window.files.open(path)
    reason = "Choose some data first, in the Data workspace."
    qtbot.waitUntil(lambda: reason in said(panel))
    assert "Press Train" not in said(panel)
    assert not panel.controls.step_button.isEnabled()
    assert reason in panel.controls.step_button.toolTip()
    QTest.mouseClick(panel.data_button, Qt.MouseButton.LeftButton)
    assert window.workspaces.current == "data"

    iris = data.choose("bundled", "iris")
    window.session.apply(lambda project: edits.set_data(project, iris), "Choose data")
    window.workspaces.show("design")
    qtbot.waitUntil(lambda: "Choose some data" not in said(panel))
    assert not panel.data_button.isVisible()
