"""Docks: what is behind another tab rests, and what is shown is painted a panel at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import arrangement
from studio.gui.dock import Panel
from studio.gui.settings import Settings
from studio.gui.workspaces import Workspaces

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


def started(qtbot: QtBot, settings: Settings, painted: list[str]) -> Workspaces:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.setCentralWidget(QWidget())
    panels = {name: Panel(name, name, Noting(name, painted), window) for name in DOCKS.split()}
    made = Workspaces(window, panels, settings)
    made.show("design")
    window.show()
    qtbot.waitExposed(window)
    return made


def started_again(qtbot: QtBot, before: Workspaces) -> Workspaces:
    painted: list[str] = []
    made = started(qtbot, before._settings, painted)
    qtbot.waitUntil(lambda: len(painted) > 2)
    return made


def shown(spaces: Workspaces) -> set[str]:
    return {name for name, panel in spaces._panels.items() if not panel.isHidden()}


@pytest.fixture
def spaces(qtbot: QtBot, tmp_path: Path, painted: list[str]) -> Workspaces:
    made = started(qtbot, Settings(tmp_path), painted)
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
    qtbot.waitUntil(lambda: not spaces._painting)
    assert all(panel.widget().updatesEnabled() for panel in spaces._panels.values())


def test_who_asks_for_what_a_panel_shows_has_it_at_once(spaces: Workspaces) -> None:
    spaces.show("train")
    assert not spaces._panels["plan"].widget().isVisible()
    assert spaces._panels["plan"].content.isVisible()
    assert not spaces._panels["training"].widget().isVisible()


def test_turning_to_a_workspace_takes_several_turns_and_keeps_the_last_picture_meanwhile(
    qtbot: QtBot, spaces: Workspaces
) -> None:
    window = spaces.parent()
    assert isinstance(window, QMainWindow)
    spaces.turn_to("train")
    assert spaces.current == "train"
    assert spaces._placing
    assert not window.updatesEnabled()
    qtbot.waitUntil(lambda: not spaces._placing)
    assert window.updatesEnabled()
    qtbot.waitUntil(lambda: not spaces._painting)
    assert shown(spaces) == {"plan", "training"}


@pytest.mark.parametrize(
    "then",
    [
        lambda spaces: spaces.turn_to("design"),
        lambda spaces: spaces.show("runs"),
        lambda spaces: spaces.show("train"),
        lambda spaces: spaces.reset(),
        lambda spaces: (spaces.hold(), spaces.let_go()),
        lambda spaces: spaces.remember(),
        lambda spaces: (spaces.set_movable(True), spaces.set_movable(False)),
        lambda spaces: spaces.want_table(True),
        lambda spaces: spaces.settle(),
    ],
)
def test_whatever_comes_while_panels_are_placed_finds_them_placed(
    qtbot: QtBot, spaces: Workspaces, then: Callable[[Workspaces], object]
) -> None:
    expected = {}
    for name in ("runs", "train", "design"):
        spaces.show(name)
        expected[name] = shown(spaces)
    spaces.turn_to("train")
    then(spaces)
    qtbot.waitUntil(lambda: not spaces._placing and not spaces._painting)
    assert shown(spaces) == expected[spaces.current]
    window = spaces.parent()
    assert isinstance(window, QMainWindow)
    assert window.updatesEnabled()
    spaces.show("design")
    assert shown(spaces) - {"table"} == expected["design"]


def test_the_tab_in_front_and_sizes_come_back_after_another_start(qtbot: QtBot, spaces: Workspaces) -> None:
    panels = spaces._panels
    window = spaces.parent()
    assert isinstance(window, QMainWindow)
    panels["problems"].raise_()
    window.resizeDocks([panels["palette"]], [321], Qt.Orientation.Horizontal)
    window.resizeDocks([panels["code"]], [222], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: panels["problems"].is_in_front and panels["palette"].width() == 321)
    height = panels["problems"].height()
    spaces.remember()
    again = started_again(qtbot, spaces)
    qtbot.waitUntil(lambda: again._panels["problems"].is_in_front)
    assert again._panels["palette"].width() == 321
    assert again._panels["problems"].height() == height
    again.show("train")
    again.show("design")
    qtbot.waitUntil(lambda: again._panels["problems"].is_in_front)


def test_panels_that_a_person_moved_stay_where_they_were_put(qtbot: QtBot, spaces: Workspaces) -> None:
    window = spaces.parent()
    assert isinstance(window, QMainWindow)
    spaces.set_movable(True)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, spaces._panels["code"])
    spaces.set_movable(False)
    spaces.show("train")
    spaces.remember()
    again = started_again(qtbot, spaces)
    other = again.parent()
    assert isinstance(other, QMainWindow)
    assert other.dockWidgetArea(again._panels["code"]) == Qt.DockWidgetArea.RightDockWidgetArea
    again.reset()
    assert other.dockWidgetArea(again._panels["code"]) == Qt.DockWidgetArea.BottomDockWidgetArea
    again.show("train")
    again.show("design")
    assert other.dockWidgetArea(again._panels["code"]) == Qt.DockWidgetArea.BottomDockWidgetArea


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.integers() | st.text() | st.sampled_from(["code", "palette", "shown", "front", "sizes"]),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(["shown", "front", "sizes", "code"]), inner)
            ),
        ).map(json.dumps),
    )
)
def test_whatever_was_stored_is_an_arrangement_of_these_panels_or_none(text: str) -> None:
    found = arrangement.read(text, "design")
    if found is not None:
        assert arrangement.read(found.text(), "design") == found
        assert found.shown | found.front <= set(DOCKS.split())
        assert all(min(found.pixels(group, 900)) > 0 for group in arrangement.SIZES["design"])
