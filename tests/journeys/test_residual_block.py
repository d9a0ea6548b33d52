"""A residual block: made, used three times with other filters, nested, and its definition edited once for all uses."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.catalog.values import ParameterRef
from studio.core.project import BLOCK, MAIN
from studio.gui import asking
from studio.gui.window import MainWindow
from tests.journeys.test_uses_and_blocks import begin, click, do, row_menu
from tests.support.graphs import node, node_id

pytestmark = [pytest.mark.keras, pytest.mark.journey]
Key, Modifier = Qt.Key, Qt.KeyboardModifier
SHIFT, CTRL = Modifier.ShiftModifier, Modifier.ControlModifier

DRAWING = """
    x:Input(shape=(16, 16, 3)) -> conv:Conv2D(filters=4, kernel_size=3, padding='same')
    x -> skip:Conv2D(filters=4, kernel_size=1, padding='same')
    conv & skip -> add:Add -> y:Output
"""


def test_one_definition_three_uses(qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    person = begin(qtbot, window, DRAWING)
    session, hands = window.session, person.canvas_hands
    window.canvas.camera.motion_ms = 0

    def name_of_block(name: str) -> None:
        monkeypatch.setattr(asking, "name", lambda *_: name)

    # made of three layers that are clicked one after the other
    click(person, "conv")
    for name in ("skip", "add"):
        hands.click(hands.node(name), SHIFT)
    name_of_block("residual")
    window.refresh_actions()
    QTest.keyClick(window, Key.Key_G, CTRL)
    (block,) = session.project.blocks
    assert {each.type for each in session.graph.nodes.values()} == {"Input", BLOCK, "Output"}

    # its filters are a parameter, one for both convolutions
    click(person, "residual")
    hands.key(Key.Key_Return)
    assert session.graph_key == block
    for name in ("conv", "skip"):
        session.set_selection([node_id(session.project, name, block)])
        if name == "conv":
            row_menu(person, "filters", "Make this a parameter")
        else:
            row_menu(person, "filters", "Take from the block: filters")
    assert node(session.project, "skip", block).params["filters"] == ParameterRef("filters")
    do(window, "leave_block")

    # two more uses, after one another, with other filters
    for name in ("residual_1", "residual_2"):
        QTest.keyClick(window.canvas, Key.Key_Right, CTRL)
        hands.type("residual")
        hands.enter()
        assert {session.graph.nodes[id].name for id in session.selection} == {name}
    session.set_selection([node_id(session.project, "residual_2")])
    QTest.keyClick(window.canvas, Key.Key_C)
    hands.type("y")
    hands.enter()
    for name, filters in (("residual_1", "8"), ("residual_2", "12")):
        session.set_selection([node_id(session.project, name)])
        window.canvas.setFocus()
        QTest.keyClick(window.canvas, Key.Key_Return, SHIFT)
        field = QApplication.focusWidget()
        field.selectAll()
        QTest.keyClicks(field, filters)
        QTest.keyClick(field, Key.Key_Return)
        QTest.keyClick(field, Key.Key_Escape)

    def shown(name: str) -> str:
        scene = window.canvas.scene
        slot = scene.slot.get(node_id(session.project, name, session.graph_key))
        return scene.cards[slot].shape if slot is not None else ""

    qtbot.waitUntil(lambda: shown("residual_2") == "(None, 16, 16, 12)")
    assert [shown(name) for name in ("residual", "residual_1")] == ["(None, 16, 16, 4)", "(None, 16, 16, 8)"]
    assert session.graph_key == MAIN

    # the second and the third become a stage, so that the block is nested
    click(person, "residual_1")
    hands.click(hands.node("residual_2"), SHIFT)
    name_of_block("stage")
    do(window, "make_block")
    stage = next(key for key in session.project.blocks if key != block)
    assert {each.block for each in session.project.blocks[stage].graph.nodes.values() if each.type == BLOCK} == {block}
    qtbot.waitUntil(lambda: shown("stage") == "(None, 16, 16, 12)")

    # the definition is edited inside of the inner use: a stride of 2 in both of its branches
    hands.key(Key.Key_Return)
    assert session.graph_key == stage
    session.set_selection([node_id(session.project, "residual_1", stage)])
    window.canvas.setFocus()
    hands.key(Key.Key_Return)
    assert session.graph_key == block
    before = session.project
    for name in ("conv", "skip"):
        session.set_selection([node_id(session.project, name, block)])
        person.set_parameter("strides", "2")
    qtbot.waitUntil(lambda: shown("add") == "(None, 4, 4, 8)")  # the second use: after the first
    do(window, "leave_block")
    assert session.graph_key == stage
    qtbot.waitUntil(lambda: shown("residual_2") == "(None, 2, 2, 12)")
    do(window, "leave_block")
    assert session.graph_key == MAIN
    qtbot.waitUntil(lambda: (shown("residual"), shown("stage")) == ("(None, 8, 8, 4)", "(None, 2, 2, 12)"))
    qtbot.waitUntil(lambda: session.source.text.count("strides=2") == 2)
    text = session.source.text
    assert text.count("def residual(") == 1
    assert "def stage(input_):" in text
    assert "residual(input_, filters=8)" in text
    assert "residual(x, filters=12)" in text

    # and everything goes back, step by step
    while session.project is not before:
        session.undo()
    session.open_graph(MAIN)  # undo shows the graph in which it took something back
    qtbot.waitUntil(lambda: shown("stage") == "(None, 16, 16, 12)")
