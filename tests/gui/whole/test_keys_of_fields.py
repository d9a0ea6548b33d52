"""Keys that a field over the drawing means for itself are not taken by the window's shortcuts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui.window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


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
