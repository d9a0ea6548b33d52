"""Keras's own text about a layer, one click away in the inspector."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core.project import BLOCK, INPUT, OUTPUT
from studio.gui.panels.inspector.keras_text import LONGEST, KerasText
from studio.gui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def select(window: MainWindow, *types: str) -> str:
    """Select the first node of one of these types, or the first layer; gives its type."""
    nodes = window.session.graph.nodes.values()
    chosen = next(node for node in nodes if (node.type in types if types else node.type not in (INPUT, OUTPUT, BLOCK)))
    window.session.set_selection([chosen.id])
    return chosen.type


def part(window: MainWindow) -> KerasText:
    return window.inspector.node_page.keras_text


@pytest.fixture
def folded(faked_window: MainWindow) -> KerasText:
    found = part(faked_window)
    found.fold.setChecked(False)
    found._texts.clear()
    return found


def test_it_is_asked_for_when_it_is_unfolded_and_follows_the_selection(
    qtbot: QtBot, faked_window: MainWindow, folded: KerasText
) -> None:
    asked: list[str] = []
    faked_window.session.docs.connect(lambda name, text: asked.append(name))
    name = select(faked_window)
    assert folded.fold.isVisible()
    assert not folded.text.isVisible()
    assert asked == []
    qtbot.mouseClick(folded.fold, LEFT)
    qtbot.waitUntil(folded.text.isVisible)
    assert folded.text.toPlainText() == f"Documentation of {name}."
    assert folded.text.isReadOnly()
    assert folded.text.fontInfo().family() == "JetBrains Mono"
    other = select(faked_window, INPUT)
    qtbot.waitUntil(lambda: folded.text.toPlainText() == f"Documentation of {other}.")
    select(faked_window)
    assert folded.text.toPlainText() == f"Documentation of {name}."
    assert asked == [name, other], "each is asked for once"
    qtbot.mouseClick(folded.fold, LEFT)
    assert not folded.text.isVisible()


def test_an_output_is_no_layer_of_keras(faked_window: MainWindow, folded: KerasText) -> None:
    select(faked_window, OUTPUT)
    assert not folded.isVisible()


def test_it_is_text_and_never_markup_and_has_an_end(faked_window: MainWindow, folded: KerasText) -> None:
    name = select(faked_window)
    folded.fold.setChecked(True)
    text = "<b>bold</b> <img src='file:///etc/passwd'>\n" + "no-line-is-so-long\n" * (LONGEST // 16)
    faked_window.session.docs.emit(name, text)
    assert folded.text.toPlainText() == text[:LONGEST]
    folded._texts.clear()
    faked_window.session.docs.emit(name, "")
    assert folded.waiting.isVisible()
    assert folded.waiting.text() == "Keras has no text about it."


@pytest.mark.leaves_running
def test_an_engine_that_dies_is_asked_again_when_it_is_back(
    qtbot: QtBot, faked_window: MainWindow, folded: KerasText
) -> None:
    name = select(faked_window)
    states: list[str] = []
    faked_window.session.engine_state_changed.connect(states.append)
    faked_window.session.checker.engine.kill()
    qtbot.waitUntil(lambda: "dead" in states)
    qtbot.mouseClick(folded.fold, LEFT)
    qtbot.waitUntil(lambda: folded.text.toPlainText() == f"Documentation of {name}." and folded.text.isVisible())


@pytest.mark.leaves_running
def test_where_no_engine_runs_it_says_so(qtbot: QtBot, faked_window: MainWindow, folded: KerasText) -> None:
    select(faked_window)
    faked_window.session.checker.close()
    faked_window.session.checker.engine._set_state("off")
    qtbot.mouseClick(folded.fold, LEFT)
    assert folded.waiting.text().startswith("Keras is not running")
    faked_window.session.start()
    qtbot.waitUntil(folded.text.isVisible)


@pytest.mark.keras
@pytest.mark.journey
def test_keras_itself_says_what_its_layer_does(qtbot: QtBot, window: MainWindow) -> None:
    assert select(window, "Dense") == "Dense"
    qtbot.mouseClick(part(window).fold, LEFT)
    qtbot.waitUntil(part(window).text.isVisible)
    text = part(window).text.toPlainText()
    assert "densely-connected" in text
    assert "kernel_initializer" in text
    assert part(window).text.verticalScrollBar().maximum() > 0
