"""The outline edits the network as the drawing does, by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui.panels.outline import OutlinePanel
from studio.gui.window import MainWindow
from studio.workbench import starting
from tests.gui.canvas.drawing import edge_between, node_named, put

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, CTRL, ALT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.AltModifier


class Rows:
    """Somebody at the rows of the outline."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        outline = window.panels["outline"].content
        assert isinstance(outline, OutlinePanel)
        self.outline = outline
        window.panels["outline"].raise_()
        outline.list.setFocus()
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()
        self.outline._follow()

    def choose(self, name: str) -> None:
        entries = self.outline.model.entries
        nodes = self.window.session.graph.nodes
        row = next(row for row, entry in enumerate(entries) if nodes[entry.node].name == name)
        self.outline.list.setCurrentIndex(self.outline.model.index(row, 0))
        self.settle()

    def key(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)
        self.settle()

    def selected(self) -> list[str]:
        session = self.window.session
        return sorted(session.graph.nodes[id].name for id in session.selection)


@pytest.fixture
def rows(qtbot, faked_window: MainWindow) -> Rows:
    project = starting.new_project()
    project = put(put(project, "Dense", "one", 300, 0, units=3), "Dense", "two", 300, 120, units=3)
    faked_window.session.load(project, None)
    with qtbot.waitActive(faked_window):
        faked_window.activateWindow()
    return Rows(faked_window)


def test_layers_are_connected_doubled_bypassed_and_deleted(rows: Rows) -> None:
    session = rows.window.session
    rows.choose("one")
    rows.key(Key.Key_C)  # the search opens and has the focus
    QTest.keyClicks(QApplication.focusWidget(), "two")
    rows.key(Key.Key_Return)
    assert edge_between(session.project, "one", "two") is not None
    assert rows.outline.list.hasFocus(), "one is back in the outline"
    rows.choose("two")
    rows.key(Key.Key_M)
    assert node_named(session.project, "two").is_bypassed
    rows.key(Key.Key_Left, ALT)
    assert rows.selected() == ["one"], "a walk along the edges"
    count = len(session.graph.nodes)
    rows.key(Key.Key_D, CTRL)
    assert len(session.graph.nodes) == count + 1
    rows.key(Key.Key_Delete)
    assert len(session.graph.nodes) == count
    rows.choose("one")
    rows.key(Key.Key_J, CTRL)
    assert session.graph.frames
    while session.document.can_undo:
        session.undo()
    assert edge_between(session.project, "one", "two") is None


def test_rows_are_still_walked_by_arrows_and_moved_nowhere(rows: Rows) -> None:
    session = rows.window.session
    rows.choose("one")
    before = session.project
    rows.key(Key.Key_Down)
    rows.key(Key.Key_Up)
    assert rows.selected() == ["one"]
    rows.key(Key.Key_Down, Modifier.ShiftModifier)
    assert len(session.selection) == 2
    assert session.project is before
