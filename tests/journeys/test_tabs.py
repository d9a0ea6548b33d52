"""Panels behind a tab follow nothing until somebody opens them."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.panels.outline import OutlinePanel
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
