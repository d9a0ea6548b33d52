"""Going to and fro between the workspaces: each shows its own panels and no others, every time."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.window import MainWindow


def shown(window: MainWindow) -> set[str]:
    return {name for name, panel in window.panels.items() if not panel.isHidden()}


def test_a_workspace_that_was_left_shows_its_own_panels_again(faked_window: MainWindow) -> None:
    spaces = faked_window.workspaces
    first: dict[str, set[str]] = {}
    for name in ("design", "data", "train", "runs"):
        spaces.show(name)
        spaces.reset()
        first[name] = shown(faked_window)
    assert first["data"] == {"data"}
    assert first["train"] == {"plan", "training"}
    for name in ("design", "train", "design", "runs", "data", "train", "runs"):
        spaces.show(name)
        assert shown(faked_window) == first[name], name


@pytest.mark.parametrize("name", ["train", "data"])
def test_a_panel_that_was_closed_stays_closed_and_comes_back_with_reset(faked_window: MainWindow, name: str) -> None:
    spaces = faked_window.workspaces
    spaces.show("design")
    spaces.reset()
    before = shown(faked_window)
    faked_window.panels["inspector"].setVisible(False)
    spaces.show(name)
    spaces.show("design")
    assert shown(faked_window) == before - {"inspector"}
    spaces.reset()
    assert shown(faked_window) == before


def test_panels_are_as_wide_again_as_they_were(qtbot: QtBot, faked_window: MainWindow) -> None:
    window = faked_window
    window.workspaces.show("design")
    names = ("inspector", "code", "training")
    qtbot.waitUntil(lambda: window.panels["inspector"].width() < 400)
    widths = [window.panels[name].width() for name in names]
    for name in ("train", "design", "data", "runs", "design", "train", "design"):
        window.workspaces.show(name)
        qtbot.wait(20)
    assert [window.panels[name].width() for name in names] == widths
