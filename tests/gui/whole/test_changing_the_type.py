"""A layer becomes one of another type where it stands: an unknown one that came from a file, or any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.core.project import Node
from studio.gui.context_menus import context_menu
from studio.gui.panels.inspector import InspectorPanel
from studio.gui.window import MainWindow
from tests.gui.test_models_in import CONFIG

STRANGE = {
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "layers": [
            *CONFIG["config"]["layers"],  # type: ignore[index]
            {"class_name": "Squash", "registered_name": "mine>Squash", "config": {"name": "squash", "rate": 0.25}},
            {"class_name": "Dense", "config": {"name": "end", "units": 2}},
        ],
    },
}


@pytest.fixture
def window(qtbot: QtBot, faked_window: MainWindow, tmp_path: Path) -> MainWindow:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(STRANGE), encoding="utf-8")
    with qtbot.waitSignal(faked_window.files.models.opened):
        faked_window.files.open(path)
    faked_window.workspaces.show("design")
    return faked_window


def called(window: MainWindow, name: str) -> Node:
    return next(node for node in window.session.graph.nodes.values() if node.name == name)


def choose(window: MainWindow, text: str) -> None:
    search = window.canvas.popups.quick_add
    assert search is not None
    QTest.keyClicks(search.field, text)
    QTest.keyClick(search.field, Qt.Key.Key_Return)


def test_the_inspector_of_an_unknown_layer_leads_to_another_type(qtbot: QtBot, window: MainWindow) -> None:
    """It said "choose another type" where none could be chosen, and that the layer waited for itself."""
    before, squash = window.session.project, called(window, "squash")
    window.session.set_selection([squash.id])
    page = cast(InspectorPanel, window.panels["inspector"].content).node_page

    def buttons() -> list[QPushButton]:
        return [each for each in page.findChildren(QPushButton) if each.text() == "Choose another type..."]

    qtbot.waitUntil(lambda: bool(buttons()))
    assert "waits for squash" not in page.flow.text()
    QTest.mouseClick(buttons()[0], Qt.MouseButton.LeftButton)
    choose(window, "Dropout")
    after = window.session.graph.nodes[squash.id]
    assert (after.type, after.name, after.params) == ("Dropout", "dropout", {"rate": 0.25})
    assert (after.x, after.y) == (squash.x, squash.y)
    assert window.session.graph.edges.keys() == before.main.edges.keys()
    window.session.undo()
    assert window.session.project is before


def test_the_menu_of_a_layer_has_it_and_that_of_an_end_has_not(window: MainWindow) -> None:
    for name, is_there in (("hidden", True), ("input", False)):
        window.session.set_selection([called(window, name).id])
        assert ("change_type" in {entry for group in context_menu(window) for entry in group}) == is_there
    assert "input is no layer" in window._commands.why_not("change_type")
    window.session.set_selection([])
    assert window._commands.why_not("change_type") == "Select exactly one layer."


def test_only_what_can_stand_there_is_offered(qtbot: QtBot, window: MainWindow) -> None:
    hidden = called(window, "hidden")
    window.session.set_selection([hidden.id])
    qtbot.waitUntil(window.actions_table["change_type"].isEnabled)
    window.actions_table["change_type"].trigger()
    search = window.canvas.popups.quick_add
    assert search is not None
    offered = {found.key for found in search.found}
    assert "Dropout" in offered
    assert not offered & {"Dense", "Input", "Output"}
    choose(window, "EinsumDense")
    assert window.session.graph.nodes[hidden.id].type == "EinsumDense"
