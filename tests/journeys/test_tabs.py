"""Panels behind a tab follow nothing until somebody opens them."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.data import choose
from studio.gui.data import DataPanel
from studio.gui.panels.outline import OutlinePanel
from studio.gui.training.plan import PlanPanel
from studio.gui.window import MainWindow

pytestmark = pytest.mark.journey


def test_the_outline_is_right_when_its_tab_is_opened(qtbot: QtBot, faked_window: MainWindow) -> None:
    """It does not follow while nobody sees it."""
    window = faked_window
    panel = window.panels["outline"]
    outline = panel.content
    assert isinstance(outline, OutlinePanel)
    qtbot.waitUntil(lambda: not outline.isVisible())
    window.session.set_selection(window.session.graph.nodes)
    panel.raise_()
    qtbot.waitUntil(lambda: len(outline.model.entries) == len(window.session.graph.nodes))
    qtbot.waitUntil(lambda: len(outline.list.selectionModel().selectedIndexes()) == len(window.session.graph.nodes))


def test_forms_that_nobody_sees_follow_when_they_are_shown(qtbot: QtBot, faked_window: MainWindow) -> None:
    session, workspaces = faked_window.session, faked_window.workspaces
    plan = cast(PlanPanel, faked_window.panels["plan"].content)
    data = cast(DataPanel, faked_window.panels["data"].content)
    workspaces.show("train")
    workspaces.show("data")
    workspaces.show("design")
    epochs = plan.numbers["epochs"].text()
    session.apply(lambda project: edits.set_training(project, replace(project.training, epochs=4321)), "Epochs")
    session.apply(lambda project: edits.set_data(project, choose("made", "moons")), "Data")
    assert plan.numbers["epochs"].text() == epochs != "4321"
    assert data.facts.source.name != "moons"
    workspaces.show("train")
    qtbot.waitUntil(lambda: plan.numbers["epochs"].text() == "4321")
    workspaces.show("data")
    qtbot.waitUntil(lambda: data.facts.source.name == "moons")
    workspaces.show("design")
