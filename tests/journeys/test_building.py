"""A ready-made network that takes seconds to build: the window says so, goes on, and can stop it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.core.project import PortRef, Project
from studio.gui.window import MainWindow

pytestmark = [pytest.mark.keras, pytest.mark.journey]


def with_network(project: Project) -> Project:
    project = edits.add_node(project, "Input", params={"shape": (64, 64, 3)}, name="pictures")
    return edits.add_node(project, "applications.EfficientNetB7", x=0, y=120, name="big")


def test_building_is_shown_and_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    session.load(Project(), None)
    qtbot.waitUntil(lambda: session.engine_state == "ready", timeout=60_000)
    session.apply(with_network, "Add")
    named = {node.name: node.id for node in session.graph.nodes.values()}
    source, target = PortRef(named["pictures"], "output"), PortRef(named["big"], "inputs")
    session.apply(lambda project: edits.connect(project, session.catalog, source, target), "Connect")
    qtbot.waitUntil(lambda: "big" in window.status.building)
    assert window.status.cancel_button.isVisible()
    qtbot.mouseClick(window.status.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.status.building)
    qtbot.waitUntil(lambda: bool(session.problems_of(named["big"])))
    assert "because you cancelled" in session.problems_of(named["big"])[0].message
    assert not window.status.cancel_button.isVisible()
