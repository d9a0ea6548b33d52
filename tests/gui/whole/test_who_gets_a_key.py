"""Who gets a key: a field over the drawing, the drawing, or a shortcut of the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.project import MAIN
from studio.gui import keymap
from studio.gui.actions import TABLE
from studio.gui.canvas import keys
from studio.gui.window import MainWindow
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

Key, CTRL, ALT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier

AS_WELL = {"go_back", "go_forward", "zoom_in", "zoom_out", "zoom_reset"}
"""What the drawing does itself by the same key."""


@pytest.mark.parametrize("enter", [Key.Key_Return, Key.Key_Enter])
def test_ctrl_enter_ends_a_note_and_does_not_train(qtbot, faked_window: MainWindow, enter: Qt.Key) -> None:
    with qtbot.waitActive(faked_window):
        faked_window.activateWindow()
    faked_window.canvas.setFocus()
    runs = len(faked_window.trainer.runs)
    QTest.keyClick(faked_window.canvas, Key.Key_N)
    QTest.keyClicks(QApplication.focusWidget(), "Why?")
    QTest.keyClick(QApplication.focusWidget(), enter, CTRL)
    assert [note.text for note in faked_window.session.graph.notes.values()] == ["Why?"]
    assert len(faked_window.trainer.runs) == runs
    assert faked_window.canvas.hasFocus()


def test_no_key_that_is_shown_for_the_window_is_kept_by_the_drawing() -> None:
    """The drawing hears keys first: with the focus there, a shortcut with one of its keys would never act."""
    for row in TABLE:
        shown = keymap.keys_of(row)[:1]
        if shown and not row.is_canvas_key and row.id not in AS_WELL:
            assert keys.combination(shown[0]) not in keys.KEYS, row.id


@pytest.mark.parametrize("modifiers", [ALT, CTRL | ALT])
def test_alt_and_up_lead_out_of_a_block(qtbot, faked_window: MainWindow, modifiers: Qt.KeyboardModifier) -> None:
    session = faked_window.session
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=2) -> y:Output")
    session.load(edits.make_block(project, CATALOG, [node_id(project, "a")], "part"), None)
    with qtbot.waitActive(faked_window):
        faked_window.activateWindow()
    faked_window.canvas.setFocus()
    session.set_selection([node_id(session.project, "part")])
    QTest.keyClick(faked_window.canvas, Key.Key_Return)
    assert session.graph_key != MAIN
    faked_window.refresh_actions()
    QTest.keyClick(faked_window.canvas, Key.Key_Up, modifiers)
    assert session.graph_key == MAIN
    assert [session.graph.nodes[id].name for id in session.selection] == ["part"]
