"""Docks: what is behind another tab rests, and what is shown is painted a panel at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.settings import Settings
from studio.gui.workspaces import Panel, Workspaces

DOCKS = "palette outline history table inspector code own training problems versions data plan runs"


class Noting(QLabel):
    """Notes when it is painted."""

    def __init__(self, name: str, painted: list[str]) -> None:
        super().__init__(name)
        self._painted = painted

    # Qt

    def paintEvent(self, event):
        self._painted.append(self.text())
        super().paintEvent(event)


@pytest.fixture
def painted() -> list[str]:
    return []


@pytest.fixture
def spaces(qtbot: QtBot, tmp_path: Path, painted: list[str]) -> Workspaces:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.setCentralWidget(QWidget())
    panels = {name: Panel(name, name, Noting(name, painted), window) for name in DOCKS.split()}
    made = Workspaces(window, panels, Settings(tmp_path))
    made.show("design")
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: "code" in painted)
    return made


def test_what_is_behind_a_tab_is_hidden_until_the_tab_is_opened(qtbot: QtBot, spaces: Workspaces) -> None:
    panels = spaces._panels
    qtbot.waitUntil(lambda: not panels["outline"].content.isVisible())
    assert panels["palette"].content.isVisible()
    panels["outline"].raise_()
    qtbot.waitUntil(lambda: panels["outline"].content.isVisible())
    qtbot.waitUntil(lambda: not panels["palette"].content.isVisible())


def test_the_panels_of_a_workspace_are_painted_in_turns_of_their_own(
    qtbot: QtBot, spaces: Workspaces, painted: list[str]
) -> None:
    spaces.show("train")
    contents = [spaces._panels[name].widget() for name in ("plan", "training")]
    assert not any(content.isVisible() or content.updatesEnabled() for content in contents)
    painted.clear()
    qtbot.waitUntil(lambda: {"plan", "training"} <= set(painted))
    assert all(content.isVisible() and content.updatesEnabled() for content in contents)
    spaces.show("design")
    spaces.show("data")  # before the first was painted
    qtbot.waitUntil(lambda: not spaces._turns)
    assert all(panel.widget().updatesEnabled() for panel in spaces._panels.values())


def test_who_asks_for_what_a_panel_shows_has_it_at_once(spaces: Workspaces) -> None:
    spaces.show("train")
    assert not spaces._panels["plan"].widget().isVisible()
    assert spaces._panels["plan"].content.isVisible()
    assert not spaces._panels["training"].widget().isVisible()
