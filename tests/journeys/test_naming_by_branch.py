"""Layers are named by their branches from the menu, in one step."""

from __future__ import annotations

import pytest

from studio.gui.window import MainWindow
from tests.support.graphs import graph

pytestmark = pytest.mark.journey


def test_the_menu_names_layers_and_one_undo_takes_it_back(qtbot, faked_window: MainWindow) -> None:
    window, session = faked_window, faked_window.session
    action = window.actions_table["name_by_branch"]
    drawn = graph(
        "i:Input(shape=(4,)) -> left:Dense(units=1) & right:Dense(units=1)\nleft & right -> add:Add -> o:Output"
    )
    session.load(drawn, None, is_saved=True)
    window.refresh_actions()
    assert action.isEnabled(), action.toolTip()
    action.trigger()
    assert [node.name for node in session.graph.nodes.values()] == ["i", "b1_l1", "b2_l1", "m1_l1", "o"]
    qtbot.waitUntil(lambda: "m1_l1" in session.source.text)
    window.refresh_actions()
    named = session.project
    action.trigger()
    assert "already" in window.status.news
    assert session.project is named
    session.undo()
    assert session.project is drawn
