"""Every word of every panel has the room that it needs: the gallery in a window of the usual size, in three themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui import theme
from studio.gui.window import MainWindow
from studio.workbench.examples import Example, examples
from tests.gui.whole.cut_text import cut_words
from tests.gui.whole.every_dialog import DIALOGS, opened
from tests.support.thorough import IS_THOROUGH

WORKSPACES = ("design", "data", "train", "runs")
TABS = ("outline", "history", "own", "problems", "versions", "palette", "code")


def settle() -> None:
    for _ in range(12):
        QApplication.processEvents()
    while not theme.is_settled():
        QApplication.processEvents()


DAILY = ("wine_regularized", "moods", "residual")
"""The longest words of all: names of columns, choices, names of layers."""


@pytest.fixture(
    params=[each for each in examples() if IS_THOROUGH or each.name in DAILY], ids=lambda example: example.name
)
def example(request) -> Example:
    return request.param


def test_no_word_is_cut(qtbot, faked_window: MainWindow, example: Example) -> None:
    window, found = faked_window, []
    window.session.load(example.project(), None)
    for name in WORKSPACES:
        window.workspaces.show(name)
        settle()
        if name == "data":
            qtbot.waitUntil(lambda: not window.panels["data"].content.is_waiting)
            settle()
        found += [f"{name}: {words}" for words in cut_words(window)]
    window.workspaces.show("design")
    for tab in TABS:
        window.panels[tab].raise_()
        settle()
        found += [f"{tab}: {words}" for words in cut_words(window.panels[tab])]
    nodes, types = window.session.graph.nodes, set()
    for node in nodes.values():
        if node.type not in types or IS_THOROUGH:
            types.add(node.type)
            window.session.set_selection([node.id])
            settle()
            found += [f"inspector of {node.name}: {words}" for words in cut_words(window.panels["inspector"])]
    assert found == []


@pytest.mark.parametrize("name", DIALOGS)
def test_no_dialog_cuts_a_word(faked_window: MainWindow, name: str) -> None:
    with opened(name, faked_window) as dialog:
        settle()
        assert cut_words(dialog) == []


@pytest.mark.parametrize("choice", theme.THEMES if IS_THOROUGH else ["contrast"])
def test_no_theme_cuts_a_word(qapp: QApplication, faked_window: MainWindow, choice: theme.Choice) -> None:
    window = faked_window
    assert window.workspaces.current == "design"
    try:
        theme.apply(qapp, choice)
        for name in WORKSPACES:
            window.workspaces.show(name)
            settle()
            assert cut_words(window) == [], name
    finally:
        theme.apply(qapp, "light")
        window.workspaces.show("design")


def test_a_presentation_cuts_no_word(faked_window: MainWindow) -> None:
    window, wine = faked_window, next(each for each in examples() if each.name == "wine_regularized")
    window.session.load(wine.project(), None)
    window.actions_table["presentation"].trigger()
    try:
        for _ in range(3):
            settle()
            assert cut_words(window) == []
            QTest.keyClick(window.canvas, Qt.Key.Key_Right)
        window.panels["training"].setVisible(True)
        settle()
        assert cut_words(window.panels["training"]) == []
    finally:
        window.actions_table["presentation"].trigger()
        window.resize(1600, 1000)
        settle()


@pytest.mark.parametrize("width", [860, 1024, 1280])
def test_a_narrow_window_keeps_its_title(faked_window: MainWindow, width: int) -> None:
    window, wine = faked_window, next(each for each in examples() if each.name == "wine_regularized")
    window.session.load(wine.project(), None)
    header = window.header
    window.resize(width, 700)
    settle()
    assert window.width() == width
    assert cut_words(header) == []
    assert header.title.text().startswith("Wine")
    window.resize(1600, 1000)
    settle()
    assert header.subtitle.isVisible()
    assert "Search" in header.search_button.text()
