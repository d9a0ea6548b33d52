"""Going to and fro between the workspaces: each shows its own panels and no others, every time."""

from __future__ import annotations

from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.own_code.panel import OwnCodePanel
from studio.gui.training.plan import PlanPanel
from studio.gui.window import MainWindow
from studio.workbench.templates import found_templates


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


def test_code_of_ones_own_opens_beside_the_plan(qtbot: QtBot, faked_window: MainWindow) -> None:
    window = faked_window
    window.workspaces.show("train")
    window.workspaces.reset()
    assert window.panels["own"].isHidden()
    plan = cast(PlanPanel, window.panels["plan"].content)
    judge = next(iter(plan.judges.values()))
    template = next(each for each in found_templates("loss", ""))
    judge.loss.template_wanted.emit(template)
    assert window.workspaces.current == "train"
    assert not window.panels["plan"].isHidden()
    own = cast(OwnCodePanel, window.panels["own"].content)
    qtbot.waitUntil(own.isVisible)
    assert template.name in own.editor.toPlainText()
    window.workspaces.show("design")
    window.workspaces.show("train")
    assert not window.panels["own"].isHidden()
